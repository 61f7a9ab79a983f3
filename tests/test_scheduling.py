"""Booking, changing, moving and cancelling a session; switching the way keeps the ticks (R2, R10, R16)."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from checklist import scheduling, ticking
from checklist.models import Client, Delivery, Session
from tests import factories
from tests.at_once import together

MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)


def move(session, by, now=factories.NOW):
    return scheduling.change(session, now, session.starts_at + by, session.minutes)


def change(session, now=factories.NOW, minutes=None, **fields):
    return scheduling.change(session, now, session.starts_at, minutes or session.minutes, **fields)


def fresh(session):
    return Session.objects.with_lists().get(pk=session.pk)


def first_ones():
    """Return the start of each session that is marked as its client's first."""
    return list(Session.objects.filter(first=True).values_list("starts_at", flat=True))


def done(session):
    return {line.item.key for line in fresh(session).readiness.lines if line.done}


# Booking


def test_a_booked_session_lasts_as_long_as_it_was_asked_to(sams_session):
    assert (sams_session.minutes, sams_session.ends_at - sams_session.starts_at) == (50, 50 * MINUTE)


def test_a_booked_session_is_planned_and_at_its_first_revision(sams_session):
    assert (sams_session.status, sams_session.revision, sams_session.sequence) == ("planned", 1, 0)


def test_a_booked_session_uses_the_newest_version_of_its_list(sam, now):
    checklist = sam.practice.checklists.get()
    version = checklist.edit([])
    assert factories.session(sam).version == version


def test_a_session_starts_with_nothing_ticked(sams_session):
    assert not sams_session.readiness.started


def test_sessions_booked_one_after_the_other_have_different_cursors(sam, now):
    cursors = {factories.session(sam, starts_in=DAY * day).cursor for day in (1, 2, 3)}
    assert len(cursors) == 3


@pytest.mark.django_db(transaction=True)
def test_sessions_booked_at_once_leave_one_first_and_different_cursors(sam):
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda day: book_in_a_thread(sam, day), range(1, 7)))
    assert Session.objects.count() == 6
    assert first_ones() == [factories.NOW + DAY]
    assert len(set(Session.objects.values_list("cursor", flat=True))) == 6


def book_in_a_thread(client, day):
    try:
        factories.session(client, starts_in=DAY * day)
    finally:
        connection.close()


# Changing


def test_a_change_of_the_link_is_no_move(sams_session):
    change(sams_session, link="https://meet.example.org/other")
    session = fresh(sams_session)
    assert (session.revision, session.moved_from, session.link) == (1, None, "https://meet.example.org/other")


def test_a_change_of_the_length_is_no_move(sams_session):
    change(sams_session, minutes=25)
    assert (fresh(sams_session).minutes, fresh(sams_session).revision) == (25, 1)


def test_each_change_raises_the_sequence_of_the_calendar_entry(sams_session, now):
    change(sams_session, minutes=25)
    move(sams_session, HOUR)
    scheduling.cancel(sams_session, now)
    assert fresh(sams_session).sequence == 3


def test_each_change_reaches_the_phones(sams_session, now):
    cursors = [sams_session.cursor]
    for step in (lambda: change(sams_session, minutes=25), lambda: scheduling.cancel(sams_session, now)):
        step()
        cursors.append(fresh(sams_session).cursor)
    assert cursors == sorted(set(cursors))


def test_r1_a_changed_session_keeps_its_version_unless_another_list_is_chosen(sams_session):
    version = sams_session.version
    version.checklist.edit([])
    change(sams_session, minutes=30)
    assert fresh(sams_session).version == version


# R2: the way of meeting


def test_r2_switching_the_way_keeps_the_ticks_that_still_apply(sams_session, now):
    for item in ("connection", "picture", "slow-minutes"):
        ticking.tick(sams_session, item, "done", None, now)
    change(sams_session, way="voice", link="")
    assert done(sams_session) == {"connection", "slow-minutes"}


def test_r2_switching_the_way_derives_the_rest_of_the_list(sams_session):
    change(sams_session, way="in_person", link="")
    keys = {line.item.key for line in fresh(sams_session).readiness.lines}
    assert {"way-there", "for-the-wait", "find-the-door"} <= keys
    assert not {"connection", "picture", "quiet-room"} & keys


def test_r2_switching_the_way_and_back_brings_every_tick_back(sams_session, now):
    ticking.tick(sams_session, "picture", "done", None, now)
    for way in ("text", "in_person", "voice", "video"):
        change(sams_session, way=way)
    assert done(sams_session) == {"picture"}


def test_r2_a_tick_made_on_the_phone_before_it_heard_of_the_switch_is_kept(sams_session, now):
    change(sams_session, way="voice", link="")
    ticking.tick(sams_session, "picture", "done", None, now)
    change(sams_session, way="video")
    assert done(sams_session) == {"picture"}


def test_r2_switching_the_way_is_no_move(sams_session):
    change(sams_session, way="voice", link="")
    assert fresh(sams_session).revision == 1


# Moving


def test_r10_a_move_is_a_new_revision_that_remembers_the_old_time(sams_session):
    old = sams_session.starts_at
    move(sams_session, DAY)
    session = fresh(sams_session)
    assert (session.revision, session.moved_from, session.starts_at) == (2, old, old + DAY)


def test_a_move_keeps_the_ticks(sams_session, now):
    ticking.tick(sams_session, "connection", "done", None, now)
    move(sams_session, WEEK)
    assert done(sams_session) == {"connection"}


def test_a_move_keeps_the_length(sams_session):
    move(sams_session, WEEK)
    assert fresh(sams_session).minutes == 50


def test_r10_nothing_planned_for_the_old_time_is_left(sams_session):
    move(sams_session, WEEK)
    waiting = Delivery.objects.waiting().select_related("reminder")
    assert {delivery.reminder.occasion for delivery in waiting} == {fresh(sams_session).occasion}


# Cancelling


def test_a_cancelled_session_keeps_its_ticks(sams_session, now):
    ticking.tick(sams_session, "connection", "done", None, now)
    scheduling.cancel(sams_session, now)
    assert fresh(sams_session).cancelled
    assert done(sams_session) == {"connection"}


def test_r10_nothing_is_left_to_send_for_a_cancelled_session(sams_session, now):
    scheduling.cancel(sams_session, now)
    assert not Delivery.objects.waiting().exists()


def test_r10_a_change_that_was_being_made_meanwhile_does_not_bring_a_cancelled_session_back(
    sams_session, now
):
    """Two tabs of the desk: one had read the session before the other cancelled it."""
    read_before = fresh(sams_session)
    scheduling.cancel(sams_session, now)
    move(read_before, DAY)
    assert fresh(sams_session).cancelled
    assert not Delivery.objects.waiting().exists()


def test_a_change_that_was_being_made_meanwhile_undoes_no_other_change(sams_session):
    read_before = fresh(sams_session)
    move(sams_session, DAY)
    scheduling.change(read_before, factories.NOW, read_before.starts_at + 2 * DAY, 50)
    assert (fresh(sams_session).revision, fresh(sams_session).sequence) == (3, 2)


@pytest.mark.django_db(transaction=True)
def test_r2_of_two_changes_of_what_one_page_showed_at_once_one_is_made(sam):
    now, made = factories.NOW, []
    session = factories.session(sam, DAY)
    shown = [fresh(session) for _ in range(4)]
    jobs = [
        lambda row=row, minutes=20 + number: made.append(
            scheduling.change(row, now, row.starts_at, minutes, seen=row.sequence)
        )
        for number, row in enumerate(shown)
    ]
    together(*jobs)
    (kept,) = [row for row in made if row]
    assert (fresh(session).minutes, fresh(session).sequence) == (kept.minutes, 1)


def test_r2_a_change_of_what_was_seen_before_it_was_over_is_not_made(sams_session):
    seen, later = fresh(sams_session), sams_session.ends_at
    assert scheduling.change(seen, later, seen.starts_at, 80, seen=seen.sequence) is None
    assert fresh(sams_session).minutes == 50


@pytest.mark.django_db(transaction=True)
def test_a_form_that_is_sent_several_times_at_once_books_one_session(sam):
    version, starts_at = sam.practice.checklists.get().current, factories.NOW + DAY
    zone, made, asked = {"time_zone": "UTC"}, [], uuid.uuid4()
    who = [Client.objects.select_related("therapist").get(pk=sam.pk) for _ in range(4)]
    jobs = [
        lambda row=row: made.append(
            scheduling.book_once(asked, row, row.therapist, version, starts_at, 50, factories.NOW, **zone)
        )
        for row in who
    ]
    together(*jobs)
    (kept,) = [row for row in made if row]
    assert Session.objects.get() == kept
    assert kept.pk == asked


# Which session is the first


def test_the_earliest_session_is_the_first(sam, sams_session, now):
    factories.session(sam, starts_in=WEEK)
    assert first_ones() == [sams_session.starts_at]


def test_a_session_booked_before_the_first_takes_its_place(sam, sams_session, now):
    earlier = factories.session(sam, starts_in=10 * MINUTE)
    assert first_ones() == [earlier.starts_at]
    assert earlier.first


def test_when_the_first_session_is_cancelled_the_next_becomes_the_first(sam, sams_session, now):
    second = factories.session(sam, starts_in=WEEK)
    scheduling.cancel(sams_session, now)
    assert first_ones() == [second.starts_at]


def test_when_the_first_session_moves_behind_the_second_they_change_places(sam, sams_session, now):
    second = factories.session(sam, starts_in=WEEK)
    moved = move(sams_session, 2 * WEEK)
    assert first_ones() == [second.starts_at]
    assert not moved.first


def test_when_all_sessions_are_cancelled_none_is_the_first(sams_session, now):
    scheduling.cancel(sams_session, now)
    assert first_ones() == []


def test_becoming_the_first_reaches_the_phones(sam, sams_session, now):
    second = factories.session(sam, starts_in=WEEK)
    before = fresh(second).cursor
    scheduling.cancel(sams_session, now)
    assert fresh(second).cursor > before


def test_each_client_has_a_first_session_of_their_own(sams_session, lees_session):
    assert Session.objects.filter(first=True).count() == 2


def test_a_new_first_session_keeps_the_ticks_it_has(sam, sams_session, now):
    second = factories.session(sam, starts_in=WEEK)
    ticking.tick(second, "connection", "done", None, now)
    scheduling.cancel(sams_session, now)
    assert "connection" in done(second)
    assert "what-to-ask" in {line.item.key for line in fresh(second).readiness.lines}


def test_sessions_are_numbered_among_those_that_were_not_cancelled(sam, sams_session, now):
    scheduling.cancel(factories.session(sam, starts_in=DAY), now)
    third = factories.session(sam, starts_in=2 * DAY)
    assert Session.objects.numbered().get(pk=third.pk).number == 2


# What the database itself refuses


def test_a_session_can_not_end_before_it_starts(sam, sams_session):
    with pytest.raises(IntegrityError), transaction.atomic():
        change(sams_session, minutes=-5)


def test_the_cursor_of_a_client_never_goes_back(sam, sams_session, now):
    """A client's row that was read before a tick is saved after it."""
    read_before = Client.objects.get(pk=sam.pk)
    ticking.tick(sams_session, "connection", "done", None, now)
    read_before.next_cursor()
    assert Client.objects.get(pk=sam.pk).cursor == fresh(sams_session).cursor + 1

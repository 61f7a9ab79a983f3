"""Ticks on the server: none is lost, none counts twice, the last one wins whatever clock made it (R4, R6, R7)."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from checklist import scheduling, ticking
from checklist.models import Client, Session, Tick
from checklist.pure.fold import Operation
from tests import factories
from tests.reading import read

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def operation(item="connection", state="done", at=factories.NOW, count=0, seq=0, id=None):
    return Operation(str(id or uuid.uuid4()), item, state, ticking.milliseconds(at), count, seq)


def apply(session, *operations, now=factories.NOW, clients=None):
    """Apply operations to one session as its client's phone would."""
    sessions = Session.objects.of_clients(clients or [session.client])
    return ticking.apply(sessions, [(str(session.id), row) for row in operations], {}, now)


def statuses(results):
    return [result.status for result in results]


def state(session, item="connection"):
    """Return how an item of the session stands, read anew."""
    fresh = Session.objects.with_lists().get(pk=session.pk)
    return next(line.state for line in fresh.readiness.lines if line.item.key == item)


# R4: counted once, kept, and the last writer wins


def test_r4_a_tick_is_kept(sams_session):
    assert statuses(apply(sams_session, operation())) == ["applied"]
    assert state(sams_session) == "done"


def test_r4_a_repeated_operation_counts_once(sams_session):
    same = operation()
    assert statuses(apply(sams_session, same)) == ["applied"]
    assert statuses(apply(sams_session, same)) == ["duplicate"]
    assert Tick.objects.count() == 1


def test_r4_a_repeat_with_other_contents_changes_nothing(sams_session):
    first = operation()
    apply(sams_session, first)
    assert statuses(apply(sams_session, operation(state="open", at=factories.NOW, id=first.id))) == [
        "duplicate"
    ]
    assert state(sams_session) == "done"


def test_r4_a_repeat_that_comes_an_hour_later_does_not_undo_what_came_between(sams_session):
    first = operation(at=factories.NOW)
    apply(sams_session, first)
    apply(sams_session, operation(state="open", at=factories.NOW + SECOND), now=factories.NOW + SECOND)
    apply(sams_session, first, now=factories.NOW + HOUR)
    assert state(sams_session) == "open"


def test_r4_one_id_in_two_sessions_counts_in_each(sam, sams_session, now):
    later = factories.session(sam, starts_in=timedelta(days=7))
    same = operation(item="slow-minutes")
    pairs = [(str(sams_session.id), same), (str(later.id), same)]
    assert statuses(ticking.apply(Session.objects.of_clients([sam]), pairs, {}, now)) == [
        "applied",
        "applied",
    ]
    assert state(sams_session, "slow-minutes") == state(later, "slow-minutes") == "done"


def test_r4_the_later_clock_wins_in_whatever_order_the_ticks_arrive(sams_session):
    newer = operation(state="open", at=factories.NOW - SECOND)
    older = operation(state="done", at=factories.NOW - 2 * SECOND)
    apply(sams_session, newer)
    apply(sams_session, older)
    assert state(sams_session) == "open"


def test_r4_a_tick_for_a_session_that_has_ended_is_still_taken(sams_session):
    ended = factories.NOW + 5 * HOUR
    assert statuses(apply(sams_session, operation(at=factories.NOW), now=ended)) == ["applied"]


def test_r4_a_tick_for_a_cancelled_session_is_still_taken(sams_session, now):
    scheduling.cancel(sams_session, now)
    assert statuses(apply(sams_session, operation())) == ["applied"]


def test_r4_ticks_stay_when_the_device_that_made_them_goes(sam, sams_session, now):
    device = factories.enrol(sam, "a-phone")
    ticking.tick(sams_session, "connection", "done", device, now)
    device.delete()
    assert state(sams_session) == "done"


@pytest.mark.django_db(transaction=True)
def test_r4_the_same_operation_from_many_tabs_at_once_counts_once(sams_session):
    same = operation()
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda _: _in_a_thread(sams_session, same), range(8)))
    assert sorted(said) == ["applied"] + ["duplicate"] * 7
    assert Tick.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_r4_ticks_from_many_phones_at_once_are_all_kept_and_each_moves_the_cursor(sams_session):
    keys = [item.key for item in sams_session.version.items.all()][:8]
    before = Client.objects.get().cursor
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda key: _in_a_thread(sams_session, operation(item=key)), keys))
    assert said == ["applied"] * 8
    assert Tick.objects.count() == 8
    assert Client.objects.get().cursor == before + 8
    assert Session.objects.get().cursor == before + 8


def _in_a_thread(session, row):
    try:
        return apply(session, row)[0].status
    finally:
        connection.close()


# R4: clocks that run ahead


def test_r4_a_clock_that_runs_ahead_is_held_back_to_the_arrival(sams_session, now):
    apply(sams_session, operation(at=now + HOUR, count=4, seq=7))
    tick = Tick.objects.get()
    assert (tick.ms, tick.count, tick.seq) == (ticking.milliseconds(now), 0, 7)


def test_r4_what_is_held_back_comes_after_all_that_the_phone_had_seen(sams_session, now):
    """Two phones within one millisecond of the server: the second had seen the first one's tick, and undoes it."""
    apply(sams_session, operation(at=now, count=9, state="done"))
    apply(sams_session, operation(at=now + HOUR, state="open"))
    assert state(sams_session) == "open"


def test_r4_what_waited_for_the_database_never_comes_after_what_its_phone_made_later(sams_session, now):
    """A phone 30 ms ahead sends two ticks apart; before the first, another phone's tick was taken 50 ms later."""
    ms = timedelta(milliseconds=1)
    apply(sams_session, operation(item="picture", at=now + 50 * ms), now=now + 50 * ms)
    apply(sams_session, operation(state="done", at=now + 30 * ms), now=now)
    apply(sams_session, operation(state="open", at=now + 31 * ms), now=now + 60 * ms)
    assert state(sams_session) == "open"


def test_r4_a_clock_that_runs_behind_is_kept(sams_session, now):
    apply(sams_session, operation(at=now - HOUR, count=4, seq=7))
    tick = Tick.objects.get()
    assert (tick.ms, tick.count) == (ticking.milliseconds(now - HOUR), 4)


def test_r4_a_phone_whose_clock_runs_ahead_keeps_its_own_order(sams_session, now):
    ahead = now + timedelta(days=400)
    apply(sams_session, operation(at=ahead, seq=1), operation(state="open", at=ahead + SECOND, seq=2))
    assert state(sams_session) == "open"


def test_r4_a_future_clock_does_not_win_for_ever(sams_session, now):
    apply(sams_session, operation(state="na", at=now + timedelta(days=400)))
    apply(sams_session, operation(state="done", at=now + 2 * SECOND), now=now + 3 * SECOND)
    assert state(sams_session) == "done"


def test_r4_a_plain_form_wins_over_a_future_clock_in_the_same_millisecond(sams_session, now):
    apply(sams_session, operation(state="na", at=now + HOUR, seq=2**53))
    ticking.tick(sams_session, "connection", "done", None, now)
    assert state(sams_session) == "done"


def test_r4_a_plain_form_wins_when_the_clock_of_this_server_is_behind_another(sams_session, now):
    apply(sams_session, operation(state="na", at=now), now=now)
    ticking.tick(sams_session, "connection", "done", None, now - 3 * SECOND)
    assert state(sams_session) == "done"


def test_r4_of_two_plain_forms_in_one_millisecond_the_second_wins(sams_session, now):
    for wish in ("done", "open", "done", "na"):
        ticking.tick(sams_session, "connection", wish, None, now)
    assert state(sams_session) == "na"


# What is refused, one operation at a time


def test_r6_an_item_that_the_list_does_not_have_is_refused_with_its_reason(sams_session):
    row = operation(item="nothing")
    assert apply(sams_session, row) == [ticking.Result(row.id, "refused", "unknown item")]


def test_r6_one_refused_operation_does_not_hold_up_the_rest(sams_session):
    rows = [operation(), operation(item="nothing"), operation(item="quiet-room")]
    assert statuses(apply(sams_session, *rows)) == ["applied", "refused", "applied"]


def test_r6_a_session_takes_so_many_ticks_and_refuses_the_rest_with_a_reason(sams_session, monkeypatch):
    monkeypatch.setattr(ticking, "MOST", 3)
    first = operation()
    apply(sams_session, first)
    results = apply(sams_session, *(operation() for _ in range(3)), first)
    assert statuses(results) == ["applied", "applied", "refused", "duplicate"]
    assert (results[2].reason, Tick.objects.count()) == ("too many ticks", 3)


def test_a_session_that_is_full_leaves_the_others_open(sam, sams_session, monkeypatch):
    apply(sams_session, operation())
    monkeypatch.setattr(ticking, "MOST", 1)
    assert statuses(apply(factories.session(sam, now=factories.NOW), operation())) == ["applied"]


def test_r16_a_strangers_session_is_refused_like_one_that_does_not_exist(
    sam, sams_session, lees_session, now
):
    own = Session.objects.of_clients([sam])
    row = operation()
    foreign = ticking.apply(own, [(str(lees_session.id), row)], {}, now)
    unknown = ticking.apply(own, [(str(uuid.uuid4()), row)], {}, now)
    assert foreign == unknown == [ticking.Result(row.id, "refused", "unknown session")]
    assert not Tick.objects.exists()


def test_an_item_hidden_by_the_way_of_meeting_may_be_ticked_and_waits(sam, now):
    call = factories.session(sam, way="voice")
    assert statuses(apply(call, operation(item="picture"))) == ["applied"]
    assert "picture" not in {line.item.key for line in call.readiness.lines}


def test_nothing_to_do_is_done_without_an_answer(sams_session):
    assert apply(sams_session) == []


def test_only_a_session_that_changed_gets_a_new_cursor(sams_session):
    before = Session.objects.get().cursor
    same = operation()
    apply(sams_session, same, operation(item="nothing"))
    after = Session.objects.get().cursor
    apply(sams_session, same)
    assert (after, Session.objects.get().cursor) == (before + 1, before + 1)


def test_r28_a_batch_reads_its_sessions_once(sam, sams_session, django_assert_max_num_queries, now):
    """Four statements for each new tick (its savepoint, look, insert), and a handful for the batch."""
    keys = [item.key for item in sams_session.version.items.all()][:10]
    with django_assert_max_num_queries(10 * 6 + 8):
        apply(sams_session, *[operation(item=key) for key in keys])


# R7: the same by a plain form


@pytest.fixture
def ticks(sams_session):
    return reverse("client:ticks", args=[sams_session.id])


def test_r7_a_plain_form_ticks_and_leads_back(sams_phone, sams_session, ticks):
    answer = sams_phone.post(ticks, {"item": "connection", "state": "done"})
    assert (answer.status_code, answer.url) == (302, f"/sessions/{sams_session.id}/#connection")
    assert state(sams_session) == "done"


def test_r7_a_plain_form_on_the_first_page_leads_back_there(sams_phone, ticks):
    answer = sams_phone.post(ticks, {"item": "connection", "state": "done", "back": "today"})
    assert answer.url == "/#connection"


def test_r7_a_double_tap_on_a_plain_form_counts_once(sams_phone, sams_session, ticks):
    form = {"item": "connection", "state": "done", "operation": str(uuid.uuid4())}
    assert [sams_phone.post(ticks, form).status_code for _ in range(2)] == [302, 302]
    assert Tick.objects.count() == 1


def test_r4_another_wish_from_a_page_that_was_gone_back_to_counts_as_well(sams_phone, sams_session, ticks):
    page = {"item": "connection", "operation": str(uuid.uuid4())}
    for wish in ("done", "na"):
        assert sams_phone.post(ticks, page | {"state": wish}).status_code == 302
    assert state(sams_session) == "na"


def test_r7_a_plain_form_is_told_that_its_session_takes_no_more_ticks(sams_phone, ticks, monkeypatch):
    monkeypatch.setattr(ticking, "MOST", 0)
    answer = sams_phone.post(ticks, {"item": "connection", "state": "done"})
    assert answer.status_code == 422
    assert "It takes no more ticks." in read(answer).one("main").text


def test_r7_a_plain_tick_remembers_the_device(sams_phone, sam, ticks):
    sams_phone.post(ticks, {"item": "connection", "state": "na"})
    assert Tick.objects.get().device == sam.devices.get()

"""Sessions of a series: made, added to, changed and cancelled together, and what a client chose stays (R2, R8, R10)."""

from copy import copy
from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from checklist import repeating, scheduling, ticking
from checklist.models import Delivery, Reminder, Series, Session
from tests import factories

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
MEET, MAP = "https://meet.example.org/7", "https://maps.example.org/7"


def unsaved(client, **fields):
    """Return a series of Thursdays at three from today on, every fourth in person after the first."""
    fields = {
        "begins_on": date(2026, 12, 3),
        "clock": time(15),
        "weeks": 1,
        "opening": 1,
        "every": 4,
        **fields,
    }
    fields |= {"time_zone": "America/New_York", "link": MEET, "map_link": MAP}
    return Series(
        client=client, therapist=client.therapist, checklist=client.practice.checklists.first(), **fields
    )


@pytest.fixture
def series(sam, now):
    """Sam's series of six: the first and the fifth in person."""
    row = unsaved(sam)
    repeating.book(row, 6, now)
    return row


def sessions(series):
    return list(series.sessions.order_by("series_number"))


def moved_to(series, number, by, **fields):
    """Return the series, unsaved, with the session of that number `by` later, and these fields changed."""
    after = copy(series)
    for name, value in fields.items():
        setattr(after, name, value)
    after.__dict__.pop("rule", None)
    local = (series.rule.start(number) + by).astimezone(sessions(series)[0].zone)
    after.follow(after.rule.moved(number, local.date(), local.time(), series.time_zone))
    return after


def change(series, number, by=timedelta(0), now=factories.NOW, **fields):
    row = sessions(series)[number]
    return repeating.change(row, moved_to(series, number, by, **fields), series, row.minutes, now)


def waiting(session):
    return Delivery.objects.waiting().filter(reminder__session=session)


# Making them


def test_each_is_an_ordinary_session_in_its_way_with_its_link_and_its_reminders(series):
    rows = sessions(series)
    assert [row.way for row in rows] == ["in_person", "video", "video", "video", "in_person", "video"]
    assert [row.link for row in rows] == [MAP, MEET, MEET, MEET, MAP, MEET]
    assert {row.minutes for row in rows} == {50}
    assert [row.first for row in rows] == [True, False, False, False, False, False]
    assert [waiting(row).count() for row in rows] == [3] * 6


def test_r11_they_keep_their_wall_clock_when_the_clocks_change(sam, now):
    row = unsaved(sam, begins_on=date(2027, 3, 4))
    repeating.book(row, 3, now)
    assert [f"{each.starts_at:%H:%M}" for each in sessions(row)] == ["20:00", "20:00", "19:00"]


def test_r28_many_take_as_many_queries_as_few(sam, ana, now):
    counts = []
    for client, count in ((sam, 2), (ana, 26)):
        with CaptureQueriesContext(connection) as captured:
            repeating.book(unsaved(client), count, now)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_r10_nothing_is_planned_that_is_past_already(sam, now):
    row = unsaved(sam, begins_on=date(2026, 11, 26), clock=time(15))  # in 42 minutes
    repeating.book(row, 2, now)
    assert [waiting(each).count() for each in sessions(row)] == [1, 3]


def test_a_phone_fetches_all_of_them(series, sam):
    sam.refresh_from_db()
    assert all(0 < row.cursor <= sam.cursor for row in sessions(series))


def test_more_of_them_go_on_where_the_series_ends(series, now):
    repeating.book(series, 3, now)
    rows = sessions(series)
    assert [row.series_number for row in rows] == list(range(9))
    assert rows[8].starts_at == rows[0].starts_at + 8 * WEEK
    assert rows[8].way == "in_person"


def test_more_of_an_ended_series_go_on_with_the_next_date_that_is_ahead(series):
    later = series.rule.start(9)  # the tenth begins in this moment, four after the last one that was made
    repeating.book(series, 2, later)
    assert [row.series_number for row in sessions(series)[6:]] == [10, 11]
    assert [row.starts_at for row in sessions(series)[6:]] == [later + WEEK, later + 2 * WEEK]


def test_the_numbers_go_on_where_every_session_was_forgotten(series):
    series.sessions.all().delete()
    repeating.book(series, 1, series.rule.start(7))
    assert [row.series_number for row in sessions(series)] == [8]
    assert sessions(series)[0].way == "in_person"


def test_more_of_them_do_not_fill_the_place_of_one_that_was_cancelled(series, now):
    scheduling.cancel(sessions(series)[5], now)
    repeating.book(series, 1, now)
    assert sessions(series)[-1].series_number == 6


def test_r8_what_was_shown_is_made_once_whoever_is_quicker(series, sam, now):
    repeating.book(series, 2, now, first=6)
    assert repeating.book(series, 2, now, first=6) == []
    assert repeating.book(unsaved(sam, id=series.id), 6, now, first=0) == []
    assert Session.objects.count() == 8


# Changing the time of those that follow


def test_a_new_time_moves_this_one_and_those_that_follow_and_no_other(series):
    before = [row.starts_at for row in sessions(series)]
    change(series, 2, DAY + HOUR)
    assert [row.starts_at - at for row, at in zip(sessions(series), before, strict=True)] == [
        timedelta(0), timedelta(0), *[DAY + HOUR] * 4,
    ]  # fmt: skip


def test_r10_what_was_planned_for_the_old_time_is_not_sent(series):
    change(series, 2, HOUR)
    for row in sessions(series)[2:]:
        assert set(waiting(row).values_list("reminder__occasion", flat=True)) == {f"session:{row.id}:2"}
        assert row.moved_from == row.starts_at - HOUR


def test_r8_what_did_not_move_is_left_as_it_was(series):
    before = set(Reminder.objects.values_list("id", flat=True))
    assert change(series, 2) == []
    assert set(Reminder.objects.values_list("id", flat=True)) == before
    assert {row.sequence for row in sessions(series)} == {0}


def test_one_that_was_moved_by_itself_stays_where_it_is(series):
    alone = sessions(series)[3]
    scheduling.change(alone, factories.NOW, alone.starts_at + DAY, 50)
    change(series, 2, HOUR)
    assert sessions(series)[3].starts_at == alone.starts_at
    assert sessions(series)[4].moved_from


def test_the_one_that_was_asked_for_moves_even_so(series):
    alone = sessions(series)[2]
    scheduling.change(alone, factories.NOW, alone.starts_at + DAY, 50)
    change(series, 2, HOUR)
    assert sessions(series)[2].starts_at == series.rule.start(2) + HOUR


def test_a_new_length_is_for_those_that_had_the_old_one(series):
    scheduling.change(sessions(series)[4], factories.NOW, sessions(series)[4].starts_at, 80)
    change(series, 2, minutes=60)
    assert [row.minutes for row in sessions(series)] == [50, 50, 60, 60, 80, 60]


def test_r28_changing_many_takes_as_many_queries_as_changing_few(sam, ana, now):
    counts = []
    for client, count in ((sam, 3), (ana, 20)):
        row = unsaved(client)
        repeating.book(row, count, now)
        with CaptureQueriesContext(connection) as captured:
            change(row, 1, HOUR)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_more_of_them_follow_the_new_time(series, now):
    change(series, 2, DAY)
    again = Series.objects.get()
    repeating.book(again, 1, now)
    assert sessions(series)[6].starts_at == sessions(series)[5].starts_at + WEEK


# The way of meeting


def test_r2_a_clients_switch_outlives_each_change_of_the_series(series):
    row = sessions(series)[3]
    assert scheduling.switch(row, "voice", row.sequence, factories.NOW) == ""
    change(series, 2, HOUR)
    change(series, 1, way="text")
    after = sessions(series)[3]
    assert (after.way, after.arranged_way, after.switched) == ("voice", "video", True)
    assert [row.way for row in sessions(series)] == [
        "in_person",
        "text",
        "text",
        "voice",
        "in_person",
        "text",
    ]


def test_another_pattern_changes_those_that_followed_the_old_one_and_their_links(series):
    row = sessions(series)[3]
    scheduling.change(row, factories.NOW, row.starts_at, 50, way="voice", link="")
    change(series, 1, every=2)
    rows = sessions(series)
    assert [row.way for row in rows] == ["in_person", "video", "in_person", "voice", "in_person", "video"]
    assert [row.link for row in rows] == [MAP, MEET, MAP, "", MAP, MEET]


def test_r2_ticks_stay_when_the_way_changes(series, sam):
    row = sessions(series)[1]
    ticking.tick(row, "slow-minutes", "done", None, factories.NOW)
    change(series, 1, way="voice")
    assert Session.objects.with_lists().get(pk=row.pk).readiness.done == 1


# Cancelling


def test_cancelling_those_that_follow_leaves_those_before(series, now):
    assert len(repeating.cancel(sessions(series)[2], now)) == 4
    rows = sessions(series)
    assert [row.cancelled for row in rows] == [False] * 2 + [True] * 4
    assert [waiting(row).count() for row in rows] == [3, 3, 0, 0, 0, 0]


def test_cancelling_all_makes_the_next_session_of_the_client_the_first(series, sam, now):
    other = factories.session(sam, 20 * WEEK)
    repeating.cancel(sessions(series)[0], now)
    other.refresh_from_db()
    assert other.first


def test_one_that_is_over_is_not_cancelled(series, now):
    later = sessions(series)[1].ends_at + HOUR
    repeating.cancel(sessions(series)[0], later)
    assert [row.cancelled for row in sessions(series)][:3] == [False, False, True]

"""Sessions of a series: made, added to, changed and cancelled together, and what a client chose stays (R2, R8, R10)."""

from copy import copy
from datetime import date, time, timedelta
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from checklist import migrations, repeating, scheduling, ticking
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
    return list(Session.objects.filter(series=series).select_related("series").order_by("series_number"))


def moved_to(series, number, by, weeks=None, **fields):
    """Return the series, unsaved, with the session of that number `by` later, and these fields changed."""
    after = copy(series)
    for name, value in fields.items():
        setattr(after, name, value)
    after.__dict__.pop("rule", None)
    if by or weeks:
        local = (series.rule.start(number) + by).astimezone(ZoneInfo(series.time_zone))
        after.follow(after.rule.moved(number, local.date(), local.time(), series.time_zone, weeks))
    return after


def change(series, number, by=timedelta(0), now=factories.NOW, **fields):
    row = sessions(series)[number]
    new = {*fields, *(("date", "time") if by else ())}
    return repeating.change(row, moved_to(row.series, number, by, **fields), new, now)


def ways(series):
    return [row.way for row in sessions(series)]


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


def test_a_new_way_or_link_moves_none_before_a_later_change_of_the_time(series):
    change(series, 3, HOUR)
    before = [row.starts_at for row in sessions(series)]
    change(series, 1, link="https://meet.example.org/9")
    assert [row.starts_at for row in sessions(series)] == before


def test_another_interval_spreads_those_that_follow_and_leaves_the_one_it_begins_with(series):
    change(series, 2, weeks=2)
    steps = [row.starts_at - sessions(series)[0].starts_at for row in sessions(series)]
    assert steps == [WEEK * number for number in (0, 1, 2, 4, 6, 8)]
    assert ways(series) == ["in_person", "video", "video", "video", "in_person", "video"]


def test_r8_of_two_changes_at_the_same_moment_one_is_made(series):
    row = sessions(series)[2]
    late = sessions(series)[2]
    assert repeating.change(row, moved_to(row.series, 2, HOUR), {"time"}, factories.NOW)
    assert repeating.change(late, moved_to(late.series, 2, DAY), {"date"}, factories.NOW) is None
    assert sessions(series)[2].starts_at == series.rule.start(2) + HOUR


def test_r8_a_change_and_one_of_an_earlier_session_do_not_undo_each_other(series):
    late = sessions(series)[1]
    change(series, 3, way="voice")
    assert repeating.change(late, moved_to(late.series, 1, DAY), {"date"}, factories.NOW) is None
    assert ways(series)[3] == "voice"


def test_more_of_them_are_not_made_by_a_rule_that_was_changed_meanwhile(series, now):
    change(series, 2, DAY)
    assert repeating.book(series, 1, now) == []


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
    assert (after.way, after.arranged_way, after.switched) == ("voice", "text", True)
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


def test_a_change_reaches_sessions_before_those_that_a_later_change_was_for(series):
    change(series, 3, way="voice", link="https://meet.example.org/8", minutes=90)
    change(series, 1, way="text", link="https://meet.example.org/9", minutes=30)
    assert ways(series) == ["in_person", "text", "text", "text", "in_person", "text"]
    rows = [row for row in sessions(series)[1:] if row.way == "text"]
    assert {row.link for row in rows} == {"https://meet.example.org/9"}
    assert [row.minutes for row in sessions(series)] == [50, 30, 30, 30, 30, 30]


def test_the_way_that_the_series_has_by_now_reaches_those_before_as_well(series):
    change(series, 3, way="voice")
    change(series, 1, way="voice")
    assert ways(series) == ["in_person", "voice", "voice", "voice", "in_person", "voice"]


def test_a_way_or_a_link_that_was_changed_by_itself_stays_each(series):
    rows = sessions(series)
    scheduling.change(rows[2], factories.NOW, rows[2].starts_at, 50, way="voice")
    scheduling.change(rows[3], factories.NOW, rows[3].starts_at, 50, link="https://meet.example.org/8")
    change(series, 1, way="text", link="https://meet.example.org/9")
    assert [(row.way, row.link[-1:]) for row in sessions(series)[1:4]] == [
        ("text", "9"),
        ("voice", "9"),
        ("text", "8"),
    ]


def switched_then_changed(series, by_client, by_series):
    """Let the client switch the second session, then the series from there on change its way; return that session."""
    row = sessions(series)[1]
    scheduling.switch(row, by_client, row.sequence, factories.NOW)
    change(series, 1, way=by_series)
    return sessions(series)[1]


def test_a_switch_ends_where_there_is_a_visit_now(series):
    after = switched_then_changed(series, "voice", "in_person")
    assert (after.way, after.arranged, after.link, after.switched_at) == ("in_person", "in_person", MAP, None)
    assert "in person" in scheduling.switch(after, "video", after.sequence, factories.NOW)


def test_r2_the_way_back_of_a_client_leads_to_what_is_arranged_by_now(series):
    after = switched_then_changed(series, "text", "voice")
    assert (after.way, after.arranged, after.switched) == ("text", "voice", True)
    assert scheduling.switch(after, "voice", after.sequence, factories.NOW) == ""
    assert (after.way, after.switched) == ("voice", False)


def test_what_a_client_switched_to_is_no_switch_once_it_is_arranged(series):
    after = switched_then_changed(series, "voice", "voice")
    assert (after.way, after.arranged_way, after.switched_at) == ("voice", "", None)


def test_r2_ticks_stay_when_the_way_changes(series, sam):
    row = sessions(series)[1]
    ticking.tick(row, "slow-minutes", "done", None, factories.NOW)
    change(series, 1, way="voice")
    assert Session.objects.with_lists().get(pk=row.pk).readiness.done == 1


def test_what_a_series_said_is_filled_in_for_sessions_from_before_that_was_kept(series):
    change(series, 3, way="voice")
    rows = sessions(series)
    scheduling.change(rows[4], factories.NOW, rows[4].starts_at, 80, way="text", link="")
    kept = ("series_way", "series_link", "series_minutes")
    before = list(series.sessions.order_by("pk").values(*kept))
    series.sessions.update(series_way="", series_link="", series_minutes=None)
    (path,) = Path(migrations.__path__[0]).glob("*_what_a_series_last_said.py")
    import_module(f"{migrations.__name__}.{path.stem}").fill_in(apps, None)
    assert list(series.sessions.order_by("pk").values(*kept)) == before


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

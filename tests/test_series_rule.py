"""The rule of a series: one wall clock across clock changes, in each zone; which of its sessions are in person."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.pure.series import Rule
from tests.places import ZONES

rules = st.builds(
    Rule,
    begins_on=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    clock=st.times().map(lambda clock: clock.replace(second=0, microsecond=0)),
    zone=st.sampled_from(ZONES),
    weeks=st.sampled_from([1, 2, 4]),
    way=st.sampled_from(["video", "voice", "text", "in_person"]),
    opening=st.integers(0, 4),
    every=st.sampled_from([0, 2, 3, 4, 6, 8]),
)
numbers = st.integers(0, 60)


def local(rule, number):
    return rule.start(number).astimezone(ZoneInfo(rule.zone))


def rule(zone="America/New_York", begins_on=date(2026, 11, 26), clock=time(15), **fields):
    return Rule(begins_on, clock, zone, **{"weeks": 1, "way": "video", **fields})


@given(rules, numbers)
def test_r11_each_session_starts_at_the_same_wall_clock_of_its_day(series, number):
    """In a gap the clock shows as much more as was left out; nothing else ever moves it."""
    at, day = local(series, number), series.begins_on + timedelta(weeks=series.weeks * number)
    naive = datetime.combine(day, series.clock)
    assert at.astimezone(UTC) == series.start(number)
    if at.replace(tzinfo=None) != naive:
        before = naive.replace(tzinfo=ZoneInfo(series.zone)).utcoffset()
        assert timedelta(0) < at.replace(tzinfo=None) - naive == at.utcoffset() - before


@given(rules, numbers)
def test_r11_where_a_wall_clock_comes_twice_it_is_the_first_of_them(series, number):
    at = local(series, number)
    assert at.fold == 0


@given(rules, numbers)
def test_sessions_follow_each_other_in_order(series, number):
    assert series.start(number) < series.start(number + 1)


@given(rules, numbers, st.integers(-200, 200))
def test_the_next_one_ahead_is_the_earliest_that_has_not_begun(series, number, hours):
    now = series.start(number) + timedelta(hours=hours)
    found = series.ahead(max(number - 3, 0), now)
    assert series.start(found) > now
    assert found == max(number - 3, 0) or series.start(found - 1) <= now


@given(rules, numbers, st.integers(-6, 6), st.times())
def test_a_rule_that_is_moved_has_that_session_there_and_the_others_in_step(series, number, days, clock):
    day = series.begins_on + timedelta(weeks=series.weeks * number, days=days)
    clock = clock.replace(second=0, microsecond=0)
    moved = series.moved(number, day, clock, series.zone)
    assert moved.start(number) == rule(series.zone, day, clock).start(0)
    assert moved.start(number + 1) == rule(series.zone, day + timedelta(weeks=series.weeks), clock).start(0)
    assert [moved.way_of(each) for each in range(9)] == [series.way_of(each) for each in range(9)]


@given(rules, numbers, st.sampled_from([1, 2, 4]))
def test_a_rule_with_another_interval_has_that_session_where_it_was(series, number, weeks):
    spread = series.moved(number, series.day(number), series.clock, series.zone, weeks)
    assert spread.start(number) == series.start(number)
    assert spread.day(number + 1) - spread.day(number) == timedelta(weeks=weeks)


@pytest.mark.parametrize(
    ("zone", "begins_on", "clock", "in_utc"),
    [
        ("America/New_York", date(2026, 10, 25), time(15), ["19:00", "20:00"]),  # the clocks go back
        ("America/New_York", date(2027, 3, 7), time(2, 30), ["07:30", "07:30"]),  # 2:30 is left out: 3:30
        ("America/New_York", date(2026, 10, 25), time(1, 30), ["05:30", "05:30"]),  # 1:30 comes twice
        ("Europe/London", date(2027, 3, 21), time(9), ["09:00", "08:00"]),
        ("Australia/Lord_Howe", date(2026, 9, 27), time(10), ["23:30", "23:00"]),  # by half an hour
    ],
)
def test_r11_known_clock_changes(zone, begins_on, clock, in_utc):
    series = rule(zone, begins_on, clock)
    assert [f"{series.start(number):%H:%M}" for number in range(2)] == in_utc


def visits(**pattern):
    """Return which of the first twelve sessions are in person, counted from one."""
    series = rule(**pattern)
    return [number + 1 for number in range(12) if series.way_of(number) == "in_person"]


def test_without_a_pattern_all_sessions_meet_in_the_usual_way():
    assert visits() == []
    assert visits(way="in_person") == list(range(1, 13))


@pytest.mark.parametrize(
    ("opening", "every", "found"),
    [(0, 4, [4, 8, 12]), (1, 0, [1]), (1, 4, [1, 5, 9]), (3, 4, [1, 2, 3, 7, 11]), (2, 2, [1, 2, 4, 6, 8, 10, 12])],
)  # fmt: skip
def test_first_in_person_then_a_visit_now_and_then(opening, every, found):
    assert visits(opening=opening, every=every) == found

"""Sessions close together are spoken of once, a pause silences a stretch of days, a mail stands behind a push."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise, permutations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.pure.quiet import earlier, is_quiet
from checklist.pure.when import behind, fallback, groups, mail_after, paused
from checklist.pure.wishes import Wishes
from tests.places import places, quiets

NOON = datetime(2026, 6, 10, 12, 0, tzinfo=UTC)


def at(minutes):
    return NOON + timedelta(minutes=minutes)


# Merging


def test_sessions_within_the_hour_are_one_group():
    assert groups([("a", at(0)), ("b", at(59))]) == [["a", "b"]]


def test_a_session_an_hour_later_is_a_group_of_its_own():
    assert groups([("a", at(0)), ("b", at(60))]) == [["a"], ["b"]]


def test_a_group_never_grows_beyond_an_hour_after_its_first():
    assert groups([("a", at(0)), ("b", at(40)), ("c", at(80)), ("d", at(120))]) == [["a", "b"], ["c", "d"]]


def test_groups_are_the_same_in_whatever_order_sessions_come():
    starts = [("a", at(0)), ("b", at(0)), ("c", at(40)), ("d", at(60)), ("e", at(200))]
    assert {str(groups(order)) for order in permutations(starts)} == {
        str([["a", "b", "c"], ["d"], ["e"]]),
    }


def test_an_hour_that_comes_twice_is_told_apart():
    first = datetime(2026, 11, 1, 1, 50, tzinfo=ZoneInfo("America/New_York"))
    second = datetime(2026, 11, 1, 1, 45, fold=1, tzinfo=ZoneInfo("America/New_York"))
    assert groups([("second", second), ("first", first)]) == [["first", "second"]]
    assert groups([("second", second), ("first", first.replace(minute=45))]) == [["first"], ["second"]]


def test_without_sessions_there_are_no_groups():
    assert groups([]) == []


@given(st.lists(st.integers(0, 400)))
def test_every_session_is_in_one_group_and_no_group_could_be_joined(minutes):
    starts = dict(enumerate(map(at, minutes)))
    found = groups(starts.items())
    assert sorted(key for group in found for key in group) == sorted(starts)
    firsts = [min(starts[key] for key in group) for group in found]
    lasts = [max(starts[key] for key in group) for group in found]
    assert all(last - first < timedelta(hours=1) for first, last in zip(firsts, lasts, strict=True))
    assert all(later - first >= timedelta(hours=1) for first, later in pairwise(firsts))


# A pause


@pytest.mark.parametrize(
    ("zone", "instant", "silent"),
    [
        ("America/New_York", "2026-06-09T23:59-04:00", True),
        ("America/New_York", "2026-06-10T00:00-04:00", False),
        ("Australia/Sydney", "2026-06-09T09:59-04:00", True),
        ("Australia/Sydney", "2026-06-09T10:00-04:00", False),
    ],
)
def test_a_pause_ends_when_its_day_begins_where_the_client_is(zone, instant, silent):
    assert paused(datetime.fromisoformat(instant), date(2026, 6, 10), zone) is silent


def test_a_pause_until_a_day_that_is_left_out_ends_with_the_day_after():
    left_out = date(2011, 12, 30)
    assert paused(datetime.fromisoformat("2011-12-29T23:59-10:00"), left_out, "Pacific/Apia")
    assert not paused(datetime.fromisoformat("2011-12-31T00:00+14:00"), left_out, "Pacific/Apia")


def test_without_a_pause_nothing_is_silent():
    assert not paused(NOON, None, "UTC")


# The mail behind a push


@pytest.mark.parametrize(("left", "wait"), [(120, 10), (20, 10), (19, 9.5), (10, 5), (1, 0.5)])
def test_r15_the_mail_waits_ten_minutes_or_half_of_what_is_left(left, wait):
    assert fallback(at(0), at(left)) == at(wait)


@pytest.mark.parametrize("left", [0, -5])
def test_r10_there_is_no_mail_once_the_session_has_begun(left):
    assert fallback(at(0), at(left)) is None


def test_r15_the_mail_waits_real_minutes_across_a_change_of_the_clocks():
    due = datetime(2026, 11, 1, 1, 55, tzinfo=ZoneInfo("America/New_York"))
    assert fallback(due, at(10**6)) == datetime.fromisoformat("2026-11-01T06:05Z")


@given(st.timedeltas(timedelta(microseconds=1), timedelta(days=1)))
def test_r10_the_mail_always_goes_before_the_start(left):
    assert NOON <= fallback(NOON, NOON + left) < NOON + left


# Quiet from, when it is due and when it begins, in minutes; when the push goes, and the mail behind it.
BEHIND = [
    ("12:30", 0, 120, (0, 10)),
    ("12:11", 0, 120, (0, 10)),
    ("12:10", 0, 120, (-1, 9)),
    ("12:01", 0, 120, (-10, 0)),
    ("12:05", 0, 12, (-3, 4.5)),
]


@pytest.mark.parametrize(("quiet", "due", "start", "goes"), BEHIND)
def test_r12_a_push_comes_early_enough_for_its_mail_to_come_before_quiet_hours(quiet, due, start, goes):
    wishes = Wishes("UTC", quiet=(time.fromisoformat(quiet), time(20, 0)))
    assert behind(at(due), at(start), wishes) == (at(goes[0]), at(goes[1]))


@given(places, quiets, st.integers(0, 3 * 1440))
def test_r12_neither_is_ever_quiet(place, quiet, left):
    zone, instant = place
    wishes = Wishes(zone, quiet=quiet)
    due, start = earlier(instant, quiet, zone), instant + timedelta(minutes=left)
    push, mail = behind(due, start, wishes)
    assert push <= due and mail <= max(start, push)
    assert not is_quiet(push, quiet, zone) and not is_quiet(mail, quiet, zone)


@pytest.mark.parametrize(
    ("quiet", "sent", "goes"),
    [("13:00", 0, 10), ("12:10", 0, 9), ("12:02", 0, 1), ("12:01", 0, 10), ("12:00:00", 0, 10)],
)
def test_r12_after_a_push_that_was_late_the_mail_comes_before_quiet_hours_when_a_minute_is_left(
    quiet, sent, goes
):
    wishes = Wishes("UTC", quiet=(time.fromisoformat(quiet), time(20, 0)))
    assert mail_after(at(sent), at(600), wishes) == at(goes)


def test_r10_there_is_no_mail_after_a_push_once_the_session_has_begun():
    assert mail_after(at(0), at(0), Wishes("UTC")) is None

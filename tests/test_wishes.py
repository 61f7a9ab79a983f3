"""What a client may wish for, and what becomes of the three reminders (R11, R12)."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.pure import when
from checklist.pure.quiet import is_quiet
from checklist.pure.wishes import KINDS, Wishes
from tests.places import clocks, places, quiets

NEW_YORK = "America/New_York"
NIGHT = (time(22), time(7))


def local(start, **wishes):
    """Return {kind: local reading} of a session's reminders in New York."""
    times = when.times(datetime.fromisoformat(start), Wishes(NEW_YORK, **wishes))
    return {
        kind: at.astimezone(ZoneInfo(NEW_YORK)).strftime("%a %H:%M")
        for kind, at in sorted(times.items(), key=lambda pair: KINDS.index(pair[0]))
    }


def test_without_wishes_there_are_three_reminders_and_no_quiet_hours():
    assert Wishes(NEW_YORK) == Wishes(NEW_YORK, time(18), 2, 10, frozenset(KINDS), None)


def test_r11_each_reminder_comes_when_the_client_wishes():
    told = local("2026-11-26T15:00-05:00", evening=time(20, 15), hours=5, minutes=30)
    assert told == {"day_before": "Wed 20:15", "hours_before": "Thu 10:00", "just_before": "Thu 14:30"}


def test_only_the_kinds_that_a_client_wants_are_told():
    assert local("2026-11-26T15:00-05:00", kinds=frozenset({"just_before"})) == {"just_before": "Thu 14:50"}
    assert local("2026-11-26T15:00-05:00", kinds=frozenset()) == {}


def test_r12_a_session_early_in_the_morning_is_told_before_the_night():
    told = local("2026-11-26T08:00-05:00", quiet=NIGHT)
    assert told == {"day_before": "Wed 18:00", "hours_before": "Wed 21:59", "just_before": "Thu 07:50"}


def test_r12_two_reminders_may_come_at_the_same_minute_and_none_is_dropped():
    told = local("2026-11-26T07:05-05:00", quiet=NIGHT, evening=time(23))
    assert told == {"day_before": "Wed 21:59", "hours_before": "Wed 21:59", "just_before": "Wed 21:59"}


def test_r12_a_session_within_quiet_hours_is_told_before_them():
    told = local("2026-11-26T23:00-05:00", quiet=NIGHT)
    assert told == {"day_before": "Wed 18:00", "hours_before": "Thu 21:00", "just_before": "Thu 21:59"}


def test_r11_an_evening_in_a_gap_shifts_forward_and_then_out_of_quiet_hours():
    told = local("2026-03-09T12:00-04:00", evening=time(2, 30))
    assert told["day_before"] == "Sun 03:30"
    told = local("2026-03-09T12:00-04:00", evening=time(2, 30), quiet=(time(3), time(7)))
    assert told["day_before"] == "Sun 01:59"


def test_r11_an_evening_in_an_hour_that_comes_twice_is_the_first():
    start = datetime.fromisoformat("2026-11-02T12:00-05:00")
    evening = when.times(start, Wishes(NEW_YORK, evening=time(1, 30)))["day_before"]
    assert evening == datetime.fromisoformat("2026-11-01T01:30-04:00")


def test_r11_hours_are_hours_however_the_clocks_change():
    told = when.times(datetime.fromisoformat("2026-03-08T12:00-04:00"), Wishes(NEW_YORK, hours=24))
    assert told["hours_before"] == datetime.fromisoformat("2026-03-07T11:00-05:00")


@settings(max_examples=300)
@given(places, quiets | st.none(), clocks, st.integers(1, 24), st.integers(5, 60))
def test_r12_no_wish_makes_a_reminder_late_or_loud(place, quiet, evening, hours, minutes):
    zone, start = place
    wishes = Wishes(zone, evening, hours, minutes, quiet=quiet)
    told, plain = when.times(start, wishes), when.times(start, Wishes(zone, evening, hours, minutes))
    assert plain["hours_before"] == start - timedelta(hours=hours)
    assert plain["just_before"] == start - timedelta(minutes=minutes)
    for kind in KINDS:
        assert told[kind] <= plain[kind] < start
        assert not is_quiet(told[kind], quiet, zone)
        assert told[kind] == plain[kind] or is_quiet(plain[kind], quiet, zone)
        assert told[kind].tzinfo is UTC


@pytest.mark.parametrize(
    "wish",
    [
        {"zone": "Mars/Olympus"},
        {"zone": "../etc/passwd"},
        {"zone": ""},
        {"hours": 0},
        {"hours": 25},
        {"hours": 1.5},
        {"minutes": 4},
        {"minutes": 61},
        {"kinds": frozenset({"nudge"})},
        {"evening": time(18, 0, 30)},
        {"evening": time(18, 0, tzinfo=UTC)},
        {"quiet": (time(22, 0, 30), time(7))},
        {"quiet": (time(22), time(7, tzinfo=UTC))},
        {"quiet": (time(8), time(0, 1))},
        {"quiet": (time(7), time(6, 59))},
    ],
    ids=str,
)
def test_a_wish_that_is_not_allowed_is_refused_by_name(wish):
    with pytest.raises(ValueError, match=next(iter(wish))):
        Wishes(**{"zone": NEW_YORK, **wish})


@pytest.mark.parametrize(
    "wish",
    [{"hours": 1}, {"hours": 24}, {"minutes": 5}, {"minutes": 60}, {"quiet": (time(8), time(0))}],
    ids=str,
)
def test_the_widest_wish_is_allowed(wish):
    assert Wishes(NEW_YORK, **wish)

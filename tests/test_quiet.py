"""Quiet hours by the wall clock (R12): what would ring in them rings before they begin, whatever the clocks do."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.pure.quiet import MINUTE, earlier, end, is_quiet
from tests.places import places, quiets


def pair(text):
    """Return quiet hours written as 22:00-07:00."""
    begin, end = map(time.fromisoformat, text.split("-"))
    return begin, end


# Zone, quiet hours, an instant and where it shifts to: by the wall clock there, with the offset of that moment.
SHIFTS = [
    # A night, its two ends, and a reminder at half past a minute.
    ("Asia/Kolkata", "22:00-07:00", "2026-06-11T03:00+05:30", "2026-06-10T21:59+05:30"),
    ("Asia/Kolkata", "22:00-07:00", "2026-06-11T03:00:30+05:30", "2026-06-10T21:59+05:30"),
    ("Asia/Kolkata", "22:00-07:00", "2026-06-10T22:00+05:30", "2026-06-10T21:59+05:30"),
    ("Asia/Kolkata", "22:00-07:00", "2026-06-10T21:59+05:30", "2026-06-10T21:59+05:30"),
    ("Asia/Kolkata", "22:00-07:00", "2026-06-11T06:59+05:30", "2026-06-10T21:59+05:30"),
    ("Asia/Kolkata", "22:00-07:00", "2026-06-11T07:00+05:30", "2026-06-11T07:00+05:30"),
    # In the middle of a day; from midnight; to midnight; as long as it may be.
    ("Asia/Kathmandu", "13:00-14:30", "2026-06-11T14:00+05:45", "2026-06-11T12:59+05:45"),
    ("Asia/Kathmandu", "00:00-06:00", "2026-06-11T03:00+05:45", "2026-06-10T23:59+05:45"),
    ("Asia/Kathmandu", "20:00-00:00", "2026-06-10T23:59+05:45", "2026-06-10T19:59+05:45"),
    ("Asia/Kathmandu", "20:00-00:00", "2026-06-11T00:00+05:45", "2026-06-11T00:00+05:45"),
    ("Asia/Kathmandu", "17:00-09:00", "2026-06-11T08:59+05:45", "2026-06-10T16:59+05:45"),
    # New York, 8 March 2026: 02:00 to 03:00 does not happen. Across it, beginning, ending, and wholly in it.
    ("America/New_York", "22:00-07:00", "2026-03-08T06:00-04:00", "2026-03-07T21:59-05:00"),
    ("America/New_York", "02:30-07:00", "2026-03-08T04:00-04:00", "2026-03-08T01:59-05:00"),
    ("America/New_York", "22:00-02:30", "2026-03-08T03:00-04:00", "2026-03-08T03:00-04:00"),
    ("America/New_York", "22:00-02:30", "2026-03-08T01:59-05:00", "2026-03-07T21:59-05:00"),
    ("America/New_York", "02:00-03:00", "2026-03-08T03:00-04:00", "2026-03-08T03:00-04:00"),
    # New York, 1 November 2026: 01:00 to 02:00 happens twice. Across it, beginning, ending, within, from its start.
    ("America/New_York", "22:00-07:00", "2026-11-01T01:30-05:00", "2026-10-31T21:59-04:00"),
    ("America/New_York", "01:30-07:00", "2026-11-01T02:30-05:00", "2026-11-01T01:29-05:00"),
    ("America/New_York", "01:30-07:00", "2026-11-01T01:40-04:00", "2026-11-01T01:29-04:00"),
    ("America/New_York", "22:00-01:30", "2026-11-01T01:10-05:00", "2026-11-01T01:59-04:00"),
    ("America/New_York", "22:00-01:30", "2026-11-01T01:40-04:00", "2026-11-01T01:40-04:00"),
    ("America/New_York", "22:00-01:30", "2026-11-01T01:10-04:00", "2026-10-31T21:59-04:00"),
    ("America/New_York", "01:15-01:45", "2026-11-01T01:20-05:00", "2026-11-01T01:14-05:00"),
    ("America/New_York", "01:00-07:00", "2026-11-01T01:30-05:00", "2026-11-01T00:59-04:00"),
    # Lord Howe moves by half an hour; Sao Paulo moved at midnight.
    ("Australia/Lord_Howe", "22:00-01:45", "2026-04-05T01:40+10:30", "2026-04-05T01:59+11:00"),
    ("Australia/Lord_Howe", "02:15-06:00", "2026-10-04T03:00+11:00", "2026-10-04T01:59+10:30"),
    ("America/Sao_Paulo", "23:30-06:00", "2018-02-18T01:00-03:00", "2018-02-17T23:29-03:00"),
    ("America/Sao_Paulo", "00:00-06:00", "2018-11-04T03:00-02:00", "2018-11-03T23:59-03:00"),
    # Samoa left 30 December 2011 out: one night joins the 29th and the 31st.
    ("Pacific/Apia", "22:00-07:00", "2011-12-31T06:00+14:00", "2011-12-29T21:59-10:00"),
    ("Pacific/Apia", "00:00-12:00", "2011-12-31T06:00+14:00", "2011-12-29T23:59-10:00"),
]


@pytest.mark.parametrize(("zone", "quiet", "instant", "shifted"), SHIFTS)
def test_r12_what_would_ring_in_quiet_hours_rings_the_minute_before(zone, quiet, instant, shifted):
    found = earlier(datetime.fromisoformat(instant), pair(quiet), zone)
    assert found.astimezone(ZoneInfo(zone)).isoformat() == datetime.fromisoformat(shifted).isoformat()


@pytest.mark.parametrize(("zone", "instant"), sorted({(row[0], at) for row in SHIFTS for at in row[2:]}))
def test_the_table_above_is_right_about_the_offsets(zone, instant):
    stated = datetime.fromisoformat(instant)
    assert stated.utcoffset() == stated.astimezone(ZoneInfo(zone)).utcoffset()


@pytest.mark.parametrize("none", [None, (time(22), time(22))])
def test_r12_without_quiet_hours_nothing_shifts(none):
    instant = datetime(2026, 6, 10, 22, 0, tzinfo=UTC)
    assert earlier(instant, none, "UTC") == instant
    assert not is_quiet(instant, none, "UTC")


@settings(max_examples=300)
@given(places, quiets)
def test_r12_what_was_shifted_is_earlier_and_outside_quiet_hours(place, quiet):
    zone, instant = place
    found = earlier(instant, quiet, zone)
    assert found <= instant
    assert not is_quiet(found, quiet, zone)
    assert (found == instant) is not is_quiet(instant, quiet, zone)


@settings(max_examples=300)
@given(places, st.integers(0, 7 * 60), st.integers(1, 9 * 60), st.floats(0, 1))
def test_r12_a_shift_is_the_least_that_will_do(place, ago, left, share):
    zone, instant = place
    shown = instant.astimezone(ZoneInfo(zone)).replace(second=0, microsecond=0, tzinfo=None)
    quiet = (shown - ago * MINUTE).time(), (shown + left * MINUTE).time()
    found = earlier(instant, quiet, zone)
    assert (found.second, found.microsecond) == (0, 0)
    minutes = (instant - found) // MINUTE
    between = {1, 1 + int(share * (minutes - 1)), minutes}
    assert all(is_quiet(found + n * MINUTE, quiet, zone) for n in between)
    assert instant - found < timedelta(days=2)


@settings(max_examples=300)
@given(places, quiets)
def test_r12_quiet_is_what_the_clock_on_the_wall_says(place, quiet):
    zone, instant = place
    shown, (begin, end) = instant.astimezone(ZoneInfo(zone)).time(), quiet
    within = begin <= shown < end if begin <= end else shown >= begin or shown < end
    assert is_quiet(instant, quiet, zone) is within


# Zone, quiet hours, an instant in them and when they end: what was late waits for that.
ENDS = [
    ("Asia/Kolkata", "22:00-07:00", "2026-06-10T22:00+05:30", "2026-06-11T07:00+05:30"),
    ("Asia/Kolkata", "22:00-07:00", "2026-06-11T06:59:59+05:30", "2026-06-11T07:00+05:30"),
    ("Asia/Kolkata", "22:00-07:00", "2026-06-11T07:00+05:30", "2026-06-11T07:00+05:30"),
    ("America/New_York", "22:00-02:30", "2026-03-08T01:59-05:00", "2026-03-08T03:00-04:00"),
    ("America/New_York", "22:00-01:30", "2026-11-01T01:10-04:00", "2026-11-01T01:30-04:00"),
    ("America/New_York", "22:00-01:30", "2026-11-01T01:10-05:00", "2026-11-01T01:30-05:00"),
    ("Pacific/Apia", "22:00-07:00", "2011-12-29T23:00-10:00", "2011-12-31T07:00+14:00"),
]


@pytest.mark.parametrize(("zone", "quiet", "instant", "ended"), ENDS)
def test_r12_quiet_hours_end_by_the_wall_clock(zone, quiet, instant, ended):
    found = end(datetime.fromisoformat(instant), pair(quiet), zone)
    assert found.astimezone(ZoneInfo(zone)).isoformat() == datetime.fromisoformat(ended).isoformat()


@settings(max_examples=300)
@given(places, quiets)
def test_r12_their_end_is_not_quiet_and_never_before(place, quiet):
    zone, instant = place
    found = end(instant, quiet, zone)
    assert found >= instant and not is_quiet(found, quiet, zone)
    assert found == instant or is_quiet(found - MINUTE, quiet, zone)

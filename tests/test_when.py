"""When reminders are due (R11): hours before by the instant, the evening before by the person's clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from checklist.pure import when
from checklist.pure.wishes import Wishes
from tests.places import ZONES

zones = st.sampled_from(ZONES)
starts = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
readings = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)).map(lambda at: at.replace(microsecond=0))

# Zone, start, then when its three reminders are due: by the wall clock there, with the offset of that moment.
ACROSS_CHANGES = [
    pytest.param(*row, id=f"{row[0]} {row[1]}")
    for row in [
        # New York goes to summer time on 8 March 2026 and 14 March 2027 and back on 1 November 2026.
        ("America/New_York", "2026-03-08T12:00-04:00",
         "2026-03-07T18:00-05:00", "2026-03-08T10:00-04:00", "2026-03-08T11:50-04:00"),
        ("America/New_York", "2026-03-08T03:30-04:00",
         "2026-03-07T18:00-05:00", "2026-03-08T00:30-05:00", "2026-03-08T03:20-04:00"),
        ("America/New_York", "2026-03-09T12:00-04:00",
         "2026-03-08T18:00-04:00", "2026-03-09T10:00-04:00", "2026-03-09T11:50-04:00"),
        ("America/New_York", "2026-11-01T01:30-05:00",
         "2026-10-31T18:00-04:00", "2026-11-01T00:30-04:00", "2026-11-01T01:20-05:00"),
        ("America/New_York", "2026-11-01T01:05-05:00",
         "2026-10-31T18:00-04:00", "2026-11-01T00:05-04:00", "2026-11-01T01:55-04:00"),
        ("America/New_York", "2027-03-14T12:00-04:00",
         "2027-03-13T18:00-05:00", "2027-03-14T10:00-04:00", "2027-03-14T11:50-04:00"),
        # Lord Howe moves by half an hour.
        ("Australia/Lord_Howe", "2026-10-04T09:00+11:00",
         "2026-10-03T18:00+10:30", "2026-10-04T07:00+11:00", "2026-10-04T08:50+11:00"),
        ("Australia/Lord_Howe", "2026-10-04T03:30+11:00",
         "2026-10-03T18:00+10:30", "2026-10-04T01:00+10:30", "2026-10-04T03:20+11:00"),
        ("Australia/Lord_Howe", "2026-04-05T09:00+10:30",
         "2026-04-04T18:00+11:00", "2026-04-05T07:00+10:30", "2026-04-05T08:50+10:30"),
        ("Europe/London", "2026-03-29T09:00+01:00",
         "2026-03-28T18:00+00:00", "2026-03-29T07:00+01:00", "2026-03-29T08:50+01:00"),
        ("Europe/London", "2026-10-25T02:30+00:00",
         "2026-10-24T18:00+01:00", "2026-10-25T01:30+01:00", "2026-10-25T02:20+00:00"),
        # The same moment for people elsewhere: the evening is theirs.
        ("America/Los_Angeles", "2026-11-26T15:00-05:00",
         "2026-11-25T18:00-08:00", "2026-11-26T10:00-08:00", "2026-11-26T11:50-08:00"),
        ("Australia/Sydney", "2026-11-26T15:00-05:00",
         "2026-11-26T18:00+11:00", "2026-11-27T05:00+11:00", "2026-11-27T06:50+11:00"),
        ("Asia/Kathmandu", "2026-11-26T15:00-05:00",
         "2026-11-26T18:00+05:45", "2026-11-26T23:45+05:45", "2026-11-27T01:35+05:45"),
        # Samoa left 30 December 2011 out.
        ("Pacific/Apia", "2011-12-31T10:00+14:00",
         "2011-12-29T18:00-10:00", "2011-12-31T08:00+14:00", "2011-12-31T09:50+14:00"),
    ]
]  # fmt: skip


@pytest.mark.parametrize(("zone", "start", "evening", "hours", "just"), ACROSS_CHANGES)
def test_r11_reminders_are_due_by_the_persons_clock_across_changes(zone, start, evening, hours, just):
    times = when.times(datetime.fromisoformat(start), Wishes(zone))
    local = {kind: at.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes") for kind, at in times.items()}
    assert local == {"day_before": evening, "hours_before": hours, "just_before": just}


@pytest.mark.parametrize(("zone", "start", "evening", "hours", "just"), ACROSS_CHANGES)
def test_the_table_above_is_right_about_the_offsets(zone, start, evening, hours, just):
    for text in (evening, hours, just):
        stated = datetime.fromisoformat(text)
        assert stated.utcoffset() == stated.astimezone(ZoneInfo(zone)).utcoffset(), text


def oracle(wanted, zone):
    """Find the instant at which the clocks of `zone` first show `wanted`, by trying every offset around then.

    It only ever reads UTC into local time, the way without gaps and folds. In a gap, the offset from before.
    """
    tz, around = ZoneInfo(zone), wanted.replace(tzinfo=UTC)
    hours = [around + timedelta(minutes=30 * step) for step in range(-60, 61)]
    offsets = [at.astimezone(tz).utcoffset() for at in hours]
    shown = [around - offset for offset in set(offsets)]
    exact = [at for at in shown if at.astimezone(tz).replace(tzinfo=None) == wanted]
    return min(exact) if exact else around - before_the_gap(wanted, hours, tz)


def before_the_gap(wanted, hours, tz):
    """Return the offset in force before the jump over `wanted`."""
    earlier = [at for at in hours if at.astimezone(tz).replace(tzinfo=None) < wanted]
    return max(earlier).astimezone(tz).utcoffset()


@settings(max_examples=500)
@given(readings, zones)
@example(datetime(2026, 3, 8, 2, 30), "America/New_York")
@example(datetime(2026, 11, 1, 1, 30), "America/New_York")
@example(datetime(2026, 10, 4, 2, 15), "Australia/Lord_Howe")
@example(datetime(2011, 12, 30, 18, 0), "Pacific/Apia")
def test_r11_gaps_shift_forward_and_folds_mean_the_first_in_every_zone(reading, zone):
    assert when.to_utc(reading.date(), reading.time(), zone) == oracle(reading, zone)


@settings(max_examples=500)
@given(starts, zones)
@example(datetime(2011, 12, 30, 20, 0, tzinfo=UTC), "Pacific/Apia")
def test_r12_every_reminder_is_due_before_the_start_and_in_order(start, zone):
    times = when.times(start, Wishes(zone))
    assert times["hours_before"] == start - timedelta(hours=2)
    assert times["just_before"] == start - timedelta(minutes=10)
    assert times["day_before"] < start
    assert start - times["day_before"] < timedelta(hours=54)


@settings(max_examples=300)
@given(starts, zones)
def test_r11_the_evening_before_reads_six_on_the_day_before(start, zone):
    there, evening = (
        start.astimezone(ZoneInfo(zone)),
        when.evening_before(start, zone).astimezone(ZoneInfo(zone)),
    )
    if when.exists(there.date() - timedelta(days=1), when.EVENING, zone):
        assert (evening.date(), evening.time()) == (there.date() - timedelta(days=1), time(18, 0))


def test_a_reading_inside_a_gap_does_not_exist():
    assert not when.exists(date(2026, 3, 8), time(2, 30), "America/New_York")
    assert when.exists(date(2026, 3, 8), time(3, 0), "America/New_York")


def test_a_reading_inside_a_fold_exists():
    assert when.exists(date(2026, 11, 1), time(1, 30), "America/New_York")


def test_r11_the_mark_of_a_second_reading_is_ignored():
    first = when.to_utc(date(2026, 11, 1), time(1, 30), "America/New_York")
    assert when.to_utc(date(2026, 11, 1), time(1, 30, fold=1), "America/New_York") == first


def test_times_are_in_utc():
    times = when.times(datetime.fromisoformat("2026-11-26T15:00-05:00"), Wishes("Asia/Tokyo"))
    assert {at.tzinfo for at in times.values()} == {UTC}

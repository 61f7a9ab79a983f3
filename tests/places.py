"""Where and when time is tried: strategies of moments, most of them near a change of the clocks, and quiet hours."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import available_timezones

from hypothesis import strategies as st

from checklist.pure.quiet import LONGEST, length

ZONES = sorted(
    zone for zone in available_timezones() if "/" in zone and not zone.startswith(("pos", "right"))
)
# Where and when clocks change: an hour, half an hour, at midnight, by a whole day.
CHANGES = [
    ("America/New_York", "2026-03-08T07:00Z"),
    ("America/New_York", "2026-11-01T06:00Z"),
    ("Europe/London", "2027-03-28T01:00Z"),
    ("Australia/Sydney", "2026-04-04T16:00Z"),
    ("Australia/Lord_Howe", "2026-04-04T15:00Z"),
    ("Australia/Lord_Howe", "2026-10-03T15:30Z"),
    ("Africa/Casablanca", "2026-03-22T02:00Z"),
    ("America/Sao_Paulo", "2018-02-18T02:00Z"),
    ("America/Sao_Paulo", "2018-11-04T03:00Z"),
    ("Pacific/Apia", "2011-12-30T10:00Z"),
]
anywhere = st.tuples(st.sampled_from(ZONES), st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)))
near = st.tuples(st.sampled_from(CHANGES), st.integers(-600, 30 * 60)).map(
    lambda drawn: (drawn[0][0], datetime.fromisoformat(drawn[0][1]) + timedelta(minutes=drawn[1]))
)
places = st.one_of(near, near, anywhere).map(lambda place: (place[0], place[1].replace(tzinfo=UTC)))
clocks = st.integers(0, 24 * 60 - 1).map(lambda minutes: time(*divmod(minutes, 60)))
quiets = st.tuples(clocks, clocks).filter(lambda quiet: length(quiet) <= LONGEST)

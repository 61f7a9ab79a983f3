"""Quiet hours: when a person wants to hear nothing, by their own wall clock (R12).

They are a pair of wall clock times (from, to) in whole minutes. 22:00 to 07:00 crosses midnight, is quiet at 22:00 and
is not at 07:00; two equal times mean none, as None does. What counts is what the clock on the wall shows at an
instant, nothing else: an hour that happens twice is quiet twice, one that is left out is never quiet. So in a night in
which 01:00 to 02:00 happens twice, 22:00 to 01:30 ends, begins again at the second 01:00, and ends again.
"""

from bisect import bisect_left
from datetime import timedelta
from zoneinfo import ZoneInfo

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
# With a third of the day left there is always an earlier minute to shift to, less than two days away.
LONGEST = timedelta(hours=16)


def since(clock, then):
    """Return how long before `clock` (a time of day) a clock that never changes last showed `then`: 0 to 24 h."""
    return (_of_day(clock) - _of_day(then)) % DAY


def length(quiet):
    """Return how long quiet hours are by the wall clock, 0 for none."""
    return since(quiet[1], quiet[0]) if quiet else timedelta()


def is_quiet(instant, quiet, zone):
    """Return whether the wall clock of `zone` shows a quiet hour at this instant."""
    return bool(quiet) and since(_wall(instant, zone).time(), quiet[0]) < length(quiet)


def earlier(instant, quiet, zone):
    """Return the instant itself, or if it is quiet the last whole minute before it that is not."""
    while is_quiet(instant, quiet, zone):
        instant = _back(instant, quiet[0], zone)
    return instant


def end(instant, quiet, zone):
    """Return the instant itself, or if it is quiet the first whole minute after it that is not."""
    while is_quiet(instant, quiet, zone):
        instant = instant.replace(second=0, microsecond=0) + MINUTE
    return instant


def _back(instant, begin, zone):
    """Return the last minute before quiet hours began at `begin`; where the clocks changed since, before that change.

    Between the change and the instant all is quiet, on its other side the wall clock may show any time. No zone
    changes twice within a day.
    """
    before = instant - since(_wall(instant, zone).time(), begin) - MINUTE
    offset = _wall(before, zone).utcoffset()
    minutes = range((instant - before) // MINUTE + 1)
    changed = bisect_left(minutes, True, key=lambda n: _wall(before + n * MINUTE, zone).utcoffset() != offset)
    return before if changed == len(minutes) else before + (changed - 1) * MINUTE


def _wall(instant, zone):
    return instant.astimezone(ZoneInfo(zone))


def _of_day(clock):
    return timedelta(
        hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond
    )

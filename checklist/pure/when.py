"""When a reminder is due, and what a wall clock means in a zone. Tested by the thousand.

Zones are IANA zones (zoneinfo). Where a local time does not exist (a gap) it shifts forward by the gap; where
it exists twice (a fold) the first is meant (R11, and RFC 5545 section 3.3.5 says the same).
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY_BEFORE, HOURS_BEFORE, JUST_BEFORE = "day_before", "hours_before", "just_before"
EVENING = time(18, 0)
BEFORE = {HOURS_BEFORE: timedelta(hours=2), JUST_BEFORE: timedelta(minutes=10)}
PREPARING = (DAY_BEFORE, HOURS_BEFORE)
KINDS = (DAY_BEFORE, HOURS_BEFORE, JUST_BEFORE)


def to_utc(date, clock, zone):
    """Return the UTC instant of a wall clock reading in `zone`; gaps shift forward, folds mean the first."""
    local = datetime.combine(date, clock.replace(tzinfo=None, fold=0), tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC)


def exists(date, clock, zone):
    """Return whether that wall clock reading happens at all on that day in `zone` (False inside a gap)."""
    back = to_utc(date, clock, zone).astimezone(ZoneInfo(zone))
    return (back.date(), back.time()) == (date, clock.replace(tzinfo=None, fold=0))


def evening_before(start, zone):
    """Return the UTC instant of 6 pm, by the wall clock of `zone`, on the day before `start` (aware).

    Where that day was left out of the calendar (Samoa, 30 December 2011) it is the day before that.
    """
    day = start.astimezone(ZoneInfo(zone)).date()
    evening = to_utc(day - timedelta(days=1), EVENING, zone)
    return evening if evening < start else to_utc(day - timedelta(days=2), EVENING, zone)


def times(start, zone):
    """Return {kind: UTC instant} of the reminders of a session at `start` for a person in `zone`."""
    return {DAY_BEFORE: evening_before(start, zone)} | {
        kind: start.astimezone(UTC) - before for kind, before in BEFORE.items()
    }

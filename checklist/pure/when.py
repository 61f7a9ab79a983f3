"""When a reminder is due, and what a wall clock means in a zone. No Django, no database: tested by the thousand.

Zones are IANA zones (zoneinfo). Where a local time does not exist (a gap) it shifts forward by the gap; where it
exists twice (a fold) the first is meant (R11, and RFC 5545 section 3.3.5 says the same).
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY_BEFORE, HOURS_BEFORE, JUST_BEFORE = "day_before", "hours_before", "just_before"
EVENING = time(18, 0)
BEFORE = {HOURS_BEFORE: timedelta(hours=2), JUST_BEFORE: timedelta(minutes=10)}
PREPARING = (DAY_BEFORE, HOURS_BEFORE)
KINDS = (DAY_BEFORE, HOURS_BEFORE, JUST_BEFORE)


def to_utc(date, clock, zone):
    """Return the UTC instant of a wall clock reading in `zone`; a gap shifts forward, a fold means the first."""
    local = datetime.combine(date, clock.replace(tzinfo=None, fold=0), tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC)


def exists(date, clock, zone):
    """Return whether that wall clock reading happens at all on that day in `zone` (False inside a gap)."""
    back = to_utc(date, clock, zone).astimezone(ZoneInfo(zone))
    return (back.date(), back.time()) == (date, clock.replace(tzinfo=None, fold=0))


def evening_before(start, zone):
    """Return the UTC instant of 6 pm on the local day before `start` (an aware instant), by the wall clock of `zone`."""
    day = start.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    return to_utc(day, EVENING, zone)


def due(kind, start, zone):
    """Return the UTC instant at which a reminder of `kind` for a session at `start` is due for a person in `zone`."""
    if kind == DAY_BEFORE:
        return evening_before(start, zone)
    return start.astimezone(UTC) - BEFORE[kind]


def plan(start, zone, now):
    """Return {kind: UTC instant} of the reminders still ahead at `now`: what is already past is never sent (R10)."""
    times = {kind: due(kind, start, zone) for kind in KINDS}
    return {kind: at for kind, at in times.items() if at > now}

"""What one client wants to be reminded of and when, within what their practice allows."""

from dataclasses import dataclass
from datetime import time
from zoneinfo import ZoneInfo

from checklist.pure.quiet import LONGEST, length

DAY_BEFORE, HOURS_BEFORE, JUST_BEFORE = KINDS = ("day_before", "hours_before", "just_before")
EVENING = time(18, 0)
HOURS, MINUTES = range(1, 25), range(5, 61)


@dataclass(frozen=True)
class Wishes:
    """A client's wishes; ValueError names those that are not allowed.

    `zone` is an IANA name. `evening` is the wall clock time on the day before, `hours` (1 to 24) and `minutes` (5 to
    60) count back from the start. `quiet` is None or a pair of wall clock times (from, to) of at most 16 hours, see
    quiet.py. Wall clock times are naive and whole minutes.
    """

    zone: str
    evening: time = EVENING
    hours: int = 2
    minutes: int = 10
    kinds: frozenset = frozenset(KINDS)
    quiet: tuple[time, time] | None = None

    def __post_init__(self):
        fine = {
            "zone": _known(self.zone),
            "evening": _whole_minute(self.evening),
            "hours": self.hours in HOURS,
            "minutes": self.minutes in MINUTES,
            "kinds": self.kinds <= set(KINDS),
            "quiet": all(map(_whole_minute, self.quiet or ())) and length(self.quiet) <= LONGEST,
        }
        if wrong := [f"{name} {getattr(self, name)!r}" for name in fine if not fine[name]]:
            raise ValueError(f"not allowed: {', '.join(wrong)}")


def _whole_minute(clock):
    return clock.tzinfo is None and clock == clock.replace(second=0, microsecond=0)


def _known(zone):
    try:
        return bool(ZoneInfo(zone))
    except (KeyError, ValueError):  # a zone that is not there, and a name that can't be one
        return False

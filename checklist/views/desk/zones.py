"""Days by the therapist's clock, and the time where a client is when their clocks show another one."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone


@dataclass(frozen=True)
class Elsewhere:
    """A moment in a client's zone: its place in words, and whether it is another day there."""

    zone: str
    place: str
    other_day: bool


def elsewhere(at, zone):
    """Return the Elsewhere of the instant `at` in `zone`, or None where the clocks there agree with ours."""
    here, there = timezone.localtime(at), timezone.localtime(at, ZoneInfo(zone))
    if here.utcoffset() == there.utcoffset():
        return None
    return Elsewhere(zone, place(zone), here.date() != there.date())


def start_of(day, days=0):
    """Return the instant at which the local day `days` after `day` begins."""
    return datetime.combine(day + timedelta(days=days), time(), tzinfo=timezone.get_current_timezone())


def place(zone):
    """Return the name of the place in a zone's name: 'Los Angeles' for America/Los_Angeles."""
    return zone.rpartition("/")[2].replace("_", " ")

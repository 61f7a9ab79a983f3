"""Reads the figures of a connection check out of JSON that anybody may have written (R29)."""

from math import isfinite

from checklist.pure.connection import LIMITS, ORDER

MOST = {"rtt": 60_000, "jitter": 60_000, "down": 10_000_000, "up": 10_000_000, "loss": 100}
MOST_PROBES = 100


class Unreadable(Exception):
    """These are no figures of a check; the message says why."""


def read_check(payload):
    """Return (way, {figure: value}) from a decoded body; raise Unreadable. The verdict in it is not believed."""
    if not isinstance(payload, dict):
        raise Unreadable("A check is an object with its figures.")
    way, verdict = payload.get("way"), payload.get("verdict")
    if not (isinstance(way, str) and way in LIMITS and isinstance(verdict, str) and verdict in ORDER):
        raise Unreadable("A check has a verdict, and a way of meeting that it is for.")
    figures = {name: _figure(payload.get(name), most) for name, most in MOST.items()}
    probes, late = payload.get("probes"), payload.get("late")
    if not (_whole(probes) and _whole(late) and late <= probes):
        raise Unreadable("A check has a number of probes, and of late ones among them.")
    if figures["rtt"] is not None and late == probes:
        raise Unreadable("Where every reply was late, there is no reply time.")
    return way, {**figures, "probes": probes, "late": late}


def _figure(value, most):
    """Return a number from 0 to `most`, or None for what was not measured."""
    if value is None:
        return None
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not (number and 0 <= value <= most and isfinite(value)):
        raise Unreadable("A figure is a number in its range, or null.")
    return value


def _whole(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_PROBES

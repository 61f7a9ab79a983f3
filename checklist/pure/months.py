"""Calendar months, as people count how long something is kept."""

from calendar import monthrange
from datetime import timedelta

MOMENT = timedelta(microseconds=1)


def before(instant, months):
    """Return the instant so many months before, at the same time of day; for a day that month has not, its very end."""
    first, last = _month(instant, -months)
    return min(first + (instant - _month(instant, 0)[0]), last)


def after(instant, months):
    """Return the first instant of which `before` is no earlier than this: after a day that month has not, its end."""
    first, last = _month(instant, months)
    return min(first + (instant - _month(instant, 0)[0]), last + MOMENT)


def _month(instant, further):
    """Return the first and the last instant of the month so many further."""
    year, month = divmod(instant.year * 12 + instant.month - 1 + further, 12)
    first = instant.replace(year=year, month=month + 1, day=1, hour=0, minute=0, second=0, microsecond=0)
    return first, first + timedelta(days=monthrange(year, month + 1)[1]) - MOMENT

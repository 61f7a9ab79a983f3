"""The dates of a series as they would be, each with its way, and what else is at that time."""

from dataclasses import dataclass
from datetime import timedelta

from checklist.models import Session
from checklist.models.checklists import Way


@dataclass(frozen=True)
class Date:
    """A session that is not saved: with another one of the therapist's at that time, or None; and the way to which its
    client had switched it, where that ends.
    """

    session: Session
    another: Session | None
    ended: str = ""

    @property
    def stays(self):
        """Whether it was moved by itself, so that the series leaves its time alone."""
        return self.session.starts_at != self.session.series_at


def proposed(series, number, count):
    """Return `count` unsaved sessions of a series from that number on, as they would be made."""
    return [_session(series, each) for each in range(number, number + count)]


def _session(series, number):
    start = series.rule.start(number)
    times = {"starts_at": start, "ends_at": start + timedelta(minutes=series.minutes), "series_at": start}
    return Session(client=series.client, way=series.rule.way_of(number), series_number=number, **times)


def dates(therapist, sessions, switched=None):
    """Return a Date for each of these sessions, in the order of time; one query however many there are.

    `switched` says by key to what clients had switched some of them until now.
    """
    rows = sorted(sessions, key=lambda row: row.starts_at)
    first, last = rows[0].starts_at, max(row.ends_at for row in rows)
    others = Session.objects.of(therapist).live().filter(starts_at__lt=last, ends_at__gt=first)
    others = list(
        others.exclude(pk__in=[row.pk for row in rows]).select_related("client").order_by("starts_at")
    )
    return [Date(row, _at_the_time_of(row, others), _ended(row, switched or {})) for row in rows]


def _ended(row, switched):
    return switched.get(row.pk, "") if row.way == Way.IN_PERSON else ""


def _at_the_time_of(row, others):
    return next(
        (each for each in others if each.starts_at < row.ends_at and each.ends_at > row.starts_at), None
    )

"""What clients said of their sessions, counted for the practice: by readiness and by way, without names (R20).

Who counts whom: docs/decisions/0011-who-counts-outcomes.md. Two queries, however many rows there are (R28).
"""

from dataclasses import dataclass

from django.db.models import Case, Count, F, Min, Value, When

from checklist.models import Client, Outcome, Session, Share, User
from checklist.models.checklists import Way
from checklist.pure.disclosure import Group, hidden, together

ALL, HALF, LESS, UNKNOWN = BANDS = ("all", "half", "less", "unknown")
BAND = Case(
    When(applicable=0, then=Value(UNKNOWN)),
    When(done__gte=F("applicable"), then=Value(ALL)),
    When(done__gte=F("applicable") / 2.0, then=Value(HALF)),
    default=Value(LESS),
)


@dataclass(frozen=True)
class Table:
    """Groups by name, and which of them are not to be shown."""

    groups: dict
    hidden: set


def alone(group):
    """Return a Table of one Group."""
    return Table({"all": group}, hidden({"all": group}))


def may_count_all(therapist):
    """Whether this therapist may see sums over the whole practice."""
    return therapist.role == User.Role.OWNER


def count(therapist, whole, first, last):
    """Return (Table by readiness, Table by way, Group of all) of sessions that started from `first` to before `last`.

    `whole` is for the owner: all of the practice, and not only their own clients.
    """
    clients = {row.pk: row for row in _clients(therapist, whole)}
    # Of who keeps an item back it is not known how much of the rest was done.
    bands, ways = {name: Group() for name in BANDS}, {way.value: Group() for way in Way}
    for client_id, way, kind, band, number in _said(therapist, whole, first, last):
        client = clients.get(client_id)
        if client is None or not client.shares(Share.OUTCOME):
            continue
        other = None if client.therapist_id == therapist.pk else client_id
        ways[way].add(kind, number, other)
        whole_list = client.shares(Share.ITEMS) and not client.hidden_items
        bands[band if whole_list else UNKNOWN].add(kind, number, other)
    tables = [Table(groups, hidden(groups)) for groups in (bands, ways)]
    return *tables, together(ways.values())


def _clients(therapist, whole):
    rows = Client.objects.filter(practice=therapist.practice) if whole else Client.objects.of(therapist)
    return rows.only("therapist", "sharing", "hidden_items")


def _said(therapist, whole, first, last):
    """Return (client id, way, kind, band, how often) rows."""
    rows = _outcomes(therapist, whole).filter(session__starts_at__gte=first, session__starts_at__lt=last)
    rows = rows.annotate(band=BAND).values_list("session__client", "session__way", "kind", "band")
    return rows.annotate(number=Count("pk")).order_by()


def _outcomes(therapist, whole):
    live = {"session__client__practice": therapist.practice, "session__status": Session.Status.PLANNED}
    rows = Outcome.objects.said().filter(**live)
    return rows if whole else rows.filter(session__therapist=therapist)


def years(therapist, whole, now):
    """Return the years there may be something to count in, the latest first; years never overlap, so none is a part."""
    earliest = _outcomes(therapist, whole).aggregate(at=Min("session__starts_at"))["at"] or now
    return list(range(now.year, earliest.year - 1, -1))

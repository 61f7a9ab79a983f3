"""What clients said of their sessions, counted for the practice: by readiness and by way, without names (R20).

Who counts whom: docs/decisions/0011-who-counts-outcomes.md. A few queries, however many rows there are (R28).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Case, Count, F, Value, When
from django.db.models.functions import ExtractYear
from django.utils import timezone

from checklist.models import Client, Outcome, Session, Share, User
from checklist.models.checklists import Way
from checklist.pure import months
from checklist.pure.disclosure import Group, hidden, together
from checklist.reflecting import WHILE

ALL, HALF, LESS, UNKNOWN = BANDS = ("all", "half", "less", "unknown")
BAND = Case(
    When(applicable=0, then=Value(UNKNOWN)),
    When(done__gte=F("applicable"), then=Value(ALL)),
    When(done__gte=F("applicable") / 2.0, then=Value(HALF)),
    default=Value(LESS),
)
ANSWERED = WHILE + timedelta(days=1)  # after its start nothing more is said of a session: none lasts a day
EVER = datetime.min.replace(tzinfo=UTC)


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


@dataclass(frozen=True)
class Circle:
    """Whose sessions a therapist counts at `now`: those with their own clients, or all of the practice (`whole`)."""

    therapist: User
    whole: bool
    now: datetime

    @property
    def zone(self):
        """By whose clock years begin. A reader who could choose it would cut off single sessions at the edges."""
        return UTC if self.whole else timezone.get_current_timezone()

    @property
    def span(self):
        """From when to before when sessions count: over the practice what no answer comes to or goes from any more.

        One that comes would be seen on its day: a month counts once it is settled. One that goes with its session
        would be as well, or at once by who changes how long sessions are kept: a year counts whole, or not at all.
        """
        if not self.whole:
            return EVER, self.now
        return _whole_year(self._forgotten), _month(self.now - ANSWERED)

    @property
    def begins_late(self):
        """Whether of the practice's latest year nothing is counted, since its first sessions are being forgotten."""
        first, last = self.span
        return self.whole and first >= last

    @property
    def _forgotten(self):
        """The instant up to which sessions of the practice are forgotten, or may be in this moment."""
        practice = self.therapist.practice
        may_be = months.before(self.now, practice.keep_sessions)
        return max(may_be, practice.forgotten_until or may_be)

    @property
    def years(self):
        """The years to choose from, the latest first: that one, and those of which there is something to be told."""
        year = ExtractYear("session__starts_at", tzinfo=self.zone)
        groups = {}
        for each, kind, number, other, _client in self._said(self.span, year=year):
            groups.setdefault(each, Group()).add(kind, number, other)
        latest = (self.span[1] - timedelta(microseconds=1)).astimezone(self.zone).year
        told = {each for each, group in groups.items() if group.total and not group.small}
        return sorted({latest, *told}, reverse=True)

    def count(self, year):
        """Return (Table by readiness, Table by way, Group of all) of the sessions that started in that year."""
        (first, last), (begins, ends) = (
            self.span,
            (datetime(each, 1, 1, tzinfo=self.zone) for each in (year, year + 1)),
        )
        bands, ways = {name: Group() for name in BANDS}, {way.value: Group() for way in Way}
        said = self._said((max(first, begins), min(last, ends)), way=F("session__way"), band=BAND)
        for way, band, kind, number, other, client in said:
            ways[way].add(kind, number, other)
            # Of who keeps an item back it is not known how much of the rest was done.
            bands[band if client.shares_whole_lists else UNKNOWN].add(kind, number, other)
        tables = [Table(groups, hidden(groups)) for groups in (bands, ways)]
        return *tables, together(ways.values())

    def _said(self, span, **by):
        """Return (each of `by`, kind, how often, whose if they are not the therapist's own, Client) rows of a span."""
        rows = self._outcomes().filter(session__starts_at__gte=span[0], session__starts_at__lt=span[1])
        rows = rows.annotate(**{f"by_{name}": value for name, value in by.items()})
        names = [f"by_{name}" for name in by]
        rows = rows.values_list(*names, "kind", "session__therapist", "session__client")
        clients = {row.pk: row for row in self._clients() if row.shares(Share.OUTCOME)}
        for *keys, therapist, pk, number in rows.annotate(number=Count("pk")).order_by():
            if client := clients.get(pk):
                own = self.therapist.pk == therapist == client.therapist_id  # one that they may see by itself
                yield *keys, number, None if own else pk, client

    def _clients(self):
        of_all = Client.objects.filter(practice=self.therapist.practice)
        rows = of_all if self.whole else Client.objects.of(self.therapist)
        return rows.only("therapist", "sharing", "hidden_items", "archived_at")

    def _outcomes(self):
        live = {
            "session__client__practice": self.therapist.practice,
            "session__status": Session.Status.PLANNED,
        }
        rows = Outcome.objects.said().filter(**live)
        return rows if self.whole else rows.filter(session__therapist=self.therapist)


def _whole_year(instant):
    """Return when the first year begins, by the clock of UTC, that has nothing before an instant."""
    year = _month(instant).replace(month=1)
    return year if year == instant else year.replace(year=year.year + 1)


def _month(instant):
    """Return when the month of an instant begins, by the clock of UTC."""
    return instant.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)

"""What a client's sessions add up to: those kept, how ready each was, how steadily, and which number was reached when.

Counts are of all sessions that took place. Lists are read of the latest LOOKED_AT only on which something applied:
what lies further back than twenty half-lives weighs less than a millionth. Forgotten sessions leave on their client's
row what they add up to, so that forgetting changes none of it.
"""

from dataclasses import dataclass, field
from itertools import count, groupby

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from checklist.models import Check, Client, Session
from checklist.models.afterwards import took_place
from checklist.pure import consistency

LOOKED_AT = 80
CHECKS = 12
MILESTONES = (
    1,
    5,
    10,
    20,
    30,
    50,
    75,
    100,
)  # a number that was reached stays reached; none is counted down to


@dataclass
class Journey:
    """One client's way so far, earliest first: `starts` of all kept sessions, `lists` of the latest, kept `checks`.

    `forgotten` is how many went before, of which there are no rows any more, and `begin` what strength they had come to
    (docs/retention.md).
    """

    starts: list = field(default_factory=list)
    lists: list = field(default_factory=list)
    checks: list = field(default_factory=list)
    forgotten: int = 0
    begin: float = consistency.START

    @property
    def count(self):
        return self.forgotten + len(self.starts)

    @property
    def measured(self):
        """The latest sessions on whose list something applied."""
        return [session for session in self.lists if session.readiness.applicable][-LOOKED_AT:]

    @property
    def strength(self):
        return _strength(self.measured, self.begin)

    @property
    def milestones(self):
        """[(number, start of that session, None where it is forgotten)] of those that were reached."""
        known = dict(enumerate(self.starts, self.forgotten + 1))
        return [(number, known.get(number)) for number in MILESTONES if number <= self.count]


def journeys(clients, now):
    """Return {client id: Journey}; the queries grow with no rows but skips, which are looked past (R28)."""
    kept = took_place(Session.objects.of_these(clients), now).order_by("client_id", "starts_at", "id")
    found = {
        client.id: Journey(forgotten=client.forgotten_kept, begin=client.forgotten_strength)
        for client in clients
    }
    for client_id, starts in groupby(kept.values_list("client_id", "starts_at"), key=lambda row: row[0]):
        found[client_id].starts = [start for _client, start in starts]
    _read_lists(kept, found)
    checks = Check.objects.filter(session__client__in=clients).select_related("session")
    for check in reversed(checks[: CHECKS * len(clients)]):
        found[check.session.client_id].checks.append(check)
    return found


def _read_lists(kept, found):
    """Give each Journey its latest lists, so far back that LOOKED_AT of them count, if there are as many."""
    latest = Window(
        RowNumber(), partition_by=F("client_id"), order_by=[F("starts_at").desc(), F("id").desc()]
    )
    short = set(found)
    for first in count(0, LOOKED_AT):
        if not short:
            return
        rows = kept.filter(client__in=short).annotate(place=latest)
        rows = rows.filter(place__gt=first, place__lte=first + LOOKED_AT).with_lists()
        for client_id, some in groupby(rows, key=lambda row: row.client_id):
            found[client_id].lists[:0] = some
        more = {pk for pk in short if len(found[pk].starts) > first + LOOKED_AT}
        short = {pk for pk in more if len(found[pk].measured) < LOOKED_AT}


def carry_over(client_id, going, now):
    """Leave on the client's row what these sessions add up to that are about to be forgotten, its earliest ones."""
    row = Client.objects.select_for_update().filter(pk=client_id).first()
    if row is None:
        return
    kept = list(took_place(going, now).with_lists().order_by("starts_at", "id"))
    row.forgotten_sessions += going.live().count()
    row.forgotten_kept += len(kept)
    row.forgotten_strength = _strength(kept, row.forgotten_strength)
    row.save(update_fields=["forgotten_sessions", "forgotten_kept", "forgotten_strength"])


def _strength(sessions, begin):
    """Return the strength to which it comes by these sessions, the earliest first."""
    ready = (session.readiness for session in sessions)
    return consistency.strength((consistency.part(each.done, each.applicable) for each in ready), begin)

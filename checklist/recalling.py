"""What a client's sessions add up to: those kept, how ready each was, how steadily, and which number was reached when.

Counts are of all sessions that took place. Lists are read of the latest LOOKED_AT only: what lies further back than ten
half-lives weighs less than a thousandth.
"""

from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from checklist.models import Check, Session
from checklist.models.afterwards import took_place
from checklist.pure import consistency

LOOKED_AT = 40
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

    `forgotten` is how many went before, of which there are no rows any more (docs/retention.md).
    """

    starts: list = field(default_factory=list)
    lists: list = field(default_factory=list)
    checks: list = field(default_factory=list)
    forgotten: int = 0

    @property
    def count(self):
        return self.forgotten + len(self.starts)

    @property
    def measured(self):
        """The sessions on whose list something applied."""
        return [session for session in self.lists if session.readiness.applicable]

    @property
    def strength(self):
        ready = [session.readiness for session in self.measured]
        return consistency.strength(consistency.part(each.done, each.applicable) for each in ready)

    @property
    def milestones(self):
        """[(number, start of that session, None where it is forgotten)] of those that were reached."""
        known = dict(enumerate(self.starts, self.forgotten + 1))
        return [(number, known.get(number)) for number in MILESTONES if number <= self.count]


def journeys(clients, now):
    """Return {client id: Journey} in a fixed number of queries (R28)."""
    kept = took_place(Session.objects.of_clients(clients), now).order_by("client_id", "starts_at", "id")
    latest = Window(RowNumber(), partition_by=F("client_id"), order_by=[F("starts_at").desc(), F("id")])
    found = {client.id: Journey(forgotten=client.forgotten_sessions) for client in clients}
    for client_id, starts in groupby(kept.values_list("client_id", "starts_at"), key=lambda row: row[0]):
        found[client_id].starts = [start for _client, start in starts]
    for session in kept.annotate(place=latest).filter(place__lte=LOOKED_AT).with_lists():
        found[session.client_id].lists.append(session)
    checks = Check.objects.filter(session__client__in=clients).select_related("session")
    for check in reversed(checks[: CHECKS * len(clients)]):
        found[check.session.client_id].checks.append(check)
    return found

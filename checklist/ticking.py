"""Taking tick operations, from the phone's log or from a plain form: the same code for both (R7)."""

import uuid
from collections import Counter
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count

from checklist.models import Client, Session, Tick
from checklist.pure.fold import Operation, clamp, next_clock, winners

APPLIED, DUPLICATE, REFUSED = "applied", "duplicate", "refused"
MOST = 2000  # ticks that a session keeps: nobody taps as often, and each look at it folds them all
FULL = "too many ticks"


@dataclass(frozen=True)
class Result:
    """What became of one operation; `reason` is a word for the phone when it was refused."""

    id: str
    status: str
    reason: str = ""


def milliseconds(now):
    """Return an aware instant as whole milliseconds since 1970 UTC."""
    return int(now.timestamp() * 1000)


def apply(sessions, operations, devices, now):
    """Add (session id, Operation) pairs to the log and return a Result for each, in their order.

    `sessions` is the queryset of this phone's sessions and `devices` {client id: Device}: anything else is refused,
    one operation at a time. Clocks that run ahead of the server are clamped (R4).
    """
    return _Log(sessions, operations, devices, now).add() if operations else []


class _Log:
    """One batch on its way into the log."""

    def __init__(self, sessions, operations, devices, now):
        self.sessions, self.operations, self.devices, self.now = sessions, operations, devices, now
        self.ticks, self.last = [], {}

    @transaction.atomic
    def add(self):
        """Add what is new and give each session that changed the next cursor; return the Results."""
        self.found = self._fetch()
        self.known, self.kept = self._known(), self._kept()
        results = [self._one(session_id, operation) for session_id, operation in self.operations]
        Tick.objects.bulk_create(self.ticks)
        changed = {tick.session_id for tick in self.ticks}
        for session in (row for row in self.found.values() if row.id in changed):
            Session.objects.filter(pk=session.pk).update(cursor=session.client.next_cursor())
        return results

    def _fetch(self):
        """Return {session id: Session} and lock their clients, in an order in which nobody waits in a ring."""
        ids = {session_id for session_id, _operation in self.operations}
        rows = self.sessions.filter(id__in=ids).select_related("client").prefetch_related("version__items")
        found = {str(row.id): row for row in rows.order_by("client_id", "id")}
        clients = {row.client_id for row in found.values()}
        list(Client.objects.select_for_update().filter(pk__in=clients).order_by("pk").values_list("pk"))
        return found

    def _known(self):
        """Return the (session id, operation id) pairs that are in the log already."""
        ids = [operation.id for _session_id, operation in self.operations]
        rows = Tick.objects.filter(session__in=self.found.values(), uid__in=ids)
        return {(str(session_id), str(uid)) for session_id, uid in rows.values_list("session_id", "uid")}

    def _kept(self):
        """Return {session id: how many ticks it has}, exact since the clients are locked."""
        rows = Tick.objects.filter(session__in=self.found.values()).values_list("session")
        return Counter({str(session_id): number for session_id, number in rows.annotate(Count("pk"))})

    def _one(self, session_id, operation):
        session = self.found.get(session_id)
        if session is None:
            return Result(operation.id, REFUSED, "unknown session")
        if operation.item not in {item.key for item in session.version.items.all()}:
            return Result(operation.id, REFUSED, "unknown item")
        if (session_id, operation.id) in self.known:
            return Result(operation.id, DUPLICATE)
        if self.kept[session_id] >= MOST:
            return Result(operation.id, REFUSED, FULL)
        self.kept[session_id] += 1
        self.known.add((session_id, operation.id))
        self._add(session, operation)
        return Result(operation.id, APPLIED)

    def _add(self, session, operation):
        ms, count = self._clock(session, operation)
        fields = {"item": operation.item, "state": operation.state, "seq": operation.seq}
        fields |= {"device": self.devices.get(session.client_id), "received_at": self.now}
        self.ticks.append(Tick(session=session, uid=uuid.UUID(operation.id), ms=ms, count=count, **fields))

    def _clock(self, session, operation):
        """Return the operation's clock, held back when it runs ahead of ours; only then the log is asked."""
        clock, now_ms = (operation.ms, operation.count), milliseconds(self.now)
        if clock[0] <= now_ms:
            return clock
        if session.id not in self.last:
            self.last[session.id] = session.ticks.order_by("-ms", "-count").values_list("ms", "count").first()
        own = [(tick.ms, tick.count) for tick in self.ticks if tick.session_id == session.id]
        return clamp(clock, now_ms, max(filter(None, [self.last[session.id], *own]), default=None))


@transaction.atomic
def tick(session, item, state, device, now, operation_id=None):
    """Add one tick made on the server's clock, by a plain form; the id makes a repeated post count once.

    It comes after every tick of its session, even one that another server with a faster clock took. A post whose id
    was taken, but whose item was ticked otherwise since, comes from a page that was gone back to: it is a new wish.
    """
    ms, count = next_clock(milliseconds(now), session.clock)
    latest = winners(row.operation for row in session.ticks.all() if row.item == item).get(item)
    known = operation_id and any(row.uid == operation_id for row in session.ticks.all())
    if not operation_id or (known and latest.id != str(operation_id)):
        operation_id = uuid.uuid4()
    operation = Operation(str(operation_id), item, state, ms, count)
    pairs = [(str(session.id), operation)]
    return apply(Session.objects.filter(pk=session.pk), pairs, {session.client_id: device}, now)[0]

"""Taking tick operations, from the phone's log or from a plain form: the same code for both (R7)."""

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from checklist.models import Session, Tick
from checklist.pure.fold import Operation, clamp, next_clock

APPLIED, DUPLICATE, REFUSED = "applied", "duplicate", "refused"


@dataclass(frozen=True)
class Result:
    """What became of one operation; `reason` is a word for the phone when it was refused."""

    id: str
    status: str
    reason: str = ""


def milliseconds(now):
    """Return an aware instant as whole milliseconds since 1970 UTC."""
    return int(now.timestamp() * 1000)


@transaction.atomic
def apply(sessions, operations, devices, now=None):
    """Add (session id, Operation) pairs to the log and return a Result for each, in their order.

    `sessions` is the queryset of this phone's sessions and `devices` {client id: Device}: anything else is refused,
    one operation at a time. Clocks that run ahead of the server are clamped (R4).
    """
    now = now or timezone.now()
    wanted = {session_id for session_id, _ in operations}
    found = {str(s.id): s for s in sessions.filter(id__in=wanted).prefetch_related("version__items", "ticks")}
    results, changed = [], set()
    for session_id, operation in operations:
        session = found.get(session_id)
        result = _apply_one(session, operation, devices, now)
        if result.status == APPLIED:
            changed.add(session.id)
        results.append(result)
    for session in found.values():
        if session.id in changed:
            Session.objects.filter(pk=session.pk).update(cursor=session.client.next_cursor())
    return results


def _apply_one(session, operation, devices, now):
    if session is None:
        return Result(operation.id, REFUSED, "unknown session")
    if operation.item not in {item.key for item in session.version.items.all()}:
        return Result(operation.id, REFUSED, "unknown item")
    ms, count = clamp((operation.ms, operation.count), operation.seq, milliseconds(now))
    fields = {"item": operation.item, "state": operation.state, "ms": ms, "count": count, "seq": operation.seq}
    fields |= {"device": devices.get(session.client_id), "received_at": now}
    _tick, made = Tick.objects.get_or_create(session=session, uid=uuid.UUID(operation.id), defaults=fields)
    return Result(operation.id, APPLIED if made else DUPLICATE)


def tick(session, item, state, device, now, operation_id=None):
    """Apply one tick made on the server's clock, by a plain form; the id makes a repeated post count once."""
    clocks = [(row.ms, row.count) for row in session.ticks.all()]
    ms, count = next_clock(milliseconds(now), max(clocks, default=None))
    operation = Operation(str(operation_id or uuid.uuid4()), item, state, ms, count)
    pairs = [(str(session.id), operation)]
    return apply(Session.objects.filter(pk=session.pk), pairs, {session.client_id: device}, now)[0]

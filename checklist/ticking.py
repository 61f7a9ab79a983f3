"""Taking tick operations, from the phone's log or from a plain form: the same code for both (R7)."""

import uuid
from dataclasses import dataclass, replace

from django.db import transaction

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


def apply(sessions, operations, devices, now):
    """Add (session id, Operation) pairs to the log and return a Result for each, in their order.

    `sessions` is the queryset of this phone's sessions and `devices` {client id: Device}: anything else is refused,
    one operation at a time. Clocks that run ahead of the server are clamped (R4).
    """
    held_back = [(id, _held_back(operation, now)) for id, operation in operations]
    return _add(sessions, held_back, devices, now) if held_back else []


def _held_back(operation, now):
    ms, count = clamp((operation.ms, operation.count), operation.seq, milliseconds(now))
    return replace(operation, ms=ms, count=count)


@transaction.atomic
def _add(sessions, operations, devices, now):
    rows = sessions.filter(id__in={id for id, _ in operations}).order_by("client_id", "id")
    found = {str(row.id): row for row in rows.select_related("client").prefetch_related("version__items")}
    results, changed = [], set()
    for session_id, operation in operations:
        result = _add_one(found.get(session_id), operation, devices, now)
        if result.status == APPLIED:
            changed.add(session_id)
        results.append(result)
    for session in (row for session_id, row in found.items() if session_id in changed):
        Session.objects.filter(pk=session.pk).update(cursor=session.client.next_cursor())
    return results


def _add_one(session, operation, devices, now):
    if session is None:
        return Result(operation.id, REFUSED, "unknown session")
    if operation.item not in {item.key for item in session.version.items.all()}:
        return Result(operation.id, REFUSED, "unknown item")
    fields = {name: getattr(operation, name) for name in ("item", "state", "ms", "count", "seq")}
    fields |= {"device": devices.get(session.client_id), "received_at": now}
    _tick, made = Tick.objects.get_or_create(session=session, uid=uuid.UUID(operation.id), defaults=fields)
    return Result(operation.id, APPLIED if made else DUPLICATE)


@transaction.atomic
def tick(session, item, state, device, now, operation_id=None):
    """Add one tick made on the server's clock, by a plain form; the id makes a repeated post count once.

    It comes after every tick of its session, even one that another server with a faster clock took.
    """
    clocks = [(row.ms, row.count) for row in session.ticks.all()]
    ms, count = next_clock(milliseconds(now), max(clocks, default=None))
    operation = Operation(str(operation_id or uuid.uuid4()), item, state, ms, count)
    pairs = [(str(session.id), operation)]
    return _add(Session.objects.filter(pk=session.pk), pairs, {session.client_id: device}, now)[0]

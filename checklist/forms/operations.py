"""Reads a batch of tick operations out of JSON that anybody may have written."""

import uuid
from dataclasses import dataclass

from checklist.pure.fold import MOST_COUNT, STATES, Operation
from checklist.ticking import REFUSED, Result

MOST = 200
BIGGEST = 2**53  # what a JavaScript number holds exactly


class BadBatch(Exception):
    """The body as a whole can't be read; the message says why."""


@dataclass
class Batch:
    """What a phone sent, in its order: each row is (session id, Operation), or the Result that refuses it.

    `seen` is {client id: cursor}: a phone that several people were let in with counts for each of them apart.
    `clients` are those whose operations these are, as the phone knows it; `stamp` says how old its copy is.
    """

    seen: dict
    rows: list
    clients: set
    stamp: str


def read_batch(payload):
    """Return the Batch in a decoded JSON body; raise BadBatch when it has not the shape that DESIGN.md names."""
    if not isinstance(payload, dict) or not isinstance(payload.get("operations", []), list):
        raise BadBatch("The body is an object with a list of operations.")
    rows = payload.get("operations", [])
    if len(rows) > MOST:
        raise BadBatch(f"At most {MOST} operations at once.")
    clients, stamp = payload.get("clients", []), payload.get("stamp", "")
    if not (isinstance(clients, list) and all(isinstance(known, str) for known in clients)):
        raise BadBatch("The clients are a list of ids.")
    if not isinstance(stamp, str):
        raise BadBatch("The stamp is the one that was answered last.")
    return Batch(_seen(payload.get("cursor")), [_read(row) for row in rows], set(clients), stamp)


def _seen(cursor):
    """Return {client id: cursor} from what we gave the phone last; nothing or a bare number mean from the start."""
    if cursor is None or _whole(cursor):
        return {}
    if not (isinstance(cursor, dict) and len(cursor) <= MOST and all(map(_whole, cursor.values()))):
        raise BadBatch("The cursor is the one that was answered last.")
    return cursor


def _read(row):
    if not isinstance(row, dict) or not (known := _uuid(row.get("id"))):
        raise BadBatch("Each operation has an id, a UUID.")
    if reason := _fault(row):
        return Result(known, REFUSED, reason)
    ms, count = row["clock"]
    return _uuid(row["session"]), Operation(known, row["item"], row["state"], ms, count, row.get("seq", 0))


def _fault(row):
    """Return why an operation can't be read, or an empty string."""
    item, clock = row.get("item"), row.get("clock")
    if not _uuid(row.get("session")):
        return "unknown session"
    if not (isinstance(item, str) and 0 < len(item) <= 60 and item.isascii() and item.isprintable()):
        return "unknown item"
    if not isinstance(row.get("state"), str) or row["state"] not in STATES:
        return "unknown state"
    if not (
        isinstance(clock, list) and len(clock) == 2 and all(map(_whole, clock)) and clock[1] <= MOST_COUNT
    ):
        return "unreadable clock"
    return "" if _whole(row.get("seq", 0)) else "unreadable sequence"


def _whole(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= BIGGEST


def _uuid(value):
    """Return the UUID in small letters, or an empty string when it is not written as one."""
    try:
        known = str(uuid.UUID(value)) if isinstance(value, str) else ""
    except ValueError:
        return ""
    return known if known and known == value.lower() else ""

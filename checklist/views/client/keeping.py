"""What a phone keeps of its sessions, so that it opens and takes ticks with no connection (/sync/)."""

import hashlib
import json
from datetime import timedelta

from django.utils import translation

from checklist import access, device_cookie
from checklist.models import Tombstone
from checklist.models.plans import sentence_of
from checklist.pure import spoken
from checklist.pure.fold import winners
from checklist.views.client.calling import who_to_call

LOCK_COOKIE = "settle_lock"  # set by the phone itself (js/pin.js): cover its pages until the PIN was typed
FORMAT = 3  # of a copy; another number makes each phone fetch all of its copies
KEPT = timedelta(days=60)  # how long after its end a session stays on a phone


def stamp(clients):
    """Return a short text that changes when a phone's copy is out of date although no session changed.

    The copy holds words in one language, names, zones and help lines; a phone with another stamp fetches it all.
    """
    people = [(str(row.id), row.time_zone, row.therapist.name, sentence_of(row)) for row in clients]
    told = [FORMAT, translation.get_language(), people, who_to_call(clients)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]


def cursors(clients):
    """Return {client id: number}, where the log of each of the phone's clients stands."""
    return {str(client.id): client.cursor for client in clients}


def gone(request, named):
    """Return which of these clients, as a phone names them that stood for them, were erased."""
    left = named - {str(client.id) for client in access.clients(request)}
    if not left or not Tombstone.objects.has(device_cookie.holds(request)):
        return []
    shut_out = {str(pk) for pk in device_cookie.devices_now(request).values_list("client", flat=True)}
    return sorted(left - shut_out)


def phone(request):
    """Say on each page of an enrolled phone whose it is and how recent its copy should be (a context processor)."""
    if not getattr(request, "_devices", None):
        return {}
    clients = access.clients(request)
    known = {"clients": " ".join(str(client.id) for client in clients), "stamp": stamp(clients)}
    known |= {"cursor": json.dumps(cursors(clients)), "locked": request.COOKIES.get(LOCK_COOKIE) == "1"}
    return {"phone": known}


def copy(session):
    """Return what the phone keeps of a session, as plain data; instants are ISO 8601 in UTC. Fetch it with its list.

    `items` is the fold of the log, `latest` the operation behind each state, so that the phone can fold its own in.
    """
    latest = winners(tick.operation for tick in session.ticks.all())
    return {
        "id": str(session.id),
        "client": str(session.client_id),
        "items": {item: operation.state for item, operation in latest.items()},
        "latest": [_operation(operation) for operation in latest.values()],
        "clock": session.clock,
        "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(),
        "opens_at": session.join_opens_at.isoformat(),
        "moved_from": session.moved_from.isoformat() if session.moved_from else None,
        "cancelled": session.cancelled,
        "sequence": session.sequence,
        "minutes": session.minutes,
        "way": session.way,
        "way_words": session.get_way_display(),
        "link": session.link,
        "host": session.host,
        "name": session.therapist.name,
        "zone": session.client.time_zone,
        "place": spoken.place(session.client.time_zone),
        "plan": sentence_of(session.client),
        "lines": [_line(line.item) for line in session.readiness.lines],
    }


def _operation(operation):
    clock = (operation.ms, operation.count)
    return {"id": operation.id, "item": operation.item, "state": operation.state, "clock": clock}


def _line(item):
    return item.words | {"phase": item.phase, "tool": item.tool}

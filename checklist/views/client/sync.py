"""/sync/: the phone's operation log. Trusts the device cookie plus JSON, a header of our own and the origin."""

import json
from dataclasses import asdict

from django.db.models import Q
from django.http import JsonResponse
from django.utils import timezone

from checklist import access, ticking
from checklist.forms.operations import BadBatch, read_batch
from checklist.models import Limit
from checklist.views.client import ours
from checklist.views.client.calling import who_to_call
from checklist.views.client.keeping import KEPT, copy, cursors, gone, stamp

# Batches with ticks from one phone. A tap is one at most, and what waited for weeks goes out by the hundred.
BATCHES, SECONDS, WAIT = 600, 600, 60


@ours.only("POST")
@access.enrolled_script
def sync(request):
    """Take a batch of operations and answer for each, with what changed since the phone's cursor."""
    body = ours.body(request)
    if body is None:
        return ours.refusal(413, "too much at once")
    try:
        batch = read_batch(json.loads(body))
    except BadBatch as error:
        return ours.refusal(400, str(error))
    except (ValueError, RecursionError):
        return ours.refusal(400, "The body is not JSON.")
    if batch.rows and not Limit.take("sync", access.devices(request)[0].token_hash, BATCHES, SECONDS):
        return ours.too_often(WAIT)
    return _taken(request, batch)


def _taken(request, batch):
    """Apply a batch, unless it belongs to a client whom this phone no longer stands for (R6)."""
    devices = access.device_by_client(request)
    if not batch.clients <= {str(client_id) for client_id in devices}:
        return ours.refusal(409, "this phone is somebody else's now")
    results = _apply(access.sessions(request), batch.rows, devices)
    return JsonResponse({"results": [asdict(result) for result in results], **_changes(request, batch)})


def _apply(sessions, rows, devices):
    """Return a Result for each row: what could be read is applied, what could not carries its own."""
    applied = iter(
        ticking.apply(sessions, [row for row in rows if isinstance(row, tuple)], devices, timezone.now())
    )
    return [next(applied) if isinstance(row, tuple) else row for row in rows]


def _changes(request, batch):
    """Return what changed since the phone looked last: sessions, whom to call, and where the log stands now."""
    clients, now_stamp = access.clients(request), stamp(access.clients(request))
    seen = {} if batch.stamp not in ("", now_stamp) else batch.seen
    newer, cursor = Q(pk=None), cursors(clients)
    for client in clients:
        since = seen.get(str(client.id), 0)
        since = since if since <= client.cursor else 0  # one from before a restored backup
        newer |= Q(client=client, cursor__gt=since)
    rows = access.sessions(request).filter(newer, ends_at__gt=timezone.now() - KEPT).with_lists()
    for row in rows:
        cursor[str(row.client_id)] = max(cursor[str(row.client_id)], row.cursor)
    answer = {"sessions": [copy(row) for row in rows], "cursor": cursor, "stamp": now_stamp}
    answer["now"] = ticking.milliseconds(timezone.now())
    if erased := gone(request, batch.clients | set(batch.seen)):
        answer["erased"] = erased
    return answer if batch.stamp == now_stamp else {**answer, "help": who_to_call(clients)}

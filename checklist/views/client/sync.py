"""/sync/: the phone's operation log. Trusts the device cookie plus JSON, a header of our own and the origin."""

import json
from dataclasses import asdict

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db.models import Q
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from checklist import access, ticking
from checklist.forms.operations import BadBatch, read_batch
from checklist.pure.fold import fold

HEADER = "X-Settle"
LONGEST = 128 * 1024  # bytes


@csrf_exempt
@require_POST
@never_cache
def sync(request):
    """Take a batch of operations and answer for each, with what changed since the phone's cursor."""
    if not _ours(request):
        return _error(403, "not from this app")
    devices = access.device_by_client(request)
    if not devices:
        return _error(401, "this device was revoked")
    body = _body(request)
    if body is None:
        return _error(413, "too much at once")
    try:
        batch = read_batch(json.loads(body))
    except BadBatch as error:
        return _error(400, str(error))
    except (ValueError, RecursionError):
        return _error(400, "The body is not JSON.")
    results = _apply(access.sessions(request), batch.rows, devices)
    return JsonResponse({"results": [asdict(result) for result in results], **_changes(request, batch.seen)})


def _ours(request):
    """Whether the request comes from our own page: other sites can set neither the header nor the origin (R16)."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    same = origin is None or origin in (settings.BASE_URL, f"{request.scheme}://{request.get_host()}")
    return (
        request.content_type == "application/json"
        and HEADER in request.headers
        and site == "same-origin"
        and same
    )


def _body(request):
    """Return the body, or None when it is too long."""
    try:
        return request.body if len(request.body) <= LONGEST else None
    except RequestDataTooBig:
        return None


def _apply(sessions, rows, devices):
    """Return a Result for each row: what could be read is applied, what could not carries its own."""
    applied = iter(
        ticking.apply(sessions, [row for row in rows if isinstance(row, tuple)], devices, timezone.now())
    )
    return [next(applied) if isinstance(row, tuple) else row for row in rows]


def _changes(request, seen):
    """Return the folded state of the sessions that changed since `seen`, and the new cursor, {client id: number}."""
    newer, cursor = Q(pk=None), {}
    for client in access.clients(request):
        since = seen.get(str(client.id), 0)
        cursor[str(client.id)] = since if since <= client.cursor else 0  # one from before a restored backup
        newer |= Q(client=client, cursor__gt=cursor[str(client.id)])
    changed = []
    for row in access.sessions(request).filter(newer).prefetch_related("ticks"):
        changed.append(_state(row))
        cursor[str(row.client_id)] = max(cursor[str(row.client_id)], row.cursor)
    return {"sessions": changed, "cursor": cursor}


def _state(row):
    """Return a session as it stands; `clock` is the greatest seen, so that the phone's next tick comes after it."""
    ticks = [tick.operation for tick in row.ticks.all()]
    clock = max(((tick.ms, tick.count) for tick in ticks), default=(0, 0))
    return {"id": str(row.id), "items": fold(ticks), "clock": clock}


def _error(status, reason):
    return JsonResponse({"error": reason}, status=status)

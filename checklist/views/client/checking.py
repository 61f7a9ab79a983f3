"""/tools/connection/…: a ticket for one connection check, and what it measures against: probes, data down, data up.

Only the first asks the database. What is sent was made once, is never packed, and is kept by nobody.
"""

import os
from functools import wraps

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from checklist import access, checking, tickets
from checklist.pure import turn
from checklist.views.answers import address
from checklist.views.client import ours

MOST_DOWN, MOST_UP = 1_000_000, 256 * 1024  # bytes in one request
NOISE = os.urandom(MOST_DOWN)


@ours.only("POST")
def start(request):
    """Give a ticket, to a phone that nobody let in as well, unless there were too many."""
    devices, now = access.devices(request), timezone.now()
    begun = checking.start(devices[0].token_hash if devices else "", address(request), now)
    if begun.ticket:
        return JsonResponse({"ticket": begun.ticket, "session_way": None, "turn": _turn(devices, now)})
    busy = _("Many phones are checking right now. Try again in a moment.")
    words = busy if begun.busy else _("That was a lot of checks. Try again in a few minutes.")
    return ours.later(ours.told(429, words), begun.wait)


def _turn(devices, now):
    """Return how to reach the TURN server of the first practice of this phone that has one, or None."""
    practices = [device.client.practice for device in devices if device.client.practice.turn_url]
    return turn.credentials(practices[0].turn_url, practices[0].turn_secret, now) if practices else None


def ticketed(view):
    """Let a view be asked with a good ticket only; it answers as it is, and nobody keeps that."""

    @wraps(view)
    def guarded(request):
        holder = tickets.holder(request.GET.get("ticket", ""))
        if holder is None:
            answer = ours.told(403, _("This check has run out. Start it again."))
        else:
            answer = view(request, holder)
        answer.headers["Cache-Control"] = "no-store, no-transform"
        return answer

    return guarded


@require_safe
@ticketed
def probe(_request, holder):
    return HttpResponse(status=204) if checking.spend(holder, "probe", 1) else _spent()


@require_safe
@ticketed
def down(request, holder):
    """Send as many bytes as are asked for. No middleware is to pack them: they are noise, and each byte counts."""
    size = _whole(request.GET.get("bytes", ""))
    if not 0 < size <= MOST_DOWN:
        return ours.told(400, _("Ask for 1 to 1,000,000 bytes."))
    if not checking.spend(holder, "down", size):
        return _spent()
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    return HttpResponse(
        NOISE[:size], content_type="application/octet-stream", headers={"Content-Length": size}
    )


@csrf_exempt
@require_POST
@ticketed
def up(request, holder):
    """Answer once the body has come; it was taken in by project.bodies and is let go here, unread."""
    size = _whole(request.META.get("CONTENT_LENGTH") or "")
    if size > MOST_UP:
        return ours.told(413, _("This is too much at once."))
    if size < 1:
        return ours.told(400, _("Send some bytes."))
    return HttpResponse(status=204) if checking.spend(holder, "up", size) else _spent()


def _spent():
    return ours.later(ours.told(429, _("This check has used up its data. Start it again.")), 1)


def _whole(text):
    """Return the whole number that is written, or -1."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1

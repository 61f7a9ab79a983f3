"""What a browser is told that is not let in: how to get in, that it was taken out, or that its client was erased."""

from django.http import JsonResponse
from django.shortcuts import render

from checklist import speaking
from checklist.device_cookie import devices_now, holds
from checklist.models import Tombstone


def way_out(request):
    """Return (status, why) with which a browser without access is turned away: 410 where its client was erased."""
    erased = not devices_now(request).exists() and Tombstone.objects.has(holds(request))
    return (410, "the client was erased") if erased else (401, "this device was revoked")


def was_let_in(request):
    """Whether this browser was let in once: it was taken out since, or its client was erased."""
    return devices_now(request).exists() or way_out(request)[0] == 410


def page(request):
    """Return the page that turns a browser away."""
    status, _why = way_out(request)
    context = {"removed": devices_now(request).exists(), "erased": status == 410}
    answer = render(request, "client/not_enrolled.html", context, status=status)
    return speaking.forget(request, answer) if status == 410 else answer


def told(request):
    """Return what the scripts of a browser are answered that is turned away."""
    status, why = way_out(request)
    return JsonResponse({"error": why}, status=status)

"""What a client decides about this phone and others: devices, the lock, leaving; and the help page."""

from datetime import datetime, time

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from checklist import access, device_cookie, inviting, speaking
from checklist.models import Device, Limit
from checklist.views.answers import too_many
from checklist.views.client.calling import who_to_call
from checklist.views.client.joining import code_page

CODES, CODE_SECONDS = 20, 3600


@require_safe
@access.enrolled
def help_page(request):
    """Who to call: the practices of this phone's clients, in the order in which it was let in."""
    return render(request, "client/help.html", {**who_to_call(access.clients(request)), "tab": "help"})


@require_safe
@access.enrolled
def devices(request):
    """Show each browser once, even one that stands for two of these clients."""
    mine = {device.token_hash for device in access.devices(request)}
    rows, now = {device.token_hash: device for device in _live_devices(request)}, timezone.now()
    context = {
        "devices": [(row, row.token_hash in mine, _last_used(row, now)) for row in rows.values()],
        "now": now,
        "tab": "help",
    }
    return render(request, "client/devices.html", context)


def _last_used(device, now):
    """Return noon of the day on which it was last used. That day is kept in UTC, and may be tomorrow here."""
    day = min(device.last_seen_on, timezone.localdate(now))
    return timezone.make_aware(datetime.combine(day, time(12)))


def _live_devices(request):
    return Device.objects.live().filter(client__in=access.clients(request)).order_by("-created_at", "id")


@require_safe
@access.enrolled
def lock(request):
    """Set the app lock, or take it away. The PIN never leaves the phone."""
    return render(request, "client/lock.html", {"tab": "help"})


@require_POST
@access.enrolled
def add_device(request):
    """Show a typed code for the person's other phone: one for each client that this phone stands for."""
    now, mine = timezone.now(), access.devices(request)
    if not Limit.take("add device", mine[0].token_hash, CODES, CODE_SECONDS):
        return too_many(request)
    return code_page(request, [inviting.make_code(row.client, now, device=row).code() for row in mine])


@require_POST
@access.enrolled
def revoke_device(request, device_id):
    """Shut that browser out, for every client of this phone that it was let in for."""
    device = access.own_device(request, device_id)
    _live_devices(request).filter(token_hash=device.token_hash).revoke(timezone.now())
    messages.success(request, _("That phone is taken out."))
    return redirect("client:devices")


@require_http_methods(["GET", "HEAD", "POST"])
@access.enrolled
def leave(request):
    """Sign this phone out, after asking once."""
    if request.method != "POST":
        return render(request, "client/leave.html", {"tab": "help"})
    inviting.leave(device_cookie.devices_now(request), timezone.now())
    messages.success(request, _("This phone has been signed out."))
    return speaking.forget(request, device_cookie.forget(redirect("client:today")))

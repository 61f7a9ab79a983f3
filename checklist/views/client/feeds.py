"""A calendar that keeps up with a client's sessions by itself: the page that gives its address, and what is there."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from checklist import access, calendars
from checklist.forms.feeding import FeedForm
from checklist.views.answers import page, posted


@require_http_methods(["GET", "HEAD", "POST"])
@access.enrolled
def feeds(request):
    """Show the address of each client of this phone, make one, or take it back."""
    form = FeedForm(posted(request))
    if form.is_bound and form.is_valid():
        device = access.device_by_client(request)[access.asked_client(request).id]
        if form.cleaned_data["feed"] == "on":
            device.open_feed()
        else:
            device.close_feed()
            messages.success(request, _("The address is taken back. Calendars get nothing by it any more."))
        return redirect("client:feeds")
    people = [{"client": device.client, "address": _address(device)} for device in access.devices(request)]
    return page(request, "client/feeds.html", {"people": people, "tab": "reminders"}, form)


def _address(device):
    """Return (https address, the same as calendars take it), or nothing."""
    if not device.feed:
        return None
    address = settings.BASE_URL + reverse("client:feed", args=[device.feed_secret])
    return {"plain": address, "calendar": f"webcal:{address.partition(':')[2]}"}


@require_safe
@never_cache
def feed(_request, given):
    client = access.fed_client(given)
    with translation.override(client.speaks):
        body = calendars.feed(client, timezone.now())
    headers = {
        "Content-Disposition": 'inline; filename="settle.ics"',
        "Content-Language": client.speaks,
    }
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)

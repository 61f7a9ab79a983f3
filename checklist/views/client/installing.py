"""Putting the app on the home screen: the page that says how, and the pass for the app that an iPhone makes (R18)."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from checklist import access, inviting
from checklist.pure import browser
from checklist.views.client.keeping import LOCK_COOKIE


@require_safe
@access.enrolled
def install(request):
    """Say how it is done in this browser. The app of an iPhone starts with a storage of its own, so it starts empty."""
    return render(request, "client/install.html", {**how_to_install(request), "tab": "help"})


def how_to_install(request):
    """Return what the words on installing need to know of this browser."""
    return {"iphone": on_iphone(request), "safari": browser.is_safari(_name(request))}


def pass_for_home(request):
    """Return a token for the start address of the app that this iPhone makes of the page; empty for others (R18).

    Only fetching the manifest of the page above makes one, not a look at its headers. A locked app gives none out:
    whoever picks the phone up must not get a way in of their own.
    """
    wanted = request.method == "GET" and request.GET.get("for") == "home" and on_iphone(request)
    locked = request.COOKIES.get(LOCK_COOKIE) == "1"
    device = next(iter(access.devices(request)), None) if wanted and not locked else None
    return inviting.make_pass(device, timezone.now()).token() if device else ""


def on_iphone(request):
    return browser.is_iphone(_name(request))


def _name(request):
    return request.headers.get("User-Agent", "")

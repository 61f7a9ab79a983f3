"""A phone's notifications: where it takes them, and its word that one arrived."""

import json

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from checklist import access, arriving, subscribing
from checklist.channels import NotDelivered
from checklist.channels.push import addressed
from checklist.forms.phones import Unreadable, read_arrival, read_subscription
from checklist.views.client import ours
from project import pushkeys


@csrf_exempt
@require_POST
@never_cache
def subscribe(request):
    """Take down where this phone takes notifications, again on each start; or that it takes none any more."""
    if not ours.is_ours(request):
        return ours.refusal(403, "not from this app")
    if not access.devices(request):
        return ours.refusal(401, "this device was revoked")
    try:
        browser = read_subscription(_read(request))
        _keep(access.devices(request), browser, timezone.now())
    except Unreadable as error:
        return ours.refusal(400, str(error))
    except pushkeys.Unusable:
        return ours.refusal(503, "notifications are off here")
    except NotDelivered:
        return ours.refusal(422, "this browser's notifications can't be used")
    return HttpResponse(status=204)


def _keep(devices, browser, now):
    if browser is None:
        return subscribing.unsubscribe(devices, now)
    addressed(browser)
    key_id = pushkeys.load(settings.PUSH_KEY_FILE).key_id
    subscribing.subscribe(devices, browser, key_id, now)


@csrf_exempt
@require_POST
@never_cache
def arrived(request):
    """Note that a notification was shown or opened. Its token is proof enough: a worker may have no cookie by then."""
    if not ours.is_ours(request):
        return ours.refusal(403, "not from this app")
    try:
        handover_id, token, opened = read_arrival(_read(request))
    except Unreadable as error:
        return ours.refusal(400, str(error))
    if not arriving.arrived(handover_id, token, timezone.now(), opened):
        return ours.refusal(404, "no such notification")
    return HttpResponse(status=204)


def _read(request):
    body = ours.body(request)
    try:
        return json.loads(body or b"")
    except (ValueError, RecursionError):
        raise Unreadable("The body is not JSON.") from None

"""A phone's notifications: where it takes them, its word that one arrived, and one to try."""

import json

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from checklist import access, answering, arriving, reflecting, speaking, subscribing, trying
from checklist.channels import NotDelivered
from checklist.channels.push import addressed
from checklist.forms.phones import Unreadable, read_answer, read_arrival, read_subscription
from checklist.models import Answer, Limit, Outcome, Session
from checklist.models.reasons import Reason
from checklist.views.answers import too_many
from checklist.views.client import ours
from project import pushkeys

TESTS, TEST_SECONDS = 5, 600
PLACES, PLACE_SECONDS, WAIT = 30, 86400, 3600  # new ones of a phone: a browser makes one at each switching on
TAKES_NONE = _("This phone takes no notifications right now. Switch them on again.")
NO_ANSWER = _("The notification service does not answer. Try again later.")
NOT_SENT = _("It could not be sent, and that is not your fault. Try again later.")
TROUBLES = {
    **dict.fromkeys((Reason.NO_PHONE, Reason.PUSH_GONE, Reason.PUSH_ADDRESS), TAKES_NONE),
    **dict.fromkeys((Reason.PUSH_PUT_OFF, Reason.PUSH_NOT_REACHED), NO_ANSWER),
}


@ours.only("POST")
@access.enrolled_script
def subscribe(request):
    """Take down where this phone takes notifications, again on each start; or that it takes none any more."""
    try:
        browser = read_subscription(_read(request))
        return _keep(access.devices(request), browser, timezone.now())
    except Unreadable as error:
        return ours.refusal(400, str(error))
    except pushkeys.Unusable:
        return ours.refusal(503, "notifications are off here")
    except NotDelivered:
        return ours.refusal(422, "this browser's notifications can't be used")


def _keep(devices, browser, now):
    """Keep it and return the answer; one that was made with another key than ours is told which that is."""
    if browser is None:
        subscribing.unsubscribe(devices, now)
        return HttpResponse(status=204)
    keys = pushkeys.load(settings.PUSH_KEY_FILE)
    if browser.key not in ("", keys.public):
        return JsonResponse({"error": "made with another key", "key": keys.public}, status=409)
    addressed(browser)
    new = subscribing.is_new(devices, browser)
    if new and not Limit.take("notifications", devices[0].token_hash, PLACES, PLACE_SECONDS, now):
        return ours.too_often(WAIT)
    subscribing.subscribe(devices, browser, keys.key_id, now)
    return HttpResponse(status=204)


@ours.only("POST")
def arrived(request):
    """Note that a notification was shown or opened. Its token is proof enough: a worker may have no cookie by then."""
    try:
        handover_id, token, opened = read_arrival(_read(request))
    except Unreadable as error:
        return ours.refusal(400, str(error))
    if not arriving.arrived(handover_id, token, timezone.now(), opened):
        return ours.refusal(404, "no such notification")
    return HttpResponse(status=204)


@ours.only("POST")
def answered(request):
    """Keep the answer that was tapped on a notification. Its token is proof enough, as in arrived()."""
    try:
        handover_id, token, kind = read_answer(_read(request))
    except Unreadable as error:
        return ours.refusal(400, str(error))
    session, revision, device = answering.by_notification(handover_id, token)
    if session is None:
        return ours.refusal(404, "no such notification")
    speaking.speak(request, device.client.speaks)
    about = Answer.Kind if kind in Answer.Kind.values else Outcome.Kind
    try:
        if about is Answer.Kind:
            why = answering.give(session, kind, revision, timezone.now(), device)
        else:
            why = reflecting.say(session, kind, timezone.now())
    except Session.DoesNotExist:  # erased in this very moment
        return ours.refusal(404, "no such notification")
    if why:
        return ours.refusal(422, why)
    return JsonResponse({"said": gettext("You answered: %(said)s.") % {"said": about(kind).label}})


@require_POST
@access.enrolled
def send_test(request):
    """Send this phone a notification to try, and say what became of it."""
    mine = access.devices(request)
    if not Limit.take("test", mine[0].token_hash, TESTS, TEST_SECONDS):
        return too_many(request)
    try:
        trying.send_test(mine, timezone.now())
    except NotDelivered as error:
        messages.error(request, TROUBLES.get(error.reason, NOT_SENT))
    else:
        messages.success(request, _("It is on its way. It should show up within a minute."))
    return redirect("client:reminders")


def _read(request):
    body = ours.body(request)
    try:
        return json.loads(body or b"")
    except (ValueError, RecursionError):
        raise Unreadable("The body is not JSON.") from None

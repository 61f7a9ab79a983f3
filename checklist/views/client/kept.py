"""The figures of a connection check that a client keeps with a session, and takes back (R20)."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from checklist import access
from checklist.forms.checking import Unreadable, read_check
from checklist.models import Check
from checklist.pure.connection import verdict
from checklist.views.client import ours


@ours.only("POST", "DELETE")
@access.enrolled_script
def _by_script(request, session_id):
    """Keep the figures of a check, or take back what was kept; what this phone says of their verdict counts nothing."""
    row = access.own_session(request, session_id)
    if request.method == "DELETE":
        row.checks.all().delete()
        return HttpResponse(status=204)
    if row.cancelled or row.has_ended(timezone.now()):
        return ours.told(409, _("This session is over, so nothing is kept with it."))
    try:
        way, figures = read_check(ours.read(request))
    except Unreadable as error:
        return ours.refusal(400, str(error))
    found, device = verdict(figures, way), access.device_by_client(request)[row.client_id]
    Check.objects.keep(row, device, way, found.verdict, figures, timezone.now())
    return JsonResponse(asdict(found))


@csrf_protect
@require_POST
@access.enrolled
def _by_form(request, session_id):
    """Take back what was kept, by a plain form (R7)."""
    access.own_session(request, session_id).checks.all().delete()
    messages.success(request, _("Taken back. Nothing of the check is kept here."))
    return redirect("client:session", session_id)


check = ours.either(_by_script, _by_form)

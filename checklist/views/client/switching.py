"""A client switches a session to voice or text, or back, in one tap: by a script or by a plain form (R7)."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from checklist import access, scheduling
from checklist.forms.switching import SwitchForm
from checklist.views.client import ours
from checklist.views.client.sessions import session_page

NOT_READ = "A switch has a way of meeting and the sequence of the session."


@ours.only("POST")
@access.enrolled_script
def _by_script(request, session_id):
    row, payload = access.own_session(request, session_id), ours.read(request)
    form = SwitchForm(payload if isinstance(payload, dict) else {})
    if not form.is_valid():
        return ours.refusal(400, NOT_READ)
    if why := _switch(row, form):
        return ours.told(409, why)
    return JsonResponse({"way": row.way, "was": row.arranged_way, "sequence": row.sequence})


@csrf_protect
@require_POST
@access.enrolled
def _by_form(request, session_id):
    row, form = access.own_session(request, session_id), SwitchForm(request.POST)
    why = _switch(row, form) if form.is_valid() else _("That could not be read. Nothing has changed.")
    if why:
        return session_page(request, access.own_session(request, session_id), 422, answer_refused=why)
    messages.success(request, _("Switched. Your list now fits this way of meeting."))
    return redirect("client:session", row.id)


def _switch(row, form):
    fields = form.cleaned_data
    return scheduling.switch(row, fields["way"], fields["sequence"], timezone.now())


way = ours.either(_by_script, _by_form)

"""The therapist's nudge: one more reminder, by hand."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from checklist import access, nudging

ON_ITS_WAY = _("A nudge is on its way.")
IF_OPEN = _("If something is open, a nudge is on its way.")


@require_POST
@access.therapist
def nudge(request, session_id):
    """Send a nudge for the session, or say why none goes out."""
    row = access.desk_session(request.user, session_id)
    if why := nudging.nudge(row, timezone.now()):
        messages.warning(request, _("No nudge was sent. %(why)s") % {"why": why})
    else:
        messages.success(request, ON_ITS_WAY if row.seen else IF_OPEN)
    return redirect("desk:session", row.id)

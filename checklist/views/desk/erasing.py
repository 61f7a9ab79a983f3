"""A therapist erases a client who asked for it: the password once more (R19), then it is gone."""

from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from checklist import access
from checklist import erasing as flow
from checklist.models import Erasure


@require_http_methods(["GET", "HEAD", "POST"])
@access.therapist
def erase(request, client_id):
    client = access.desk_client(request.user, client_id)
    if is_reauthentication_required(request, app="account"):
        return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': request.path})}")
    if request.method != "POST":
        return render(request, "desk/client_erase.html", {"client": client, "tab": "clients"})
    flow.erase(client, Erasure.By.THERAPIST, timezone.now())
    messages.success(request, _("Everything about them is erased."))
    return redirect("desk:clients")

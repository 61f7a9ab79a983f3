"""Erase me: what goes, then a code by mail or a word to type, then it is gone (R19, R21)."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from checklist import access, device_cookie, speaking
from checklist import erasing as flow
from checklist.forms.erasing import EraseForm
from checklist.models import Erasure, Limit
from checklist.views.answers import page, posted, too_many

TRIES, TRY_SECONDS = 20, 600
MAILS, MAIL_SECONDS = 3, 3600
WRONG = _("This code doesn't work. Check each letter; a code is good for ten minutes and works once.")


@require_http_methods(["GET", "HEAD", "POST"])
@access.enrolled
def erase(request, client_id):
    client = access.own_client(request, client_id)
    sent_to = client.email if flow.awaits_code(client, timezone.now()) else ""
    form = EraseForm(posted(request), by_mail=bool(client.email), sent_to=sent_to)
    if request.method == "POST":
        if not Limit.take("erase", client.id, TRIES, TRY_SECONDS):
            return too_many(request)
        if form.is_valid() and _is_proven(client, form):
            return _erased(request, client)
    context = {"client": client, "last": len(access.clients(request)) == 1, "tab": "help"}
    return page(request, "client/erase.html", context, form)


def _is_proven(client, form):
    if not client.email or flow.is_proven(client, form.cleaned_data["code"], timezone.now()):
        return True
    form.add_error("code", WRONG)
    return False


def _erased(request, client):
    """Erase, and say so; a phone that stands for nobody else forgets its token."""
    others = len(access.clients(request)) > 1
    flow.erase(client, Erasure.By.CLIENT, timezone.now())
    messages.success(request, _("Everything is erased."))
    if others:
        return redirect("client:data")
    return speaking.forget(request, device_cookie.forget(redirect("client:today")))


@require_POST
@access.enrolled
def mail_code(request, client_id):
    """Mail a code to the client's address, and lead to the field that it is typed into."""
    client = access.own_client(request, client_id)
    if client.email:
        if not Limit.take("code to erase", client.id, MAILS, MAIL_SECONDS):
            return too_many(request)
        flow.mail_code(client, timezone.now())
        messages.success(request, _("A code is on its way to you. It is good for ten minutes."))
    return redirect(f"{reverse('client:erase', args=[client.id])}#id_code")

"""Invitations and codes for a client, and their devices."""

import segno
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from checklist import access, inviting, reminding
from checklist.models import Delivery, Invitation, Limit

FIRST = _("Here is the invitation.")
AGAIN = _("Here is a new invitation. The earlier one no longer works.")
MAILED = _("The invitation is on its way.")
MANY = _(
    "The mail was not sent: there were many in a short time. Send the link yourself, or try again later."
)
# Mails to one client in an hour, and of one therapist to all of theirs in a day.
MAILS, HOUR = 5, 3600
ALL_MAILS, DAY = 50, 86400


@require_http_methods(["GET", "HEAD", "POST"])
@access.therapist
def invitation(request, client_id):
    """Show the open invitation as link and QR code; POST makes a new one, or mails it."""
    client, now = active(request, client_id), timezone.now()
    if request.method == "POST":
        by_mail = "mail" in request.POST and bool(client.email)
        if by_mail and not _may_mail(client):
            messages.error(request, MANY)
        else:
            messages.success(request, act(client, now, by_mail))
        return redirect("desk:invitation", client.id)
    row = client.invitations.links().open(now).first()
    context = {
        "client": client,
        "now": now,
        "invitation": row,
        "mail": Delivery.objects.filter(reminder__invitation=row).first() if row else None,
        "link": join_link(row) if row else "",
        "qr": qr(join_link(row)) if row else "",
        "has_phone": client.devices.filter(revoked_at=None).exists(),
        "tab": "clients",
    }
    return render(request, "desk/invitation.html", context)


def _may_mail(client):
    """Count one mail to the client; False when there were too many: anybody may sign up, and name any address."""
    one = Limit.take("invitation by mail", client.id, MAILS, HOUR)
    return one and Limit.take("invitations by mail", client.therapist_id, ALL_MAILS, DAY)


@transaction.atomic
def act(client, now, by_mail):
    """Make a new invitation or mail one; return what to say. A link already shared stays good when mailed."""
    row = client.invitations.links().open(now).first()
    if not by_mail:
        inviting.invite(client, now)
        return AGAIN if row else FIRST
    if row and not row.reminders.exists():
        reminding.plan_invitation(row, now)
    else:
        inviting.invite(client, now, by_mail=True)
    return MAILED


def active(request, client_id):
    """Return that client unless archived, when there is nobody to invite."""
    client = access.desk_client(request.user, client_id)
    if client.archived_at:
        raise Http404
    return client


def join_link(invitation):
    """Return the absolute link; the token is in the fragment, which no server and no log ever sees (R17)."""
    return f"{settings.BASE_URL}{reverse('client:join')}#{invitation.token()}"


def qr(link):
    """Return the link's QR code as inline SVG that takes the size it is given."""
    code = segno.make(link, error="m")
    return mark_safe(code.svg_inline(border=2, dark="#1c2b2a", light=None, omitsize=True))  # noqa: S308


@require_POST
@access.therapist
def revoke_invitation(request, client_id):
    client, now = access.desk_client(request.user, client_id), timezone.now()
    for row in client.invitations.open(now):
        row.revoke(now)
    messages.success(request, _("The invitation no longer works."))
    return redirect("desk:client", client.id)


@require_http_methods(["GET", "HEAD", "POST"])
@access.therapist
def code(request, client_id):
    """Show a typed code to read out; POST makes one."""
    client, now = active(request, client_id), timezone.now()
    if request.method == "POST":
        inviting.make_code(client, now)
        return redirect("desk:code", client.id)
    codes = client.invitations.filter(kind=Invitation.Kind.CODE, to_mailbox=False)
    spoken = codes.filter(made_from=None, device=None)  # not what a phone of theirs shows
    row = spoken.open(now).order_by("-created_at").first()
    context = {
        "client": client,
        "code": row,
        "groups": row.code().split("-") if row else [],
        "address": f"{settings.BASE_URL}{reverse('client:join_code')}",
        "tab": "clients",
    }
    return render(request, "desk/code.html", context)


@require_POST
@access.therapist
def revoke_device(request, client_id, device_id):
    client = access.desk_client(request.user, client_id)
    access.desk_device(client, device_id).revoke(timezone.now())
    messages.success(request, _("That device has no access any more."))
    return redirect("desk:client", client.id)

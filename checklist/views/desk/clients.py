"""A therapist's clients: list, add, change, archive."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Lower
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from checklist import access, erasing, inviting, reminding, retaining
from checklist.forms.desk import ClientChangeForm, ClientForm
from checklist.models import Client, Delivery, Device, Erasure, Session, Subscription
from checklist.views.answers import page, posted
from checklist.views.desk import asking, looks
from checklist.views.desk.rows import Row
from checklist.views.desk.zones import elsewhere, place, start_of

MOST = 20


@require_safe
@access.therapist
def clients(request):
    """List the clients with whether they have a phone, and when they come next."""
    now = timezone.now()
    of_client = Session.objects.live().filter(client=OuterRef("pk"))
    rows = Client.objects.of(request.user).annotate(
        has_phone=Exists(Device.objects.filter(client=OuterRef("pk"), revoked_at=None)),
        next_at=Subquery(of_client.ahead(now).values("starts_at")[:1]),
    )
    rows = list(rows.order_by(Lower("nickname"), "created_at"))
    context = {
        "now": now,
        "active": [row for row in rows if not row.archived_at],
        "archived": [row for row in rows if row.archived_at],
        "erased": [(row, start_of(row.day)) for row in Erasure.objects.of(request.user)[:MOST]],
        "tab": "clients",
    }
    return render(request, "desk/clients.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.therapist
def add(request):
    data = request.POST if request.method == "POST" else None
    form = ClientForm(data, initial={"time_zone": request.user.time_zone})
    if form.is_valid():
        client = create(request.user, form.cleaned_data, timezone.now())
        return redirect("desk:invitation", client.id)
    return page(request, "desk/client_add.html", {"tab": "clients"}, form)


@transaction.atomic
def create(therapist, fields, now):
    """Make a client of this therapist, with an open invitation; return the client."""
    client = Client.objects.begin(therapist, **fields)
    inviting.invite(client, now)
    return client


@require_safe
@access.therapist
def client(request, client_id):
    row, now = access.desk_client(request.user, client_id), timezone.now()
    sessions = Session.objects.of(request.user).filter(client=row).with_lists().numbered()
    ahead = [Row(session, now) for session in sessions.ahead(now)[: MOST + 1]]
    behind = [Row(session, now) for session in sessions.behind(now)[: MOST + 1]]
    context = {
        "client": row,
        "now": now,
        "elsewhere": elsewhere(now, row.time_zone),
        "place": place(row.time_zone),
        "ahead": ahead[:MOST],
        "behind": behind[:MOST],
        "fitting": next((each for each in behind if each.fit), None),
        "most": MOST,
        "more_ahead": len(ahead) > MOST,
        "more_behind": len(behind) > MOST,
        "devices": devices(row, now),
        "wants_mail": row.wants_any(Delivery.Channel.EMAIL),
        "told_by_phone": Subscription.objects.of(row).exists(),
        "invitation": row.invitations.links().open(now).first(),
        "plan": access.shared_plan(row),
        "erased_from": retaining.erased_from(row),
        "tab": "clients",
    }
    shown = [*ahead[:MOST], *behind[:MOST]]
    seen = looks.seen_at_all(row, [line.session for line in shown]) + looks.seen_said(shown)
    looks.note(request, seen + looks.seen_plan(row, context["plan"]), now)
    return render(request, "desk/client.html", context)


def devices(client, now):
    """Return [(device, start of the day on which it was last seen)]. That day is kept in UTC."""
    rows, today = client.devices.filter(revoked_at=None).order_by("-created_at"), timezone.localdate(now)
    return [(device, start_of(min(device.last_seen_on, today))) for device in rows]


@require_http_methods(["GET", "HEAD", "POST"])
@access.therapist
def edit(request, client_id):
    """Change a client. Another address asks who it is first (R19): what is mailed there lets somebody in."""
    row = access.desk_client(request.user, client_id)
    initial = {name: getattr(row, name) for name in ("nickname", "email", "time_zone", "language")}
    form = ClientChangeForm(posted(request), initial=initial)
    if form.is_valid() and (not form.moves_mail or asking.is_known(request, form)):
        save(row, form.new, timezone.now())
        messages.success(request, _("Saved."))
        return redirect("desk:client", row.id)
    return page(request, "desk/client_edit.html", {"client": row, "tab": "clients"}, form)


@transaction.atomic
def save(client, fields, now):
    """Change these fields of the client and plan the reminders anew; the others may be other ones by now.

    What was said of mail holds for the address it was said at.
    """
    said = ["email", "mail_reminders", "stopped_addresses"]
    client.refresh_from_db(fields=said, from_queryset=Client.objects.select_for_update())
    before = client.email
    if fields.get("email", before).lower() != before.lower():
        fields = {**fields, **client.consent_at(fields["email"])}
        inviting.revoke_mailed(client, now)
    for name, value in fields.items():
        setattr(client, name, value)
    client.save(update_fields=fields)  # and nothing else: the client may be saying something at this moment
    reminding.plan_client(client, now)
    if client.email != before:
        erasing.forget_old_address(before)


@require_POST
@access.therapist
def archive(request, client_id):
    """Archive the client: no more reminders, no more way in. Or take them back."""
    row = access.desk_client(request.user, client_id)
    if "back" in request.POST:
        row.take_back()
        messages.success(request, _("They are back on your list."))
    else:
        row.archive(timezone.now())
        messages.success(request, _("Archived."))
    return redirect("desk:client", row.id)

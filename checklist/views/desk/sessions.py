"""A therapist's sessions: add, look, change, cancel."""

import uuid
from datetime import timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from checklist import access, nudging, repeating, scheduling, wording
from checklist.forms.desk import CHANGED, SessionForm
from checklist.forms.series import BookingForm
from checklist.models import Session
from checklist.views.answers import page
from checklist.views.desk import looks, reminders, series
from checklist.views.desk.rows import Row

WEEK = timedelta(days=7)
SAME = ("time_zone", "minutes", "way", "link")


@require_http_methods(["GET", "HEAD", "POST"])
@access.therapist
def add(request):
    now, client = timezone.now(), asked_client(request)
    last = last_session(request.user, client) if client else None
    initial = like(last, now) if last else {"time_zone": request.user.time_zone}
    data = request.POST if request.method == "POST" else None
    initial |= {"client": client, "session": uuid.uuid4()}
    form = BookingForm(data, initial=initial, therapist=request.user, now=now)
    if form.is_valid() and form.cleaned_data["repeat"]:
        if "again" not in request.POST:
            return series.book(request, form, now)
    elif form.is_valid():
        return booked(request, form.cleaned_data, now)
    has_clients = form.fields["client"].queryset.exists()
    context = {"tab": "today", "client": client, "last": last, "has_clients": has_clients}
    return page(request, "desk/session_add.html", context, form)


def asked_client(request):
    """Return the client in the address, or None when there is none; somebody else's is a 404 (R16)."""
    text = request.GET.get("client")
    if not text:
        return None
    try:
        client_id = uuid.UUID(text)
    except ValueError:
        raise Http404 from None
    return access.desk_client(request.user, client_id)


def last_session(therapist, client):
    """Return the client's latest session that was not cancelled, or None."""
    rows = Session.objects.of(therapist).live().filter(client=client).select_related("version")
    return rows.order_by("-starts_at").first()


def like(last, now):
    """Return what a form starts with for a session like the last: its wall clock, a week or more later."""
    initial = initial_of(last)
    weeks = max((now - last.starts_at) // WEEK + 1, 1)
    return {**initial, "date": initial["date"] + weeks * WEEK}


def initial_of(row):
    """Return what a form starts with to change this session."""
    local = timezone.localtime(row.starts_at, row.zone)
    same = {name: getattr(row, name) for name in SAME}
    return {"date": local.date(), "time": local.time(), "checklist": row.version.checklist_id, **same}


def booked(request, fields, now):
    """Book the session that the form describes, say so, and lead to it; a form sent twice leads to the same one."""
    session_id = fields["session"] or uuid.uuid4()
    row = book(session_id, request.user, fields, now)
    if row:
        messages.success(request, _("The session is booked."))
        warn_of_another(request, row)
    return redirect("desk:session", row.id if row else session_id)


def book(session_id, therapist, fields, now):
    """Book the session that the form describes; return it, or None where that was done before."""
    return scheduling.book_once(
        session_id,
        fields["client"],
        therapist,
        fields["checklist"].current,
        fields["starts_at"],
        fields["minutes"],
        now,
        **{name: fields[name] for name in ("time_zone", "way", "link")},
    )


def warn_of_another(request, row):
    """Tell the therapist of another session of theirs at that time: it may be meant so, like a couple on two phones."""
    rows = Session.objects.of(request.user).at_the_time_of(row).select_related("client")
    if another := rows.first():
        words = _("You have another session at that time: %(name)s, %(when)s.")
        when = wording.when([another.starts_at], timezone.now())
        messages.warning(request, words % {"name": another.client.nickname, "when": when})


@require_safe
@access.therapist
def session(request, session_id):
    row, now = access.desk_session(request.user, session_id), timezone.now()
    line = Row(row, now)
    context = {
        "session": row,
        "row": line,
        "deliveries": reminders.told(row),
        "way_to_them": reminders.has_way(row),
        "no_nudge": nudging.why_not(row, now),
        "now": now,
        "tab": "today",
    }
    looks.note(request, [*looks.seen_lists([row]), *looks.seen_checks(row), *looks.seen_said([line])], now)
    return render(request, "desk/session.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.therapist
def edit(request, session_id):
    """Change or move a session that has not ended and was not cancelled."""
    row, now = access.desk_session(request.user, session_id), timezone.now()
    if row.cancelled or row.has_ended(now):
        return closed(request, row, now)
    data = request.POST if request.method == "POST" else None
    form = SessionForm(data, initial=initial_of(row), therapist=request.user, now=now, session=row)
    if form.is_valid():
        if change(row, form.cleaned_data, now):
            messages.success(request, _("Saved."))
            warn_of_another(request, row)
            return redirect("desk:session", row.id)
        row = access.desk_session(request.user, session_id)  # as it is by now
        if row.cancelled or row.has_ended(now):
            return closed(request, row, now)
        form.add_error(None, CHANGED)
    context = {"session": row, "row": Row(row, now), "now": now, "tab": "today"}
    return page(request, "desk/session_edit.html", context, form)


def change(row, fields, now):
    """Change the session as the form says, unless it changed since it was read: then return None.

    Its list keeps its version unless another list was chosen.
    """
    chosen = fields["checklist"]
    version = row.version if chosen.id == row.version.checklist_id else chosen.current
    kept = {name: fields[name] for name in ("time_zone", "way", "link")}
    kept |= {"version": version, "seen": row.sequence}
    return scheduling.change(row, now, fields["starts_at"], fields["minutes"], **kept)


@require_http_methods(["GET", "HEAD", "POST"])
@access.therapist
def cancel(request, session_id):
    """Cancel a session, after asking once."""
    row, now = access.desk_session(request.user, session_id), timezone.now()
    if row.cancelled or row.has_ended(now):
        return closed(request, row, now)
    after = repeating.following(row, now).count() - 1 if row.series else 0
    if request.method == "POST":
        if after > 0 and "following" in request.POST:
            repeating.cancel(row, now)
            messages.success(request, _("The sessions are cancelled. Nothing more is sent for them."))
            return redirect("desk:series", row.series_id)
        scheduling.cancel(row, now)
        messages.success(request, _("The session is cancelled. Nothing more is sent for it."))
        return redirect("desk:session", row.id)
    context = {"session": row, "row": Row(row, now), "now": now, "tab": "today", "after": after}
    return render(request, "desk/session_cancel.html", context)


def closed(request, row, now):
    """Answer 409: what has ended or was cancelled can't be changed."""
    context = {"session": row, "row": Row(row, now), "now": now, "tab": "today"}
    return render(request, "desk/session_closed.html", context, status=409)

"""A client's sessions: all of them, one, its calendar entry, and a tick by a plain form."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from checklist import access, calendars, ticking
from checklist.forms.joining import TickForm
from checklist.models import Share
from checklist.views.client.after import after
from checklist.views.client.showing import entry, showing

SHOWN = 50


@require_safe
@access.enrolled
def sessions(request):
    now, rows = timezone.now(), access.sessions(request)
    context = {
        "ahead": [entry(row, now) for row in rows.ahead(now).with_lists()[:SHOWN]],
        "behind": [
            entry(row, now, over=True) for row in rows.behind(now).select_related("therapist")[:SHOWN]
        ],
        "tab": "sessions",
    }
    return render(request, "client/sessions.html", context)


@require_safe
@access.enrolled
def session(request, session_id):
    return session_page(request, access.own_session(request, session_id))


def session_page(request, row, status=200, **more):
    """Return the page of a session; `more` says what was refused on it."""
    now = timezone.now()
    context = {
        **showing(row, now, request.GET.get("answer")),
        "kept_check": row.checks.exists(),
        "after": after(row, now),
        "checks_shared": row.client.shares(Share.CONNECTION),
        "tab": "sessions",
        "back": "session",
        **more,
    }
    return render(request, "client/session.html", context, status=status)


@require_safe
@access.enrolled
def calendar(request, session_id):
    row = access.own_session(request, session_id)
    response = HttpResponse(
        calendars.calendar(row, timezone.now()), content_type="text/calendar; charset=utf-8"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="settle.ics"'
    return response


@require_POST
@access.enrolled
def ticks(request, session_id):
    """Take one tick without JavaScript, through the same code as the phone's log (R7)."""
    row = access.own_session(request, session_id)
    form = TickForm(request.POST)
    if not form.is_valid():
        return session_page(request, row, status=422, tick_refused=True)
    tick = form.cleaned_data
    device = access.device_by_client(request)[row.client_id]
    result = ticking.tick(row, tick["item"], tick["state"], device, timezone.now(), tick["operation"])
    if result.status == ticking.REFUSED:
        full = result.reason == ticking.FULL
        return session_page(request, row, status=422, tick_refused=True, full=full)
    back = reverse("client:today") if tick["back"] == "today" else reverse("client:session", args=[row.id])
    return redirect(f"{back}#{tick['item']}")

"""The desk's first page: a day's sessions with their readiness, what comes, who is waiting, what failed."""

from collections import Counter
from datetime import date, timedelta

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from checklist import access, wording
from checklist.models import Client, Device, Erasure, Session, Subscription
from checklist.views.desk import headlines, looks, reminders
from checklist.views.desk.rows import Row
from checklist.views.desk.zones import start_of

DAYS_AHEAD = 7
FARTHEST = timedelta(days=731)


@require_safe
@access.therapist
def today(request):
    now = timezone.now()
    day = asked_day(request.GET.get("day"), now)
    rows = [Row(session, now) for session in sessions_on(request.user, day, now)]
    failed, late = reminders.trouble(request.user, now)
    ahead = [row.session.seen for row in rows if not row.over and not row.session.cancelled]
    context = {
        "now": now,
        "day": wording.full_day(start_of(day), now),
        "is_today": day == timezone.localdate(now),
        "rows": rows,
        "headline": headlines.headline(ahead, bool(rows)),
        "days": days_ahead(request.user, now),
        "waiting": waiting(request.user, now),
        "failed": failed,
        "late": late,
        "erased": [
            start_of(row.day) for row in Erasure.objects.recent(request.user, timezone.localdate(now))
        ],
        "has_clients": bool(rows) or Client.objects.of(request.user).active().exists(),
        "tab": "today",
    }
    looks.note(request, looks.seen_lists([row.session for row in rows]), now)
    return render(request, "desk/today.html", context)


def asked_day(text, now):
    """Return the date in the address, or today's; a date that is none, past or far ahead is a 404."""
    present = timezone.localdate(now)
    if not text:
        return present
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    if not present <= day <= present + FARTHEST:
        raise Http404
    return day


def sessions_on(therapist, day, now):
    """Return that day's sessions with all that a row shows; the number of queries stays the same (R28)."""
    rows = Session.objects.of(therapist).expected(now).starting(start_of(day), start_of(day, days=1))
    phone = Device.objects.live().filter(client=OuterRef("client"))
    rows = Subscription.objects.telling(rows.with_lists().numbered().annotate(has_phone=Exists(phone)))
    return rows.prefetch_related("reminders__deliveries", "answers")


def days_ahead(therapist, now):
    """Return [(start of the day, number of sessions)] for the week after today, without empty days."""
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    live = Session.objects.of(therapist).live().expected(now)
    rows = live.starting(start_of(tomorrow), start_of(tomorrow, days=DAYS_AHEAD))
    counts = Counter(timezone.localdate(at) for at in rows.values_list("starts_at", flat=True))
    return [(start_of(day), count) for day, count in sorted(counts.items())]


def waiting(therapist, now):
    """Return [(client, their open link or None)] of those who have no device yet, the newest first."""
    clients = Client.objects.of(therapist).active().filter(devices=None).prefetch_related("invitations")
    return [(client, open_link(client, now)) for client in clients.order_by("-created_at")[:10]]


def open_link(client, now):
    """Return the client's open invitation among the prefetched ones, or None."""
    links = (row for row in client.invitations.all() if row.kind == row.Kind.LINK and row.is_open(now))
    return next(links, None)

"""The desk's first page: a day's sessions with their readiness, what comes, who is waiting, what failed."""

from collections import Counter
from datetime import date, timedelta

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_noop, ngettext
from django.views.decorators.http import require_safe

from checklist import access, wording
from checklist.models import Client, Device, Session, Subscription
from checklist.views.desk import reminders
from checklist.views.desk.rows import Row
from checklist.views.desk.zones import start_of

DAYS_AHEAD = 7
FARTHEST = timedelta(days=731)
NUMBERS = (
    gettext_noop("none"),
    gettext_noop("one"),
    gettext_noop("two"),
    gettext_noop("three"),
    gettext_noop("four"),
    gettext_noop("five"),
    gettext_noop("six"),
    gettext_noop("seven"),
    gettext_noop("eight"),
    gettext_noop("nine"),
)


@require_safe
@access.therapist
def today(request):
    now = timezone.now()
    day = asked_day(request.GET.get("day"), now)
    rows = [Row(session, now) for session in sessions_on(request.user, day, now)]
    failed, late = reminders.trouble(request.user, now)
    ahead = [row.session for row in rows if not row.over and not row.session.cancelled]
    context = {
        "now": now,
        "day": wording.full_day(start_of(day), now),
        "is_today": day == timezone.localdate(now),
        "rows": rows,
        "headline": headline(sum(session.readiness.ready for session in ahead), len(ahead), bool(rows)),
        "days": days_ahead(request.user, now),
        "waiting": waiting(request.user, now),
        "failed": failed,
        "late": late,
        "has_clients": bool(rows) or Client.objects.of(request.user).active().exists(),
        "tab": "today",
    }
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


def headline(ready, total, any_today):
    """Return the one sentence that says how the sessions still ahead stand."""
    if not total:
        return gettext("All done") if any_today else gettext("No sessions")
    if total == 1:
        return gettext("One session, and it is ready") if ready else gettext("One session, not ready yet")
    if total == 2 and ready != 1:
        return gettext("Both are ready") if ready else gettext("Neither is ready yet")
    words = {"ready": capfirst(spelled(ready)), "total": spelled(total)}
    if ready == total:
        return gettext("All %(total)s are ready") % words
    if not ready:
        return gettext("None of %(total)s is ready yet") % words
    return ngettext("%(ready)s of %(total)s is ready", "%(ready)s of %(total)s are ready", ready) % words


def spelled(number):
    """Return a small number in words."""
    return gettext(NUMBERS[number]) if number < len(NUMBERS) else str(number)


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

"""/: the desk for a therapist, the next session on an enrolled phone, else a welcome."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from checklist import access, beginning, intending, turning_away
from checklist.models.afterwards import to_mention
from checklist.views.client.after import asked
from checklist.views.client.newcomers import newcomers
from checklist.views.client.showing import entry, showing

SHOWN = 3


@require_safe
def home(request):
    if request.user.is_authenticated:
        return redirect("desk:today")
    if access.devices(request) or turning_away.was_let_in(request):
        return today(request)
    response = render(request, "client/welcome.html")
    response.headers["X-Robots-Tag"] = "all"
    return response


@access.enrolled
def today(request):
    """The next session with its list, what was cancelled, and what else this phone stands for."""
    now = timezone.now()
    ahead = access.sessions(request).ahead(now)
    session = ahead.live().with_lists().first()
    mention = to_mention(access.sessions(request), now)
    cancelled = [row for row in mention if row.cancelled][:SHOWN]
    context = {"cancelled": [entry(row, now) for row in cancelled], "tab": "today", "back": "today"}
    context["after"] = asked([row for row in mention if not row.cancelled], now)
    context["steps"] = beginning.left(access.devices(request))
    context |= {"newcomers": newcomers(request, now), "now": now}
    if session:
        others = [entry(row, now) for row in _others(request, ahead, session)]
        context |= showing(session, now) | {"others": others, "offer": intending.offers_plan(session)}
    return render(request, "client/today.html", context)


def _others(request, ahead, session):
    """Return the next sessions of the other clients that this phone stands for."""
    if len(access.clients(request)) == 1:
        return []
    return ahead.live().exclude(client=session.client_id).with_lists()[:SHOWN]

"""/progress/: what a client's sessions add up to. Only the client sees it; the phone keeps a copy (js/progress.js)."""

import json

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from checklist import access, recalling
from checklist.views.client.journey import words
from checklist.views.client.showing import entry

NEXT = 3


@require_safe
@access.enrolled
def progress(request):
    """Show it for each client that this phone stands for, with the next dates."""
    clients, now = access.clients(request), timezone.now()
    found = recalling.journeys(clients, now)
    people = [words(client, found[client.id], now) for client in clients]
    ahead = access.sessions(request).ahead(now).live().with_lists()[:NEXT]
    kept = {"people": people, "several": len(people) > 1}
    context = {
        **kept,
        "ahead": [entry(row, now) for row in ahead],
        "kept": json.dumps(kept),
        "tab": "progress",
    }
    return render(request, "client/progress.html", context)

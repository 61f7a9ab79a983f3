"""/list/: a page with nothing of ours on it, for who has to leave quickly (static/js/worker.js).

It names neither the app nor anybody. The worker keeps it and takes it first, so that it is there at once.
"""

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from checklist import speaking
from checklist.views.client.made_once import made_once


@require_safe
@speaking.by_address
def plain(_request):
    return HttpResponse(plain_page(), headers={"Cache-Control": "no-cache"})


@made_once
def plain_page():
    """Return the page as text, made without the request: it can't name anybody."""
    return render_to_string("plain.html")

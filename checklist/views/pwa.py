"""django-pwa's three addresses with our content and cache headers; no row of a person is in any of them."""

import hashlib
import json

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from checklist import speaking
from checklist.models.checklists import Phase
from checklist.views.client import toolbox
from checklist.views.client.installing import pass_for_home
from checklist.views.client.made_once import made_once
from checklist.views.client.plain import plain_page
from checklist.views.client.showing import Slots

# What the worker keeps, by the name under static/: the look of a client's pages, and all their modules.
STYLES = ("style", "forms", "tools", "plain", "progress")
MODULES = (
    "badge", "clock", "copies", "countdown", "cover", "fold", "forget", "hush", "jotted", "lasting", "line", "log",
    "moments", "notices", "passed", "passes", "phone", "pin", "progress", "saved", "shell", "slots", "store", "sync",
    "taking", "tally", "ticks", "times", "update", "vendor/idb", "words", "worker",
)  # fmt: skip
SHELL = (
    *(f"css/{name}.css" for name in STYLES),
    *(f"js/{name}.js" for name in (*MODULES, *toolbox.MODULES)),
    "icons/favicon.svg",
)


@require_safe
def manifest(request):
    """The same for everybody, but for the start address when an iPhone is about to put it on its home screen (R18)."""
    token = pass_for_home(request)
    context = {"settings": settings, "token": token}
    response = render(request, "manifest.json", context, content_type="application/manifest+json")
    response.headers["Cache-Control"] = "no-store" if token else "max-age=3600"
    if "for" in request.GET:
        patch_vary_headers(response, ["Cookie", "User-Agent"])
    return response


@require_safe
@speaking.by_address
def service_worker(request):
    """The worker of one language, with the list of what to keep and a version that changes when any of it does."""
    files = [static(name) for name in SHELL]
    kept = [*files, offline_page(), *(f"{tool.headers}{tool.page()}" for tool in toolbox.PAGES), plain_page()]
    version = hashlib.sha256("\n".join(kept).encode()).hexdigest()[:12]
    tools = json.dumps([tool.address for tool in toolbox.PAGES])
    context = {"files": json.dumps(files), "tools": tools, "version": version, "language": get_language()}
    name = "serviceworker.js" if settings.SERVICE_WORKER else "serviceworker_off.js"
    response = render(request, name, context, content_type="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_safe
@speaking.by_address
def offline(request):
    return HttpResponse(offline_page(), headers={"Cache-Control": "no-cache"})


@made_once
def offline_page():
    """Return the phone's own page, made without the request: it can't name anybody. The phone fills in its slots."""
    slots = Slots()
    row = Slots({"done": False, "chips": toolbox.TOOLS})
    context = {
        "shell": True,
        "show": slots,
        "row": row,
        "ring": {"done": 0, "total": 1},
        "phases": Phase.choices,
        "person": Slots({"bars": (), "milestones": (), "checks": (), "wide": 120}),
        "blank": {"x": 0, "y": 0, "high": 0},
    }
    return render_to_string("offline.html", context)

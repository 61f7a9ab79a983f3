"""django-pwa's three addresses with our content and cache headers; no row of a person is in any of them."""

import hashlib
import json

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.http import require_safe

# What the worker keeps, by the name under static/: the look of the offline page.
SHELL = ("css/tokens.css", "css/base.css", "css/parts.css", "icons/favicon.svg")


@require_safe
def manifest(request):
    response = render(
        request, "manifest.json", {"settings": settings}, content_type="application/manifest+json"
    )
    response.headers["Cache-Control"] = "max-age=3600"
    return response


@require_safe
def service_worker(request):
    """The worker, with the list of what to keep and a version that changes when any of it does."""
    files = [static(name) for name in SHELL]
    version = hashlib.sha256("\n".join([*files, offline_page()]).encode()).hexdigest()[:12]
    context = {"files": json.dumps(files), "version": version}
    response = render(request, "serviceworker.js", context, content_type="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_safe
def offline(request):
    return HttpResponse(offline_page(), headers={"Cache-Control": "no-cache"})


def offline_page():
    """Return the page for a phone without a connection, made without the request: it can't name anybody."""
    return render_to_string("offline.html")

"""My data: what is kept, how long, and a copy of it (R21)."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from checklist import access, exporting

CAME = "settle_copy"


@require_safe
@access.enrolled
def data(request):
    return render(request, "client/data.html", {"clients": access.clients(request), "tab": "help"})


@require_http_methods(["GET", "HEAD", "POST"])
@access.enrolled
def export(request, client_id):
    """Ask once more (R19), then answer with the file."""
    client = access.own_client(request, client_id)
    if request.method != "POST":
        return render(request, "client/export.html", {"client": client, "tab": "help"})
    answer = HttpResponse(exporting.export(client, timezone.now()), content_type="application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="settle-data.zip"'
    # A page stays as it is when a file comes. This word lets its script say that it came (js/copied.js); no secret.
    answer.set_cookie(CAME, "1", max_age=60, path=request.path, secure=settings.SECURE, samesite="Strict")
    return answer

"""JSON that our own scripts post. It needs no token: other sites can set neither the header nor the origin (R16)."""

from functools import wraps

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

HEADER = "X-Settle"
LONGEST = 128 * 1024  # bytes


def is_ours(request):
    """Whether the request comes from our own page: other sites can set neither the header nor the origin (R16)."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    same = origin is None or origin in (settings.BASE_URL, f"{request.scheme}://{request.get_host()}")
    return (
        request.content_type == "application/json"
        and HEADER in request.headers
        and site == "same-origin"
        and same
    )


def only(view):
    """Let a view answer what our own scripts post, and refuse whatever else comes."""

    @csrf_exempt
    @require_POST
    @never_cache
    @wraps(view)
    def guarded(request, **row):
        return view(request, **row) if is_ours(request) else refusal(403, "not from this app")

    return guarded


def body(request):
    """Return the body, or None when it is too long."""
    try:
        return request.body if len(request.body) <= LONGEST else None
    except RequestDataTooBig:
        return None


def refusal(status, reason):
    """Return the answer to what is not taken."""
    return JsonResponse({"error": reason}, status=status)


def told(status, words):
    """Return the answer to what is not done, in words that a page may show."""
    return JsonResponse({"reason": words}, status=status)

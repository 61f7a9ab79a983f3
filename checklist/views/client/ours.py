"""JSON that our own scripts post. It needs no token: other sites can set neither the header nor the origin (R16)."""

import json
from functools import wraps

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

HEADER = "X-Settle"
LONGEST = 128 * 1024  # bytes


def is_ours(request):
    """Whether the request comes from our own page: other sites can set neither the header nor the origin (R16)."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    same = origin is None or origin in (settings.BASE_URL, f"{request.scheme}://{request.get_host()}")
    return (
        (request.content_type == "application/json" or request.method == "DELETE")
        and HEADER in request.headers
        and site == "same-origin"
        and same
    )


def only(*methods):
    """Let a view answer what our own scripts send by these methods, and refuse whatever else comes."""

    def guard(view):
        @csrf_exempt
        @require_http_methods(methods)
        @never_cache
        @wraps(view)
        def guarded(request, **row):
            return view(request, **row) if is_ours(request) else refusal(403, "not from this app")

        return guarded

    return guard


def either(by_script, by_form):
    """Return the view that leaves JSON to one view, and a plain form to another that asks for its token."""

    @csrf_exempt
    @wraps(by_form)
    def view(request, **row):
        is_form = request.method == "POST" and request.content_type != "application/json"
        return (by_form if is_form else by_script)(request, **row)

    return view


def body(request):
    """Return the body, or None when it is too long."""
    try:
        return request.body if len(request.body) <= LONGEST else None
    except RequestDataTooBig:
        return None


def read(request):
    """Return the decoded JSON of the body, or None where it is none."""
    try:
        return json.loads(body(request) or b"")
    except (ValueError, RecursionError):
        return None


def refusal(status, reason):
    """Return the answer to what is not taken."""
    return JsonResponse({"error": reason}, status=status)


def too_often(seconds):
    """Return the answer to what comes too often; our scripts keep what they have and ask again after that long."""
    return later(refusal(429, "too often"), seconds)


def later(answer, seconds):
    """Let an answer say after how many seconds to ask again; return it."""
    answer.headers["Retry-After"] = str(seconds)
    return answer


def told(status, words):
    """Return the answer to what is not done, in words that a page may show."""
    return JsonResponse({"reason": words}, status=status)

"""Refuses requests that are not in UTF-8: no browser sends them, and some break the reading of forms."""

from django.core.exceptions import BadRequest


class OnlyUtf8Middleware:
    """Python knows encodings that are no text, like rot13; with one of those Django's parsers fail (R29)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if (request.encoding or "utf-8").lower() not in ("utf-8", "utf8"):
            raise BadRequest("Only UTF-8 is read here.")
        return self.get_response(request)

"""Headers that every response carries, errors and static files included (R26)."""

from django.conf import settings


class HeadersMiddleware:
    """Outermost, so that no other middleware can answer past it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        for name, value in settings.HEADERS.items():
            response.headers.setdefault(name, value)
        return response

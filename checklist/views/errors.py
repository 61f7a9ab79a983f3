"""Pages for what went wrong: plain words, the right status, a way on. None is kept: on a phone they say whose it is."""

from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from project.bodies import REFUSED


def bad_request(request, exception=None):
    return _page(request, "400.html", 400)


def forbidden(request, exception=None):
    return _page(request, "403.html", 403)


def not_found(request, exception=None):
    return _page(request, "404.html", 404)


def not_allowed(get_response):
    """Middleware that gives words to a 405, which Django leaves empty (R29)."""

    def answer(request):
        response = get_response(request)
        if response.status_code != 405 or response.content:
            return response
        page = _page(request, "405.html", 405)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    return answer


def body_refused(get_response):
    """Middleware that says why the body of a request was not taken in, before anybody looks for one (R29)."""

    def answer(request):
        status = request.META.get(REFUSED)
        if not status:
            return get_response(request)
        page = _page(request, f"{status}.html", status)
        if status == 503:
            page.headers["Retry-After"] = "60"
        return page

    return answer


def broken(request):
    return _page(request, "500.html", 500)


def forged(request, reason=""):
    """A form came without its token: most often a page that was open for very long."""
    return _page(request, "403_csrf.html", 403)


def _page(request, name, status):
    answer = render(request, name, status=status)
    add_never_cache_headers(answer)
    return answer

"""Pages for what went wrong: plain words, the right status, a way on."""

from django.shortcuts import render

from project.bodies import REFUSED


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def forbidden(request, exception=None):
    return render(request, "403.html", status=403)


def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def not_allowed(get_response):
    """Middleware that gives words to a 405, which Django leaves empty (R29)."""

    def answer(request):
        response = get_response(request)
        if response.status_code != 405 or response.content:
            return response
        page = render(request, "405.html", status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    return answer


def body_refused(get_response):
    """Middleware that says why the body of a request was not taken in, before anybody looks for one (R29)."""

    def answer(request):
        status = request.META.get(REFUSED)
        if not status:
            return get_response(request)
        page = render(request, f"{status}.html", status=status)
        if status == 503:
            page.headers["Retry-After"] = "60"
        return page

    return answer


def broken(request):
    return render(request, "500.html", status=500)


def forged(request, reason=""):
    """A form came without its token: most often a page that was open for very long."""
    return render(request, "403_csrf.html", status=403)

"""Answers what a connection check measures with before sessions, languages and forms are thought of.

Fifty phones that check at once ask some hundred times a second, and a page must not wait behind that. What is refused
goes the ordinary way, where its words are found.
"""

from django.urls import reverse

from checklist.views.client import checking


def measured(get_response):
    """Middleware, inside of those that give a response its headers."""
    views = {reverse("client:check_probe"): checking.probe, reverse("client:check_down"): checking.down}

    def answer(request):
        view = views.get(request.path_info) if request.method == "GET" else None
        quick = view and view(request)
        return quick if quick and quick.status_code < 400 else get_response(request)

    return answer

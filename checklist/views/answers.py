"""How views answer a form, the same everywhere."""

from allauth.account.adapter import get_adapter
from django.shortcuts import render

from checklist.pure.network import holder


def page(request, template, context=None, form=None):
    """Return the page; 422 with what was typed and what to mend when `form` was refused."""
    refused = form is not None and form.is_bound and bool(form.errors)
    return render(request, template, {"form": form, **(context or {})}, status=422 if refused else 200)


def posted(request):
    """Return what a form was sent with, even when that is nothing at all; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def too_many(request):
    """Return the page that asks to wait a while."""
    response = render(request, "429.html", status=429)
    response.headers["Retry-After"] = "600"
    return response


def address(request):
    """Return whose network address asks, as the trusted proxies tell it; used for limits, never logged."""
    return holder(get_adapter(request).get_client_ip(request) or "unknown")

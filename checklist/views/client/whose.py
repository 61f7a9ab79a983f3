"""Whose choices a page is about, on a phone that stands for clients of several therapists: those with one at a time.

What somebody writes or chooses for one therapist must not reach another: who made the other client may read it (R16).
"""

from django.shortcuts import redirect
from django.urls import reverse

from checklist import access


def chosen(request):
    """Return the clients of this phone that the therapist of the one looks after whom the address names.

    Of the first one, where it names none; 404 where it names somebody else's.
    """
    mine, named = access.clients(request), request.GET.get("client")
    one = access.own_client(request, named) if named else mine[0]
    return [client for client in mine if client.therapist_id == one.therapist_id]


def whose(request):
    """Return the context of whose.html: a row for each therapist, none where there is only one."""
    here = chosen(request)[0].therapist_id
    first = {client.therapist_id: client for client in reversed(access.clients(request))}
    rows = [{"client": client, "here": client.therapist_id == here} for client in reversed(first.values())]
    return {"whose": rows if len(rows) > 1 else []}


def back(request, name):
    """Return the redirect to the page `name`, about the same client as this one."""
    named = request.GET.get("client")
    return redirect(f"{reverse(name)}?client={named}" if named else name)

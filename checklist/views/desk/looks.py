"""Writing down what a page of the desk has shown of a client, so that the client can read it (R20)."""

from django.utils import timezone

from checklist.models import Look, Share


def note(request, seen, now):
    """Note these (client, Share, session or None) as looked at, once a day, if a person has the page before them.

    A browser that fetches ahead of a tap says so, a script asks for no document, and HEAD shows nothing.
    """
    if request.method == "GET" and _is_for_a_person(request.headers):
        Look.objects.note(request.user, seen, timezone.localdate(now), now)


def seen_lists(sessions):
    """Return what a page has shown of how far these sessions' lists are."""
    shown = (session for session in sessions if not session.cancelled and session.seen is not None)
    return [(session.client, Share.ITEMS, session) for session in shown]


def seen_checks(session):
    """Return what a page has shown of a session's connection checks."""
    return [(session.client, Share.CONNECTION, session)] if session.seen_checks else []


def seen_said(rows):
    """Return what a page has shown of what clients said after sessions; `rows` are those of views/desk/rows.py."""
    went = [(row.session.client, Share.OUTCOME, row.session) for row in rows if row.outcome]
    return went + [(row.session.client, Share.FIT, row.session) for row in rows if row.fit]


def seen_at_all(client, sessions):
    """Return what a page has shown of all of a client's lists together."""
    return [(client, Share.ITEMS, None)] if seen_lists(sessions) else []


def seen_plan(client, sentence):
    """Return what a page has shown of a client's plan."""
    return [(client, Share.PLAN, None)] if sentence else []


def _is_for_a_person(headers):
    ahead = "prefetch" in headers.get("Sec-Purpose", "") or "prefetch" in headers.get("Purpose", "")
    return headers.get("Sec-Fetch-Dest", "document") == "document" and not ahead

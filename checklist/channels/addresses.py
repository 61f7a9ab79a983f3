"""Absolute addresses that go out: in messages, calendars and invitations to look."""

from functools import cache

from django.conf import settings
from django.urls import reverse

NOBODYS = "00000000-0000-0000-0000-000000000000"


def session_url(session_id):
    """Return the absolute address of a session's page on the phone."""
    return _nobodys_session(settings.BASE_URL).replace(NOBODYS, str(session_id))


@cache
def _nobodys_session(base):
    """Looked up once: for each message anew it took as long as half of its words."""
    return base + reverse("client:session", args=[NOBODYS])

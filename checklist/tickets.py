"""The ticket of a connection check: signed, so that it is known at the door whose data comes in."""

import secrets
from functools import cache
from urllib.parse import parse_qs

from django.core.signing import BadSignature, TimestampSigner

LASTS = 60  # seconds


def give():
    """Return a new ticket."""
    return _signer().sign(secrets.token_urlsafe(9))


def holder(ticket):
    """Return whose ticket it is, or None for one that has run out or that we did not give."""
    try:
        return _signer().unsign(ticket, max_age=LASTS)
    except BadSignature:
        return None


def holder_of(query):
    """Return the holder that a query string names, or None: for the door, before there is a request."""
    return holder(parse_qs(query).get("ticket", [""])[-1])


@cache
def _signer():
    """Made when first needed: a door is put together before the settings are there."""
    return TimestampSigner(salt="settle.check", sep=".")

"""Reads what a phone's own scripts say of notifications, out of JSON that anybody may have written."""

import uuid
from dataclasses import dataclass

from checklist.models import answers, outcomes

OFFERED = (*answers.ON_NOTIFICATIONS, *outcomes.ON_NOTIFICATIONS)


class Unreadable(Exception):
    """This is not what our scripts send; the message says why."""


@dataclass(frozen=True, repr=False)
class Browser:
    """What a browser gave to reach it by; channels.push.addressed looks whether it can be.

    `key` is our public key that it subscribed with, empty when the browser does not tell.
    """

    endpoint: str
    p256dh: str
    auth: str
    key: str = ""


def read_subscription(payload):
    """Return the Browser in a decoded body, or None when the phone wants no notifications; raise Unreadable."""
    found = payload.get("subscription", "") if isinstance(payload, dict) else ""
    if found is None:
        return None
    keys = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(keys, dict):
        raise Unreadable("A subscription has an endpoint and keys.")
    texts = found.get("endpoint"), keys.get("p256dh"), keys.get("auth")
    if not all(isinstance(text, str) and 0 < len(text) <= 2048 for text in texts):
        raise Unreadable("A subscription has an endpoint and keys.")
    key = payload.get("key") or ""
    if not isinstance(key, str):
        raise Unreadable("A key is a text.")
    return Browser(*texts, key)


def read_arrival(payload):
    """Return (handover id, token, whether it was opened) from a decoded body; raise Unreadable."""
    return *_proof(payload), payload.get("opened") is True


def read_answer(payload):
    """Return (handover id, token, kind of answer) from a decoded body; raise Unreadable."""
    proof, kind = _proof(payload), payload.get("kind")
    if kind not in OFFERED:
        raise Unreadable("A notification offers two answers.")
    return *proof, kind


def _proof(payload):
    fields = payload if isinstance(payload, dict) else {}
    try:
        handover_id = uuid.UUID(str(fields.get("handover")))
    except ValueError:
        raise Unreadable("A notification has an id.") from None
    token = fields.get("token")
    if not isinstance(token, str) or len(token) > 100 or not token.isascii():
        raise Unreadable("A notification has a token.")
    return handover_id, token

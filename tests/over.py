"""Sessions that are over, for tests: `past(sam, 3)` are three of them, a week apart, the earliest first."""

import uuid
from datetime import timedelta

from checklist import reflecting
from checklist.models import Session, Tick
from tests import factories

MINUTES, WEEK = timedelta(minutes=50), timedelta(days=7)
HOURS_AGO = timedelta(hours=3)


def past(client, count=1, way="video", until=-HOURS_AGO):
    """Return sessions of that client that took place, made at once; the last one began at NOW + `until`."""
    first, version = not client.sessions.exists(), client.practice.checklists.first().current
    rows = [
        Session(
            client=client, therapist=client.therapist, version=version, way=way, first=first and not place,
            starts_at=(start := factories.NOW + until - (count - 1 - place) * WEEK), ends_at=start + MINUTES,
        )
        for place in range(count)
    ]  # fmt: skip
    return Session.objects.bulk_create(rows)


def get_ready(session, done=None):
    """Tick so many items of the session's list, or all, an hour before it starts."""
    lines = Session.objects.with_lists().get(pk=session.pk).readiness.lines[:done]
    ms = int((session.starts_at - timedelta(hours=1)).timestamp() * 1000)
    items = [line.item.key for line in lines]
    Tick.objects.bulk_create(
        Tick(session=session, uid=uuid.uuid4(), item=item, state="done", ms=ms) for item in items
    )


def say(session, kind, now=factories.NOW):
    """Let the client say how it went."""
    assert reflecting.say(Session.objects.get(pk=session.pk), kind, now) == ""


def fits(session, now=factories.NOW, **replies):
    """Let the client say how well it fits."""
    assert reflecting.reply(Session.objects.get(pk=session.pk), replies, now) == ""


def share(client, *kinds):
    """Let the therapist see these kinds, and no others."""
    client.sharing = list(kinds)
    client.save(update_fields=["sharing"])

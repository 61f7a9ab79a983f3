"""Phones that take notifications, and a sender that tells them: pytest_plugins = ["tests.phones"]."""

import pytest

from checklist.channels.notifying import PushChannel
from checklist.channels.push import Pusher
from checklist.dispatching import send_due
from tests.subscribed import takes_notifications

pytest_plugins = ["tests.pushing", "tests.waiting"]


@pytest.fixture
def told(service, keys):
    """Return a function that lets a sender of notifications look at an instant, and returns what the phones got."""
    channel = PushChannel(lambda: Pusher(service.poster()))

    def look(at, **options):
        before = len(service.messages)
        service.clock = at.timestamp
        send_due(lambda: at, {"push": channel}, **options)
        return service.messages[before:]

    yield look
    channel.close()


@pytest.fixture
def subscribed(sam, service, keys, now):
    """Sam's phone, which takes notifications."""
    return takes_notifications(sam, service, now)

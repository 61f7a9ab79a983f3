"""Fixtures of the tests about reminders: pytest_plugins = ["tests.waiting"] brings them in."""

import pytest

from checklist import fates
from checklist.channels.email import EmailChannel
from tests import factories
from tests.looking import DAY, due
from tests.mailbox import MailServer


@pytest.fixture
def ahead(sam, now):
    """Sam's session three days from now, in Los Angeles; Dana is in New York."""
    return factories.session(sam, 3 * DAY)


@pytest.fixture
def evening(ahead):
    """When Sam's reminder of the evening before is due."""
    return due("day_before")


@pytest.fixture
def exactly(monkeypatch):
    """Let the pauses between tries last as long as the table says."""
    monkeypatch.setattr(fates.random, "uniform", lambda low, high: 1)
    return monkeypatch


@pytest.fixture
def channel():
    """The channel of mails."""
    channel = EmailChannel()
    yield channel
    channel.close()


@pytest.fixture
def post(settings):
    """A running mail server that Django's settings point to."""
    server = MailServer()
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
    settings.EMAIL_TIMEOUT = 10
    yield server
    if server.loop.is_running():
        server.stop()

"""Fixtures for tests of push: keys of our own and a service to push to."""

import pytest

from project import pushkeys
from tests.pushes import PushService


@pytest.fixture
def keys(settings, folder_in_memory):
    """Return push keys of ours, made once for all tests."""
    settings.PUSH_KEY_FILE = folder_in_memory / "push_key.pem"
    pushkeys.make(settings.PUSH_KEY_FILE)
    return pushkeys.load(settings.PUSH_KEY_FILE)


@pytest.fixture
def service(tmp_path):
    """A push service; the test fails when it refused something by itself and nobody looked at why."""
    service = PushService(tmp_path)
    yield service
    service.stop()
    assert service.problems == []

"""The lease of a batch while its sender is at work (R9)."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from checklist import fates, leasing
from checklist.models import Delivery
from checklist.models.outbox import LEASE
from tests.looking import due
from tests.test_claiming import claim

pytest_plugins = ["tests.waiting"]
pytestmark = pytest.mark.django_db(transaction=True)
SECOND = timedelta(seconds=1)


@pytest.fixture
def quick(monkeypatch):
    """Let the thread look every hundredth of a second; return what tells that it has."""
    looked, lengthen = threading.Event(), type(Delivery.objects.all()).lengthen

    def noted(rows, holder, now):
        lengthen(rows, holder, now)
        looked.set()

    monkeypatch.setattr(type(Delivery.objects.all()), "lengthen", noted)
    monkeypatch.setattr(leasing, "EVERY", timedelta(seconds=0.01))
    return looked


def lease():
    return Delivery.objects.get(reminder__kind="day_before").lease_until


def test_a_lease_is_lengthened_while_its_holder_is_at_work(evening, quick):
    claim("me", evening)
    with leasing.kept("me", lambda: evening + 40 * SECOND):
        assert quick.wait(10)
    assert lease() == evening + 40 * SECOND + LEASE


def test_it_ends_when_the_work_does(evening, quick):
    claim("me", evening)
    with leasing.kept("me", lambda: evening):
        assert quick.wait(10)
    assert lease() == evening + LEASE
    assert not any(thread.name == leasing.NAME for thread in threading.enumerate())


def test_somebody_elses_lease_stays_as_it_is(evening, quick):
    claim("you", evening)
    with leasing.kept("me", lambda: evening + 40 * SECOND):
        assert quick.wait(10)
    assert lease() == evening + LEASE


def test_a_lease_that_has_ended_is_not_taken_back(evening, quick):
    claim("me", evening)
    with leasing.kept("me", lambda: evening + LEASE):
        assert quick.wait(10)
    assert lease() == evening + LEASE


def test_what_was_sent_meanwhile_has_no_lease(evening, quick):
    claim("me", evening)
    fates.sent([Delivery.objects.with_marks(evening).get(reminder__kind="day_before")], evening)
    with leasing.kept("me", lambda: evening + SECOND):
        assert quick.wait(10)
    assert lease() is None


def test_a_database_that_is_away_does_not_end_the_sender(evening, monkeypatch):
    broken = threading.Event()

    def away(*_):
        broken.set()
        raise OperationalError("sam@example.org")

    monkeypatch.setattr(type(Delivery.objects.all()), "lengthen", away)
    monkeypatch.setattr(leasing, "EVERY", timedelta(seconds=0.01))
    with leasing.kept("me", lambda: evening):
        assert broken.wait(10)
    assert due("day_before") == evening
    assert connection.is_usable()

"""The task `deliver`: inline in the sender, or in the worker of another backend (R9)."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError
from django_tasks import task_backends

from checklist import delivering, dispatching, settling, tasks
from checklist.channels.ways import WAYS
from checklist.models import Delivery, Heartbeat
from tests.looking import MINUTE, due, fate, look
from tests.mailbox import Notepad

pytest_plugins = ["tests.waiting"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def queue(settings):
    """A backend that keeps what it is given, as a queue with workers elsewhere does."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    return task_backends["default"]


def work(queue, monkeypatch, notepad):
    """Do what waits in the queue when it is due, as a worker with a channel of its own does."""
    monkeypatch.setitem(WAYS, "email", lambda: notepad)
    with time_machine.travel(due("day_before"), tick=False):
        return [tasks.deliver.call(*result.args) for result in queue.results]


def test_a_batch_goes_to_the_queue_and_is_held_for_its_worker(evening, queue):
    channel = look(evening)
    assert channel.sent == []
    assert len(queue.results) == 1
    assert look(evening + MINUTE).sent == []
    assert len(queue.results) == 1


def test_a_worker_elsewhere_sends_it(evening, queue, monkeypatch):
    look(evening)
    notepad = Notepad()
    assert work(queue, monkeypatch, notepad) == [{"sent": 1}]
    assert notepad.kinds == ["day_before"]
    assert fate() == ("sent", "")


def test_r9_a_task_that_is_run_twice_sends_once(evening, queue, monkeypatch):
    look(evening)
    notepad = Notepad()
    assert work(queue, monkeypatch, notepad) + work(queue, monkeypatch, notepad) == [{"sent": 1}, {}]
    assert len(notepad.sent) == 1


def test_r9_a_queue_that_loses_a_task_loses_no_reminder(evening, queue, settings):
    look(evening)
    queue.clear()
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    assert look(evening + 6 * MINUTE).kinds == ["day_before"]


def test_a_worker_that_comes_too_late_sends_nothing_of_somebody_elses(evening, queue, monkeypatch, settings):
    look(evening)
    late = [result.args for result in queue.results]
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    look(evening + 6 * MINUTE)
    notepad = Notepad()
    monkeypatch.setitem(WAYS, "email", lambda: notepad)
    assert [tasks.deliver.call(*args) for args in late] == [{}]
    assert notepad.sent == []


def test_an_id_that_there_is_not_is_left_alone(db, monkeypatch):
    monkeypatch.setitem(WAYS, "email", Notepad)
    assert tasks.deliver.call("email", [str(uuid.uuid4())], "me") == {}


def test_a_database_that_goes_away_in_a_task_is_seen_by_the_sender(evening, monkeypatch):
    def broken(*_):
        raise OperationalError("sam@example.org")

    monkeypatch.setattr(settling.deciding, "why_not", broken)
    with pytest.raises(OperationalError) as error:
        look(evening)
    assert "sam@" not in str(error.value)


def test_a_task_that_ends_early_for_another_reason_is_seen_too(evening, monkeypatch):
    monkeypatch.setattr(delivering.Sender, "settle", lambda *_: 1 / 0)
    with pytest.raises(RuntimeError):
        look(evening)
    assert Delivery.objects.get(reminder__kind="day_before").state == "planned"


def test_what_a_task_says_it_did_reaches_the_one_who_asked(evening):
    told = dispatching.send_due(lambda: evening, {"email": Notepad()})
    assert told == {"sent": 1}


def test_a_worker_shows_that_it_is_alive(evening, queue, monkeypatch, now):
    look(evening)
    Heartbeat.objects.all().delete()
    work(queue, monkeypatch, Notepad())
    assert Heartbeat.last("email") == evening


def test_what_waits_in_a_queue_is_held_for_its_worker_for_five_minutes(evening, queue):
    look(evening)
    assert look(evening + 5 * MINUTE - timedelta(seconds=1)).sent == []
    assert len(queue.results) == 1
    look(evening + 5 * MINUTE)
    assert len(queue.results) == 2

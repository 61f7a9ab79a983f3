"""More senders come when much is due, and go when nothing is (R9)."""

import logging
import os
import subprocess
import sys
import threading
from functools import partial

import pytest
from django.core.management import call_command

from checklist import dispatching, hands
from checklist.hands import Hands
from checklist.management.commands import sendreminders
from checklist.models import Delivery
from tests import factories
from tests.looking import DAY, due_last
from tests.mailbox import Notepad
from tests.proofs import _outbox
from tests.test_sender import run

pytest_plugins = ["tests.waiting"]
WAIT = "import signal, sys; signal.sigwait([signal.SIGTERM])"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); signal.pause()"


@pytest.fixture
def command(monkeypatch):
    """Let those who help run these lines of Python in place of the sender."""

    def command(lines):
        monkeypatch.setattr(hands, "COMMAND", (sys.executable, "-c", lines))

    command(WAIT)
    return command


@pytest.fixture
def called(command):
    """Return Hands with three places on a channel; what works for them ends with the test."""
    called = Hands(3)
    yield called
    called.leave()


# Who comes, and when


def test_with_the_first_there_are_as_many_as_the_setting_says(called):
    called.come("email")
    assert len(called.working) == 2


def test_nobody_comes_while_they_still_work(called):
    called.come("email")
    before = called.working
    called.came.clear()
    called.come("email")
    assert called.working == before


def test_who_ended_is_not_followed_at_once_for_ever(command, called):
    command("pass")
    called = Hands(2)
    called.come("email")
    called.started[0].wait(60)
    called.come("email")
    assert called.working == []


def test_who_ended_a_while_ago_is_followed(command, monkeypatch, called):
    called.come("email")
    for each in called.working:
        each.kill()
        each.wait(60)
    monkeypatch.setattr(hands, "AGAIN", 0)
    called.come("email")
    assert len(called.working) == 2


def test_each_channel_has_its_own(called):
    called.come("email")
    called.come("push")
    assert [each.args[-1] for each in called.working] == ["email", "email", "push", "push"]


@pytest.mark.parametrize("most", [0, 1])
def test_with_one_place_nobody_comes(command, most):
    alone = Hands(most)
    alone.come("email")
    assert alone.working == []


def test_where_nobody_can_come_the_first_works_alone_and_the_log_says_so(monkeypatch, caplog):
    monkeypatch.setattr(hands, "COMMAND", ("/nowhere/python",))
    with caplog.at_level(logging.WARNING, "checklist"):
        Hands(2).come("email")
    assert caplog.messages == ["no more hands for channel email: FileNotFoundError"]


def test_they_are_told_whom_to_help_where_and_when(command, tmp_path):
    said = tmp_path / "said"
    command(f"import sys; open({str(said)!r}, 'w').write(' '.join(sys.argv[1:]))")
    called = Hands(2, ["--now=2026-11-26T14:00:00+00:00"])
    called.come("push")
    called.started[0].wait(60)
    assert said.read_text() == f"--once --beside {os.getpid()} --now=2026-11-26T14:00:00+00:00 --channel push"


# How they go


def test_they_go_when_the_first_one_goes(called):
    called.come("email")
    gone = called.working
    called.leave()
    assert [each.poll() is None for each in gone] == [False, False]


def test_r9_nobody_comes_any_more_once_they_have_gone(called):
    called.leave()
    called.come("email")
    assert called.started == []


def test_who_does_not_go_is_made_to(command, monkeypatch):
    command(STUBBORN)
    monkeypatch.setattr(hands, "GRACE", 0.1)
    popen = hands.subprocess.Popen
    monkeypatch.setattr(hands.subprocess, "Popen", partial(popen, stdout=subprocess.PIPE))
    called = Hands(2)
    called.come("email")
    (stubborn,) = called.started
    assert stubborn.stdout.readline()
    called.leave()
    assert stubborn.returncode == -9
    stubborn.stdout.close()


def test_once_the_first_one_waits_for_them(command):
    command("pass")
    called = Hands(2)
    called.come("email")
    called.finish(threading.Event().wait)
    assert called.started[0].returncode == 0


def test_a_signal_ends_that_wait_and_them(called):
    called.come("email")
    gone = called.working
    called.finish(lambda _seconds: True)
    assert all(each.returncode is not None for each in gone)


def test_a_sender_whose_first_one_is_gone_stops(monkeypatch):
    """Killed without a word, the first one leaves nobody behind who sends for ever."""
    with sendreminders.stopped_by_signals(os.getppid()) as stop:
        assert not stop()
    with sendreminders.stopped_by_signals(os.getpid()) as stop:
        assert stop()


# When much is due


@pytest.fixture
def crowd(dana, now):
    """Sessions of nine clients; return when the reminder of the evening before is due for each."""
    for client in factories.crowd(dana, 9):
        factories.session(client, 3 * DAY)
    return due_last()


def calls(at, batch):
    """Let a sender look that claims so many at once; return the channels on which it found much to do."""
    notepad, called = Notepad(), []
    notepad.batch = batch
    dispatching.send_due(lambda: at, {"email": notepad}, much=called.append)
    assert len(notepad.sent) == 9
    return called


@pytest.mark.django_db
@pytest.mark.parametrize(("batch", "times"), [(10, 0), (9, 0), (5, 1), (3, 2)])
def test_much_is_what_does_not_fit_into_one_batch(crowd, batch, times):
    assert calls(crowd, batch) == ["email"] * times


@pytest.mark.django_db
def test_what_workers_of_a_queue_send_calls_nobody(crowd, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    called, notepad = [], Notepad()
    notepad.batch = 3
    dispatching.send_due(lambda: crowd, {"email": notepad}, much=called.append)
    assert called == []


@pytest.mark.django_db
def test_a_sender_that_helps_calls_nobody_itself(monkeypatch, settings):
    settings.SENDERS = 4
    made = []
    monkeypatch.setattr(sendreminders, "Hands", lambda *arguments: made.append(arguments) or Hands(1))
    call_command("sendreminders", "--once", f"--beside={os.getppid()}")
    call_command("sendreminders", "--once")
    assert [most for most, _options in made] == [1, 4]


@pytest.mark.django_db
def test_one_channel_alone_can_be_sent_on(crowd, post):
    call_command("sendreminders", "--once", "--channel=push", f"--now={crowd.isoformat()}")
    assert post.mails == []
    call_command("sendreminders", "--once", "--channel=email", f"--now={crowd.isoformat()}")
    assert len(post.mails) == 9


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_r9_while_the_first_one_waits_for_its_server_another_sends_and_each_mail_goes_once(
    dana, now, post, tmp_path
):
    """The first has claimed two batches of three when its server falls silent; the third can only be another's."""
    _outbox.by_mail(dana, [now] * 300)
    post.hold_after = 110
    process = run(post, tmp_path, f"--now={now.isoformat()}")
    assert post.came.wait(60)
    first = post.held
    post.came.clear()
    post.hold_after = 210
    assert post.came.wait(60)
    process.terminate()
    for held in (first, post.held):
        post.loop.call_soon_threadsafe(held.set_result, None)
    assert process.wait(60) == 0, process.stdout.read()
    process.stdout.close()
    assert set(post.ids().values()) == {1}
    assert Delivery.objects.filter(state="sent").count() == len(post.mails)
    assert not Delivery.objects.exclude(lease_until=None).exists()

"""The command sendreminders: once or for ever, ended by a signal, killed and taken up again (R9)."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection
from django.utils import timezone

from checklist import inviting, retaining
from checklist.management.commands import sendreminders
from checklist.models import Delivery, Heartbeat, Limit
from checklist.models.outbox import LEASE
from tests import factories
from tests.looking import DAY, due_last

pytest_plugins = ["tests.waiting"]
pytestmark = pytest.mark.postgres
ROOT = Path(__file__).resolve().parent.parent
MANY = 12


def send(now):
    call_command("sendreminders", "--once", f"--now={now}")


def run(post, tmp_path, *arguments):
    """Start the real command in a process of its own, on the test database and with this mail server."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database['NAME']}"
    else:
        url = "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    environment = {
        "PATH": os.environ["PATH"],
        "SETTLE_MODE": "production",
        "SETTLE_DATA": str(tmp_path),
        "SECRET_KEY": "only-in-tests-" * 5,
        "ALLOWED_HOSTS": "settle.example",
        "BASE_URL": "https://settle.example",
        "DATABASE_URL": url,
        "DEFAULT_FROM_EMAIL": "Settle <hello@settle.example>",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(post.port),
        "EMAIL_USE_TLS": "0",
        "SENDERS": "2",
    }
    command = [sys.executable, "manage.py", "sendreminders", *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


@pytest.fixture
def many(dana, now, settings):
    """A session of many clients; return an instant at which the reminder of the evening before is due for each."""
    settings.BASE_URL = "https://settle.example"  # as in the other process: it is part of a Message-ID
    for client in factories.crowd(dana, MANY):
        factories.session(client, 3 * DAY)
    return due_last()


def states():
    return set(Delivery.objects.filter(reminder__kind="day_before").values_list("state", flat=True))


# Once


@pytest.mark.django_db
def test_once_sends_what_is_due_by_the_clock_it_is_given(ahead, evening, post):
    send(evening.isoformat())
    assert len(post.mails) == 1


@pytest.mark.django_db
def test_r11_once_sends_nothing_early(ahead, evening, post):
    send((evening - timedelta(seconds=1)).isoformat())
    assert post.mails == []


@pytest.mark.django_db
def test_now_may_be_given_with_any_offset(ahead, evening, post):
    send("2026-11-28T21:00:00-05:00")
    assert len(post.mails) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["2026-11-28T18:00:00", "tomorrow", "2026-13-01T00:00Z", ""])
def test_r29_a_now_without_offset_or_sense_is_refused_with_words(text):
    with pytest.raises(CommandError, match="--now"):
        call_command("sendreminders", "--once", f"--now={text}")


@pytest.mark.django_db
def test_it_says_what_it_did(ahead, evening, post, capsys):
    send(evening.isoformat())
    assert capsys.readouterr().out == "reminders: 1 sent\n"


@pytest.mark.django_db
def test_it_is_silent_when_there_is_nothing_to_do(ahead, now, post, capsys):
    send(now.isoformat())
    assert capsys.readouterr().out == ""


@pytest.mark.django_db
def test_it_beats_by_the_real_clock_even_in_a_rehearsal(ahead, evening, now, post):
    send(evening.isoformat())
    assert Heartbeat.last("email") == Heartbeat.last("push") == now


@pytest.mark.django_db
def test_it_leaves_the_signals_as_they_were(now, post):
    before = signal.getsignal(signal.SIGTERM)
    send(now.isoformat())
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.django_db
def test_it_forgets_the_tries_of_days_gone_by_and_keeps_those_of_today(now, post):
    Limit.take("join", "yesterday", 10, 600, now - timedelta(days=2))
    Limit.take("join", "today", 10, 3600, now - timedelta(hours=1))
    send(now.isoformat())
    assert [row.window.date() for row in Limit.objects.all()] == [now.date()]


@pytest.mark.django_db
def test_it_forgets_tries_by_the_real_clock_even_in_a_rehearsal(now, post):
    Limit.take("join", "today", 10, 600, now)
    send((now + timedelta(days=9)).isoformat())
    assert Limit.objects.count() == 1


# For ever


def looks(monkeypatch, *results):
    """Let each look of the sender give the next result or raise it; with the last one SIGTERM comes."""
    results = list(results)

    def look(clock, channels, stop, much):
        if Delivery.Channel.EMAIL not in channels:
            return {}
        result = results.pop(0)
        if not results:
            os.kill(os.getpid(), signal.SIGTERM)
        if isinstance(result, Exception):
            raise result
        return result

    monkeypatch.setattr(
        retaining, "forget_old", lambda _now, _most: {}
    )  # in a thread, past this test's transaction
    monkeypatch.setattr(sendreminders, "PAUSE", 0.01)
    monkeypatch.setattr(sendreminders, "send_due", look)
    return results


@pytest.mark.django_db
def test_for_ever_means_until_sigterm(monkeypatch):
    monkeypatch.setattr(Limit, "forget", lambda _before: None)  # in a thread, past this test's transaction
    left = looks(monkeypatch, {}, {}, {})
    call_command("sendreminders")
    assert left == []


@pytest.mark.django_db
def test_a_database_that_is_away_does_not_end_it(monkeypatch, capsys):
    monkeypatch.setattr(sendreminders, "close_old_connections", lambda: None)  # this test's own among them
    monkeypatch.setattr(Limit, "forget", lambda _before: None)  # in a thread, past this test's transaction
    left = looks(monkeypatch, OperationalError("sam@example.org"), {})
    call_command("sendreminders")
    assert left == []
    assert (
        capsys.readouterr().err
        == "reminders: the database does not answer (OperationalError), trying again\n"
    )


@pytest.mark.django_db
def test_once_a_database_that_is_away_is_an_error(monkeypatch):
    looks(monkeypatch, OperationalError("away"))
    with pytest.raises(OperationalError):
        call_command("sendreminders", "--once")


@pytest.mark.django_db
def test_for_ever_it_forgets_tries_once_an_hour(monkeypatch):
    swept = []
    monkeypatch.setattr(Limit, "forget", swept.append)
    looks(monkeypatch, {}, {}, {})
    call_command("sendreminders")
    assert len(swept) == 1


@pytest.mark.django_db
def test_for_ever_it_forgets_tries_again_when_the_hour_is_over(monkeypatch):
    swept = []
    monkeypatch.setattr(Limit, "forget", swept.append)
    monkeypatch.setattr(sendreminders, "TIDY", timedelta(0))
    looks(monkeypatch, {}, {}, {})
    call_command("sendreminders")
    assert len(swept) == 3


def test_a_signal_while_waiting_ends_the_wait():
    with sendreminders.stopped_by_signals() as stop:
        threading.Thread(target=os.kill, args=[os.getpid(), signal.SIGTERM]).start()
        assert stop(60)
        assert stop()


# A process of its own


@pytest.mark.django_db(transaction=True)
def test_r9_sigterm_ends_it_cleanly_and_the_next_one_sends_the_rest(many, post, tmp_path):
    """The mail that is on its way is finished and marked; what was claimed with it is free at once.

    The signal and the server's answer come at the same moment: the next mail, which is written by then, may still go.
    """
    post.hold_after = 3
    process = run(post, tmp_path, f"--now={many.isoformat()}")
    assert post.came.wait(60)
    process.terminate()
    post.let_go()
    assert process.wait(60) == 0, process.stdout.read()
    assert 3 <= Delivery.objects.filter(state="sent").count() <= 4
    assert not Delivery.objects.exclude(lease_until=None).exists()
    send(many.isoformat())
    assert set(post.ids().values()) == {1} and len(post.mails) == MANY
    process.stdout.close()


@pytest.mark.django_db(transaction=True)
def test_r9_killed_in_the_middle_nothing_is_missed_and_one_is_repeated_with_its_id(many, post, tmp_path):
    """kill -9 at the worst moment: the server has taken a mail, and the sender does not know it yet."""
    post.hold_after = 5
    process = run(post, tmp_path, f"--now={many.isoformat()}")
    assert post.came.wait(60)
    process.kill()
    process.wait(60)
    process.stdout.close()
    assert Delivery.objects.filter(state="sent").count() == 4
    send((many + LEASE).isoformat())
    assert states() == {"sent"}
    assert sorted(post.ids().values()) == [1] * (MANY - 1) + [2]
    assert len(post.ids()) == MANY


@pytest.mark.django_db(transaction=True)
def test_r9_killed_three_times_at_most_one_repeat_each(many, post, tmp_path):
    at = many
    for _crash in range(3):
        post.came.clear()
        post.hold_after = len(post.mails) + 3
        process = run(post, tmp_path, f"--now={at.isoformat()}")
        assert post.came.wait(60)
        process.kill()
        process.wait(60)
        process.stdout.close()
        at += LEASE
    send(at.isoformat())
    assert states() == {"sent"}
    assert len(post.ids()) == MANY
    assert len(post.mails) <= MANY + 3


@pytest.mark.django_db(transaction=True)
def test_r9_two_processes_at_once_send_each_mail_once(many, post, tmp_path):
    processes = [run(post, tmp_path, "--once", f"--now={many.isoformat()}") for _ in range(2)]
    for process in processes:
        assert process.wait(60) == 0, process.stdout.read()
        process.stdout.close()
    assert set(post.ids().values()) == {1} and len(post.mails) == MANY
    assert states() == {"sent"}


@pytest.mark.django_db(transaction=True)
def test_a_sender_that_runs_sends_what_is_booked_meanwhile(sam, post, tmp_path):
    """By the real clock: a code that somebody asks for leaves without anybody starting anything."""
    process = run(post, tmp_path)
    post.hold_after = 1
    inviting.mail_code(sam.email, timezone.now())
    assert post.came.wait(60)
    process.terminate()
    post.let_go()
    assert process.wait(60) == 0
    process.stdout.close()

"""/livez and /readyz: what a supervisor asks, answered with reasons."""

from datetime import timedelta

import pytest
from django.db import InterfaceError, OperationalError
from django.db.migrations.recorder import MigrationRecorder

from checklist.channels import NotDelivered
from checklist.models import Delivery, Heartbeat
from checklist.views import health
from tests.looking import MINUTE, look
from tests.mailbox import Notepad

pytest_plugins = ["tests.waiting"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def alive(now):
    """Senders that looked just now."""
    for channel in ("email", "push"):
        Heartbeat.beat(channel, now)


def ready(stranger):
    response = stranger.get("/readyz")
    return response.status_code, response.json()["reasons"]


def test_livez_answers_without_a_database(stranger, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = stranger.get("/livez")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_readyz_is_fine_when_all_is(stranger, alive):
    response = stranger.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"ready": True, "reasons": []}


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_an_answer_is_never_kept(stranger, alive, path):
    assert "no-store" in stranger.get(path).headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_r29_only_reading_is_allowed(stranger, path):
    assert stranger.post(path).status_code == 405


def test_a_sender_that_never_ran_is_a_reason_for_each_channel(stranger, now):
    assert ready(stranger) == (
        503,
        ["the sender of notifications is not running", "the sender of mails is not running"],
    )


@pytest.mark.parametrize(("silent", "status"), [(120, 200), (121, 503)])
def test_a_sender_that_stopped_is_a_reason(stranger, alive, now, silent, status):
    Heartbeat.beat("email", now - timedelta(seconds=silent))
    assert ready(stranger)[0] == status


@pytest.mark.parametrize(("late", "status"), [(10, 200), (11, 503)])
def test_a_reminder_that_is_overdue_is_a_reason(stranger, ahead, alive, now, late, status):
    Delivery.objects.filter(reminder__kind="day_before").update(due_at=now - late * MINUTE)
    assert ready(stranger)[0] == status


def test_a_mail_server_that_is_down_is_a_reason(stranger, ahead, alive, now):
    Delivery.objects.update(due_at=now - 11 * MINUTE)
    look(now, Notepad(down=True))
    assert ready(stranger) == (503, ["mails are overdue: their server may be out of reach"])


def test_one_mailbox_that_is_full_is_no_reason_to_take_the_server_away(stranger, ahead, alive, now):
    Delivery.objects.filter(reminder__kind="day_before").update(due_at=now - 11 * MINUTE)
    look(now, Notepad(trouble=[NotDelivered("address refused")]))
    assert ready(stranger)[0] == 200


def test_what_is_finished_is_not_overdue(stranger, ahead, alive, now):
    Delivery.objects.update(due_at=now - 60 * MINUTE, state="sent")
    assert ready(stranger)[0] == 200


def test_missing_migrations_are_a_reason(stranger, alive):
    MigrationRecorder.Migration.objects.filter(app="checklist").delete()
    assert ready(stranger) == (503, ["migrations are missing"])


@pytest.mark.parametrize("error", [OperationalError("password=x"), InterfaceError("closed")])
def test_a_database_that_is_away_is_a_reason_and_its_words_stay_inside(stranger, monkeypatch, error):
    def broken(connection):
        raise error

    monkeypatch.setattr(health, "MigrationExecutor", broken)
    assert ready(stranger) == (503, ["the database does not answer"])


def test_r28_it_asks_the_same_number_of_questions_however_much_waits(
    stranger, ahead, alive, django_assert_max_num_queries
):
    with django_assert_max_num_queries(10):
        stranger.get("/readyz")

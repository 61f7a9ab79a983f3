"""/metrics: numbers about the senders, for who knows the token."""

from datetime import timedelta

import pytest

from checklist.models import Delivery, Heartbeat
from tests.looking import MINUTE, look

pytest_plugins = ["tests.waiting"]
pytestmark = pytest.mark.django_db
TOKEN = "a-token-for-tests"


@pytest.fixture
def guarded(settings):
    settings.METRICS_TOKEN = TOKEN


def ask(browser, authorization=f"Bearer {TOKEN}"):
    return browser.get("/metrics", headers={"Authorization": authorization})


def read(answer):
    """Return {series: number}."""
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return {series: float(number) for series, number in (line.rsplit(" ", 1) for line in lines)}


def test_it_says_how_old_the_heartbeat_of_each_sender_is(stranger, guarded, now):
    Heartbeat.beat("email", now - timedelta(seconds=7))
    figures = read(ask(stranger))
    assert figures['settle_heartbeat_age_seconds{channel="email"}'] == 7
    assert 'settle_heartbeat_age_seconds{channel="push"}' not in figures


def test_it_says_how_long_the_oldest_is_due_and_how_many_are(stranger, guarded, ahead, now):
    Delivery.objects.filter(reminder__kind="day_before").update(due_at=now - 3 * MINUTE)
    figures = read(ask(stranger))
    assert figures['settle_oldest_due_seconds{channel="email"}'] == 180
    assert figures['settle_due{channel="email"}'] == 1
    assert figures['settle_oldest_due_seconds{channel="push"}'] == figures['settle_due{channel="push"}'] == 0


def test_what_lies_ahead_is_not_overdue(stranger, guarded, ahead, now):
    assert read(ask(stranger))['settle_oldest_due_seconds{channel="email"}'] == 0


def test_it_counts_what_went_and_what_failed_in_the_last_hour(stranger, guarded, ahead, evening, now):
    look(evening)
    Delivery.objects.filter(state="sent").update(finished_at=now - 59 * MINUTE)
    Delivery.objects.filter(reminder__kind="hours_before").update(
        state="failed", finished_at=now - 61 * MINUTE
    )
    figures = read(ask(stranger))
    assert figures['settle_finished_last_hour{channel="email",state="sent"}'] == 1
    assert figures['settle_finished_last_hour{channel="email",state="failed"}'] == 0


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN, "Bearer \xff"]
)
def test_who_does_not_know_the_token_finds_nothing(stranger, guarded, authorization):
    assert ask(stranger, authorization).status_code == 404


@pytest.mark.parametrize(("local", "status"), [(True, 200), (False, 404)])
def test_without_a_token_only_a_local_demo_answers(stranger, settings, local, status):
    settings.METRICS_TOKEN, settings.LOCAL = "", local
    assert stranger.get("/metrics").status_code == status


def test_it_names_nobody(stranger, guarded, ahead, sam):
    body = ask(stranger).content.decode()
    assert not any(word in body for word in (str(sam.id), sam.nickname, sam.email, "Dana"))


def test_r28_it_asks_as_few_queries_with_many_rows(stranger, guarded, ahead, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        ask(stranger)

"""The question after a session as a notification: only for who wants it, once, out of quiet hours (R3, R8, R9, R12)."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from checklist import scheduling
from checklist.models import Client, Delivery, Handover, Outcome, Reminder
from tests import factories
from tests.at_desk import look as look_at
from tests.looking import DAY, MINUTE, due, fate
from tests.over import say
from tests.reading import read
from tests.subscribed import posted
from tests.test_neutral import BANNED
from tests.wished import choose

pytest_plugins = ["tests.phones"]
pytestmark = pytest.mark.django_db
END = factories.NOW + timedelta(minutes=42 + 50)
ASKED = END + 5 * MINUTE


@pytest.fixture
def wanted(subscribed, sams_phone, sams_session):
    """Sam wants to be asked after sessions; there is one in 42 minutes."""
    assert choose(sams_phone, ask_after="on").status_code == 302
    return sams_session


def about():
    return Reminder.objects.filter(kind="after")


def test_nobody_is_asked_who_did_not_choose_it(told, subscribed, sams_session):
    assert not about().exists()
    assert told(ASKED) == []


def test_it_goes_by_push_alone_a_few_minutes_after_the_end(told, wanted):
    assert due("after") == ASKED
    assert list(Delivery.objects.filter(reminder__kind="after").values_list("channel", flat=True)) == ["push"]
    assert told(ASKED - MINUTE) == []
    (message,) = told(ASKED)
    assert fate("after") == ("sent", "")
    notification = message.payload["notification"]
    assert notification["body"] == "How did it go? One tap is enough."
    assert [each["title"] for each in notification["actions"]] == ["It went well", "Technical trouble"]
    assert notification["navigate"].endswith(f"/sessions/{wanted.id}/#outcome")


def test_r3_it_says_nothing_private(told, wanted):
    (message,) = told(ASKED)
    notification = message.payload["notification"]
    shown = [
        notification["title"],
        notification["body"],
        *(each["title"] for each in notification["actions"]),
    ]
    assert not BANNED.search(json.dumps(shown))


def test_r8_it_is_planned_once_however_often_it_is_planned(sams_phone, wanted, now):
    for _again in range(2):
        choose(sams_phone, ask_after="on", hours_before="3")
    assert about().count() == Delivery.objects.filter(reminder__kind="after").count() == 1


def test_it_follows_the_session_and_falls_silent_with_it(told, wanted, now):
    scheduling.change(wanted, now, wanted.starts_at, 80)
    assert due("after") == ASKED + 30 * MINUTE
    scheduling.cancel(wanted, now)
    assert told(ASKED + 30 * MINUTE) == []
    assert fate("after") == ("dropped", "cancelled")


def test_r9_it_is_not_asked_what_was_answered_before(told, wanted):
    say(wanted, "well", END + MINUTE)
    assert told(ASKED) == []
    assert fate("after") == ("dropped", "answered")


def test_it_is_not_sent_to_who_has_switched_it_off_since_or_has_paused(told, sams_phone, wanted):
    choose(sams_phone, without=["ask_after"])
    assert told(ASKED) == []
    assert fate("after") == ("dropped", "unwanted")


def test_r12_it_waits_for_the_end_of_quiet_hours(sams_phone, wanted):
    choose(sams_phone, ask_after="on", quiet_from="12:30", quiet_to="16:30")
    assert due("after") == datetime(2026, 11, 27, 0, 30, tzinfo=UTC)  # half past four in Los Angeles


def test_a_day_later_it_is_of_no_use(told, wanted):
    assert told(END + DAY) == []
    assert fate("after") == ("failed", "too late")


def test_r15_the_desk_neither_shows_it_nor_says_what_became_of_it(wanted, desk):
    asked = Delivery.objects.filter(reminder__kind="after")
    asked.update(state="failed", reason="push refused", finished_at=factories.NOW)
    for page in (f"/desk/sessions/{wanted.id}/", "/desk/", f"/desk/clients/{wanted.client_id}/"):
        text = look_at(desk, page).text
        assert "After the session" not in text and "The notification service refused it" not in text


def test_the_page_about_reminders_lists_it(sams_phone, wanted):
    assert "After the session" in sams_phone.get("/reminders/").content.decode()
    assert Client.objects.get(pk=wanted.client_id).ask_after


@pytest.mark.parametrize(("contact", "offered"), [("mailto:ops@settle.example", 1), ("", 0)])
def test_it_is_offered_where_there_are_notifications_at_all(sams_phone, keys, settings, contact, offered):
    settings.PUSH_CONTACT = contact
    assert len(read(sams_phone.get("/reminders/")).all("input", name="ask_after")) == offered


# One tap on it


@pytest.fixture
def handover(wanted, subscribed):
    delivery = Delivery.objects.get(reminder__kind="after")
    return Handover.objects.create(delivery=delivery, subscription=subscribed)


def answer(browser, handover, kind):
    proof = {"handover": str(handover.id), "token": handover.token(), "kind": kind}
    return posted(browser, proof, "/notifications/answered/")


@pytest.mark.parametrize(("kind", "words"), [("well", "It went well"), ("technical", "Technical trouble")])
def test_one_tap_answers_without_a_cookie(stranger, handover, travelled, kind, words):
    assert answer(stranger, handover, kind).json() == {"said": f"You answered: {words}."}
    assert Outcome.objects.get().kind == kind


@pytest.fixture
def travelled(monkeypatch):
    """Stand after the end of the session."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: ASKED)


def test_before_the_end_the_tap_is_refused_in_words(stranger, handover):
    refused = answer(stranger, handover, "well")
    assert refused.status_code == 422
    assert refused.json()["error"].startswith("It is not over yet.")


def test_what_it_does_not_offer_is_a_400(stranger, handover):
    assert answer(stranger, handover, "interrupted").status_code == 400

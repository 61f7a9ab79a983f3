"""An answer by one tap on a notification: its token is proof enough, and good for that session at that time only."""

import pytest
import time_machine

from checklist import erasing, scheduling
from checklist.models import Answer, Delivery, Erasure, Handover
from tests import factories
from tests.looking import DAY, HOUR
from tests.subscribed import posted

pytest_plugins = ["tests.phones"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def handover(subscribed, sams_session):
    """One notification about Sam's session, on its way to Sam's phone."""
    delivery = Delivery.objects.filter(channel="push", reminder__session=sams_session).first()
    return Handover.objects.create(delivery=delivery, subscription=subscribed)


def answer(browser, handover, kind="confirm", **fields):
    proof = {"handover": str(handover.id), "token": handover.token()}
    return posted(browser, proof | {"kind": kind} | fields, "/notifications/answered/")


def said():
    return list(Answer.objects.values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("kind", "words"),
    [("confirm", "You answered: I'll be there."), ("move", "You answered: I'd like another time.")],
)
def test_one_tap_answers_without_a_cookie_and_says_what_was_said(kind, words, stranger, handover):
    assert answer(stranger, handover, kind).json() == {"said": words}
    assert said() == [kind]


def test_it_is_known_which_phone_it_came_from(stranger, handover, subscribed):
    answer(stranger, handover)
    assert Answer.objects.get().device == subscribed.device


def test_said_again_it_counts_once(stranger, handover):
    for _tap in range(2):
        assert answer(stranger, handover).status_code == 200
    assert said() == ["confirm"]


@pytest.mark.parametrize("token", ["", "x", "y" * 43])
def test_r16_a_wrong_token_is_a_404_and_changes_nothing(stranger, handover, token):
    assert answer(stranger, handover, token=token).status_code == 404
    assert said() == []


def test_r16_the_token_of_another_notification_is_a_404(stranger, handover, lee, service, now):
    other = Handover(delivery=handover.delivery, subscription=handover.subscription)
    assert answer(stranger, handover, token=other.token()).status_code == 404
    assert said() == []


def test_a_phone_that_was_shut_out_answers_nothing(stranger, handover, subscribed, now):
    subscribed.device.revoke(now)
    assert answer(stranger, handover).status_code == 404
    assert said() == []


def test_an_archived_client_answers_nothing(stranger, handover, sam, now):
    type(sam).objects.update(archived_at=now)
    assert answer(stranger, handover).status_code == 404
    assert said() == []


def test_what_was_moved_is_not_answered_by_a_notification_of_before(stranger, handover, sams_session, now):
    scheduling.change(sams_session, now, sams_session.starts_at + DAY, 50)
    refused = answer(stranger, handover)
    assert (refused.status_code, refused.json()) == (
        422,
        {"error": "The time has changed since. Look at the new time first."},
    )
    assert said() == []


def test_what_was_cancelled_is_not_answered(stranger, handover, sams_session, now):
    scheduling.cancel(sams_session, now)
    assert answer(stranger, handover).status_code == 422
    assert said() == []


def test_it_expires_at_the_start(stranger, handover, sams_session):
    with time_machine.travel(sams_session.starts_at, tick=False):
        assert answer(stranger, handover).status_code == 422
    assert said() == []


@pytest.mark.parametrize("kind", ["voice", "no_place", "dance", "", None, 7, ["confirm"], {"a": 1}])
def test_r29_what_it_does_not_offer_is_a_400(stranger, handover, kind):
    assert answer(stranger, handover, kind).status_code == 400
    assert said() == []


def test_r16_another_site_can_not_answer(stranger, handover):
    assert stranger.post("/notifications/answered/", {"handover": str(handover.id)}).status_code == 403


def test_the_answer_is_about_its_own_session(stranger, handover, sam, sams_session, now):
    other = factories.session(sam, 3 * DAY + HOUR)
    answer(stranger, handover)
    assert Answer.objects.get().session == sams_session != other


def test_r29_who_is_erased_in_the_moment_of_the_tap_answers_nothing(
    stranger, handover, sam, now, monkeypatch
):
    def erased(session, *_args):
        erasing.erase(sam, Erasure.By.CLIENT, now)
        session.hold()

    monkeypatch.setattr("checklist.answering.give", erased)
    assert answer(stranger, handover).status_code == 404

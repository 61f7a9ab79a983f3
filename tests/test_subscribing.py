"""Where a phone takes notifications: taken down, renewed, given up; and its word that one arrived (R9, R15, R16)."""

import json

import pytest
from django.utils import timezone

from checklist.models import Client, Delivery, Device, Handover, Subscription
from checklist.views.client.ours import HEADER, LONGEST
from tests import factories
from tests.conftest import LEES_PHONE, SAMS_PHONE
from tests.looking import DAY
from tests.subscribed import OURS, posted, takes_notifications

pytest_plugins = ["tests.phones"]
pytestmark = pytest.mark.django_db


def post(browser, body, address="/notifications/", **headers):
    return posted(browser, body, address, **headers)


def written(browser):
    """Return what a browser's script posts."""
    keys = {"p256dh": browser.p256dh, "auth": browser.auth}
    return {"subscription": {"endpoint": browser.endpoint, "expirationTime": None, "keys": keys}}


@pytest.fixture
def body(service, keys):
    return written(service.subscribe())


def test_a_phone_says_where_it_takes_notifications(sams_phone, body, keys):
    assert post(sams_phone, body).status_code == 204
    row = Subscription.objects.get()
    assert (row.endpoint, row.key_id) == (body["subscription"]["endpoint"], keys.key_id)
    assert row.device == Device.objects.holding(SAMS_PHONE).get()


def test_saying_it_again_keeps_one_row_and_renews_it(sams_phone, body, now):
    post(sams_phone, body)
    Subscription.objects.update(renewed_at=now - DAY)
    post(sams_phone, body)
    assert Subscription.objects.get().renewed_at == now


def test_another_endpoint_takes_the_place_of_the_first(sams_phone, body, service):
    post(sams_phone, body)
    post(sams_phone, written(service.subscribe()))
    assert Subscription.objects.count() == 2
    assert Subscription.objects.live().count() == 1


def test_a_phone_has_so_many_new_endpoints_a_day_and_may_renew_the_one_it_has(
    sams_phone, service, keys, monkeypatch
):
    monkeypatch.setattr("checklist.views.client.notifications.PLACES", 2)
    bodies = [written(service.subscribe()) for _ in range(3)]
    answers = [post(sams_phone, body) for body in bodies]
    assert [answer.status_code for answer in answers] == [204, 204, 429]
    assert answers[2].headers["Retry-After"] == "3600"
    assert post(sams_phone, bodies[1]).status_code == 204
    assert Subscription.objects.count() == 2


def test_reminders_ahead_are_told_this_way_from_then_on(sams_phone, sams_session, body):
    before = set(Delivery.objects.values_list("channel", flat=True))
    post(sams_phone, body)
    assert before == {"email"}
    assert set(Delivery.objects.values_list("channel", flat=True)) == {"email", "push"}


def test_a_phone_of_two_clients_takes_those_of_both(sams_phone, jo, body):
    factories.enrol(jo, SAMS_PHONE)
    post(sams_phone, body)
    assert {row.device.client for row in Subscription.objects.live()} == set(Client.objects.all())


def test_r9_a_browser_that_was_handed_on_belongs_to_who_is_let_in_now(sams_phone, lees_phone, body):
    post(sams_phone, body)
    post(lees_phone, body)
    assert Subscription.objects.live().get().device == Device.objects.holding(LEES_PHONE).get()


def test_giving_it_up_ends_it(sams_phone, body):
    post(sams_phone, body)
    assert post(sams_phone, {"subscription": None}).status_code == 204
    assert not Subscription.objects.live().exists()


def test_giving_up_what_there_is_not_changes_nothing(sams_phone):
    assert post(sams_phone, {"subscription": None}).status_code == 204


def test_a_stranger_is_refused(stranger, body):
    assert post(stranger, body).status_code == 401
    assert not Subscription.objects.exists()


def test_a_phone_that_was_shut_out_is_refused(sams_phone, body):
    Device.objects.update(revoked_at=timezone.now())
    assert post(sams_phone, body).status_code == 401


@pytest.mark.parametrize(
    "headers", [{HEADER: None}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}]
)
def test_r16_another_site_is_refused(sams_phone, body, headers):
    kept = {name: value for name, value in (OURS | headers).items() if value}
    answer = sams_phone.post("/notifications/", json.dumps(body), "application/json", headers=kept)
    assert answer.status_code == 403
    assert not Subscription.objects.exists()


BAD = [
    " ",
    "null",
    "[]",
    "1",
    "{",
    '{"subscription": 1}',
    '{"subscription": {}}',
    '{"subscription": {"endpoint": "https://fcm.googleapis.com/x"}}',
    '{"subscription": {"endpoint": 1, "keys": {"p256dh": "a", "auth": "b"}}}',
    '{"subscription": {"endpoint": "", "keys": {"p256dh": "a", "auth": "b"}}}',
    '{"subscription": {"endpoint": "x", "keys": []}}',
    "[" * 5000,
    '{"subscription": {"endpoint": "' + "x" * 3000 + '", "keys": {"p256dh": "a", "auth": "b"}}}',
    " " * (LONGEST + 1),
]


@pytest.mark.parametrize("body", BAD, ids=range(len(BAD)))
def test_r29_what_can_not_be_read_is_a_400(sams_phone, body):
    answer = post(sams_phone, body)
    assert answer.status_code == 400
    assert answer.json()["error"]


@pytest.mark.parametrize(
    "endpoint", ["http://fcm.googleapis.com/x", "https://127.0.0.1/x", "https://evil.example/x", "nothing"]
)
def test_r29_an_endpoint_that_can_not_be_one_is_a_422(sams_phone, body, endpoint):
    body["subscription"]["endpoint"] = endpoint
    assert post(sams_phone, body).status_code == 422
    assert not Subscription.objects.exists()


def test_one_that_was_made_with_our_key_is_taken(sams_phone, body, keys):
    assert post(sams_phone, body | {"key": keys.public}).status_code == 204


def test_one_that_was_made_with_another_key_is_refused_with_ours(sams_phone, body, keys):
    answer = post(sams_phone, body | {"key": "another"})
    assert (answer.status_code, answer.json()["key"]) == (409, keys.public)
    assert not Subscription.objects.exists()


def test_r29_a_key_that_is_no_text_is_a_400(sams_phone, body):
    assert post(sams_phone, body | {"key": [1]}).status_code == 400


def test_without_keys_of_ours_it_is_a_503(sams_phone, body, settings, tmp_path):
    settings.PUSH_KEY_FILE = tmp_path / "none.pem"
    assert post(sams_phone, body).status_code == 503


# That one arrived


@pytest.fixture
def handover(subscribed, sams_session):
    delivery = Delivery.objects.filter(channel="push").first()
    return Handover.objects.create(delivery=delivery, subscription=subscribed)


def arrived(browser, **fields):
    return post(browser, fields, "/notifications/arrived/")


def test_r15_the_word_of_a_worker_without_a_cookie_counts(stranger, handover, now):
    assert arrived(stranger, handover=str(handover.id), token=handover.token()).status_code == 204
    handover.refresh_from_db()
    assert (handover.arrived_at, handover.opened_at) == (now, None)


def test_that_it_was_opened_says_that_it_arrived(stranger, handover, now):
    arrived(stranger, handover=str(handover.id), token=handover.token(), opened=True)
    handover.refresh_from_db()
    assert (handover.arrived_at, handover.opened_at) == (now, now)


@pytest.mark.parametrize("token", ["", "x", "y" * 43])
def test_r16_a_wrong_token_is_a_404(stranger, handover, token):
    assert arrived(stranger, handover=str(handover.id), token=token).status_code == 404
    handover.refresh_from_db()
    assert handover.arrived_at is None


def test_r16_the_token_of_another_is_a_404(stranger, handover, sam, service, now):
    another = takes_notifications(sam, service, now, "another")
    other = Handover.objects.create(delivery=handover.delivery, subscription=another)
    assert arrived(stranger, handover=str(handover.id), token=other.token()).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        " ",
        "null",
        "[]",
        '{"handover": 1}',
        '{"handover": "x", "token": "y"}',
        '{"handover": "00000000-0000-4000-8000-000000000000", "token": 1}',
        '{"handover": "00000000-0000-4000-8000-000000000000", "token": "\u00e9"}',
    ],
    ids=range(7),
)
def test_r29_a_word_that_can_not_be_read_is_a_400(stranger, body):
    assert post(stranger, body, "/notifications/arrived/").status_code == 400

"""A notification to try: to this phone alone, seldom, with plain words when it can't be sent (R3, R16, R29)."""

import pytest

from checklist import trying
from checklist.channels.notices import trial
from checklist.channels.push import Pusher
from checklist.models import Delivery, Subscription
from tests.conftest import LEES_PHONE, SAMS_PHONE, phone
from tests.pushes import Says
from tests.reading import read
from tests.subscribed import takes_notifications
from tests.test_neutral import BANNED

pytest_plugins = ["tests.phones"]
pytestmark = pytest.mark.usefixtures("through")
NO_ANSWER = "The notification service does not answer. Try again later."
TAKES_NONE = "This phone takes no notifications right now. Switch them on again."
NOT_SENT = "It could not be sent, and that is not your fault. Try again later."


@pytest.fixture
def through(service, keys, monkeypatch, now):
    """Let what the page sends reach the service of the tests."""
    service.clock = now.timestamp
    monkeypatch.setattr(trying, "Pusher", lambda: Pusher(service.poster()))


@pytest.fixture
def taking(sam, sams_phone, service, now):
    """Sam's phone, which takes notifications."""
    return takes_notifications(sam, service, now, SAMS_PHONE)


def tried(browser):
    """Ask for a test; return what the page says then."""
    answer = browser.post("/notifications/test/", follow=True)
    assert answer.redirect_chain == [("/reminders/", 302)]
    return read(answer).one("div", "notices").text


def test_a_test_reaches_this_phone(sams_phone, taking, service):
    assert tried(sams_phone) == "It is on its way. It should show up within a minute."
    [message] = service.messages
    assert message.endpoint == taking.endpoint
    notification = message.payload["notification"]
    assert notification["body"] == "This is a test. It reached your phone."
    assert notification["navigate"].endswith("/reminders/")


def test_it_reaches_no_other_phone(sams_phone, taking, sam, lee, service, now):
    takes_notifications(sam, service, now, "sams-other-phone")
    takes_notifications(lee, service, now, LEES_PHONE)
    tried(sams_phone)
    assert [message.endpoint for message in service.messages] == [taking.endpoint]


def test_a_phone_of_two_clients_gets_one(sams_phone, taking, lee, service, now):
    phone(lee, SAMS_PHONE)
    takes_notifications(lee, service, now, SAMS_PHONE)
    tried(sams_phone)
    assert len(service.messages) == 1


def test_r3_it_says_nothing_private():
    notification = trial()["notification"]
    assert not BANNED.search(f"{notification['title']} {notification['body']} {notification['tag']}")


def test_no_delivery_is_made_of_it(sams_phone, taking):
    tried(sams_phone)
    assert Delivery.objects.count() == 0


def test_a_phone_that_takes_none_is_told_so(sams_phone, service):
    assert tried(sams_phone) == TAKES_NONE
    assert service.messages == []


def test_r16_a_phone_whose_own_subscription_is_gone_does_not_use_another(
    sams_phone, taking, sam, service, now
):
    takes_notifications(sam, service, now, "sams-other-phone")
    Subscription.objects.filter(pk=taking.pk).lose(now)
    assert tried(sams_phone) == TAKES_NONE
    assert service.messages == []


def test_r9_a_subscription_that_its_service_has_forgotten_is_given_up(sams_phone, taking, service):
    service.answers[taking.endpoint] = [Says(410)]
    assert tried(sams_phone) == TAKES_NONE
    assert not Subscription.objects.live().exists()


@pytest.mark.parametrize(
    ("says", "words"),
    [(Says(503), NO_ANSWER), (Says(how="reset"), NO_ANSWER), (Says(403), NOT_SENT), (Says(400), NOT_SENT)],
)
def test_what_went_wrong_is_said_in_plain_words(sams_phone, taking, service, says, words):
    service.answers[taking.endpoint] = [says]
    assert tried(sams_phone) == words
    assert Subscription.objects.live().exists()


def test_r29_a_phone_may_try_five_times_in_ten_minutes(sams_phone, taking, service):
    answers = [sams_phone.post("/notifications/test/").status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]
    assert len(service.messages) == 5


def test_the_page_has_our_key_for_the_browser(sams_phone, keys):
    assert read(sams_phone.get("/reminders/")).one("section", data_notify=True)["data-key"] == keys.public


@pytest.mark.parametrize("how", [{"PUSH_KEY_FILE": "/nowhere/at-all.pem"}, {"PUSH_CONTACT": ""}])
def test_without_a_key_or_a_contact_the_page_says_that_notifications_are_off(sams_phone, settings, how):
    for name, value in how.items():
        setattr(settings, name, type(settings.PUSH_KEY_FILE)(value) if name.endswith("FILE") else value)
    page = read(sams_phone.get("/reminders/"))
    assert "They are off here. Reminders come by e-mail." in page.text
    assert page.all("section", data_notify=True) == []


AGENTS = {
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Safari/604.1": "Settings of your iPhone",
    "Mozilla/5.0 (Linux; Android 15) Chrome/140.0.0.0 Mobile Safari/537.36": "Permissions",
    "Mozilla/5.0 (Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0": "lock beside the address",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.5 Safari/605.1.15": "Safari menu",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537.36": "Click the sign",
    "": "Click the sign",
}


@pytest.mark.parametrize(("agent", "words"), AGENTS.items())
def test_help_for_a_browser_that_blocks_notifications_is_for_that_browser(sams_phone, agent, words):
    page = read(sams_phone.get("/reminders/", headers={"User-Agent": agent}))
    hints = [" ".join(line.parts) for line in page.all("p", data_for="denied")]
    assert words in " ".join(hints)

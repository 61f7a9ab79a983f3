"""Notifications in a real Chromium: taken after a tap, shown by our worker, said to have arrived (R3, R9, R12, R15)."""

import json
import re

import pytest
from playwright.sync_api import expect

from checklist.models import Answer, Handover, Outcome, Session, Subscription
from tests import factories
from tests.browser import harness
from tests.browser.conftest import A_PHONE, let_in
from tests.browser.kept import settle_in, until
from tests.browser.profiles import Profiles, script
from tests.looking import DAY, MINUTE, look
from tests.subscribed import takes_notifications
from tests.test_neutral import BANNED
from tests.test_notifying import at, fate

pytest_plugins = ["tests.phones"]
# One worker starts the whole Chromium for them, not each.
pytestmark = pytest.mark.xdist_group("notifications")

SHOWN = """navigator.serviceWorker.ready.then((registration) => registration.getNotifications())
  .then((all) => all.map(({title, body, tag, data}) => ({title, body, tag, data})))"""

# No push service can be reached from here, so the browser's own part is played: what subscribe() gives, and that the
# browser remembers it. Asking for permission, the worker, and all that we do with it are real.
PLAYED = """(() => {
  const keys = {KEYS};
  const kept = () => localStorage.getItem("played");
  const made = (options = {}) => ({
    endpoint: keys.endpoint,
    options,
    toJSON: () => ({ endpoint: keys.endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth } }),
    unsubscribe: async () => (localStorage.removeItem("played"), true),
  });
  PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
    localStorage.setItem("played", JSON.stringify([userVisibleOnly, applicationServerKey]));
    return made();
  };
  PushManager.prototype.getSubscription = async () => (kept() ? made(window.oldOptions) : null);
})()"""


@pytest.fixture(autouse=True)
def clock(service, clock):
    """The clock goes to its day once the service has its certificate: TLS lives by the machine's own."""
    return clock


@pytest.fixture(scope="module")
def whole_profiles(chromium, live):
    return Profiles(lambda: chromium.whole, live.url)


@pytest.fixture
def whole(server, whole_profiles, watch, clock):
    """The first page of a profile of the whole Chromium, which has notifications; nobody has allowed them yet."""
    page = whole_profiles.take(harness.SETTLED)
    watch.over(page.context)
    clock.give(page.context)
    yield page
    server.wait()
    watch.leave()
    whole_profiles.give_back(page, harness.SETTLED)
    server.wait()


@pytest.fixture
def sams(whole, sam, sams_session, keys):
    """Sam's phone with the worker in charge."""
    return settle_in(let_in(whole, sam))


@pytest.fixture
def allowed(sams, server):
    sams.context.grant_permissions(["notifications"], origin=server.url)
    return sams


def play(page, service):
    """Let the browser's part of subscribing be played in its pages from now on; return what it will say."""
    browser = service.subscribe()
    keys = {name: getattr(browser, name) for name in ("endpoint", "p256dh", "auth")}
    script(page, PLAYED.replace("{KEYS}", json.dumps(keys)))
    return browser


def start_anew(page):
    """Let the next page be the first of another start of the app."""
    page.wait_for_load_state("networkidle")
    page.evaluate("sessionStorage.clear()")


def take(page):
    page.goto("/reminders/")
    page.get_by_role("button", name="Take notifications on this phone").tap()
    expect(page.get_by_text("This phone takes notifications.")).to_be_visible()


class Worker:
    """Our worker as the browser's push service reaches it."""

    def __init__(self, page, origin):
        self.page, self.origin, self.known = page, origin, []
        self.devtools = page.context.new_cdp_session(page)
        self.devtools.on("ServiceWorker.workerRegistrationUpdated", self._noted)
        self.devtools.send("ServiceWorker.enable")

    def _noted(self, event):
        self.known += [row["registrationId"] for row in event["registrations"] if not row["isDeleted"]]

    def gets(self, text):
        until(self.page, lambda: self.page.title() and self.known)
        for _try in range(3):  # a message to a worker that is just starting gets lost on a busy machine
            where = {"origin": self.origin, "registrationId": self.known[-1]}
            self.devtools.send("ServiceWorker.deliverPushMessage", {**where, "data": text})
            if self._shows():
                return

    def _shows(self):
        """Return whether something is shown by and by."""
        for _look in range(20):
            if self.page.evaluate(SHOWN):
                return True
            self.page.wait_for_timeout(200)
        return False


@pytest.fixture
def worker(allowed, server):
    return Worker(allowed, server.url + "/")


@pytest.fixture
def message(allowed, sam, service, told, now):
    """The message of the evening before a session, as it was sealed for Sam's phone and opened there."""
    takes_notifications(sam, service, now, A_PHONE)
    session = factories.session(sam, 3 * DAY)
    due = at_evening(session)
    [message] = told(due)
    return message.payload


def at_evening(session):
    return session.reminders.get(kind="day_before").due_at


def shown(page, count=1):
    """Wait for that many notifications and return them."""
    until(page, lambda: len(page.evaluate(SHOWN)) == count)
    return page.evaluate(SHOWN)


# Taking them


def test_nothing_is_asked_before_the_tap(sams, keys):
    sams.goto("/reminders/")
    expect(sams.get_by_role("button", name="Take notifications on this phone")).to_be_visible()
    expect(sams.get_by_text("It only says when")).to_be_visible()
    assert sams.evaluate("Notification.permission") == "default"


def test_after_the_tap_the_server_knows_where_this_phone_takes_them(allowed, service, keys):
    browser = play(allowed, service)
    take(allowed)
    row = Subscription.objects.live().get()
    assert (row.endpoint, row.p256dh, row.auth) == (browser.endpoint, browser.p256dh, browser.auth)
    assert json.loads(allowed.evaluate("localStorage.getItem('played')")) == [True, keys.public]
    expect(allowed.get_by_role("button", name="Send a test to this phone")).to_be_focused()


def test_they_can_be_stopped_on_this_phone(allowed, service):
    play(allowed, service)
    take(allowed)
    allowed.get_by_role("button", name="Stop notifications on this phone").tap()
    expect(allowed.get_by_role("button", name="Take notifications on this phone")).to_be_focused()
    assert not Subscription.objects.live().exists()
    assert allowed.evaluate("localStorage.getItem('played')") is None


def test_each_start_of_the_app_says_it_again_once(allowed, service):
    play(allowed, service)
    take(allowed)
    start_anew(allowed)
    Subscription.objects.all().delete()
    with allowed.expect_response(re.compile("/notifications/$")):
        allowed.goto("/")
    until(allowed, lambda: Subscription.objects.live().count() == 1)
    allowed.wait_for_load_state("networkidle")
    said = []
    allowed.on("request", lambda request: said.append(request.url))
    allowed.goto("/sessions/")
    allowed.wait_for_load_state("networkidle")
    assert not [url for url in said if url.endswith("/notifications/")]


def test_one_that_was_made_with_a_key_of_before_is_made_anew(allowed, service, keys, watch):
    watch.excuse("status of 409")
    play(allowed, service)
    take(allowed)
    start_anew(allowed)
    Subscription.objects.all().delete()
    script(allowed, "window.oldOptions = { applicationServerKey: new Uint8Array([1, 2, 3]).buffer }")
    with allowed.expect_response(lambda answer: answer.url.endswith("/notifications/") and answer.ok):
        allowed.goto("/")
    assert Subscription.objects.live().count() == 1
    assert json.loads(allowed.evaluate("localStorage.getItem('played')")) == [True, keys.public]


def test_a_browser_that_was_told_no_explains_how_to_allow_it(sams, keys):
    """The whole Chromium has nobody to ask here, and denies; a phone of a person who said no does the same."""
    script(sams, "Object.defineProperty(Notification, 'permission', { get: () => 'denied' })")
    sams.goto("/reminders/")
    expect(sams.get_by_text("Your browser does not let Settle send notifications.")).to_be_visible()
    expect(sams.get_by_text("then Permissions, and allow notifications")).to_be_visible()
    expect(sams.get_by_role("button", name="Take notifications on this phone")).to_be_hidden()


def test_a_no_to_the_browsers_question_is_taken_for_one(sams, keys):
    script(sams, "Notification.requestPermission = async () => 'denied'")
    sams.goto("/reminders/")
    sams.get_by_role("button", name="Take notifications on this phone").tap()
    expect(sams.get_by_text("Your browser does not let Settle send notifications.")).to_be_visible()
    assert not Subscription.objects.exists()


def test_a_browser_that_can_not_is_told_so(sams, keys):
    script(sams, "delete window.PushManager")
    sams.goto("/reminders/")
    expect(sams.get_by_text("This browser can't take notifications.")).to_be_visible()


def test_what_the_server_did_not_take_is_given_up_and_said(allowed, service, watch):
    watch.excuse("Failed to load resource")
    play(allowed, service)
    allowed.route("**/notifications/", lambda route: route.abort())
    allowed.goto("/reminders/")
    allowed.get_by_role("button", name="Take notifications on this phone").tap()
    expect(allowed.get_by_text("That did not work.")).to_be_visible()
    expect(allowed.get_by_role("button", name="Take notifications on this phone")).to_be_visible()
    assert allowed.evaluate("localStorage.getItem('played')") is None


def test_r6_signing_out_takes_the_subscription_and_what_is_shown(allowed, service, worker, message):
    play(allowed, service)
    take(allowed)
    worker.gets(json.dumps(message))
    shown(allowed)
    allowed.goto("/leave/")
    allowed.get_by_role("button", name="Sign out").tap()
    allowed.wait_for_url("/")
    assert allowed.evaluate("localStorage.getItem('played')") is None
    shown(allowed, 0)


# Showing them


def test_r3_the_worker_shows_it_and_it_says_when_and_nothing_else(allowed, worker, message):
    worker.gets(json.dumps(message))
    [notification] = shown(allowed)
    assert (notification["title"], notification["body"]) == ("Reminder", "Tomorrow at 11:18 am")
    assert not BANNED.search(notification["title"] + notification["body"])


def test_r15_what_was_shown_is_said_to_have_arrived_and_no_mail_follows(allowed, worker, message):
    worker.gets(json.dumps(message))
    until(allowed, lambda: allowed.title() and Handover.objects.get().arrived_at)
    assert Handover.objects.get().opened_at is None
    assert fate("email") == ("dropped", "arrived")
    assert look(at("day_before", "push") + 10 * MINUTE).kinds == []


def test_r15_without_its_word_exactly_one_mail_follows(allowed, message):
    due = at("day_before", "push")
    assert look(due + 10 * MINUTE).kinds == ["day_before"]
    assert look(due + 60 * MINUTE).kinds == []
    assert Handover.objects.get().arrived_at is None


def test_r15_it_is_shown_even_when_the_server_can_not_be_told(allowed, worker, message, watch):
    watch.excuse("Failed to load resource", "status of 404", "404")
    message["notification"]["data"]["token"] = "x"
    worker.gets(json.dumps(message))
    shown(allowed)
    assert Handover.objects.get().arrived_at is None


@pytest.mark.parametrize(
    "text", ["", "no json", "null", "[]", '{"notification": {"title": 7}}', '{"notification": null}']
)
def test_what_can_not_be_read_is_shown_as_something_neutral(allowed, worker, text):
    worker.gets(text)
    [notification] = shown(allowed)
    assert (notification["title"], notification["body"]) == ("Reminder", "Tap to open it.")


def test_r9_a_repeat_takes_the_place_of_the_first(allowed, worker, message):
    for _ in range(2):
        worker.gets(json.dumps(message))
    worker.gets(
        json.dumps(message | {"notification": message["notification"] | {"body": "Today at 3:00 pm"}})
    )
    until(allowed, lambda: [row["body"] for row in allowed.evaluate(SHOWN)] == ["Today at 3:00 pm"])


# Opening them

# Only a person's tap lets a worker open or focus a window, and no test can tap there: the event is made by hand.
TAPPED = """async (action) => {
  WindowClient.prototype.focus = async function () { return this; };
  const [notification] = await self.registration.getNotifications();
  const event = new NotificationEvent("notificationclick", { notification, action });
  let work;
  event.waitUntil = (promise) => { work = promise; };
  self.dispatchEvent(event);
  await work;
}"""


def tap(page, action=""):
    page.context.service_workers[0].evaluate(TAPPED, action)


def test_a_tap_opens_what_it_is_about_and_says_so(allowed, worker, message):
    worker.gets(json.dumps(message))
    shown(allowed)
    tap(allowed)
    allowed.wait_for_url(message["notification"]["navigate"])
    shown(allowed, 0)
    assert Handover.objects.get().opened_at


def test_one_tap_on_its_button_answers_and_says_so(allowed, worker, message, sams_session):
    worker.gets(json.dumps(message))
    shown(allowed)
    before = allowed.url
    tap(allowed, "move")
    [notification] = shown(allowed)
    assert (notification["title"], notification["body"]) == (
        "Reminder",
        "You answered: I'd like another time.",
    )
    assert [row.kind for row in Answer.objects.all()] == ["move"]
    assert Handover.objects.get().opened_at and allowed.url == before
    tap(allowed)
    allowed.wait_for_url(message["notification"]["navigate"])


def test_an_answer_that_is_not_taken_opens_the_page_that_says_why(allowed, worker, message, watch):
    watch.excuse("status of 422", "422")
    Session.objects.update(revision=2)
    worker.gets(json.dumps(message))
    shown(allowed)
    tap(allowed, "confirm")
    allowed.wait_for_url(re.compile(r"\?answer=confirm$"))
    assert not Answer.objects.exists()


def test_without_a_connection_the_answer_waits_for_the_page(allowed, worker, message, watch):
    watch.excuse("ERR_INTERNET_DISCONNECTED", "ERR_FAILED")
    worker.gets(json.dumps(message))
    shown(allowed)
    allowed.context.set_offline(True)
    tap(allowed, "confirm")
    allowed.wait_for_url(re.compile(r"\?answer=confirm$"))
    assert not Answer.objects.exists()


@pytest.fixture
def question(allowed, sam, service, told, now, clock):
    """The question after a session, as it was sealed for Sam's phone; it is an hour after that session."""
    takes_notifications(sam, service, now, A_PHONE)
    sam.ask_after = True
    sam.save()
    session = factories.session(sam, 3 * DAY)
    [message] = told(session.ends_at + 5 * MINUTE)
    clock.forward(days=3, hours=1)
    return message.payload


def test_one_tap_on_the_question_after_a_session_says_how_it_went(allowed, worker, question):
    worker.gets(json.dumps(question))
    shown(allowed)
    tap(allowed, question["notification"]["actions"][0]["action"])
    until(allowed, lambda: allowed.title() and Outcome.objects.get().kind == "well")


def test_a_tap_beside_its_answers_opens_the_session_where_it_asks(allowed, worker, question):
    worker.gets(json.dumps(question))
    shown(allowed)
    tap(allowed)
    allowed.wait_for_url(question["notification"]["navigate"])
    expect(allowed.get_by_role("heading", name="How did it go?")).to_be_in_viewport()
    assert not Outcome.objects.exists()


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "javascript:alert(1)", "//evil.example", "http://[", None]
)
def test_r25_it_leads_nowhere_but_into_the_app(allowed, worker, message, address, server):
    allowed.goto("/sessions/")
    message["notification"]["navigate"] = address
    worker.gets(json.dumps(message))
    shown(allowed)
    tap(allowed)
    allowed.wait_for_url(re.compile(f"^{re.escape(server.url)}/$"))


# A browser that changes its mind, a list that is done

CHANGED = """async (keys) => {
  const event = new Event("pushsubscriptionchange");
  event.newSubscription = { toJSON: () => ({ endpoint: keys.endpoint, keys }) };
  let work;
  event.waitUntil = (promise) => { work = promise; };
  self.dispatchEvent(event);
  await work;
}"""


def test_r9_a_subscription_that_the_browser_changed_is_told_to_the_server(allowed, sam, service, now):
    old = takes_notifications(sam, service, now, A_PHONE)
    new = service.subscribe()
    keys = {name: getattr(new, name) for name in ("endpoint", "p256dh", "auth")}
    allowed.context.service_workers[0].evaluate(CHANGED, keys)
    assert Subscription.objects.live().get().endpoint == new.endpoint != old.endpoint


def test_r10_what_is_shown_about_a_list_goes_when_the_list_is_all_done(allowed, worker, sams_session):
    notification = {"title": "Reminder", "body": "Today at 12:00 pm", "tag": str(sams_session.id)}
    allowed.goto("/")
    worker.gets(json.dumps({"notification": notification}))
    worker.gets(json.dumps({"notification": {**notification, "tag": "another"}}))
    shown(allowed, 2)
    still_open = allowed.locator("[role=checkbox][aria-checked=false]")
    for left in reversed(range(still_open.count())):
        still_open.last.tap()
        expect(still_open).to_have_count(left)
    assert [row["tag"] for row in shown(allowed, 1)] == ["another"]

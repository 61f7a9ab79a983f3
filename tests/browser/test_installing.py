"""Putting the app on the home screen, and what the new app does by itself (R17, R18)."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from checklist import inviting
from checklist.models import Device, Invitation
from tests import factories
from tests.browser import harness, probes
from tests.browser.conftest import let_in
from tests.browser.kept import carries_a_tick, until
from tests.test_installing import IPHONE

OFFER, THERE = "Put it on your home screen", "It is on your home screen."
MENU = re.compile("Open the menu of your browser")
# A browser that lets pages ask; window.asked counts how often this one did.
MAY_ASK = """(outcome) => {
  window.asked = 0;
  const prompt = async () => { window.asked += 1; return { outcome }; };
  const event = Object.assign(new Event("beforeinstallprompt", { cancelable: true }), { prompt });
  dispatchEvent(event);
  return event.defaultPrevented;
}"""
# A page in the app itself. window.badges lists the numbers on its icon (0: none), window.lasting counts the questions.
IN_THE_APP = """
const real = window.matchMedia.bind(window);
window.matchMedia = (query) => (query === "(display-mode: standalone)" ? { matches: true } : real(query));
window.badges = [];
window.lasting = 0;
navigator.setAppBadge = async (number) => window.badges.push(number);
navigator.clearAppBadge = async () => window.badges.push(0);
navigator.storage.persist = async () => { window.lasting += 1; return true; };
"""
OPEN = "document.querySelectorAll('.item[data-state=open]').length"


@pytest.fixture
def install(sams):
    """The page on an Android phone."""
    sams.goto("/install/")
    return sams


@pytest.fixture
def iphone(people, sam):
    """Sam's iPhone, let in by its browser."""
    return let_in(people(harness.PHONE, user_agent=IPHONE), sam)


@pytest.fixture
def app(people, sam):
    """The app on Sam's home screen."""
    page = let_in(people(harness.PHONE, locale="en-US"), sam)
    page.add_init_script(IN_THE_APP)
    return page


@pytest.fixture
def start(iphone):
    """The address with which an app begins that Sam's iPhone puts on its home screen."""
    iphone.goto("/install/")
    address = iphone.evaluate(
        "async () => (await (await fetch(document.querySelector('link[rel=manifest]').href)).json()).start_url"
    )
    assert address.startswith("/#pass=")
    return address


def home_screen(people):
    """A new phone's storage, opened from the home screen."""
    page = people(harness.PHONE, color_scheme="light")
    page.add_init_script("Object.defineProperty(navigator, 'standalone', {value: true})")
    return page


def offer(page):
    return page.get_by_role("button", name=OFFER)


# Where a browser lets pages ask


def test_until_the_browser_lets_the_page_ask_it_says_where_the_menu_has_it(install):
    expect(install.get_by_text(MENU)).to_be_visible()
    expect(offer(install)).to_be_hidden()
    expect(install.get_by_text(THERE)).to_be_hidden()


def test_the_button_appears_when_the_browser_lets_the_page_ask_and_asks(install):
    assert install.evaluate(MAY_ASK, "accepted") is True
    expect(install.get_by_text(MENU)).to_be_hidden()
    offer(install).tap()
    assert install.evaluate("window.asked") == 1


def test_once_it_is_installed_the_page_says_so_and_offers_no_more(install):
    install.evaluate(MAY_ASK, "accepted")
    offer(install).tap()
    install.evaluate("dispatchEvent(new Event('appinstalled'))")
    expect(install.get_by_role("status").filter(has_text=THERE)).to_be_visible()
    expect(offer(install)).to_be_hidden()
    expect(install.get_by_text(MENU)).to_be_hidden()


def test_after_a_no_the_page_says_where_the_menu_has_it_and_may_ask_another_time(install):
    install.evaluate(MAY_ASK, "dismissed")
    offer(install).tap()
    expect(install.get_by_text(MENU)).to_be_visible()
    expect(offer(install)).to_be_hidden()
    install.evaluate(MAY_ASK, "dismissed")
    expect(offer(install)).to_be_enabled()


def test_in_the_app_itself_the_page_says_that_it_is_there(app):
    app.goto("/install/")
    expect(app.get_by_text(THERE)).to_be_visible()
    expect(app.get_by_text(MENU)).to_be_hidden()


def test_the_help_page_leads_there(sams):
    sams.goto("/help/")
    sams.get_by_role("link", name="Put Settle on your home screen").tap()
    sams.wait_for_url("/install/")


# On an iPhone


def test_r18_an_iphone_sees_the_steps_and_gets_a_code_for_the_new_app(iphone, people):
    iphone.goto("/install/")
    steps = iphone.get_by_role("main").get_by_role("listitem")
    expect(steps).to_have_count(3)
    expect(steps.nth(1)).to_contain_text("Add to Home Screen")
    expect(steps.nth(0).locator("svg")).to_be_visible()
    iphone.get_by_role("button", name="Make a code").tap()
    expect(iphone.locator(".code")).to_be_visible()


def test_without_scripts_an_iphone_sees_the_steps_as_well(people, sam):
    page = let_in(people(harness.OLD_PHONE, user_agent=IPHONE), sam)
    page.goto("/install/")
    expect(page.get_by_role("main").get_by_role("listitem")).to_have_count(3)
    expect(offer(page)).to_be_hidden()


# The pass


def test_r18_the_new_app_lets_itself_in_once(people, start, sams_session, watch):
    watch.excuse("status of 422")
    app, late = home_screen(people), home_screen(people)
    app.goto(start)
    expect(app.get_by_role("heading", level=1)).to_contain_text("in 42 minutes")
    expect(app.get_by_role("status").filter(has_text="You're in.")).to_be_visible()
    assert urlsplit(app.url)[2:] == ("/", "", "")
    late.goto(start)
    expect(late.get_by_role("alert")).to_contain_text("was used or has run out. Please type a code.")
    expect(late.get_by_role("heading", level=1)).to_have_text("A calm start to every session")
    expect(late.get_by_role("link", name="I have a code")).to_be_visible()
    assert Device.objects.count() == 2


def test_r17_the_pass_is_in_no_address_that_the_server_is_asked_for(people, start, server, sams_session):
    app = home_screen(people)
    app.goto(start)
    expect(app.get_by_role("heading", level=1)).to_contain_text("in 42 minutes")
    app.goto("/help/")
    server.wait()
    token = start.removeprefix("/#pass=")
    assert len(server.seen) > 5
    assert not [row for row in server.seen if token in row.address + row.referer]


def test_r18_after_half_an_hour_the_new_app_asks_for_a_code(people, start, clock, watch):
    watch.excuse("status of 422")
    clock.forward(minutes=31)
    app = home_screen(people)
    app.goto(start)
    expect(app.get_by_role("alert")).to_contain_text("Please type a code.")
    assert "#" not in app.url


def test_r18_without_a_connection_the_pass_is_kept_for_the_next_start(people, start, watch):
    watch.excuse("ERR_FAILED")
    app = home_screen(people)
    app.route("**/join/", lambda route: route.abort())
    app.goto(start)
    expect(app.get_by_role("alert")).to_contain_text("Close the app and open it again")
    assert Invitation.objects.get().used_at is None
    app.unroute_all()
    app.goto("about:blank")
    app.goto(start)
    expect(app.get_by_role("status").filter(has_text="You're in.")).to_be_visible()


def test_r17_a_link_with_a_pass_lets_nobody_in_outside_the_app(phone, start, server):
    phone.goto(start)
    expect(phone.get_by_role("heading", level=1)).to_have_text("A calm start to every session")
    server.wait()
    assert not [row for row in server.seen if row.method == "POST" and row.address == "/join/"]
    assert Invitation.objects.get().used_at is None


def test_r17_starting_again_is_harmless(sams, sam, sams_session, now):
    token = inviting.make_pass(sam.devices.get(), timezone.now()).token()
    sams.goto(f"/#pass={token}")
    sams.wait_for_url("/")
    expect(sams.get_by_role("heading", level=1)).to_contain_text("in 42 minutes")
    assert Invitation.objects.get().used_at is None
    assert Device.objects.count() == 1


def test_r17_starting_again_without_a_network_is_harmless(people, sam, sams_session, watch):
    watch.excuse("ERR_INTERNET_DISCONNECTED")
    page = let_in(people(harness.INSTALLED), sam)
    page.goto("/")
    page.evaluate(probes.CONTROLLED)
    page.goto("about:blank")
    page.context.set_offline(True)
    page.goto("/#pass=years-old")
    page.wait_for_url("/")


# In the app


def settled(page, number):
    until(page, lambda: page.evaluate("window.badges.at(-1)") == number)


def test_the_icon_says_how_much_is_open_and_follows_each_tick(app, sams_session):
    app.goto("/")
    left = app.evaluate(OPEN)
    assert left > 2
    settled(app, left)
    app.get_by_role("checkbox").first.tap()
    settled(app, left - 1)


def test_the_icon_says_nothing_when_the_session_has_begun_or_none_is_planned(app, sam, now, clock):
    app.goto("/")
    settled(app, 0)
    factories.session(sam, now=now)
    app.reload()
    settled(app, app.evaluate(OPEN))
    clock.forward(minutes=43)
    app.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    settled(app, 0)


def test_the_icon_leaves_the_list_of_a_later_session_out(app, sam, sams_session, now):
    later = factories.session(sam, starts_in=timedelta(days=2), now=now)
    app.goto("/")
    expect(app.locator("[data-ticks]")).to_be_visible()
    settled(app, app.evaluate(OPEN))
    with app.expect_response("**/js/badge.*"):
        app.goto(f"/sessions/{later.id}/")
    with app.expect_response(carries_a_tick):
        app.get_by_role("checkbox").first.tap()
    assert app.evaluate("window.badges") == []
    app.goto(f"/sessions/{sams_session.id}/")
    settled(app, app.evaluate(OPEN))


def test_the_app_asks_once_not_to_be_cleared_away(app, sams_session):
    app.goto("/")
    until(app, lambda: app.evaluate("window.lasting") == 1)
    app.reload()
    settled(app, app.evaluate(OPEN))  # by then it would have asked
    assert app.evaluate("window.lasting") == 0


def test_in_a_browser_tab_nothing_of_the_app_is_loaded(sams, sams_session):
    files = []
    sams.on("request", lambda request: files.append(request.url))
    with sams.expect_response("**/sync/"):
        sams.goto("/")
    asked = " ".join(files)
    assert "js/phone." in asked
    assert "badge." not in asked
    assert "lasting." not in asked

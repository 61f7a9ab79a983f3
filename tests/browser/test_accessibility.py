"""R31: WCAG 2.2 AA. Every page in every state, in light and dark, at 320 px, by keyboard alone."""

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import expect

from tests import factories
from tests.browser import harness, probes, scenes
from tests.browser.conftest import at_desk, let_in
from tests.browser.kept import carries_a_tick, until

pytest_plugins = ["tests.pushing"]
LARGE = {"fontSizes": {"standard": 32, "fixed": 26}}  # 200 % of what a browser starts with


@pytest.fixture
def visit(people, request, world, watch, keys):
    """Open a page by the name of its scene, as the one whose page it is."""
    watch.excuse("status of 4", "ERR_FAILED")  # some scenes are refusals
    cast, ids = world.enter(request)

    def visit(who, name):
        page = people(harness.PHONE)
        if who == "client":
            let_in(page, cast["sam"], scenes.SAMS_TOKEN)
        elif who == "desk":
            at_desk(page, cast["dana"])
        elif who == "new desk":
            at_desk(page, factories.therapist("Kim V.", "kim@example.org"))
        scenes.play(page, scenes.SCENES[who][name], ids, cast["lee"])
        return page

    return visit


def look(page, width, scheme):
    """Show the whole page at that width, with nothing under the bar at its end, its colours settled."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800})
    page.set_viewport_size(
        {"width": width, "height": max(800, page.evaluate("document.scrollingElement.scrollHeight"))}
    )
    page.evaluate(probes.SETTLED)


# Every page in every state


@pytest.mark.parametrize(("who", "name"), scenes.EVERY, ids=lambda part: part)
def test_page(visit, who, name):
    """It passes axe in light and dark, fits 320 px and a finger, and holds text of twice the size."""
    page = visit(who, name)
    page.evaluate(probes.FEWER_ZONES)
    page.evaluate(probes.BRING_AXE)
    look(page, 390, "light")
    faults = [f"390 px, light: {fault}" for fault in page.evaluate(probes.AXE, probes.EVERY_RULE)]
    look(page, 320, "dark")
    faults += [f"320 px, dark: {fault}" for fault in page.evaluate(probes.AXE, probes.RULES_OF_LOOKS)]
    faults += [f"wider than 320 px: {what}" for what in page.evaluate(probes.TOO_WIDE)]
    for what, main, size in page.evaluate(probes.TARGETS):
        if size < (47.5 if main else 24):
            faults.append(f"{size:.0f} px small: {what}")
    devtools = page.context.new_cdp_session(page)
    devtools.send("Page.setFontSizes", LARGE)
    until(page, lambda: page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px")
    faults += [f"large text cut off: {what}" for what in page.evaluate(probes.CUT_OFF)]
    faults += [f"large text runs out: {what}" for what in page.evaluate(probes.TOO_WIDE)]
    devtools.detach()
    assert not faults, "\n".join(faults)


# By keyboard alone


def walk(page, steps=60):
    """Press Tab until the focus leaves the page; return what was focused on the way."""
    seen = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            return seen
        seen.append(page.evaluate(probes.FOCUSED))
    raise AssertionError(f"the focus never leaves the page: {seen[-3:]}")


def order(stops, *names):
    """Return whether these are focused one after the other, with others between them."""
    rest = iter(stops)
    return all(any(name in stop["what"] for stop in rest) for name in names)


@pytest.fixture
def today(people, sam, sams_session, clock):
    """Sam's page in a browser with a keyboard, where Sam lives, when the way in is open."""
    page = people(harness.DESK, timezone_id="America/Los_Angeles")
    clock.forward(minutes=30)
    let_in(page, sam).goto("/")
    return page


def test_the_first_stop_is_a_way_past_the_top(today):
    today.keyboard.press("Tab")
    skip = today.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    today.keyboard.press("Enter")
    expect(today.get_by_role("main")).to_be_focused()
    today.keyboard.press("Tab")
    expect(today.get_by_role("link", name="Join now")).to_be_focused()


def test_the_keyboard_reaches_the_way_in_each_tick_and_the_tabs_in_order(today):
    stops = walk(today)
    assert order(
        stops,
        "Join now",
        "Add to calendar",
        "button.tick Turn off alerts",
        "summary",
        "button.tick",
        "Sessions",
        "Help",
    )
    assert sum("button.tick" in stop["what"] for stop in stops) == 13


def test_what_has_the_focus_is_ringed_and_not_covered(today):
    assert [stop for stop in walk(today) if not stop["ringed"] or stop["covered"]] == []


@pytest.mark.parametrize("address", ["/desk/", "/desk/clients/", "/desk/sessions/add/", "/desk/settings/"])
def test_at_the_desk_what_has_the_focus_is_ringed_and_not_covered(danas, sams_session, address):
    danas.goto(address)
    assert [stop for stop in walk(danas) if not stop["ringed"] or stop["covered"]] == []


@pytest.mark.parametrize("key", ["Space", "Enter"])
def test_a_key_ticks_and_the_focus_stays(today, key):
    box = today.get_by_role("checkbox").first
    box.focus()
    with today.expect_response(carries_a_tick):
        today.keyboard.press(key)
    expect(box).to_be_checked()
    expect(box).to_be_focused()


def test_the_keyboard_sets_an_item_aside_and_puts_it_back(today):
    item = today.locator("#where-today")
    item.locator("summary").focus()
    today.keyboard.press("Enter")
    today.keyboard.press("Tab")
    with today.expect_response(carries_a_tick):
        today.keyboard.press("Enter")
    expect(item).to_have_attribute("data-state", "na")
    item.get_by_role("button", name="It does apply").focus()
    with today.expect_response(carries_a_tick):
        today.keyboard.press("Enter")
    expect(item).to_have_attribute("data-state", "open")


def test_without_scripts_the_focus_comes_back_to_the_item(people, sam, sams_session):
    page = let_in(people(harness.OLD_PHONE), sam)
    page.goto("/")
    page.locator("#slow-minutes").get_by_role("checkbox").focus()
    page.keyboard.press("Space")
    page.wait_for_url("/#slow-minutes")
    expect(page.locator("#slow-minutes")).to_be_in_viewport()


def test_a_therapist_signs_in_and_books_by_keyboard_alone(desk_browser, dana, sam, now):
    sign_in_by_keys(desk_browser, dana)
    desk_browser.goto(f"/desk/sessions/add/?client={sam.id}")
    desk_browser.get_by_label("Date").focus()
    desk_browser.keyboard.type("11302026")
    desk_browser.get_by_label("Start").focus()
    desk_browser.keyboard.type("0300PM")
    desk_browser.keyboard.press("Enter")
    expect(desk_browser.get_by_role("status").first).to_have_text("The session is booked.")


def sign_in_by_keys(page, therapist):
    EmailAddress.objects.create(user=therapist, email=therapist.email, verified=True, primary=True)
    page.goto("/desk/sign-in/")
    page.get_by_label("E-mail").focus()
    page.keyboard.type(therapist.email)
    page.keyboard.press("Tab")
    page.keyboard.type(factories.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("/desk/")


# Zoom and motion


def test_at_four_times_the_size_the_bar_does_not_cover_the_page(today):
    """A window of 1280 by 1024 at 400 % is one of 320 by 256."""
    today.set_viewport_size({"width": 320, "height": 256})
    assert today.evaluate(probes.TOO_WIDE) == []
    assert today.locator(".tabs").evaluate("bar => getComputedStyle(bar).position") == "static"
    assert [stop for stop in walk(today) if stop["covered"]] == []


@pytest.mark.parametrize("address", ["/", "/help/", "/leave/"])
def test_the_bar_never_covers_the_end_of_a_page(sams, sams_session, address):
    sams.goto(address)
    assert sams.locator(".tabs").evaluate("bar => getComputedStyle(bar).position") == "fixed"
    sams.evaluate("scrollTo(0, document.scrollingElement.scrollHeight)")
    bar, page = sams.locator(".tabs").bounding_box(), sams.get_by_role("main").bounding_box()
    assert page["y"] + page["height"] <= bar["y"] + 0.5  # pages scroll by whole pixels
    assert bar["y"] + bar["height"] == 844


def test_no_tab_moves_when_another_page_is_opened(sams, sams_session):
    def places(address):
        sams.goto(address)
        return [tab.bounding_box()["x"] for tab in sams.locator(".tabs a").all()]

    assert places("/") == places("/sessions/") == places("/reminders/") == places("/help/")


def test_nothing_moves_for_who_wants_no_motion(today):
    assert today.evaluate(probes.MOVING) == 0
    today.emulate_media(reduced_motion="no-preference")
    assert today.evaluate(probes.MOVING) > 0


def test_what_is_ticked_is_told_apart_without_colour(today):
    """Windows in high contrast drops backgrounds: the mark has to be drawn with borders."""
    today.emulate_media(forced_colors="active")
    box = today.get_by_role("checkbox").first
    with today.expect_response(carries_a_tick):
        box.click()
    assert box.evaluate("tick => getComputedStyle(tick, '::after').borderBottomWidth") == "3px"

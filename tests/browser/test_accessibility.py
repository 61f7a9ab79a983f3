"""R31: WCAG 2.2 AA. Every page in every state, in light and dark, on a phone, at 320 px and by keyboard alone."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from axe_playwright_python.base import AXE_SCRIPT
from django.utils import timezone
from playwright.sync_api import expect

from checklist import inviting, scheduling, ticking
from checklist.models import Delivery, secret
from tests import factories
from tests.browser import harness
from tests.browser.conftest import at_desk, let_in
from tests.browser.scenes import EVERY, SCENES, play

AXE = """async () => (await axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}))
  .violations.flatMap(({id, nodes}) => nodes.map(({target, failureSummary}) => `${id} ${target}: ${failureSummary}`))"""
TOO_WIDE = """() => document.scrollingElement.scrollWidth <= innerWidth ? [] : [...document.body.querySelectorAll("*")]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 120))"""
CUT_OFF = """() => [...document.body.querySelectorAll("*")].filter(e => {
  const {overflowX, overflowY} = getComputedStyle(e), cuts = /hidden|clip/;
  return e.checkVisibility() && !e.closest(".visually-hidden, svg, select, input, textarea, progress, meter")
    && (cuts.test(overflowX) && e.scrollWidth > e.clientWidth + 1 || cuts.test(overflowY) && e.scrollHeight > e.clientHeight + 1);
}).map(e => e.outerHTML.slice(0, 120))"""
# What can be tapped and its size; a link in a sentence may be as small as its line (WCAG 2.5.8).
TARGETS = """() => [...document.querySelectorAll("a[href], button, summary, select, input:not([type=hidden]), textarea")]
  .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.matches(".skip") && getComputedStyle(e).display !== "inline")
  .map(e => e.matches("[type=radio], [type=checkbox]") && e.closest("label") || e)
  .map(e => ({what: e.outerHTML.slice(0, 120), main: e.matches(".tick, .button, .tabs a, .chip, summary"), box: e.getBoundingClientRect()}))
  .map(({what, main, box}) => [what, main, Math.min(box.width, box.height)])"""
FOCUSED = """() => {
  const e = document.activeElement, box = e.getBoundingClientRect();
  const ring = ({outlineStyle, outlineWidth}) => outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  const under = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 12));
  return {
    what: `${e.localName}.${e.className} ${e.textContent.trim().slice(0, 40)}`,
    ringed: e.matches("[type=date], [type=time]") || [e, e.closest("label")].some(around => around && ring(getComputedStyle(around))),
    covered: !(under && (e.contains(under) || under.contains(e) || under.closest("label")?.contains(e))),
  };
}"""
# Axe looks at each of 400 zones in a list as it does at the first.
FEWER_ZONES = "() => document.querySelectorAll('option:not(:checked):nth-child(n+4)').forEach(option => option.remove())"
LARGE = {"fontSizes": {"standard": 32, "fixed": 26}}  # 200 % of what a browser starts with


@pytest.fixture
def world(dana, sam, ana, lee, sams_session, now):
    """What became of Dana's clients: a session in each state, an invitation, a code, mail that did not arrive."""
    phone = factories.enrol(sam, "sams-phone" * 4)
    for key, state in (("connection", "done"), ("picture", "na"), ("slow-minutes", "done")):
        ticking.tick(sams_session, key, state, phone, timezone.now())
    ended = factories.session(sam, starts_in=timedelta(hours=-3))
    cancelled = scheduling.cancel(factories.session(sam, starts_in=timedelta(days=1)), now)
    moved = factories.session(sam, starts_in=timedelta(days=2))
    scheduling.change(moved, now, moved.starts_at + timedelta(hours=1), 50)
    factories.session(ana, starts_in=timedelta(hours=1))
    inviting.invite(ana, now)
    inviting.make_code(ana, now)
    archived = factories.client(dana, "Ben")
    archived.archived_at = now
    archived.save()
    Delivery.objects.filter(pk=Delivery.objects.first().pk).update(
        state=Delivery.State.FAILED, finished_at=now
    )
    return {
        "session": sams_session.id,
        "ended": ended.id,
        "cancelled": cancelled.id,
        "moved": moved.id,
        "sam": sam.id,
        "ana": ana.id,
        "archived": archived.id,
        "unsubscribe": secret.derived_token("unsubscribe", sam.id),
        "lee": lee,
        "now": now,
    }


@pytest.fixture
def visit(people, world, dana, sam, watch):
    """Open a page by the name of its scene, as the one whose page it is."""
    watch.excuse("status of 4", "ERR_FAILED")  # some scenes are refusals

    def visit(who, name, **more):
        page = people(harness.PHONE, **more)
        if who == "client":
            let_in(page, sam, "sams-phone" * 4)
        elif who == "desk":
            at_desk(page, dana)
        elif who == "new desk":
            at_desk(page, factories.therapist("Kim V.", "kim@example.org"))
        play(page, SCENES[who][name], world)
        return page

    return visit


def look(page, width, scheme):
    """Show the whole page at that width, so that the bar at its end lies over nothing, and let colours settle."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800})
    page.set_viewport_size(
        {"width": width, "height": max(800, page.evaluate("document.scrollingElement.scrollHeight"))}
    )
    page.evaluate("() => Promise.all(document.getAnimations().map(animation => animation.finished))")


# Every page in every state


@pytest.mark.parametrize(("who", "name"), EVERY, ids=lambda part: part)
def test_page(visit, who, name):
    """It passes axe in light and dark, fits into 320 px, can be hit with a finger, and keeps text of twice the size."""
    page = visit(who, name)
    page.evaluate(FEWER_ZONES)
    page.evaluate(AXE_SCRIPT)
    faults = []
    for width, scheme in ((390, "light"), (320, "dark")):
        look(page, width, scheme)
        faults += [f"{width} {scheme}: {fault}" for fault in page.evaluate(AXE)]
    faults += [f"wider than 320 px: {what}" for what in page.evaluate(TOO_WIDE)]
    for what, main, size in page.evaluate(TARGETS):
        if size < (47.5 if main else 24):
            faults.append(f"{size:.0f} px small: {what}")
    page.context.new_cdp_session(page).send("Page.setFontSizes", LARGE)
    page.wait_for_function("getComputedStyle(document.documentElement).fontSize === '32px'")
    faults += [f"large text cut off: {what}" for what in page.evaluate(CUT_OFF)]
    faults += [f"large text runs out: {what}" for what in page.evaluate(TOO_WIDE)]
    assert not faults, "\n".join(faults)


# By keyboard alone


def walk(page, steps=60):
    """Press Tab until the focus leaves the page; return what was focused on the way."""
    seen = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            return seen
        seen.append(page.evaluate(FOCUSED))
    raise AssertionError(f"the focus never leaves the page: {seen[-3:]}")


def order(stops, *names):
    """Return whether these are focused one after the other, with others between them."""
    rest = iter(stops)
    return all(any(name in stop["what"] for stop in rest) for name in names)


@pytest.fixture
def today(sams, sams_session, clock):
    """Sam's page when the way in is open."""
    clock.forward(minutes=30)
    sams.goto("/")
    return sams


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
    with today.expect_response("**/sync/"):
        today.keyboard.press(key)
    expect(box).to_be_checked()
    expect(box).to_be_focused()


def test_the_keyboard_sets_an_item_aside_and_puts_it_back(today):
    item = today.locator("#where-today")
    item.locator("summary").focus()
    today.keyboard.press("Enter")
    today.keyboard.press("Tab")
    with today.expect_response("**/sync/"):
        today.keyboard.press("Enter")
    expect(item).to_have_attribute("data-state", "na")
    item.get_by_role("button", name="It does apply").focus()
    with today.expect_response("**/sync/"):
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
    assert today.evaluate(TOO_WIDE) == []
    assert today.locator(".tabs").evaluate("bar => getComputedStyle(bar).position") == "static"
    assert [stop for stop in walk(today) if stop["covered"]] == []


MOVING = """() => [...document.querySelectorAll("*")].flatMap(e => [null, "::before", "::after"].map(part => getComputedStyle(e, part)))
  .flatMap(style => [...style.transitionDuration.split(","), ...style.animationDuration.split(",")]).filter(time => parseFloat(time) > .001).length"""


def test_nothing_moves_for_who_wants_no_motion(today):
    assert today.evaluate(MOVING) == 0
    today.emulate_media(reduced_motion="no-preference")
    assert today.evaluate(MOVING) > 0


def test_what_is_ticked_is_told_apart_without_colour(today):
    """Windows in high contrast drops backgrounds: the mark has to be drawn with borders."""
    today.emulate_media(forced_colors="active")
    box = today.get_by_role("checkbox").first
    with today.expect_response("**/sync/"):
        box.tap()
    assert box.evaluate("tick => getComputedStyle(tick, '::after').borderBottomWidth") == "3px"

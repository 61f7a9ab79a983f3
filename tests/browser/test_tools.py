"""The ground of all tools, tried on the calm timer: session, way back, tick, and the check that was passed lately."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.templatetags.static import static
from playwright.sync_api import expect

from checklist import scheduling, ticking
from checklist.models import Device, Session, Tick
from tests import factories
from tests.browser import harness
from tests.browser.conftest import let_in
from tests.browser.kept import (
    all_sent,
    carries_a_tick,
    has_copies,
    log,
    sessions,
    settle_in,
    try_again,
    until,
)
from tests.browser.scenes import covered, pass_check

CALM, SLOW = "/tools/calm/", "slow-minutes"
ALLOWS = "(name) => document.featurePolicy.allowsFeature(name)"
ON_WIFI = "Object.defineProperty(navigator, 'connection', { value: { type: sessionStorage.type ?? 'wifi' } })"


@pytest.fixture(autouse=True)
def excused(watch):
    watch.excuse("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "Failed to load resource")


@pytest.fixture
def installed(people, sam, sams_session):
    """Sam's phone on the list, with the worker in charge and a copy at hand."""
    return settle_in(let_in(people(harness.SETTLED), sam))


@pytest.fixture
def ready(sams, sams_session):
    """Sam's phone on the list, with a copy at hand and no worker."""
    sams.goto("/")
    has_copies(sams)
    return sams


def slow(page):
    return page.locator(f"#{SLOW}")


def outcome(page):
    return page.locator("[data-kept-words]")


def sit_through(page, clock):
    """Let the three minutes go by."""
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    clock.forward(minutes=3, seconds=1)
    expect(page.get_by_role("link", name="Done. Back to my list")).to_be_visible()


def states(session):
    fresh = Session.objects.with_lists().get(pk=session.pk)
    return {line.item.key: line.state for line in fresh.readiness.lines if not line.open}


# From the list and back


def test_a_tool_opens_from_its_item_and_ticks_it(ready, clock, sams_session):
    slow(ready).get_by_role("link", name="Three slow minutes").tap()
    ready.wait_for_url(f"**{CALM}#{sams_session.id}")
    with ready.expect_response(carries_a_tick):
        sit_through(ready, clock)
    expect(outcome(ready)).to_have_text("Ticked on your list. The tick is sent.")
    assert states(sams_session) == {SLOW: "done"}
    ready.get_by_role("link", name="Done. Back to my list").tap()
    ready.wait_for_url(f"/#{SLOW}")
    expect(slow(ready).get_by_role("checkbox")).to_be_checked()


def test_what_is_ticked_already_is_not_ticked_again(ready, clock, sams_session):
    ticking.tick(sams_session, SLOW, "done", Device.objects.get(), clock.now)
    ready.reload()
    until(ready, lambda: sessions(ready)[0]["items"] == {SLOW: "done"})
    ready.goto(f"{CALM}#{sams_session.id}")
    sit_through(ready, clock)
    expect(outcome(ready)).to_have_text("It is ticked on your list.")
    assert Tick.objects.count() == 1


def test_r5_without_a_network_a_tool_works_and_its_tick_is_kept_until_it_is_sent(
    installed, clock, sams_session
):
    installed.context.set_offline(True)
    installed.goto("/")
    slow(installed).get_by_role("link", name="Three slow minutes").tap()
    installed.wait_for_url(f"**{CALM}#{sams_session.id}")
    sit_through(installed, clock)
    expect(outcome(installed)).to_have_text("Ticked on your list. The tick is saved on this phone.")
    installed.get_by_role("link", name="Done. Back to my list").tap()
    expect(slow(installed).get_by_role("checkbox")).to_be_checked()
    expect(slow(installed).locator(".kept")).to_have_text("Saved on this phone")
    installed.context.set_offline(False)
    installed.goto("/")
    all_sent(installed)
    assert states(sams_session) == {SLOW: "done"}


def test_r26_without_a_network_a_tool_keeps_its_headers_and_no_other_page_has_them(installed):
    installed.context.set_offline(True)
    answer = installed.goto(CALM)
    assert answer.from_service_worker
    assert "screen-wake-lock=(self)" in answer.headers["permissions-policy"]
    assert "require-trusted-types-for 'script'" in answer.headers["content-security-policy"]
    assert installed.evaluate(ALLOWS, "screen-wake-lock")
    installed.goto("/")
    assert not installed.evaluate(ALLOWS, "screen-wake-lock")


def test_with_a_network_a_tool_comes_from_the_server(installed, server):
    server.seen.clear()
    installed.goto(CALM)
    assert CALM in [row.address for row in server.seen]


def test_a_server_that_is_down_is_no_different_from_no_network_for_a_tool(installed, monkeypatch, watch):
    watch.excuse("server: Seen", "status of 503")
    monkeypatch.setattr("checklist.views.client.tool.HttpResponse", lambda *_, **__: HttpResponse(status=503))
    installed.goto(CALM)
    expect(installed.get_by_role("button", name="Start", exact=True)).to_be_visible()


# Which session


def test_a_tool_without_a_session_in_its_address_takes_the_next_one(ready, clock, sam, sams_session):
    factories.session(sam, timedelta(days=3))
    ready.goto(CALM)
    sit_through(ready, clock)
    expect(outcome(ready)).to_have_text("Ticked on your list. The tick is sent.")
    assert states(sams_session) == {SLOW: "done"}


def test_a_tool_for_a_later_session_leads_back_to_that_one(sams, clock, sam, sams_session):
    later = factories.session(sam, timedelta(days=3))
    sams.goto("/")
    has_copies(sams, 2)
    sams.goto(f"/sessions/{later.id}/")
    slow(sams).get_by_role("link", name="Three slow minutes").tap()
    sit_through(sams, clock)
    expect(outcome(sams)).to_have_text("Ticked on your list. The tick is sent.")
    assert (states(sams_session), states(later)) == ({}, {SLOW: "done"})
    sams.get_by_role("link", name="My list", exact=True).tap()
    sams.wait_for_url(f"/sessions/{later.id}/#{SLOW}")


def test_a_tool_for_a_session_that_is_not_on_the_phone_yet_fetches_it(sams, clock, sams_session):
    sams.goto(f"{CALM}#{sams_session.id}")
    sit_through(sams, clock)
    expect(outcome(sams)).to_have_text("Ticked on your list. The tick is sent.")
    assert states(sams_session) == {SLOW: "done"}


def test_a_tool_for_a_session_that_was_cancelled_ticks_nothing(ready, clock, sams_session, now):
    scheduling.cancel(sams_session, now)
    ready.goto(f"{CALM}#{sams_session.id}")  # it looks for news itself
    until(ready, lambda: sessions(ready)[0]["cancelled"])
    sit_through(ready, clock)
    expect(outcome(ready)).to_have_text("")
    assert not Tick.objects.exists()


def test_a_tool_works_on_a_phone_that_nobody_was_let_in_on_and_asks_nothing_of_the_server(
    phone, clock, server
):
    phone.goto(CALM)
    expect(phone.locator("[data-parked]")).to_be_attached()
    try_again(phone)  # at which others look for news
    sit_through(phone, clock)
    expect(outcome(phone)).to_have_text("")
    expect(phone.get_by_role("link", name="Done. Back to my list")).to_have_attribute("href", "/")
    phone.wait_for_load_state("networkidle")
    assert "POST" not in {row.method for row in server.seen}


def test_a_tick_that_is_refused_is_said_to_be_neither_saved_nor_sent(ready, clock, sams_session):
    ready.route("**/sync/", lambda route: route.fulfill(status=422))
    ready.goto(f"{CALM}#{sams_session.id}")
    sit_through(ready, clock)
    expect(ready.get_by_role("region", name="Not taken")).to_be_visible()
    expect(outcome(ready)).to_have_text("")


def test_a_tick_that_the_phone_can_not_keep_is_to_be_made_by_hand(ready, clock, sams_session):
    ready.goto(f"{CALM}#{sams_session.id}")
    ready.evaluate("() => { crypto.randomUUID = () => { throw new Error('full'); }; }")
    sit_through(ready, clock)
    expect(outcome(ready)).to_contain_text("You can tick it by hand on your list.")


def test_where_nothing_can_be_kept_a_tool_works_and_ticks_nothing(people, clock):
    page = people(harness.PHONE, color_scheme="light")
    page.context.add_init_script("indexedDB.open = () => { throw new DOMException('no', 'SecurityError'); }")
    page.goto(CALM)
    sit_through(page, clock)
    expect(outcome(page)).to_have_text("")


def test_a_locked_app_covers_a_tool(ready, sams_session):
    covered(ready)
    ready.goto(f"{CALM}#{sams_session.id}")
    expect(ready.get_by_role("dialog", name="Type your PIN")).to_be_visible()
    expect(ready.get_by_role("heading", name="Three slow minutes")).to_be_hidden()
    ready.get_by_label("PIN", exact=True).fill("2580")
    ready.get_by_role("button", name="Open").click()
    expect(ready.get_by_role("button", name="Start", exact=True)).to_be_visible()


# A check that was passed on this phone


def said(page):
    return slow(page).locator(".result b")


@pytest.fixture
def wifi(people, sam):
    """Sam's phone, whose browser tells that it is on a wireless network."""
    page = people(harness.PHONE, color_scheme="light")
    page.context.add_init_script(ON_WIFI)
    return let_in(page, sam)


def next_list(page, sam, clock, starts_in=timedelta(hours=2)):
    """Book another session and open its list."""
    session = factories.session(sam, starts_in, now=clock.now)
    page.goto(f"/sessions/{session.id}/")
    until(page, lambda: any(row["id"] == str(session.id) for row in sessions(page)))
    return session


def test_a_check_that_was_passed_ticks_the_next_list_and_says_when(wifi, clock, sam, sams_session):
    wifi.goto("/help/")
    pass_check(wifi)
    clock.forward(days=4)
    session = next_list(wifi, sam, clock)
    expect(said(wifi)).to_have_text("Passed on Thursday on this phone")
    expect(slow(wifi).get_by_role("checkbox")).to_be_checked()
    again = slow(wifi).get_by_role("link", name="Check again")
    expect(again).to_have_attribute("href", f"{CALM}#{session.id}")
    until(wifi, lambda: states(session) == {SLOW: "done"})
    assert Tick.objects.count() == 1


@pytest.mark.parametrize(
    ("told", "hours", "counts"),
    [(True, 7 * 24 - 1, True), (True, 7 * 24 + 1, False), (False, 23, True), (False, 25, False)],
)
def test_it_counts_for_a_week_where_the_network_is_told_and_for_a_day_elsewhere(
    people, wifi, sam, clock, sams_session, told, hours, counts
):
    page = wifi if told else let_in(people(harness.PHONE), sam, "another-phone")
    page.goto("/help/")
    pass_check(page)
    clock.forward(hours=hours)
    next_list(page, sam, clock)
    if counts:
        expect(slow(page).get_by_role("checkbox")).to_be_checked()
    else:
        page.wait_for_load_state("networkidle")
        assert not log(page)
        expect(slow(page).get_by_role("checkbox")).not_to_be_checked()


def test_on_another_kind_of_network_it_does_not_count(wifi, clock, sam, sams_session):
    wifi.goto("/help/")
    pass_check(wifi)
    wifi.evaluate("sessionStorage.type = 'cellular'")
    next_list(wifi, sam, clock)
    wifi.wait_for_load_state("networkidle")
    expect(slow(wifi).get_by_role("checkbox")).not_to_be_checked()
    wifi.evaluate("sessionStorage.type = 'wifi'")
    wifi.reload()
    expect(slow(wifi).get_by_role("checkbox")).to_be_checked()


def test_who_unticks_it_keeps_it_unticked_here_and_on_another_phone(people, ready, clock, sam):
    pass_check(ready)
    session = next_list(ready, sam, clock)
    expect(said(ready)).to_have_text("Passed today on this phone")
    slow(ready).get_by_role("checkbox").tap()
    expect(said(ready)).to_have_count(0)
    expect(slow(ready).get_by_role("link", name="Three slow minutes")).to_be_visible()
    all_sent(ready)
    ready.reload()
    ready.wait_for_load_state("networkidle")
    expect(slow(ready).get_by_role("checkbox")).not_to_be_checked()
    other = let_in(people(harness.INSTALLED), sam, "another-phone")
    other.goto("/help/")
    pass_check(other)
    other.goto(f"/sessions/{session.id}/")
    other.wait_for_load_state("networkidle")
    expect(slow(other).get_by_role("checkbox")).not_to_be_checked()
    assert states(session) == {}


def test_what_somebody_unticked_on_a_phone_that_was_not_heard_of_wins_over_a_check_passed_before(
    installed, clock, sam, sams_session
):
    installed.goto("/help/")
    installed.context.set_offline(True)
    pass_check(installed)
    clock.forward(minutes=5)
    ticking.tick(sams_session, SLOW, "open", None, clock.now)
    clock.forward(minutes=5)
    installed.goto("/")
    expect(slow(installed).get_by_role("checkbox")).to_be_checked()
    installed.context.set_offline(False)
    installed.goto("/")
    all_sent(installed)
    expect(slow(installed).get_by_role("checkbox")).not_to_be_checked()
    assert states(sams_session) == {}


def test_without_a_network_a_check_that_was_passed_ticks_the_list_as_well(installed, sams_session):
    installed.goto("/help/")
    pass_check(installed)
    installed.context.set_offline(True)
    installed.goto("/")
    expect(said(installed)).to_have_text("Passed today on this phone")
    expect(slow(installed).locator(".kept")).to_have_text("Saved on this phone")
    installed.context.set_offline(False)
    installed.goto("/")
    all_sent(installed)
    assert states(sams_session) == {SLOW: "done"}


@pytest.mark.parametrize(
    ("zone", "day"),
    [("America/Los_Angeles", "Thursday"), ("Pacific/Auckland", "Friday"), ("Asia/Kathmandu", "Friday")],
)
def test_the_day_is_the_one_where_the_client_lives(wifi, clock, sam, zone, day):
    """7:18 pm on Thursday in UTC is 8:18 am on Friday in Auckland."""
    sam.time_zone = zone
    sam.save()
    wifi.goto("/help/")
    pass_check(wifi)
    clock.forward(days=3)
    next_list(wifi, sam, clock)
    expect(said(wifi)).to_have_text(f"Passed on {day} on this phone")


def test_a_day_that_could_be_taken_for_today_has_its_date(wifi, clock, sam):
    wifi.goto("/help/")
    pass_check(wifi)
    clock.forward(days=6, hours=23)
    next_list(wifi, sam, clock)
    expect(said(wifi)).to_have_text("Passed on Thursday 26 November on this phone")


COUNTS = """async ([address, pass, list]) => {
  const { keep, kept } = await import(address);
  await keep("connection_check", pass);
  return Object.keys(await kept(list));
}"""


@pytest.mark.parametrize(
    ("passed", "listed", "counts"),
    [("voice", "video", False), ("video", "video", True), ("video", "voice", True), ("text", "voice", False)],
)
def test_r22_a_line_that_was_enough_for_less_does_not_count_for_more(ready, sam, passed, listed, counts):
    client = str(sam.id)
    given = [static("js/passes.js"), {"client": client, "way": passed}, {"client": client, "way": listed}]
    assert (ready.evaluate(COUNTS, given) == ["connection_check"]) == counts


def test_r20_what_one_client_passed_ticks_nothing_of_another_on_the_same_phone(ready, sam, ana):
    given = [static("js/passes.js"), {"client": str(sam.id)}, {"client": str(ana.id)}]
    assert ready.evaluate(COUNTS, given) == []


def test_a_phone_that_is_shut_out_forgets_what_it_has_passed(ready, sam, sams_session):
    pass_check(ready)
    all_sent(ready)
    Device.objects.all().revoke()
    ready.goto("/")
    expect(ready.get_by_role("heading", level=1)).to_have_text("This phone has no access any more")
    until(ready, lambda: not sessions(ready))
    assert (
        ready.evaluate("async (a) => Object.keys(await (await import(a)).kept())", static("js/passes.js"))
        == []
    )

"""The app lock: a PIN asked on opening, which keeps people who pick up the phone from reading along."""

from unittest import mock
from uuid import UUID

import pytest
from django.http import HttpResponse
from playwright.sync_api import expect

from checklist.models import Device, Tick
from tests import factories
from tests.browser import harness
from tests.browser.conftest import let_in
from tests.browser.kept import log, settle_in, until
from tests.browser.scenes import covered, locks


@pytest.fixture
def locked(people, watch, sam, sams_session):
    """Sam's phone with the app locked, opened anew."""
    watch.excuse("Failed to load resource", "ERR_")
    page = settle_in(let_in(people(harness.SETTLED), sam))
    covered(page)
    return page


def type_pin(page, pin):
    page.get_by_label("PIN", exact=True).fill(pin)
    page.get_by_role("button", name="Open").click()


def heading(page):
    return page.get_by_role("heading", level=1)


def test_a_locked_app_shows_nothing_until_its_pin_was_typed(locked):
    expect(heading(locked)).to_be_hidden()
    type_pin(locked, "2580")
    expect(heading(locked)).to_have_text("12:00 pm, in 42 minutes")


def test_the_next_page_does_not_ask_again(locked):
    type_pin(locked, "2580")
    locked.get_by_role("link", name="Sessions", exact=True).click()
    expect(heading(locked)).to_have_text("Sessions")


def test_a_wrong_pin_opens_nothing(locked):
    type_pin(locked, "0000")
    expect(locked.get_by_role("alert")).to_have_text("That is not it.")
    expect(heading(locked)).to_be_hidden()


def test_escape_and_the_way_back_open_nothing(locked):
    for typed in ("", "0", "0", "0"):
        locked.get_by_label("PIN", exact=True).press_sequentially(typed)
        locked.keyboard.press("Escape")
        locked.evaluate("document.querySelector('dialog').requestClose?.()")
        expect(locked.get_by_role("dialog")).to_be_visible()
        expect(heading(locked)).to_be_hidden()
    type_pin(locked, "2580")
    expect(heading(locked)).to_be_visible()


def test_many_wrong_pins_have_to_wait_even_after_a_reload(locked, clock):
    locked.clock.set_fixed_time(clock.now)
    for _ in range(4):
        type_pin(locked, "0000")
    expect(locked.get_by_role("alert")).to_have_text("That is not it. Seconds to wait: 2")
    locked.reload()
    type_pin(locked, "2580")
    expect(locked.get_by_role("alert")).to_contain_text("Seconds to wait")
    expect(heading(locked)).to_be_hidden()


def test_who_tried_with_a_clock_that_was_a_year_ahead_waits_minutes_not_a_year(locked, clock):
    locked.clock.set_system_time("2027-11-26T19:00:00Z")
    for _ in range(5):
        type_pin(locked, "0000")
        expect(locked.get_by_role("button", name="Open")).to_be_enabled()
    locked.clock.set_system_time(clock.now)
    type_pin(locked, "2580")
    expect(locked.get_by_role("alert")).to_have_text("That is not it. Seconds to wait: 300")


def test_the_right_pin_is_not_called_wrong_while_it_has_to_wait(locked, clock):
    locked.clock.set_fixed_time(clock.now)
    type_pin(locked, "2580")
    expect(heading(locked)).to_be_visible()
    locked.goto("/lock/")
    for pin in ["0000"] * 4 + ["2580"]:
        locked.get_by_label("Your PIN", exact=True).fill(pin)
        locked.get_by_role("button", name="Take the lock away").click()
        expect(locked.get_by_label("Your PIN", exact=True)).to_have_value("")
    expect(locked.get_by_text("That was wrong too often. Seconds to wait: 2")).to_be_visible()


def test_a_page_that_was_open_when_the_lock_was_set_is_covered_too(people, sam, sams_session):
    page = settle_in(let_in(people(harness.SETTLED), sam))
    locks(page.context.new_page())
    expect(page.get_by_role("dialog", name="Type your PIN")).to_be_visible()
    expect(heading(page)).to_be_hidden()


@pytest.mark.parametrize("address", ["/join/#anything", "/join/code/", f"/sessions/{UUID(int=7)}/"])
def test_a_page_that_is_about_nobody_opens_with_the_pin_as_well(locked, watch, address):
    watch.excuse("status of 404")
    locked.goto(address)
    expect(heading(locked)).to_be_hidden()
    type_pin(locked, "2580")
    expect(heading(locked)).to_be_visible()


def test_the_next_person_is_not_asked_for_the_pin_of_the_one_before(locked, ana, watch):
    watch.excuse("status of 409")
    factories.session(ana)
    Device.objects.all().revoke()
    let_in(locked, ana, "anas-phone" * 4)
    locked.goto("/")
    expect(heading(locked)).to_be_visible()
    assert "settle_lock" not in {cookie["name"] for cookie in locked.context.cookies()}


def test_it_asks_again_after_a_minute_out_of_sight(locked, clock):
    type_pin(locked, "2580")
    expect(heading(locked)).to_be_visible()
    locked.evaluate("sessionStorage.setItem('settle-left', Date.now())")
    clock.forward(minutes=2)
    locked.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(locked.get_by_role("dialog")).to_be_visible()


def test_without_a_network_it_asks_as_well(locked):
    locked.context.set_offline(True)
    locked.goto("/")
    expect(locked.get_by_role("dialog")).to_be_visible()
    expect(heading(locked)).to_be_hidden()
    type_pin(locked, "2580")
    expect(heading(locked)).to_have_text("12:00 pm, in 42 minutes")


def test_without_a_network_who_forgot_the_pin_learns_what_to_do(locked):
    locked.context.set_offline(True)
    locked.goto("/")
    asked = locked.get_by_role("dialog")
    expect(asked).to_contain_text("You can sign this phone out when there is a connection.")
    expect(asked).to_contain_text("call your local emergency number")
    assert asked.get_by_role("button").all_inner_texts() == ["Open"]


def test_the_cover_has_a_help_line_that_names_nobody(locked):
    expect(locked.get_by_role("dialog")).to_contain_text("call your local emergency number")
    for private in ("Dana", "Sam K", "Green Room"):
        expect(locked.get_by_role("dialog")).not_to_contain_text(private)


def test_the_cover_is_as_wide_without_a_network_as_with_one(locked):
    online = locked.get_by_role("dialog").bounding_box()
    locked.context.set_offline(True)
    locked.goto("/")
    offline = locked.get_by_role("dialog").bounding_box()
    assert (offline["x"], offline["width"]) == (online["x"], online["width"])


def test_who_forgot_the_pin_signs_the_phone_out(locked):
    locked.get_by_role("button", name="Sign this phone out").click()
    expect(heading(locked)).to_have_text("A calm start to every session")
    assert {cookie["name"] for cookie in locked.context.cookies()} & {"settle_lock", "settle_device"} == set()


def test_without_a_network_who_forgot_the_pin_does_not_get_in(locked):
    locked.context.set_offline(True)
    locked.get_by_role("button", name="Sign this phone out").click()
    expect(locked.get_by_role("alert")).to_have_text("This needs a connection. Nothing has changed.")
    locked.context.set_offline(False)
    locked.goto("/")
    expect(locked.get_by_role("dialog", name="Type your PIN")).to_be_visible()
    assert Device.objects.get().revoked_at is None


def test_r4_a_signing_out_that_the_server_refused_deletes_no_tick(locked, watch):
    watch.excuse("status of 50", "status=50")
    type_pin(locked, "2580")
    with mock.patch("checklist.views.client.sync._taken", lambda *_: HttpResponse(status=503)):
        locked.locator("#slow-minutes .tick").tap()
        until(locked, lambda: len(log(locked)) == 1)
        locked.evaluate("sessionStorage.clear()")
        locked.goto("/")
        with mock.patch("checklist.inviting.leave", side_effect=RuntimeError("busy")):
            locked.get_by_role("button", name="Sign this phone out").click()
            expect(locked.get_by_role("alert")).to_have_text("This needs a connection. Nothing has changed.")
        assert len(log(locked)) == 1
    assert Tick.objects.count() == 0


@pytest.mark.parametrize(
    "pin, again, said",
    [
        ("12", "12", "A PIN has 4 to 8 digits."),
        ("12ab", "12ab", "A PIN has 4 to 8 digits."),
        ("2580", "2581", "The two are not the same. Type it once more."),
    ],
)
def test_a_pin_that_can_not_be_is_said_plainly(sams, sams_session, pin, again, said):
    sams.goto("/lock/")
    sams.get_by_label("PIN, 4 to 8 digits").fill(pin)
    sams.get_by_label("The same once more").fill(again)
    sams.get_by_role("button", name="Lock the app").click()
    expect(sams.get_by_role("status").get_by_text(said)).to_be_visible()


def test_the_lock_is_taken_away_with_the_pin_only(locked):
    type_pin(locked, "2580")
    expect(heading(locked)).to_be_visible()
    locked.goto("/lock/")
    locked.get_by_label("Your PIN", exact=True).fill("0000")
    locked.get_by_role("button", name="Take the lock away").click()
    expect(locked.get_by_text("That is not your PIN.")).to_be_visible()
    locked.get_by_label("Your PIN", exact=True).fill("2580")
    locked.get_by_role("button", name="Take the lock away").click()
    expect(locked.get_by_text("The lock is taken away.")).to_be_visible()
    locked.evaluate("sessionStorage.clear()")
    locked.goto("/")
    expect(heading(locked)).to_be_visible()


def test_without_scripts_there_is_no_lock_and_the_page_says_so(people, sam):
    page = let_in(people(harness.OLD_PHONE), sam)
    page.goto("/lock/")
    expect(page.locator("noscript .notice")).to_have_text("The lock needs JavaScript.")

"""Do not disturb: three steps for the phone at hand, the number that may ring, the calendar."""

import pytest
from playwright.sync_api import expect

from checklist import ticking
from checklist.models import Session
from tests.browser import harness
from tests.browser.conftest import let_in
from tests.browser.kept import carries_a_tick, has_copies, settle_in
from tests.test_installing import IPHONE

SILENT = "/tools/do-not-disturb/"
MAC = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1.15"
)
SAMSUNG = "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"
LINUX = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"


@pytest.fixture(autouse=True)
def excused(watch):
    watch.excuse("ERR_INTERNET_DISCONNECTED")


def shown(page):
    return page.locator("[data-phone]:visible summary").all_text_contents()


@pytest.mark.parametrize(
    ("told", "fingers", "words"),
    [
        (IPHONE, 5, "iPhone or iPad"),
        (MAC, 5, "iPhone or iPad"),
        (MAC, 0, "Mac"),
        (harness.MOBILE, 5, "Android, such as Pixel"),
        (SAMSUNG, 5, "Android by Samsung"),
        (WINDOWS, 10, "Windows"),
        (LINUX, 0, "Another phone or computer"),
        ("", 0, "Another phone or computer"),
    ],
)
def test_the_steps_for_the_phone_at_hand_are_open_and_the_others_a_tap_away(people, told, fingers, words):
    page = people(harness.PHONE, color_scheme="light")
    page.context.add_init_script(
        f"Object.defineProperty(navigator, 'userAgent', {{ value: {told!r} }});"
        f"Object.defineProperty(navigator, 'maxTouchPoints', {{ value: {fingers} }});"
    )
    page.goto(SILENT)
    expect(page.locator("[data-phone]:visible")).to_have_count(1)
    assert shown(page) == [words]
    assert page.locator("[data-phone]:visible ol > li:visible").count() == 3
    page.get_by_role("button", name="Another phone?").click()
    assert shown(page)[0] == words
    assert len(shown(page)) == 6
    expect(page.locator("[data-phone] summary").nth(1)).to_be_focused()


def test_where_its_item_was_set_aside_it_says_that_it_stays_so(people, sam, sams_session, now):
    ticking.tick(sams_session, "alerts-off-call", "na", None, now)
    page = settle_in(let_in(people(harness.SETTLED), sam))
    page.goto(f"{SILENT}#{sams_session.id}")
    page.get_by_role("button", name="It is on now").tap()
    expect(page.locator("[data-kept-words]")).to_have_text(
        "On your list it does not apply this time, so it stays as it is."
    )


def test_without_scripts_the_steps_for_all_phones_are_there(old_phone):
    old_phone.goto(SILENT)
    assert len(shown(old_phone)) == 6
    old_phone.get_by_text("Windows", exact=True).click()
    expect(old_phone.get_by_text("Click the bell at the top of what opens.")).to_be_visible()


@pytest.fixture
def ready(sams, sams_session, dana):
    dana.practice.phone = "+1 555 0100"
    dana.practice.save()
    sams.goto("/")
    has_copies(sams)
    return sams


def test_the_number_that_may_call_back_is_named(ready, sams_session):
    ready.goto(f"{SILENT}#{sams_session.id}")
    expect(ready.get_by_role("listitem").filter(has_text="+1 555 0100")).to_be_visible()


def test_without_a_number_nothing_is_said_of_one(sams, sams_session, dana):
    dana.practice.phone = ""
    dana.practice.save()
    sams.goto("/")
    has_copies(sams)
    sams.goto(f"{SILENT}#{sams_session.id}")
    expect(sams.locator("[data-dates]")).to_be_visible()
    expect(sams.get_by_role("heading", name="The number to let ring")).to_be_hidden()


def test_saying_that_it_is_on_ticks_the_item(ready, sams_session):
    ready.goto(f"{SILENT}#{sams_session.id}")
    with ready.expect_response(carries_a_tick):
        ready.get_by_role("button", name="It is on now").tap()
    expect(ready.get_by_role("link", name="Done. Back to my list")).to_be_focused()
    fresh = Session.objects.with_lists().get(pk=sams_session.pk)
    assert [line.item.key for line in fresh.readiness.lines if line.done] == ["alerts-off-call"]


def test_the_calendar_of_the_session_is_a_tap_away_and_says_what_is_in_it(ready, sams_session):
    ready.goto(f"{SILENT}#{sams_session.id}")
    expect(ready.get_by_text("The calendar file has two entries")).to_be_visible()
    expect(ready.get_by_role("link", name="Add to calendar")).to_have_attribute(
        "href", f"/sessions/{sams_session.id}/calendar.ics"
    )


def test_it_works_without_a_network(people, sam, sams_session):
    page = settle_in(let_in(people(harness.SETTLED), sam))
    page.context.set_offline(True)
    page.goto(f"{SILENT}#{sams_session.id}")
    page.get_by_role("button", name="It is on now").tap()
    expect(page.locator("[data-kept-words]")).to_have_text(
        "Ticked on your list. The tick is saved on this phone."
    )

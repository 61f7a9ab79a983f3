"""Asking for privacy: a message with the times of the session that names nothing, sent by the person alone (R3)."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from checklist import scheduling
from checklist.models import Session
from tests.browser import harness
from tests.browser.conftest import let_in
from tests.browser.kept import carries_a_tick, has_copies, settle_in, until
from tests.test_neutral import BANNED

PRIVACY = "/tools/privacy/"
# Stands in for the share sheet of a phone: notes what it is given, and does with it what a test says.
SHEET = """(() => {
  window.given = [];
  const sheet = async (data) => {
    given.push(data);
    if (window.outcome) throw new DOMException("no", window.outcome);
  };
  Object.defineProperty(navigator, "share", { value: sheet });
  Object.defineProperty(navigator, "canShare", { value: () => true });
})()"""
NO_SHEET = "Object.defineProperty(navigator, 'share', { value: undefined })"
CLIPBOARD = """(() => {
  window.copied = [];
  Object.defineProperty(navigator, "clipboard", { value: { writeText: async (text) => copied.push(text) } });
})()"""
NO_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', { value: undefined })"


@pytest.fixture(autouse=True)
def excused(watch):
    watch.excuse("ERR_INTERNET_DISCONNECTED")


@pytest.fixture
def at(people, sam):
    """Open the page for a session on Sam's phone, which has what these scripts make of it."""

    def at(session, *scripts):
        page = let_in(people(harness.PHONE, color_scheme="light"), sam)
        for script in scripts:
            page.context.add_init_script(script)
        page.goto("/")
        has_copies(page)
        page.goto(f"{PRIVACY}#{session.id}")
        expect(page.locator("#message")).not_to_have_value(re.compile("next hour"))
        return page

    return at


def message(page):
    return page.locator("#message")


def press(page, name):
    page.get_by_role("button", name=name, exact=True).tap()


def states(session):
    fresh = Session.objects.with_lists().get(pk=session.pk)
    return {line.item.key: line.state for line in fresh.readiness.lines if not line.open}


def test_r3_the_message_has_the_times_of_today_and_names_nothing(at, sams_session):
    page = at(sams_session, NO_SHEET, CLIPBOARD)
    expect(message(page)).to_have_value(
        "May I have the room to myself today from 12:00 pm to 12:50 pm? Thank you!"
    )
    for name in ("The room", "Quiet", "The home"):
        press(page, name)
        text = message(page).input_value()
        assert "today from 12:00 pm to 12:50 pm" in text
        assert not BANNED.findall(text)
        assert text.isascii(), "a letter beyond ASCII makes a text message dearer"


@pytest.mark.parametrize(
    ("later", "words"),
    [
        (timedelta(days=1), "tomorrow from 12:00 pm to 12:50 pm"),
        (timedelta(days=3), "on Sunday 29 November from 12:00 pm to 12:50 pm"),
        (timedelta(hours=-1), "until 11:50 am"),
    ],
)
def test_another_day_is_named_and_what_has_begun_only_ends(at, sams_session, now, later, words):
    Session.objects.filter(pk=sams_session.pk).update(
        starts_at=sams_session.starts_at + later, ends_at=sams_session.ends_at + later
    )
    page = at(sams_session)
    expect(message(page)).to_have_value(re.compile(words))


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Asia/Kathmandu", "today from 1:45 am to 2:35 am"),
        ("Australia/Lord_Howe", "today from 7:00 am to 7:50 am"),
        ("America/New_York", "today from 3:00 pm to 3:50 pm"),
    ],
)
def test_the_times_are_those_where_the_client_lives_and_it_says_so_on_a_phone_elsewhere(
    at, sam, sams_session, zone, words
):
    sam.time_zone = zone
    sam.save()
    page = at(sams_session)
    expect(message(page)).to_have_value(re.compile(words))
    expect(page.locator("[data-elsewhere]")).to_contain_text("This phone has another time now.")


def test_a_session_that_moves_while_the_page_is_open_has_its_new_times(at, sams_session, clock):
    page = at(sams_session)
    scheduling.change(sams_session, clock.now, sams_session.starts_at + timedelta(hours=1), 50)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(message(page)).to_have_value(re.compile("from 1:00 pm to 1:50 pm"))


def test_the_share_sheet_gets_the_message_as_it_was_changed_and_the_item_is_ticked(at, sams_session, server):
    page = at(sams_session, SHEET)
    message(page).fill("Can I have the kitchen from 12:00 pm?")
    press(page, "Quiet")
    expect(message(page)).to_have_value(re.compile("keep it quiet"))
    press(page, "The room")
    with page.expect_response(carries_a_tick) as ticked:
        press(page, "Send it")
    assert page.evaluate("given") == [{"text": "Can I have the kitchen from 12:00 pm?"}]
    assert "kitchen" not in ticked.value.request.post_data
    expect(page.locator("[data-kept-words]")).to_have_text("Ticked on your list. The tick is sent.")
    assert states(sams_session) == {"where-to-sit": "done"}


def test_a_share_that_is_cancelled_is_no_error_and_ticks_nothing(at, sams_session):
    page = at(sams_session, SHEET, CLIPBOARD)
    page.evaluate("window.outcome = 'AbortError'")
    press(page, "Send it")
    until(page, lambda: page.evaluate("given.length") == 1)
    expect(page.locator("[data-outcome]")).to_have_text("")
    expect(page.get_by_role("link", name="Done. Back to my list")).to_be_hidden()
    assert page.evaluate("copied") == []
    assert states(sams_session) == {}


def test_where_the_sheet_fails_the_message_is_copied(at, sams_session):
    page = at(sams_session, SHEET, CLIPBOARD)
    page.evaluate("window.outcome = 'NotAllowedError'")
    press(page, "Send it")
    expect(page.locator("[data-outcome]")).to_have_text("It is copied. Paste it into a message.")
    assert page.evaluate("copied") == [message(page).input_value()]


def test_without_a_sheet_there_is_one_button_which_copies(at, sams_session):
    page = at(sams_session, NO_SHEET, CLIPBOARD)
    expect(page.get_by_role("button", name="Send it")).to_have_count(0)
    with page.expect_response(carries_a_tick):
        press(page, "Copy it")
    assert page.evaluate("copied") == [message(page).input_value()]


def test_without_a_clipboard_the_text_is_marked_and_the_person_says_when_it_is_done(at, sams_session):
    page = at(sams_session, NO_SHEET, NO_CLIPBOARD)
    press(page, "Copy it")
    expect(page.locator("[data-outcome]")).to_contain_text("The text is marked.")
    assert page.evaluate("getSelection().toString()") == message(page).input_value()
    assert states(sams_session) == {}
    with page.expect_response(carries_a_tick):
        press(page, "I have copied it")
    expect(page.get_by_role("link", name="Done. Back to my list")).to_be_focused()


def test_on_a_phone_without_a_session_it_asks_for_the_next_hour(phone):
    phone.goto(PRIVACY)
    expect(message(phone)).to_have_value("May I have the room to myself for the next hour? Thank you!")


def test_it_works_without_a_network(people, sam, sams_session):
    page = people(harness.INSTALLED, color_scheme="light")
    page.context.add_init_script(SHEET)
    settle_in(let_in(page, sam))
    page.context.set_offline(True)
    page.goto(f"{PRIVACY}#{sams_session.id}")
    press(page, "Send it")
    expect(page.locator("[data-kept-words]")).to_have_text(
        "Ticked on your list. The tick is saved on this phone."
    )
    assert page.evaluate("document.featurePolicy.allowsFeature('clipboard-write')")
    page.get_by_role("link", name="No private place today?").tap()
    page.wait_for_url(f"**/tools/private-place/#{sams_session.id}")
    expect(page.get_by_role("heading", name="Another place")).to_be_visible()

"""Questions to ask: picked or one's own, on this phone alone, with what was answered; out only by a tap (R20)."""

import pytest
from django.templatetags.static import static
from playwright.sync_api import expect

from checklist.models import Device
from tests.browser import harness
from tests.browser.conftest import let_in
from tests.browser.kept import carries_a_tick, has_copies, settle_in, until
from tests.browser.test_privacy import CLIPBOARD, NO_SHEET, SHEET

FACT = "async (address) => (await import(address)).fact('questions')"
ASK, OWN = "How do you like to work?", "Is there a lift?"


@pytest.fixture(autouse=True)
def excused(watch):
    watch.excuse("ERR_INTERNET_DISCONNECTED", "Failed to load resource")


@pytest.fixture
def ready(ready, sams_session):
    """Sam's phone on the page of the questions."""
    ready.goto(f"/tools/questions/#{sams_session.id}")
    return ready


def kept(page):
    """Return {question: answer} as the phone keeps them."""
    rows = page.evaluate(FACT, static("js/store.js")) or []
    return {row["text"]: row["answer"] for row in rows}


def pick(page, question=ASK):
    page.get_by_text("How they work").tap()
    page.get_by_label(question).check()


def add(page, question=OWN):
    page.get_by_label("Your own question").fill(question)
    page.get_by_role("button", name="Add it").tap()


def mine(page):
    return page.locator("[data-kept] > li > b")


def answer(page, words):
    page.get_by_text("Note the answer").tap()
    page.get_by_role("textbox", name="What was answered").fill(words)
    expect(page.locator("[data-jotted]")).to_have_text("Saved on this phone")


def test_what_is_picked_and_added_is_kept_and_ticks_the_item_once(ready):
    with ready.expect_response(carries_a_tick):
        pick(ready)
    add(ready)
    expect(mine(ready)).to_have_text([ASK, OWN])
    assert kept(ready) == {ASK: "", OWN: ""}
    ready.reload()
    expect(mine(ready)).to_have_text([ASK, OWN])


def test_what_is_taken_off_is_gone_with_its_answer(ready):
    pick(ready)
    answer(ready, "Slowly")
    ready.get_by_role("button", name="Take it off").tap()
    expect(mine(ready)).to_have_count(0)
    expect(ready.get_by_label(ASK)).not_to_be_checked()
    assert kept(ready) == {}


@pytest.mark.parametrize(
    ("way", "button", "given"),
    [(SHEET, "Send it", "given.map(({ text }) => text)"), (f"{NO_SHEET};{CLIPBOARD}", "Copy it", "copied")],
    ids=["sheet", "clipboard"],
)
def test_they_go_out_by_a_tap_as_they_are_shown_and_without_the_answers(
    people, sam, sams_session, way, button, given
):
    ready = let_in(people(harness.PHONE, color_scheme="light"), sam)
    ready.context.add_init_script(way)
    ready.goto("/")
    has_copies(ready)
    ready.goto(f"/tools/questions/#{sams_session.id}")
    pick(ready)
    answer(ready, "Slowly")
    add(ready)
    expect(mine(ready)).to_have_count(2)
    ready.get_by_text("Share or copy them").tap()
    expect(ready.get_by_label("This is what goes out")).to_have_value(f"- {ASK}\n- {OWN}")
    ready.get_by_role("button", name=button).tap()
    until(ready, lambda: ready.evaluate(given) == [f"- {ASK}\n- {OWN}"])


def test_r20_no_word_of_them_reaches_the_server(ready):
    sent = []
    ready.on("request", lambda request: sent.append(f"{request.url} {request.post_data}"))
    with ready.expect_response(carries_a_tick):
        pick(ready)
    add(ready)
    expect(mine(ready)).to_have_count(2)
    answer_all = ready.get_by_text("Note the answer").first
    answer_all.tap()
    ready.get_by_role("textbox", name="What was answered").first.fill("Slowly")
    until(ready, lambda: "Slowly" in kept(ready).values())
    ready.goto("/")
    assert any("what-to-ask" in row for row in sent)
    assert not [row for row in sent if "lift" in row or "Slowly" in row or "like to work" in row]


def test_they_are_there_without_a_connection(people, sam, sams_session):
    page = settle_in(let_in(people(harness.SETTLED), sam))
    page.context.set_offline(True)
    page.goto(f"/tools/questions/#{sams_session.id}")
    pick(page)
    expect(mine(page)).to_have_text([ASK])
    expect(page.locator("[data-kept-words]")).to_contain_text("saved on this phone")


def test_a_phone_that_is_shut_out_forgets_them(ready):
    pick(ready)
    expect(mine(ready)).to_have_text([ASK])
    Device.objects.all().revoke()
    ready.goto("/")
    until(ready, lambda: kept(ready) == {})

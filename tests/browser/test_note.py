"""One thing to say: a note in this phone's store only, gone after its session unless it is kept (R20)."""

from datetime import timedelta

import pytest
from django.templatetags.static import static
from playwright.sync_api import expect

from checklist import inviting, scheduling
from checklist.models import Device, Session
from checklist.views.desk.invitations import join_link
from tests import factories
from tests.browser import harness
from tests.browser.conftest import let_in
from tests.browser.kept import has_copies, sessions, settle_in, until
from tests.browser.scenes import covered
from tests.browser.test_privacy import CLIPBOARD, NO_CLIPBOARD, NO_SHEET, SHEET

NOTE, ITEM = "/tools/note/", "one-thing-to-say"
TEXT = "Ask about the move"
LEAVES = """async (address) => {
  const { jot } = await import(address);
  const [field, saved] = [document.createElement("textarea"), []];
  let [kept, end] = [];
  jot(field, (text) => new Promise((resolve) => { end = () => { kept = text; resolve("saved"); }; }), () => {});
  field.value = "Ask about the move";
  for (const name of ["input", "change"]) field.dispatchEvent(new Event(name));
  dispatchEvent(new CustomEvent("leaving", { detail: saved }));
  Promise.resolve().then(() => Promise.resolve()).then(() => end());
  await Promise.all(saved);
  return kept;
}"""
FACT = "async ([address, name]) => (await import(address)).fact(name)"


@pytest.fixture(autouse=True)
def excused(watch):
    watch.excuse("ERR_INTERNET_DISCONNECTED", "Failed to load resource")


@pytest.fixture
def installed(people, sam, sams_session):
    return settle_in(let_in(people(harness.SETTLED), sam))


def field(page):
    return page.get_by_label("Your note")


def said(page):
    return page.locator("[data-jotted]")


def kept(page):
    """Return {session: text} of the notes on this phone."""
    notes = page.evaluate(FACT, [static("js/store.js"), "notes"]) or {}
    return {session: note["text"] for session, note in notes.items()}


def write(page, session, text=TEXT, keep=False):
    page.goto(f"{NOTE}#{session.id}")
    expect(field(page)).to_be_visible()
    field(page).press_sequentially(text)
    expect(said(page)).to_have_text("Saved on this phone")
    if keep:
        page.get_by_label("Keep it").check()
        until(page, lambda: page.evaluate(FACT, [static("js/store.js"), "notes"])[str(session.id)]["kept"])


def states(session):
    fresh = Session.objects.with_lists().get(pk=session.pk)
    return {line.item.key: line.state for line in fresh.readiness.lines if not line.open}


# Writing


def test_it_is_saved_as_one_types_and_ticks_the_item(ready, sams_session):
    ready.locator(f"#{ITEM}").get_by_role("link", name="Write a private note").tap()
    expect(field(ready)).to_be_visible()
    field(ready).press_sequentially(TEXT)
    expect(said(ready)).to_have_text("Saved on this phone")
    expect(ready.locator("[data-kept-words]")).to_have_text("Ticked on your list. The tick is sent.")
    expect(field(ready)).to_be_focused()
    assert kept(ready) == {str(sams_session.id): TEXT}
    assert states(sams_session) == {ITEM: "done"}
    ready.reload()
    expect(field(ready)).to_have_value(TEXT)


def test_r20_no_word_of_it_leaves_the_phone(ready, sams_session):
    sent = []
    ready.on("request", lambda request: sent.append(f"{request.url} {request.post_data}"))
    write(ready, sams_session, keep=True)
    expect(ready.locator("[data-kept-words]")).to_have_text("Ticked on your list. The tick is sent.")
    ready.goto("/")
    expect(ready.locator(".jotted")).to_have_text(TEXT)
    assert any("one-thing-to-say" in row for row in sent)
    assert not [row for row in sent if "move" in row]


def test_what_was_typed_a_moment_before_leaving_is_there(ready, sams_session):
    ready.goto(f"{NOTE}#{sams_session.id}")
    expect(ready.locator("[data-keeping]")).to_be_visible()
    field(ready).press_sequentially(TEXT)
    ready.get_by_role("link", name="Leave quickly").tap()
    ready.wait_for_url("**/list/")
    ready.goto(f"{NOTE}#{sams_session.id}")
    expect(field(ready)).to_have_value(TEXT)


def test_the_way_out_waits_for_what_the_tap_before_it_began_to_save(ready):
    """A tap on the link is a change of the field first, so that nothing is unsaved any more, and nothing kept yet."""
    assert ready.evaluate(LEAVES, static("js/jot.js")) == TEXT


def test_what_is_typed_before_the_sessions_are_here_is_saved_once_they_are(sams, sams_session):
    sams.goto(f"{NOTE}#{sams_session.id}")
    field(sams).fill(TEXT)
    expect(said(sams)).to_have_text("Saved on this phone")
    assert kept(sams) == {str(sams_session.id): TEXT}


def test_it_takes_2000_letters_and_says_when_few_are_left(ready, sams_session):
    ready.goto(f"{NOTE}#{sams_session.id}")
    field(ready).fill("x" * 1900)
    expect(ready.locator("[data-count]")).to_have_text("Letters left: 100")
    assert field(ready).get_attribute("maxlength") == "2000"
    expect(said(ready)).to_have_text("Saved on this phone")


def test_browsers_are_told_not_to_send_it_to_a_spelling_service_nor_to_keep_it(ready, sams_session):
    ready.goto(f"{NOTE}#{sams_session.id}")
    assert (field(ready).get_attribute("spellcheck"), field(ready).get_attribute("autocomplete")) == (
        "false",
        "off",
    )


def test_who_unticked_the_item_and_writes_on_is_not_ticked_again(ready, sams_session):
    write(ready, sams_session)
    expect(ready.locator("[data-kept-words]")).to_have_text("Ticked on your list. The tick is sent.")
    ready.goto("/")
    ready.locator(f"#{ITEM} .tick").tap()
    until(ready, lambda: states(sams_session) == {})
    ready.goto(f"{NOTE}#{sams_session.id}")
    expect(field(ready)).to_have_value(TEXT)
    field(ready).press_sequentially(", please")
    until(ready, lambda: "please" in kept(ready)[str(sams_session.id)])
    assert states(sams_session) == {}


def test_deleting_asks_once_more(ready, sams_session):
    write(ready, sams_session)
    ready.get_by_role("button", name="Delete").tap()
    assert kept(ready)
    ready.get_by_role("button", name="Tap again to delete").tap()
    expect(field(ready)).to_have_value("")
    until(ready, lambda: kept(ready) == {})


def test_where_nothing_can_be_kept_it_says_so(people, sam, sams_session):
    page = let_in(people(harness.PHONE, color_scheme="light"), sam)
    page.context.add_init_script("indexedDB.open = () => { throw new DOMException('no', 'SecurityError'); }")
    page.goto(f"{NOTE}#{sams_session.id}")
    field(page).fill(TEXT)
    expect(said(page)).to_contain_text("Copy it before you leave this page.")


def test_on_a_phone_that_nobody_was_let_in_on_nothing_is_saved(phone):
    phone.goto(NOTE)
    field(phone).fill(TEXT)
    expect(said(phone)).to_contain_text("Not saved: this phone has no session ahead.")
    assert kept(phone) == {}


def test_by_keyboard_alone(people, sam, sams_session):
    page = let_in(people(harness.DESK), sam)
    page.goto("/")
    has_copies(page)
    page.goto(f"{NOTE}#{sams_session.id}")
    field(page).focus()
    page.keyboard.type(TEXT)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("Keep it")).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Share or copy")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(field(page)).to_have_value("")
    expect(field(page)).to_be_focused()


# Two pages


def test_a_second_page_follows_and_what_is_typed_last_stands(ready, sams_session):
    write(ready, sams_session)
    other = ready.context.new_page()
    other.goto(f"{NOTE}#{sams_session.id}")
    expect(field(other)).to_have_value(TEXT)
    field(other).press_sequentially(" today")
    expect(field(ready)).to_have_value(f"{TEXT} today")
    field(ready).press_sequentially(" and why")
    expect(field(other)).to_have_value(f"{TEXT} today and why")
    other.close()


# On the list


def test_the_list_shows_its_first_words_and_they_lead_to_it(ready, sams_session):
    write(ready, sams_session, "<b>First</b> line\nSecond line")
    ready.goto("/")
    first = ready.locator(f"#{ITEM} .jotted")
    expect(first).to_have_text("<b>First</b> line…")
    first.tap()
    ready.wait_for_url(f"**{NOTE}#{sams_session.id}")


def test_a_locked_app_covers_the_note_and_its_first_words(ready, sams_session):
    write(ready, sams_session)
    covered(ready)
    expect(ready.locator(".jotted")).to_be_hidden()
    ready.goto(f"{NOTE}#{sams_session.id}")
    expect(ready.get_by_role("dialog", name="Type your PIN")).to_be_visible()
    expect(field(ready)).to_be_hidden()


def test_without_a_network_it_is_written_ticked_and_shown(installed, sams_session):
    installed.context.set_offline(True)
    write(installed, sams_session)
    expect(installed.locator("[data-kept-words]")).to_have_text(
        "Ticked on your list. The tick is saved on this phone."
    )
    installed.goto("/")
    expect(installed.locator(f"#{ITEM} .jotted")).to_have_text(TEXT)
    expect(installed.locator(f"#{ITEM}").get_by_role("checkbox")).to_be_checked()


# Sharing


def test_it_is_shared_by_a_choice_for_this_note(people, sam, sams_session):
    page = let_in(people(harness.PHONE, color_scheme="light"), sam)
    page.context.add_init_script(SHEET)
    page.goto("/")
    has_copies(page)
    write(page, sams_session)
    page.get_by_role("button", name="Share or copy").tap()
    until(page, lambda: page.evaluate("given") == [{"text": TEXT}])
    page.evaluate("window.outcome = 'AbortError'")
    page.get_by_role("button", name="Share or copy").tap()
    until(page, lambda: page.evaluate("given.length") == 2)
    expect(page.locator("[data-outcome]")).to_have_text("")


@pytest.mark.parametrize(
    ("clipboard", "words"), [(CLIPBOARD, "It is copied."), (NO_CLIPBOARD, "The text is marked.")]
)
def test_without_a_sheet_it_is_copied_or_marked(people, sam, sams_session, clipboard, words):
    page = let_in(people(harness.PHONE, color_scheme="light"), sam)
    page.context.add_init_script(NO_SHEET)
    page.context.add_init_script(clipboard)
    page.goto("/")
    has_copies(page)
    write(page, sams_session)
    page.get_by_role("button", name="Share or copy").tap()
    expect(page.locator("[data-outcome]")).to_contain_text(words)


# Its end


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Apia", "Asia/Kathmandu"])
@pytest.mark.parametrize(("minutes", "there"), [(91, True), (93, False)])
def test_it_goes_with_the_end_of_the_session_in_every_zone(
    sams, sam, sams_session, clock, zone, minutes, there
):
    """The session ends 92 minutes from the beginning of the test."""
    sam.time_zone = zone
    sam.save()
    sams.goto("/")
    has_copies(sams)
    write(sams, sams_session)
    sams.goto("about:blank")
    clock.forward(minutes=minutes)
    sams.goto("/help/")
    until(sams, lambda: bool(kept(sams)) is there)


def test_after_a_week_with_the_app_closed_it_is_gone_with_the_first_page_and_was_not_shown(
    installed, sam, sams_session, clock
):
    write(installed, sams_session)
    installed.goto("about:blank")
    clock.forward(days=7)
    factories.session(sam, now=clock.now)
    installed.context.set_offline(True)
    installed.goto(f"/sessions/{sams_session.id}/")
    expect(installed.get_by_role("heading", name="This session has ended")).to_be_visible()
    until(installed, lambda: kept(installed) == {})
    installed.goto(f"{NOTE}#{sams_session.id}")
    expect(field(installed)).to_have_value("")
    expect(installed.locator("[data-others]")).to_be_hidden()


def test_one_that_is_kept_stays_with_its_day_until_it_is_deleted(ready, sam, sams_session, clock):
    write(ready, sams_session, keep=True)
    clock.forward(days=70)
    session = factories.session(sam, now=clock.now)
    ready.goto("/")
    until(ready, lambda: str(session.id) in {row["id"] for row in sessions(ready)})
    ready.goto(f"{NOTE}#{session.id}")
    others = ready.get_by_role("region", name="Other notes on this phone")
    expect(others.get_by_role("heading", level=3)).to_have_text("Thursday 26 November 2026")
    expect(others).to_contain_text(TEXT)
    expect(field(ready)).to_have_value("")
    others.get_by_role("button", name="Delete").tap()
    others.get_by_role("button", name="Tap again to delete").tap()
    expect(others).to_be_hidden()
    assert kept(ready) == {}


def test_a_session_that_moved_takes_its_note_along(ready, sams_session, clock):
    write(ready, sams_session)
    later = sams_session.starts_at + timedelta(days=2)
    scheduling.change(sams_session, clock.now, later, 50)
    ready.goto("/")
    until(ready, lambda: sessions(ready)[0]["starts_at"] == later.isoformat())
    clock.forward(days=1)
    ready.goto("/")
    expect(ready.locator(".jotted")).to_have_text(TEXT)


# Who has the phone after


def test_signing_out_says_so_and_deletes_it(ready, sams_session):
    write(ready, sams_session, keep=True)
    ready.goto("/leave/")
    expect(ready.get_by_text("like a private note, is deleted")).to_be_visible()
    ready.get_by_role("button", name="Sign out").tap()
    ready.wait_for_url("/")
    assert ready.evaluate("indexedDB.databases().then((all) => all.length)") == 0


def test_a_phone_that_is_shut_out_forgets_it(ready, sams_session):
    write(ready, sams_session, keep=True)
    Device.objects.all().revoke()
    ready.goto("/")
    expect(ready.get_by_role("heading", level=1)).to_have_text("This phone has no access any more")
    until(ready, lambda: kept(ready) == {})


def test_a_phone_that_changes_hands_forgets_it(ready, sams_session, lee, clock):
    write(ready, sams_session, keep=True)
    ready.goto(join_link(inviting.invite(lee, clock.now)))
    ready.get_by_label("I'm someone else.").check()
    ready.get_by_role("button", name="Get started").tap()
    ready.wait_for_url("/")
    until(ready, lambda: kept(ready) == {})

"""A form that was refused keeps what was typed, says what to mend, and leads there (R29, R31)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import harness
from tests.browser.conftest import let_in

TURNED = "Sam \u202e K"  # what follows is written from right to left


@pytest.fixture(autouse=True)
def _refusals(watch):
    watch.excuse("status of 422")


def submit(page, name):
    """Press the button, without the browser's own checks in front."""
    button = page.get_by_role("button", name=name, exact=True)
    button.evaluate("button => { button.form.noValidate = true; }")
    button.click()


def errors(page):
    return page.get_by_role("alert").get_by_role("listitem")


@pytest.fixture
def client_form(danas, now):
    danas.goto("/desk/clients/add/")
    return danas


@pytest.fixture
def session_form(danas, sam, now):
    danas.goto(f"/desk/sessions/add/?client={sam.id}")
    danas.get_by_label("Date").fill("2026-11-30")
    danas.get_by_label("Start").fill("15:00")
    danas.get_by_label("Length in minutes").fill("45")
    danas.get_by_label("Text").check()
    danas.get_by_role("textbox", name="Link").fill("https://meet.example.org/room-7")
    return danas


# What was typed stays


def test_a_refused_client_keeps_every_field(client_form):
    client_form.get_by_label("Nickname").fill("Ben")
    client_form.get_by_label("E-mail (optional)").fill("ben(at)example.org")
    client_form.get_by_label("Their time zone").select_option("Asia/Kolkata")
    submit(client_form, "Make the invitation")
    expect(errors(client_form)).to_have_count(1)
    expect(client_form.get_by_label("Nickname")).to_have_value("Ben")
    expect(client_form.get_by_label("E-mail (optional)")).to_have_value("ben(at)example.org")
    expect(client_form.get_by_label("Their time zone")).to_have_value("Asia/Kolkata")


def test_a_refused_session_keeps_every_field(session_form):
    session_form.get_by_role("textbox", name="Link").fill("http://meet.example.org/room-7")
    submit(session_form, "Book it")
    expect(errors(session_form)).to_have_text([re.compile("has to begin with https://")])
    expect(session_form.get_by_label("Date")).to_have_value("2026-11-30")
    expect(session_form.get_by_label("Start")).to_have_value("15:00")
    expect(session_form.get_by_label("Length in minutes")).to_have_value("45")
    expect(session_form.get_by_label("Text")).to_be_checked()
    expect(session_form.get_by_role("textbox", name="Link")).to_have_value("http://meet.example.org/room-7")


def test_refused_settings_keep_every_line(danas, now):
    danas.goto("/desk/settings/")
    danas.get_by_label("Help numbers (optional)").fill("Night line: 555 0100\nnot a line")
    danas.get_by_label("If a call drops (optional)").fill("I call you back.\n\nWithin five minutes.")
    submit(danas, "Save")
    expect(danas.get_by_label("Help numbers (optional)")).to_have_value("Night line: 555 0100\nnot a line")
    expect(danas.get_by_label("If a call drops (optional)")).to_have_value(
        "I call you back.\n\nWithin five minutes."
    )


def test_a_refused_form_can_be_mended_and_sent(client_form):
    client_form.get_by_label("E-mail (optional)").fill("ben@example.org")
    submit(client_form, "Make the invitation")
    client_form.get_by_label("Nickname").fill("Ben")
    submit(client_form, "Make the invitation")
    expect(client_form.get_by_role("heading", level=1)).to_have_text("Invitation")


# What to mend is said, and is one click away


def test_each_error_leads_to_its_field(session_form):
    session_form.get_by_label("Length in minutes").fill("2")
    session_form.get_by_role("textbox", name="Link").fill("javascript:alert(1)")
    submit(session_form, "Book it")
    expect(errors(session_form)).to_have_count(2)
    errors(session_form).first.get_by_role("link").click()
    expect(session_form.get_by_label("Length in minutes")).to_be_focused()


def test_a_refused_field_says_so_to_a_screen_reader(client_form):
    submit(client_form, "Make the invitation")
    field = client_form.get_by_label("Nickname")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("Give them a nickname."))


def test_the_title_of_a_refused_form_says_so(client_form):
    submit(client_form, "Make the invitation")
    expect(client_form).to_have_title(re.compile("^Please check"))


# Bad input


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("Nickname", TURNED, "characters that can't be shown"),
        ("Nickname", "x" * 41, "40"),
        ("E-mail (optional)", "x@y", "not an e-mail address"),
    ],
)
def test_a_client_that_can_not_be_is_refused_with_words(client_form, field, typed, said):
    client_form.get_by_label("Nickname").fill("Ben")
    client_form.get_by_label(field).evaluate(
        "(field, typed) => { field.removeAttribute('maxlength'); field.value = typed; }", typed
    )
    submit(client_form, "Make the invitation")
    expect(errors(client_form).filter(has_text=said)).to_have_count(1)
    expect(client_form.get_by_label(field)).to_have_value(typed)


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("Length in minutes", "4" * 40, "at most 480 minutes"),
        ("Date", "2026-11-25", "already passed"),
        ("Date", "2036-11-25", "within the next two years"),
        ("Link", "https://dana@meet.example.org/", "name or password before the host"),
        ("Link", "javascript:alert(1)", "link"),
        ("Link", "https://meet", "not a link"),
    ],
)
def test_a_session_that_can_not_be_is_refused_with_words(session_form, field, typed, said):
    box = session_form.get_by_label(field, exact=field != "Link")
    box.fill(typed)
    submit(session_form, "Book it")
    expect(errors(session_form).filter(has_text=said)).to_have_count(1)
    expect(box).to_have_value(typed)


def test_a_time_that_the_clocks_skip_is_refused_with_words(session_form):
    session_form.get_by_label("Date").fill("2027-03-14")
    session_form.get_by_label("Start").fill("02:30")
    submit(session_form, "Book it")
    expect(errors(session_form)).to_have_text([re.compile("The clocks skip this time on that day.")])


# Messages


def test_what_was_done_is_said_once(danas, sam, now):
    danas.goto(f"/desk/clients/{sam.id}/edit/")
    danas.get_by_label("Nickname").fill("Sam L.")
    submit(danas, "Save")
    expect(danas.get_by_role("status").first).to_have_text("Saved.")
    danas.reload()
    expect(danas.get_by_text("Saved.")).to_have_count(0)


def test_reminders_by_mail_can_be_stopped_and_started(sams, sam, now):
    sams.goto("/reminders/")
    for on in (False, True):
        sams.get_by_label("Send me reminders by e-mail").set_checked(on)
        submit(sams, "Save")
        expect(sams.get_by_role("status").first).to_have_text("Saved.")
        expect(sams.get_by_label("Send me reminders by e-mail")).to_be_checked(checked=on)


def test_the_phones_own_zone_is_offered_and_not_forced(people, sam, now):
    phone = let_in(people(harness.PHONE, timezone_id="Europe/Madrid"), sam)
    phone.goto("/reminders/")
    expect(phone.get_by_label("Show times for")).to_have_value("America/Los_Angeles")
    phone.get_by_role("button", name="Use that").tap()
    expect(phone.get_by_label("Show times for")).to_have_value("Europe/Madrid")


def test_a_phone_that_knows_its_zone_by_an_old_name_is_offered_the_one_of_today(people, sam, now):
    phone = let_in(people(harness.PHONE, timezone_id="Asia/Calcutta"), sam)
    phone.goto("/reminders/")
    phone.get_by_role("button", name="Use that").tap()
    submit(phone, "Save")
    expect(phone.get_by_label("Show times for")).to_have_value("Asia/Kolkata")
    expect(phone.get_by_role("button", name="Use that")).to_be_hidden()


def test_a_form_that_was_open_for_very_long_is_explained(danas, sam, now, watch):
    watch.excuse("status of 403")
    danas.goto(f"/desk/clients/{sam.id}/edit/")
    danas.context.clear_cookies(name="csrftoken")
    submit(danas, "Save")
    expect(danas.get_by_role("heading", level=1)).to_be_visible()
    expect(danas.get_by_role("main").get_by_role("link").first).to_be_visible()


def test_one_tap_in_the_mail_stops_the_reminders(phone, sam, now):
    """R14: looking changes nothing."""
    phone.goto(f"/unsubscribe/{sam.id}/{sam.stop_token()}/")
    sam.refresh_from_db()
    assert sam.mail_reminders
    phone.get_by_role("button", name="Switch them off").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Reminders by e-mail are off")
    sam.refresh_from_db()
    assert not sam.mail_reminders


def test_what_was_changed_and_not_saved_says_so_where_one_is(sams, sams_session):
    sams.goto("/sharing/")
    save = sams.get_by_role("button", name="Save", exact=True)
    expect(save).to_be_in_viewport()
    sams.get_by_label("My plan").check()
    expect(sams.get_by_text("Not saved yet")).to_be_in_viewport()
    save.tap()
    expect(sams.get_by_label("My plan")).to_be_checked()
    expect(sams.get_by_text("Not saved yet")).to_have_count(0)

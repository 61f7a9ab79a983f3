"""An answer in one tap: in the app, from a mail, from a notification; and the therapist's nudge (R3, R7, R8, R17)."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from checklist.channels.letters import compose
from checklist.models import Answer, Reminder, Session
from tests import factories
from tests.browser import harness
from tests.browser.conftest import let_in
from tests.browser.kept import settle_in

CONFIRM, MOVE, VOICE = "I'll be there", "I'd like another time", "Rather by voice"


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def said():
    return list(Answer.objects.order_by("created_at").values_list("kind", flat=True))


@pytest.fixture
def ahead(sam, now):
    """Sam's session in three days, with its reminders."""
    return factories.session(sam, timedelta(days=3))


@pytest.fixture
def link(ahead, now):
    """Where the link in the mail about it leads."""
    reminder = Reminder.objects.filter(session=ahead).first()
    return re.search(r"\S+/answer/#\S+", compose(reminder, now).text)[0]


def open_page(page, link):
    page.goto(link)
    expect(button(page, CONFIRM)).to_be_visible()
    return page


# In the app


def test_one_tap_answers_and_the_therapist_sees_it(sams, danas, sams_session):
    sams.goto("/")
    button(sams, MOVE).tap()
    expect(button(sams, MOVE)).to_have_attribute("aria-pressed", "true")
    danas.goto("/desk/")
    expect(danas.get_by_role("row", name=re.compile("Sam K."))).to_contain_text("Asks to move")
    danas.get_by_role("link", name="Change Sam K.").click()
    expect(danas.get_by_role("heading", level=1)).to_contain_text("Change")


def test_the_same_tap_takes_it_back(sams, sams_session):
    sams.goto("/")
    for pressed in ("true", "false"):
        button(sams, VOICE).tap()
        expect(button(sams, VOICE)).to_have_attribute("aria-pressed", pressed)
    assert said() == []


def test_r7_a_phone_without_scripts_answers_as_well(old_phone, sam, sams_session):
    let_in(old_phone, sam)
    old_phone.goto(f"/sessions/{sams_session.id}/")
    button(old_phone, CONFIRM).tap()
    expect(button(old_phone, CONFIRM)).to_have_attribute("aria-pressed", "true")
    assert said() == ["confirm"]


def test_a_page_of_before_a_move_answers_nothing(sams, sams_session, watch):
    watch.excuse("status of 422")
    sams.goto("/")
    Session.objects.update(revision=2)
    button(sams, CONFIRM).tap()
    expect(sams.get_by_role("alert")).to_have_text("The time has changed since. Look at the new time first.")
    assert said() == []


def test_what_needs_a_connection_is_not_shown_without_one(people, sam, sams_session, watch):
    watch.excuse("ERR_INTERNET_DISCONNECTED", "ERR_FAILED")
    page = settle_in(let_in(people(harness.SETTLED), sam))
    expect(button(page, CONFIRM)).to_be_visible()
    page.context.set_offline(True)
    page.goto("/")
    expect(page.locator(".item")).to_have_count(13)
    expect(button(page, CONFIRM)).to_have_count(0)
    page.goto(f"/sessions/{sams_session.id}/?answer=confirm")
    expect(page.locator(".item")).to_have_count(13)
    expect(button(page, CONFIRM)).to_have_count(0)


# From a notification


def test_a_notifications_answer_is_one_more_tap_away(sams, sams_session):
    sams.goto(f"/sessions/{sams_session.id}/?answer=confirm")
    expect(sams.get_by_text("Tap to send your answer.")).to_be_visible()
    assert said() == []
    button(sams, CONFIRM).first.tap()
    expect(sams.get_by_text("Tap to send your answer.")).to_be_hidden()
    expect(button(sams, CONFIRM)).to_have_attribute("aria-pressed", "true")


# From a mail


def test_r17_opening_the_link_with_scripts_changes_nothing(phone, link, server):
    open_page(phone, link)
    phone.reload()
    expect(button(phone, CONFIRM)).to_be_visible()
    server.wait()
    assert said() == []
    assert not [row for row in server.seen if row.method == "POST"]


def test_one_tap_answers_from_a_mail(phone, link):
    open_page(phone, link)
    button(phone, VOICE).tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you, it is passed on")
    assert said() == ["voice"]


def test_a_tap_on_another_answer_after_going_back_is_kept_too(phone, link):
    open_page(phone, link)
    button(phone, CONFIRM).tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you, it is passed on")
    phone.go_back()
    button(phone, MOVE).tap()
    expect(phone.get_by_text("You answered: I'd like another time.")).to_be_visible()
    assert said() == ["move"]


def test_r17_the_token_is_in_no_address_that_the_server_is_asked_for(phone, link, server, watch):
    watch.excuse("status of 401")
    token = link.partition("#")[2]
    open_page(phone, link)
    assert "#" not in phone.url
    button(phone, CONFIRM).tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you, it is passed on")
    phone.goto("/help/")
    server.wait()
    assert not [row for row in server.seen if token in row.address + row.referer]


@pytest.mark.parametrize("end", ["", "#"])
def test_a_link_that_lost_its_token_leads_to_the_app(phone, end):
    phone.goto(f"/answer/{end}")
    expect(phone.get_by_role("link", name="Open my list")).to_be_visible()
    expect(button(phone, CONFIRM)).to_be_hidden()


def test_without_scripts_the_page_says_to_open_the_app(old_phone, link):
    old_phone.goto(link)
    expect(old_phone.get_by_text("Open the app: you can answer there.")).to_be_visible()
    expect(button(old_phone, CONFIRM)).to_be_hidden()


def test_a_link_of_before_a_move_says_so(phone, link, watch):
    watch.excuse("status of 422")
    open_page(phone, link)
    Session.objects.update(revision=2)
    button(phone, CONFIRM).tap()
    expect(phone.get_by_role("alert")).to_contain_text("The time has changed since.")
    assert said() == []


# The nudge


def test_r8_a_nudge_goes_once(danas, sams_session):
    danas.goto(f"/desk/sessions/{sams_session.id}/")
    button(danas, "Send a nudge").dblclick()
    expect(danas.get_by_text("No nudge can be sent now.")).to_be_visible()
    expect(button(danas, "Send a nudge")).to_have_count(0)
    expect(danas.get_by_role("row", name=re.compile("A nudge"))).to_have_count(1)
    assert Reminder.objects.filter(kind="nudge").count() == 1

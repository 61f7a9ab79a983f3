"""The way in, as a person meets it: the link, a typed code, a phone that was shut out (R16, R17, R18)."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from checklist import inviting
from checklist.models import Device, Invitation
from tests.browser import harness
from tests.browser.conftest import accept, invitation_link, let_in, past_first_steps

START, ELSEWHERE = "Get started", "Use it on another phone"


@pytest.fixture
def link(sam, now):
    """The link of Sam's open invitation."""
    return invitation_link(sam)


def button(page, name):
    return page.get_by_role("button", name=name)


def type_code(page, code, name=START):
    page.goto("/join/code/")
    page.get_by_label("Your code").fill(code)
    button(page, name).click()


def code_on(page):
    """Return the code that the page shows."""
    expect(page.locator(".code")).to_be_visible()
    return page.locator(".code").inner_text()


# The link


def test_the_link_and_one_tap_let_a_phone_in(phone, sams_session, link):
    phone.goto(link)
    button(phone, START).tap()
    past_first_steps(phone)
    expect(phone.get_by_role("heading", level=1)).to_contain_text("in 42 minutes")


def test_the_token_is_in_no_address_that_the_server_is_asked_for(phone, link, server):
    token = urlsplit(link).fragment
    accept(phone, link)
    phone.goto("/help/")
    phone.context.close()
    server.wait()
    assert len(server.seen) > 3
    assert not [row for row in server.seen if token in row.address + row.referer]


def test_the_token_does_not_stay_in_the_address_bar(phone, link):
    phone.goto(link)
    expect(button(phone, START)).to_be_visible()
    assert urlsplit(phone.url)[2:] == ("/join/", "", "")


def test_the_token_is_not_left_in_the_history(phone, link):
    phone.goto("/join/lost/")
    accept(phone, link)
    phone.go_back()
    assert "#" not in phone.url


def test_opening_the_link_does_not_use_it_up(phone, link, people):
    phone.goto(link)
    expect(button(phone, START)).to_be_visible()
    assert Invitation.objects.get().used_at is None
    accept(people(harness.PHONE), link)


def test_a_scanner_that_runs_scripts_does_not_use_the_link_up(people, link, clock):
    """It opens the link as a mail filter does: with scripts, without a hand, and stays for an hour."""
    scanner = people(harness.DESK)
    scanner.goto(link)
    scanner.wait_for_load_state("networkidle")
    clock.forward(hours=1)
    scanner.evaluate("scrollTo(0, document.body.scrollHeight)")
    scanner.mouse.move(200, 200)
    scanner.reload()
    scanner.close()
    assert Invitation.objects.get().used_at is None
    assert not Device.objects.exists()


def test_the_link_works_once(people, link, watch):
    watch.excuse("status of 422")
    accept(people(harness.PHONE), link)
    late = people(harness.PHONE)
    late.goto(link)
    button(late, START).tap()
    expect(late.get_by_role("alert")).to_contain_text("expired or was used before")
    assert Device.objects.count() == 1


def test_a_link_that_was_cut_off_says_so_and_offers_the_code(phone, link, watch):
    watch.excuse("status of 422")
    phone.goto(link[:-9])
    button(phone, START).tap()
    expect(phone.get_by_role("alert")).to_contain_text("can't be used")
    expect(phone.get_by_role("link", name="Type a code")).to_be_visible()


def test_the_page_without_its_token_offers_the_code(phone):
    phone.goto("/join/")
    expect(phone.get_by_role("link", name="Type a code")).to_be_visible()
    expect(button(phone, START)).to_be_hidden()


def test_without_scripts_the_link_leads_to_the_code(old_phone, link):
    old_phone.goto(link)
    old_phone.get_by_role("link", name="Type a code").tap()
    old_phone.wait_for_url("/join/code/")


# The code


def test_a_code_read_out_lets_a_phone_in_without_scripts(old_phone, sam, sams_session, now):
    type_code(old_phone, inviting.make_code(sam, now).code())
    past_first_steps(old_phone)
    expect(old_phone.get_by_role("heading", level=1)).to_contain_text("in 42 minutes")


def test_a_code_may_be_typed_in_small_letters_and_with_spaces(phone, sam, now):
    type_code(phone, inviting.make_code(sam, now).code().lower().replace("-", "  "))
    past_first_steps(phone)


def test_a_wrong_code_is_kept_to_be_mended(phone, watch):
    watch.excuse("status of 422")
    type_code(phone, "K7QF-2M9D")
    expect(phone.get_by_role("alert")).to_contain_text("This code doesn't work.")
    expect(phone.get_by_label("Your code")).to_have_value("K7QF-2M9D")


def test_a_code_is_worth_nothing_after_ten_minutes(phone, sam, clock, watch):
    watch.excuse("status of 422")
    code = inviting.make_code(sam, clock.now).code()
    clock.forward(minutes=10)
    type_code(phone, code)
    expect(phone.get_by_role("alert")).to_contain_text("This code doesn't work.")


def test_who_tries_many_codes_is_asked_to_wait(phone, watch):
    watch.excuse("status of 422", "status of 429")
    for code in range(11):
        type_code(phone, f"AAAA-{code:04}")
    expect(phone.get_by_role("heading", level=1)).to_contain_text(re.compile("wait|many|while", re.I))


def test_the_link_gives_a_code_for_another_phone(people, link, sams_session):
    """The installed app on an iPhone has a storage of its own (R18)."""
    here, there = people(harness.PHONE), people(harness.PHONE)
    here.goto(link)
    button(here, ELSEWHERE).tap()
    code = code_on(here)
    type_code(there, code)
    past_first_steps(there)
    expect(there.get_by_role("heading", level=1)).to_contain_text("in 42 minutes")
    assert Device.objects.count() == 1


def test_a_phone_that_is_in_gives_a_code_for_another(sams, people):
    sams.goto("/devices/")
    button(sams, "Add another phone").tap()
    code = code_on(sams)
    other = people(harness.PHONE)
    type_code(other, code)
    past_first_steps(other)
    assert Device.objects.count() == 2


def test_asking_for_a_code_by_mail_says_the_same_to_everybody(phone, sam):
    for email in (sam.email, "nobody@example.org"):
        phone.goto("/join/lost/")
        phone.get_by_label("Your e-mail").fill(email)
        button(phone, "Send me a code").tap()
        phone.wait_for_url("/join/code/")
        expect(phone.get_by_role("status")).to_contain_text("If that address is known here")


# A phone that is set up already


def test_a_second_therapists_link_asks_whose_phone_it_is(sams, lee, now, watch):
    sams.goto(invitation_link(lee))
    expect(sams.get_by_role("group", name="This phone is already set up. Who is using it?")).to_be_visible()


def test_the_same_person_adds_the_second_therapists_sessions(sams, lee, sams_session, lees_session):
    sams.goto(invitation_link(lee))
    sams.get_by_label("It's me.").check()
    button(sams, START).tap()
    sams.wait_for_url("/")
    sams.goto("/sessions/")
    expect(sams.get_by_role("main").get_by_role("listitem")).to_have_count(2)
    expect(sams.get_by_role("main")).to_contain_text("Dana R.")
    expect(sams.get_by_role("main")).to_contain_text("Omar B.")


def test_someone_else_starts_afresh_and_sees_nothing_of_the_first(sams, lee, sams_session, lees_session):
    sams.goto(invitation_link(lee))
    sams.get_by_label("I'm someone else.").check()
    button(sams, START).tap()
    sams.wait_for_url("/")
    sams.goto("/sessions/")
    expect(sams.get_by_role("main").get_by_role("listitem")).to_have_count(1)
    expect(sams.get_by_role("main")).not_to_contain_text("Dana R.")


def test_an_answer_is_asked_for_once_more_when_it_is_missing(sams, lee, now, watch):
    watch.excuse("status of 422")
    sams.goto(invitation_link(lee))
    button(sams, START).tap()
    expect(sams.get_by_role("alert")).to_contain_text("Say who is using this phone.")
    sams.get_by_label("It's me.").check()
    button(sams, START).tap()
    sams.wait_for_url("/")


# On the way out


def test_a_phone_that_was_shut_out_is_told_and_shown_the_way_back(sams, sams_session, watch):
    watch.excuse("status of 401")
    Device.objects.all().revoke()
    sams.goto("/")
    expect(sams.get_by_role("heading", level=1)).to_have_text("This phone has no access any more")
    expect(sams.get_by_role("link", name="I have a code")).to_be_visible()
    expect(sams.get_by_role("main")).not_to_contain_text("Dana")


def test_a_lost_phone_is_taken_out_from_another(sams, sam, people, now, watch):
    watch.excuse("status of 401")
    lost = let_in(people(harness.PHONE), sam, "lost" * 11)
    sams.goto("/devices/")
    sams.locator("summary").filter(has_text="Take out").tap()
    button(sams, "Take it out").tap()
    expect(sams.get_by_role("status")).to_contain_text("That phone is taken out.")
    lost.goto("/")
    expect(lost.get_by_role("heading", level=1)).to_have_text("This phone has no access any more")


def test_signing_the_phone_out_asks_first(sams, sams_session, watch):
    watch.excuse("status of 401")  # what asks for news just then is told that this phone is out
    sams.goto("/help/")
    sams.get_by_role("link", name="Sign this phone out").tap()
    assert Device.objects.get().revoked_at is None
    button(sams, "Sign out").tap()
    sams.wait_for_url("/")
    expect(sams.get_by_role("heading", level=1)).to_have_text("A calm start to every session")


def test_a_stranger_who_opens_a_clients_page_is_told_how_to_get_in(phone, sams_session, watch):
    watch.excuse("status of 401")
    phone.goto(f"/sessions/{sams_session.id}/")
    expect(phone.get_by_role("heading", level=1)).to_have_text("This phone is not set up yet")

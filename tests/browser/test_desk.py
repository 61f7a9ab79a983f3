"""What a therapist sees and does at the desk."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from checklist import inviting, ticking
from checklist.models import Client, Delivery, Device, Session
from tests import factories
from tests.browser import harness
from tests.browser.conftest import at_desk, let_in, past_first_steps, sign_in


def row(page, name):
    return page.get_by_role("row", name=re.compile(re.escape(name)))


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def link(page, name):
    return page.get_by_role("link", name=name)


def status(page):
    return page.get_by_role("status").first


# Signing in and out


def test_signing_in_leads_to_the_desk(desk_browser, dana, now):
    sign_in(desk_browser, dana)
    expect(button(desk_browser, "Sign out")).to_be_visible()
    expect(desk_browser.get_by_role("heading", name="Invite your first client")).to_be_visible()


def test_a_page_that_needs_signing_in_is_shown_right_after_it(desk_browser, dana, now):
    EmailAddress.objects.create(user=dana, email=dana.email, verified=True, primary=True)
    desk_browser.goto("/desk/settings/")
    desk_browser.get_by_label("E-mail").fill(dana.email)
    desk_browser.get_by_label("Password").fill(factories.PASSWORD)
    button(desk_browser, "Sign in").click()
    desk_browser.wait_for_url("/desk/settings/")


def test_a_wrong_password_is_said_and_the_address_kept(desk_browser, dana, watch):
    watch.excuse("status of 422")
    desk_browser.goto("/desk/sign-in/")
    desk_browser.get_by_label("E-mail").fill(dana.email)
    desk_browser.get_by_label("Password").fill("not it at all")
    button(desk_browser, "Sign in").click()
    expect(desk_browser.get_by_role("alert")).to_be_visible()
    expect(desk_browser.get_by_label("E-mail")).to_have_value(dana.email)
    expect(desk_browser.get_by_label("Password")).to_have_value("")


def test_signing_out_shuts_the_desk(danas, now):
    danas.goto("/desk/")
    button(danas, "Sign out").click()
    danas.wait_for_url("/desk/sign-in/")
    danas.goto("/desk/clients/")
    expect(button(danas, "Sign in")).to_be_visible()


def test_the_back_button_shows_nothing_after_signing_out(danas, sams_session):
    danas.goto("/desk/")
    expect(danas.get_by_role("main")).to_contain_text("Sam K.")
    button(danas, "Sign out").click()
    danas.wait_for_url("/desk/sign-in/")
    danas.go_back()
    expect(danas.get_by_role("main")).not_to_contain_text("Sam K.")


def test_a_practice_is_opened_with_the_code_that_comes_by_mail(desk_browser, now):
    desk_browser.goto("/desk/sign-up/")
    desk_browser.get_by_label("Your name, as clients see it").fill("Kim V.")
    desk_browser.get_by_label("Practice name").fill("Harbour")
    desk_browser.get_by_label("E-mail").fill("kim@example.org")
    desk_browser.get_by_label("Password").fill("a-long-enough-password")
    expect(desk_browser.get_by_label("Your time zone")).to_have_value("America/New_York")
    button(desk_browser, "Go on").click()
    expect(desk_browser.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    code = re.search(r"^[A-Z0-9]{3,4}-[A-Z0-9]{3,4}$", mail.outbox[0].body, re.M).group()
    desk_browser.get_by_role("textbox").fill(code)
    button(desk_browser, "Go on").click()
    desk_browser.wait_for_url("/desk/")
    expect(desk_browser.get_by_role("heading", name="Invite your first client")).to_be_visible()


# Today


def test_the_day_shows_each_session_with_how_ready_it_is(danas, sam, sams_session, ana, now):
    factories.session(ana, starts_in=timedelta(hours=2))
    ticking.tick(sams_session, "slow-minutes", "done", factories.enrol(sam, "phone" * 8), timezone.now())
    danas.goto("/desk/")
    expect(row(danas, "Sam K.")).to_contain_text("1 of 13")
    expect(row(danas, "Sam K.")).to_contain_text("3:00 pm")
    expect(row(danas, "Ana P.")).to_contain_text("Not started")
    expect(row(danas, "Ana P.")).to_contain_text("No phone yet")


def test_the_day_shows_the_time_that_it_is_for_the_client(danas, sams_session):
    danas.goto("/desk/")
    expect(row(danas, "Sam K.")).to_contain_text("12:00 pm in Los Angeles")


def test_a_colleagues_sessions_are_not_on_the_desk(danas, jo, sams_session, now):
    factories.session(jo, now=now)
    danas.goto("/desk/")
    expect(row(danas, "Sam K.")).to_be_visible()
    expect(danas.get_by_role("main")).not_to_contain_text("Jo M.")


def test_one_click_brings_the_desk_up_to_date(danas, sam, sams_session):
    danas.goto("/desk/")
    expect(row(danas, "Sam K.")).to_contain_text("Not started")
    ticking.tick(sams_session, "slow-minutes", "done", factories.enrol(sam, "phone" * 8), timezone.now())
    link(danas, "Refresh").click()
    expect(row(danas, "Sam K.")).to_contain_text("1 of 13")


def test_a_day_to_come_is_one_click_away(danas, sam, now):
    factories.session(sam, starts_in=timedelta(days=2))
    danas.goto("/desk/")
    danas.get_by_role("region", name="Coming up").get_by_role("link").click()
    expect(row(danas, "Sam K.")).to_contain_text("2:18 pm")


def test_mail_that_did_not_arrive_is_said_with_what_to_do(danas, sam, now):
    """R15."""
    factories.session(sam, starts_in=timedelta(days=2))
    Delivery.objects.filter(pk=Delivery.objects.first().pk).update(
        state=Delivery.State.FAILED, finished_at=now
    )
    danas.goto("/desk/")
    expect(danas.get_by_role("region", name="Not delivered").get_by_role("listitem")).to_contain_text(
        "Sam K."
    )
    link(danas, re.compile("Check the address")).click()
    expect(danas.get_by_label("E-mail (optional)")).to_have_value(sam.email)


# Clients


def test_a_new_client_gets_an_invitation_at_once(danas, now):
    danas.goto("/desk/clients/")
    link(danas, "Invite a client").click()
    danas.get_by_label("Nickname").fill("Ben")
    button(danas, "Make the invitation").click()
    expect(danas.get_by_role("textbox", name="Link")).to_have_value(re.compile(r"/join/#[\w-]{43}$"))
    expect(danas.get_by_role("img", name="Square code with the same link")).to_be_visible()


def test_the_link_can_be_copied(danas, ana, now):
    inviting.invite(ana, now)
    danas.context.grant_permissions(["clipboard-read", "clipboard-write"])
    danas.goto(f"/desk/clients/{ana.id}/invitation/")
    button(danas, "Copy the link").click()
    expect(danas.get_by_text("Copied")).to_be_visible()
    assert (
        danas.evaluate("navigator.clipboard.readText()")
        == danas.get_by_role("textbox", name="Link").input_value()
    )


def test_an_invitation_that_was_taken_back_lets_nobody_in(danas, ana, people, now, watch):
    watch.excuse("status of 422")
    inviting.invite(ana, now)
    danas.goto(f"/desk/clients/{ana.id}/invitation/")
    address = danas.get_by_role("textbox", name="Link").input_value()
    button(danas, "Take it back").click()
    expect(status(danas)).to_be_visible()
    phone = people(harness.PHONE)
    phone.goto(address)
    button(phone, "Get started").tap()
    expect(phone.get_by_role("alert")).to_contain_text("can't be used")


def test_a_code_that_is_read_out_lets_a_phone_in(danas, ana, people, now):
    danas.goto(f"/desk/clients/{ana.id}/code/")
    button(danas, "Make a code").click()
    expect(danas.locator(".code")).to_be_visible()
    phone = people(harness.PHONE)
    phone.goto("/join/code/")
    phone.get_by_label("Your code").fill(danas.locator(".code").inner_text())
    button(phone, "Get started").tap()
    past_first_steps(phone)
    assert Device.objects.get().client == ana


def test_a_lost_phone_is_shut_out_from_the_desk(danas, people, sam, sams_session, watch):
    watch.excuse("status of 401")
    phone = let_in(people(harness.PHONE), sam)
    danas.goto(f"/desk/clients/{sam.id}/")
    danas.locator("summary", has_text="Shut out").click()
    button(danas, "Shut this phone out").click()
    expect(status(danas)).to_be_visible()
    phone.goto("/")
    expect(phone.get_by_role("heading", level=1)).to_have_text("This phone has no access any more")


def test_an_archived_client_can_be_taken_back(danas, sam, now):
    danas.goto(f"/desk/clients/{sam.id}/")
    danas.locator("summary", has_text="Archive").click()
    button(danas, "Archive Sam K.").click()
    expect(status(danas)).to_contain_text("Archived.")
    button(danas, "Take back").click()
    expect(status(danas)).to_contain_text("They are back on your list.")
    assert Client.objects.get().archived_at is None


def test_a_colleagues_client_is_not_found(danas, jo, now, watch):
    """R16."""
    watch.excuse("status of 404")
    danas.goto(f"/desk/clients/{jo.id}/")
    expect(danas.get_by_role("heading", level=1)).to_have_text("There is nothing here")


# Sessions


def test_a_session_is_booked_by_the_wall_clock_of_its_zone(danas, sam, now):
    danas.goto(f"/desk/sessions/add/?client={sam.id}")
    danas.get_by_label("Date").fill("2026-11-27")
    danas.get_by_label("Start").fill("15:00")
    danas.get_by_role("textbox", name="Link").fill("https://meet.example.org/room-7")
    button(danas, "Book it").click()
    expect(status(danas)).to_contain_text("The session is booked.")
    expect(danas.get_by_role("heading", level=1)).to_have_text("Tomorrow, 3:00 pm")
    assert f"{Session.objects.get().starts_at:%d %H:%M}" == "27 20:00"


def test_the_next_session_is_filled_in_like_the_last(danas, sam, sams_session):
    danas.goto(f"/desk/sessions/add/?client={sam.id}")
    expect(danas.get_by_label("Date")).to_have_value("2026-12-03")
    expect(danas.get_by_label("Start")).to_have_value("15:00")
    expect(danas.get_by_role("textbox", name="Link")).to_have_value(sams_session.link)


def test_a_session_is_moved_and_the_client_sees_it(danas, people, sam, sams_session):
    phone = let_in(people(harness.PHONE), sam)
    danas.goto(f"/desk/sessions/{sams_session.id}/")
    link(danas, "Change or move").click()
    danas.get_by_label("Start").fill("16:30")
    button(danas, "Save").click()
    expect(danas.get_by_role("heading", level=1)).to_have_text("Today, 4:30 pm")
    phone.goto("/")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("1:30 pm")
    expect(phone.locator(".hero")).to_contain_text("Moved")


def test_a_session_is_cancelled_after_asking_and_the_client_sees_it(danas, people, sam, sams_session):
    phone = let_in(people(harness.PHONE), sam)
    danas.goto(f"/desk/sessions/{sams_session.id}/")
    link(danas, "Cancel this session").click()
    assert not Session.objects.get().cancelled
    button(danas, "Cancel the session").click()
    expect(status(danas)).to_contain_text("The session is cancelled.")
    phone.goto("/")
    expect(phone.get_by_text("Cancelled")).to_be_visible()


def test_another_way_of_meeting_keeps_the_ticks_that_still_apply(danas, sam, sams_session):
    """R2."""
    device = factories.enrol(sam, "phone" * 8)
    for key in ("slow-minutes", "picture"):
        ticking.tick(sams_session, key, "done", device, timezone.now())
    danas.goto(f"/desk/sessions/{sams_session.id}/edit/")
    danas.get_by_label("Voice").check()
    button(danas, "Save").click()
    expect(danas.get_by_role("region", name="Readiness")).to_contain_text("1 of 13")


def test_a_session_that_is_over_can_not_be_changed(danas, sams_session, clock, watch):
    watch.excuse("status of 409")
    clock.forward(minutes=42 + 50)
    danas.goto(f"/desk/sessions/{sams_session.id}/edit/")
    expect(danas.get_by_role("heading", level=1)).to_have_text("This can't be changed any more")


def test_the_session_shows_what_is_still_open(danas, sam, sams_session):
    ticking.tick(sams_session, "picture", "na", factories.enrol(sam, "phone" * 8), timezone.now())
    danas.goto(f"/desk/sessions/{sams_session.id}/")
    region = danas.get_by_role("region", name="Readiness")
    expect(region).to_contain_text("0 of 12")
    expect(region).to_contain_text("Check your light and your camera (does not apply)")


# Settings


def test_what_is_set_for_the_practice_is_what_clients_read(danas, people, sam, now):
    danas.goto("/desk/settings/")
    danas.get_by_label("If a call drops (optional)").fill("I call you back within five minutes.")
    danas.get_by_label("Help numbers (optional)").fill("Night line: 555 0100")
    button(danas, "Save").click()
    expect(status(danas)).to_have_text("Saved.")
    phone = let_in(people(harness.PHONE), sam)
    phone.goto("/help/")
    expect(phone.get_by_role("main")).to_contain_text("I call you back within five minutes.")
    expect(link(phone, re.compile("Night line"))).to_have_attribute("href", "tel:5550100")


# On a phone


@pytest.mark.parametrize("width", [320, 390])
def test_the_desk_works_on_a_phone(people, dana, sams_session, width):
    page = at_desk(people(harness.PHONE, viewport={"width": width, "height": 844}), dana)
    page.goto("/desk/")
    link(page, "Open Sam K.").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today, 3:00 pm")
    link(page, "Change or move").tap()
    page.get_by_label("Start").fill("16:00")
    button(page, "Save").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today, 4:00 pm")

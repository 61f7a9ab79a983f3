"""The main job from end to end: a therapist invites, a client gets ready, the therapist sees it."""

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from checklist import device_cookie
from tests.browser import harness
from tests.browser.conftest import past_first_steps, sign_in
from tests.browser.kept import carries_a_tick

MEET = "https://meet.example.org/green-room"


def add_client(desk):
    """Add a client; return the invitation's link as the page shows it."""
    desk.get_by_role("link", name="Invite a client").first.click()
    desk.get_by_label("Nickname").fill("Sam K.")
    desk.get_by_label("Their time zone").select_option("America/Los_Angeles")
    desk.get_by_role("button", name="Make the invitation").click()
    return desk.get_by_role("textbox", name="Link").input_value()


def add_session(desk, start):
    desk.get_by_role("link", name="Today").click()
    desk.get_by_role("link", name="Add session").click()
    desk.get_by_label("Client").select_option("Sam K.")
    desk.get_by_label("Date").fill(f"{start:%Y-%m-%d}")
    desk.get_by_label("Start").fill(f"{start:%H:%M}")
    desk.get_by_label("Video").check()
    desk.get_by_role("textbox", name="Link").fill(MEET)
    desk.get_by_role("button", name="Book it").click()
    expect(desk.get_by_role("status")).to_have_text("The session is booked.")


def accept(phone, link):
    phone.goto(link)
    phone.get_by_role("button", name="Get started").tap()
    past_first_steps(phone)
    expect(phone.get_by_role("heading", level=1)).to_contain_text(re.compile("in (39|40) minutes"))


def tick_next(page):
    """Tick the item that is marked as the next; the page comes back, or the log is sent."""
    with page.expect_response(carries_a_tick):
        page.locator("[aria-current=step]").get_by_role("checkbox").tap()


def without_scripts(people, phone):
    """Open the same phone's page in a browser that runs no scripts."""
    page = people(harness.OLD_PHONE)
    page.context.add_cookies(
        [cookie for cookie in phone.context.cookies() if cookie["name"] == device_cookie.DEVICE_COOKIE]
    )
    page.goto("/")
    return page


def test_one_client_gets_ready_for_one_session_and_the_therapist_sees_it(people, dana, clock):
    desk = sign_in(people(harness.DESK, viewport={"width": 390, "height": 844}), dana)
    link = add_client(desk)
    add_session(desk, timezone.localtime(clock.now, harness.NEW_YORK) + timedelta(minutes=40))
    desk.get_by_role("link", name="Today").click()
    expect(desk.get_by_role("row", name=re.compile("Sam K."))).to_contain_text("Not started")

    phone = people(harness.INSTALLED)
    accept(phone, link)
    for done in (1, 2, 3):
        tick_next(phone)
        expect(phone.locator(".ring p")).to_have_text(f"{done} of 13 done")

    old_phone = without_scripts(people, phone)
    expect(old_phone.locator(".ring p")).to_have_text("3 of 13 done")
    tick_next(old_phone)
    expect(old_phone.locator(".ring p")).to_have_text("4 of 13 done")

    desk.get_by_role("link", name="Refresh").click()
    expect(desk.get_by_role("row", name=re.compile("Sam K."))).to_contain_text("4 of 13")

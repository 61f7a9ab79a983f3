"""From the invitation over the first steps to the list, and the plan that is made on the way, offline as well."""

import pytest
from playwright.sync_api import expect

from tests.browser import harness
from tests.browser.conftest import invitation_link, let_in
from tests.browser.kept import sessions, settle_in, until

SENTENCE = "If it is Thursday, then I will sit down with tea in the kitchen."


def step(page, name):
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    return page


def press(page, name):
    page.get_by_role("button", name=name, exact=True).tap()


def fill_in(page):
    page.get_by_label("If it is").fill("Thursday")
    page.get_by_label("then I will").fill("sit down with tea")
    page.get_by_label("in … (optional)").fill("the kitchen")
    press(page, "Save my plan")


@pytest.mark.parametrize("kind", [harness.PHONE, harness.OLD_PHONE], ids=["with scripts", "without"])
def test_r7_one_begins_leaves_goes_on_and_has_a_plan_on_the_list(people, kind, sam, sams_session, now):
    page = people(kind)
    if kind is harness.OLD_PHONE:
        let_in(page, sam)
        page.goto("/first-steps/")
    else:
        page.goto(invitation_link(sam))
        press(page, "Get started")
    press(step(page, "What this is"), "Next")
    step(page, "Reminders").get_by_role("link", name="Go on later").tap()
    if kind is harness.PHONE:
        page.get_by_role("link", name="Go on with the first steps").tap()
    else:
        page.goto("/first-steps/reminders/")
    press(step(page, "Reminders"), "Next")
    press(step(page, "On your home screen"), "Next")
    fill_in(step(page, "Your plan"))
    expect(page.locator(".plan")).to_contain_text(SENTENCE)
    expect(page.get_by_role("link", name="Go on with the first steps")).to_have_count(0)


def test_the_plan_is_there_without_a_connection(people, sam, sams_session, watch):
    watch.excuse("ERR_INTERNET_DISCONNECTED")
    page = settle_in(let_in(people(harness.SETTLED), sam))
    page.goto("/plan/")
    fill_in(page)
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    until(page, lambda: [row["plan"] for row in sessions(page)] == [SENTENCE])
    page.context.set_offline(True)
    for address in ("/", f"/sessions/{sams_session.id}/"):
        page.goto(address)
        expect(page.get_by_text("No connection. You see what is on this phone.")).to_be_visible()
        expect(page.locator(".plan")).to_have_text(SENTENCE)

"""Erasing in the browser: the phone forgets once the server agreed, another one when it is opened next (R6, R21)."""

import pytest
from playwright.sync_api import expect

from checklist import erasing
from checklist.models import Client, Erasure, Invitation
from tests import factories
from tests.browser import harness
from tests.browser.conftest import let_in
from tests.browser.kept import all_sent, log, settle_in, until
from tests.browser.test_leaving import DATABASES, deaf, keep_one_back

__all__ = ["deaf"]  # a fixture


@pytest.fixture
def installed(people, watch, sam, sams_session):
    watch.excuse("Failed to load resource", "ERR_")
    return settle_in(let_in(people(harness.SETTLED), sam))


def ask_for_code(page, client):
    page.goto("/help/")
    page.get_by_role("link", name="My data: get a copy, or erase it").tap()
    page.get_by_role("link", name="Erase it all").tap()
    page.get_by_role("button", name="Mail me a code").tap()
    expect(page.get_by_text("A code is on its way to you.")).to_be_visible()
    return Invitation.objects.filter(client=client, kind="sure").latest("created_at").code()


def erase(page, code):
    page.get_by_label("The code from your mail").fill(code)
    page.get_by_role("button", name="Erase it all").tap()


def test_r21_after_erasing_nothing_is_left_on_the_phone(installed, sam):
    installed.locator("#slow-minutes .tick").tap()
    all_sent(installed)
    erase(installed, ask_for_code(installed, sam))
    installed.wait_for_url("/")
    expect(installed.get_by_text("Everything is erased.")).to_be_visible()
    assert installed.evaluate(DATABASES) == []
    assert "settle_device" not in {cookie["name"] for cookie in installed.context.cookies()}
    assert not Client.objects.exists()


def test_r29_a_wrong_code_is_said_on_the_page_and_nothing_is_lost(installed, sam):
    ask_for_code(installed, sam)
    erase(installed, "WRONG-222")
    expect(installed.get_by_text("This code doesn't work.").first).to_be_visible()
    expect(installed.get_by_label("The code from your mail")).to_have_value("WRONG-222")
    assert "settle" in installed.evaluate(DATABASES)
    assert Client.objects.exists()


def test_without_a_connection_nothing_is_erased_and_the_page_says_so(installed, sam):
    code = ask_for_code(installed, sam)
    installed.context.set_offline(True)
    erase(installed, code)
    expect(installed.get_by_text("This needs a connection. Nothing has changed.")).to_be_visible()
    installed.context.set_offline(False)
    assert Client.objects.exists()


def test_r6_another_phone_forgets_what_waits_and_says_so_kindly(installed, deaf, sam):
    keep_one_back(installed)
    assert len(log(installed)) == 1
    erasing.erase(sam, Erasure.By.CLIENT, factories.NOW)
    deaf.stop()
    installed.goto("/")
    expect(installed.get_by_role("heading", name="Everything is erased")).to_be_visible()
    expect(installed.get_by_text("What was not sent yet is not sent any more.")).to_be_visible()
    until(installed, lambda: installed.evaluate(DATABASES) == [])


def test_r6_a_page_that_is_open_meanwhile_is_told_as_well(installed, sam):
    erasing.erase(sam, Erasure.By.CLIENT, factories.NOW)
    installed.locator("#slow-minutes .tick").tap()
    expect(
        installed.get_by_text("Your list was erased, and this phone has forgotten it too.")
    ).to_be_visible()
    assert log(installed) == []

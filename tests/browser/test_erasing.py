"""Erasing in the browser: the phone forgets once the server agreed, another one when it is opened next (R6, R21)."""

import pytest
from django.templatetags.static import static
from playwright.sync_api import expect

from checklist import erasing
from checklist.models import Client, Erasure, Invitation
from tests import factories
from tests.browser import harness
from tests.browser.conftest import let_in
from tests.browser.kept import all_sent, log, sessions, settle_in, until
from tests.browser.test_leaving import DATABASES, deaf, keep_one_back
from tests.browser.test_note import FACT, kept, write

__all__ = ["deaf"]  # a fixture
# A PIN is kept, but the cookie that covers pages is not.
LOCK = "async (address) => (await import(address)).write(({facts}) => facts.put({wrong: 0, until: 0}, 'pin'))"


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


# A phone that stands for two


@pytest.fixture
def shared(people, watch, sam, lee, sams_session, lees_session):
    """A phone that stands for Sam and for Lee, with a note of each for their session, and a PIN."""
    watch.excuse("Failed to load resource", "ERR_", "status of 409", "status=409")
    page = settle_in(let_in(let_in(people(harness.SETTLED), sam), lee), 2)
    write(page, sams_session, "Sam's words")
    write(page, lees_session, "Lee's words")
    page.evaluate(LOCK, static("js/store.js"))
    all_sent(page)
    page.goto(f"/sessions/{sams_session.id}/")
    return page


def erased_while_something_waits(page, deaf, client):
    keep_one_back(page)
    erasing.erase(client, Erasure.By.THERAPIST, factories.NOW)
    deaf.stop()
    page.goto("/sessions/")


def test_r6_r20_erasing_one_leaves_the_other_of_that_phone_all_their_own(shared, deaf, sam, lees_session):
    erased_while_something_waits(shared, deaf, sam)
    until(shared, lambda: [row["client"] for row in sessions(shared)] == [str(lees_session.client_id)])
    assert kept(shared) == {str(lees_session.id): "Lee's words"}
    assert shared.evaluate(FACT, [static("js/store.js"), "pin"])


def test_r6_r21_what_waits_of_the_one_who_was_erased_goes_and_the_phone_says_so_kindly(shared, deaf, sam):
    erased_while_something_waits(shared, deaf, sam)
    told = shared.get_by_text("A list on this phone was erased, and this phone has forgotten it too.")
    expect(told).to_be_visible()
    expect(shared.get_by_text("Ticks of somebody who used this phone before")).to_be_hidden()
    assert log(shared) == []
    shared.get_by_role("button", name="All right").tap()
    expect(told).to_be_hidden()
    shared.reload()
    expect(shared.locator("[data-out=erased]")).to_be_hidden()


@pytest.mark.parametrize("archived", [True, False])
def test_r6_one_who_is_shut_out_takes_nothing_of_the_other_and_keeps_what_waits(
    archived, shared, deaf, sam, lees_session, now
):
    keep_one_back(shared)
    Client.objects.filter(pk=sam.pk).update(archived_at=now) if archived else sam.devices.revoke(now)
    deaf.stop()
    shared.goto("/sessions/")
    expect(shared.get_by_text("Ticks of somebody who used this phone before")).to_be_visible()
    assert kept(shared) == {str(lees_session.id): "Lee's words"}
    assert [row["client"] for row in log(shared)] == [str(sam.id)]

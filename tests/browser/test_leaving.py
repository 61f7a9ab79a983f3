"""Signing out and handing the phone on: nothing unsent is lost unasked, and nothing is left behind (R6)."""

import re
import threading
from unittest import mock

import pytest
from django.http import HttpResponse
from playwright.sync_api import expect

from checklist import inviting
from checklist.models import Device, Tick
from checklist.views.client import sync
from checklist.views.desk.invitations import join_link
from tests import factories
from tests.browser import harness, probes
from tests.browser.conftest import let_in
from tests.browser.kept import all_sent, log, settle_in, try_again, until

DATABASES = "indexedDB.databases().then((all) => all.map(({name}) => name))"


@pytest.fixture
def installed(people, watch, sam, sams_session):
    watch.excuse("Failed to load resource", "ERR_")
    return settle_in(let_in(people(harness.SETTLED), sam))


@pytest.fixture
def deaf(watch):
    """A server that takes no batch until `deaf.stop()`; the worker tries it as well as the page."""
    watch.excuse("status of 503", "status=503")
    deaf = mock.patch("checklist.views.client.sync._taken", lambda *_: HttpResponse(status=503))
    deaf.start()
    yield deaf
    mock.patch.stopall()


def keep_one_back(page):
    """Tick something that the server does not take."""
    with page.expect_response(lambda answer: answer.status == 503):
        page.locator("#slow-minutes .tick").tap()
    until(page, lambda: len(log(page)) == 1)


def sign_out(page):
    page.goto("/leave/")
    page.get_by_role("button", name="Sign out").tap()


def test_r6_after_signing_out_nothing_is_left_on_the_phone(installed):
    installed.locator("#slow-minutes .tick").tap()
    all_sent(installed)
    sign_out(installed)
    installed.wait_for_url("/")
    assert installed.evaluate(DATABASES) == []
    until(installed, lambda: "/offline/" in installed.evaluate(probes.KEPT))
    kept = installed.evaluate(probes.KEPT).values()
    assert not [text for text in kept if re.search("Dana|Sam K|Green Room", text)]
    assert "settle_device" not in {cookie["name"] for cookie in installed.context.cookies()}
    assert Device.objects.get().revoked_at


def test_r6_signing_out_sends_what_waits_first(installed, deaf):
    keep_one_back(installed)
    deaf.stop()
    sign_out(installed)
    installed.wait_for_url("/")
    assert Tick.objects.count() == 1


def test_r6_signing_out_asks_first_when_something_can_not_be_sent(installed, deaf):
    keep_one_back(installed)
    sign_out(installed)
    expect(installed.get_by_role("alert")).to_contain_text("1 tick is not sent yet.")
    expect(installed.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(installed.get_by_role("link", name="Not now")).to_be_visible()
    assert len(log(installed)) == 1
    assert not Device.objects.get().revoked_at


def test_r6_what_is_not_sent_survives_a_signing_out_that_was_given_up(installed, deaf):
    keep_one_back(installed)
    sign_out(installed)
    expect(installed.get_by_role("alert")).to_be_visible()
    installed.get_by_role("link", name="Not now").tap()
    installed.wait_for_url("/help/")
    deaf.stop()
    installed.goto("/")
    all_sent(installed)
    assert Tick.objects.count() == 1


def test_r6_signing_out_asks_for_ticks_of_somebody_else_as_well(installed, deaf, ana):
    keep_one_back(installed)
    factories.session(ana)
    let_in(installed, ana, "anas-phone" * 4)
    deaf.stop()
    installed.goto("/")
    expect(installed.get_by_text("They will not be sent as yours.")).to_be_visible()
    sign_out(installed)
    expect(installed.get_by_role("alert")).to_contain_text("1 tick is not sent yet.")


def test_another_page_that_was_open_shows_and_keeps_nothing_after_a_signing_out(installed):
    other = installed.context.new_page()
    sign_out(other)
    other.wait_for_url("/")
    installed.wait_for_url("/")
    expect(installed.get_by_role("heading", level=1)).to_have_text("A calm start to every session")
    until(other, lambda: other.evaluate(DATABASES) == [])


def test_what_wants_to_be_sent_while_one_signs_out_waits_and_finds_nobodys_phone(installed):
    """Else it would be told that this phone was shut out, and the page would say that in place of the welcome."""
    leave, held = inviting.leave, threading.Event()

    def slowly(*those):
        leave(*those)
        held.wait(5)

    installed.goto("/leave/")
    with mock.patch("checklist.inviting.leave", slowly):
        installed.get_by_role("button", name="Sign out").tap()
        until(installed, lambda: Device.objects.get().revoked_at)
        try_again(installed)
        installed.evaluate("new Promise((resolve) => setTimeout(resolve, 300))")
        held.set()
        installed.wait_for_url("/")
    expect(installed.get_by_role("heading", level=1)).to_have_text("A calm start to every session")


def test_an_answer_that_comes_after_a_signing_out_brings_nothing_back(installed, deaf, sams_session):
    keep_one_back(installed)
    deaf.stop()
    taken, held = sync._taken, threading.Event()

    def slowly(*batch):
        answer = taken(*batch)
        held.wait(5)
        return answer

    other = installed.context.new_page()
    other.goto("/leave/")
    with mock.patch("checklist.views.client.sync._taken", slowly):
        installed.evaluate("dispatchEvent(new Event('online'))")
        other.get_by_role("button", name="Sign out").tap()
        held.set()
        other.wait_for_url("/")
    until(other, lambda: other.evaluate(DATABASES) == [])
    assert Tick.objects.count() == 1


def test_r6_who_agrees_signs_out_without_what_was_not_sent(installed, deaf):
    keep_one_back(installed)
    sign_out(installed)
    installed.get_by_role("button", name="Delete and go on").tap()
    installed.wait_for_url("/")
    assert Device.objects.get().revoked_at
    assert Tick.objects.count() == 0


def test_signing_out_without_a_network_changes_nothing_and_says_so(installed):
    installed.goto("/leave/")
    installed.context.set_offline(True)
    installed.get_by_role("button", name="Sign out").tap()
    expect(installed.get_by_role("alert")).to_have_text("This needs a connection. Nothing has changed.")
    assert not Device.objects.get().revoked_at


def test_r6_handing_the_phone_on_asks_before_it_forgets_what_was_not_sent(installed, deaf, ana, now):
    keep_one_back(installed)
    hand_on(installed, ana, now)
    expect(installed.get_by_role("alert")).to_contain_text("1 tick is not sent yet.")
    installed.get_by_role("button", name="Delete and go on").tap()
    installed.wait_for_url("/")
    assert log(installed) == []
    assert [device.client for device in Device.objects.filter(revoked_at=None)] == [ana]


def test_r6_handing_the_phone_on_sends_what_waits_and_shows_the_next_person_nothing_of_it(
    installed, ana, now
):
    factories.session(ana)
    installed.locator("#slow-minutes .tick").tap()
    expect(installed.locator("#slow-minutes [data-kept]")).to_be_visible()  # it may be on its way, or sent
    hand_on(installed, ana, now)
    installed.wait_for_url("/")
    assert Tick.objects.count() == 1
    expect(installed.locator(".ring p")).to_have_text(re.compile("^0 of"))


def test_who_is_asked_about_unsent_ticks_may_still_say_that_the_phone_stays_theirs(installed, deaf, ana, now):
    keep_one_back(installed)
    hand_on(installed, ana, now)
    asked, start = installed.locator("[data-ask]"), installed.get_by_role("button", name="Get started")
    expect(asked).to_be_visible()
    expect(start).to_be_hidden()
    installed.get_by_label("It's me. Add these sessions to mine.").check()
    expect(asked).to_be_hidden()
    expect(start).to_be_visible()


def hand_on(page, client, now):
    page.goto(join_link(inviting.invite(client, now)))
    page.get_by_label(re.compile("someone else|other", re.I)).check()
    page.get_by_role("button", name="Get started").tap()

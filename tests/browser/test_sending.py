"""What becomes of a tick when it can't be sent: it is kept, or parked where the person sees it, never lost (R5, R6)."""

import contextlib
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Error, expect

from checklist import scheduling, ticking
from checklist.models import Device, Tick
from tests import factories
from tests.browser import harness
from tests.browser.conftest import let_in
from tests.browser.kept import all_sent, has_copies, log, sessions, try_again, until

SLOW = "slow-minutes"
KEPT = {
    "403": {"status": 403},
    "404": {"status": 404},
    "429 with a wait in seconds": {"status": 429, "headers": {"Retry-After": "1"}},
    "429 with a date": {"status": 429, "headers": {"Retry-After": "Thu, 26 Nov 2026 19:19:00 GMT"}},
    "500": {"status": 500},
    "502": {"status": 502, "body": "<h1>Bad gateway</h1>"},
    "503": {"status": 503, "headers": {"Retry-After": "0"}},
    "a page of the hotel's own": {"status": 200, "body": "<h1>Welcome to our network</h1>"},
    "an answer of another kind": {"status": 200, "body": "{}"},
    "a way to another page": {"status": 302, "headers": {"Location": "/welcome"}},
    "no answer in time": "timedout",
    "a connection that was cut": "connectionreset",
    "no network": "internetdisconnected",
}
PARKED = [400, 413, 422]


@pytest.fixture
def ready(sams, sams_session, watch):
    """Sam's phone on the page of the next session, with what it needs at hand."""
    watch.excuse("Failed to load resource")
    watch.excuse("status of")
    sams.goto("/")
    has_copies(sams)
    tick(sams).tap()
    expect(kept(sams)).to_have_text("Sent")
    return sams


def tick(page, key=SLOW):
    return page.locator(f"#{key} .tick")


def kept(page, key=SLOW):
    return page.locator(f"#{key} .kept")


def unsent(page):
    return page.locator("[data-unsent]")


def answer_with(page, answer):
    """Answer each batch like this from now on, in the server's place."""

    def instead(route):
        return route.abort(answer) if isinstance(answer, str) else route.fulfill(**answer)

    page.route("**/sync/", instead)


def recover(page):
    page.unroute("**/sync/")
    try_again(page)


def states():
    """Return what the server has, in the order in which it came."""
    return list(Tick.objects.order_by("pk").values_list("item", "state"))


# Kept


@pytest.mark.parametrize("answer", KEPT.values(), ids=KEPT)
def test_r6_a_tick_that_could_not_be_sent_is_kept_and_goes_out_later(ready, answer):
    answer_with(ready, answer)
    tick(ready, "where-today").tap()
    expect(kept(ready, "where-today")).to_have_text("Saved on this phone")
    expect(unsent(ready)).to_have_text("1 tick not sent yet")
    expect(tick(ready, "where-today")).to_be_checked()
    recover(ready)
    expect(kept(ready, "where-today")).to_have_text("Sent")
    all_sent(ready)
    assert states() == [(SLOW, "done"), ("where-today", "done")]


def test_r5_what_is_saved_on_this_phone_is_not_called_sent_before_the_server_said_so(ready):
    held = []
    ready.route("**/sync/", lambda route: held.append(route))
    tick(ready, "where-today").tap()
    expect(kept(ready, "where-today")).to_have_text("Saved on this phone")
    until(ready, lambda: held or log(ready) == [])
    held[0].continue_()
    expect(kept(ready, "where-today")).to_have_text("Sent")


def test_r4_a_batch_whose_answer_was_lost_is_sent_again_and_counts_once(ready):
    def lose(route):
        route.fetch()
        with contextlib.suppress(Error):  # the next try may have come through by now
            route.abort("connectionreset")

    ready.route("**/sync/", lose)
    tick(ready, "where-today").tap()
    expect(unsent(ready)).to_be_visible()
    recover(ready)
    all_sent(ready)
    assert states() == [(SLOW, "done"), ("where-today", "done")]


def test_r6_the_count_is_of_all_that_waits_on_this_phone(ready):
    answer_with(ready, "internetdisconnected")
    for key in ("where-today", "connection", SLOW):
        tick(ready, key).tap()
    expect(unsent(ready)).to_have_text("3 ticks not sent yet")
    ready.goto("/sessions/")
    expect(unsent(ready)).to_have_text("3 ticks not sent yet")


# Parked


@pytest.mark.parametrize("status", PARKED)
def test_r6_what_the_server_cannot_read_is_parked_where_the_person_sees_it(ready, status):
    answer_with(ready, {"status": status})
    tick(ready, "where-today").tap()
    panel = ready.get_by_role("region", name="Not taken")
    expect(panel).to_contain_text("It could not be read. Try it once more.")
    expect(tick(ready, "where-today")).not_to_be_checked()
    expect(kept(ready, "where-today")).to_have_count(0)  # R5: it was never sent
    ready.unroute("**/sync/")
    panel.get_by_role("button", name="Try again").tap()
    expect(panel).to_be_hidden()
    all_sent(ready)
    assert states() == [(SLOW, "done"), ("where-today", "done")]


def test_r6_a_tick_of_a_session_that_takes_no_more_is_parked_in_words(ready, sams_session, monkeypatch):
    monkeypatch.setattr(ticking, "MOST", 1)
    tick(ready, "where-today").tap()
    panel = ready.get_by_role("region", name="Not taken")
    expect(panel).to_contain_text("This session was ticked too often. It takes no more ticks.")
    expect(panel.get_by_role("button", name="Try again")).to_have_count(0)


def leave_out(session, key):
    """Let the desk give the session a list without that item."""
    items = [item for item in session.version.items.all() if item.key != key]
    for item in items:
        item.pk = None
    version = session.version.checklist.edit(items)
    scheduling.change(session, timezone.now(), session.starts_at, 50, version=version)


def test_r6_one_refused_operation_does_not_hold_up_the_rest(ready, sams_session):
    answer_with(ready, "internetdisconnected")
    tick(ready, "where-today").tap()
    tick(ready, "connection").tap()
    expect(unsent(ready)).to_have_text("2 ticks not sent yet")
    leave_out(sams_session, "where-today")
    recover(ready)
    panel = ready.get_by_role("region", name="Not taken")
    expect(panel).to_contain_text("This is not on the list any more.")
    all_sent(ready)
    assert states() == [(SLOW, "done"), ("connection", "done")]


def test_r6_what_was_refused_can_be_deleted(ready, sams_session):
    leave_out(sams_session, "where-today")
    tick(ready, "where-today").tap()
    panel = ready.get_by_role("region", name="Not taken")
    panel.get_by_role("button", name="Delete").tap()
    expect(panel).to_be_hidden()
    assert log(ready) == []


def test_r6_one_bad_operation_among_many_is_found_and_the_rest_is_sent(ready):
    def unreadable(route):
        rows = route.request.post_data_json["operations"]
        bad = any(row["item"] == "where-today" for row in rows)
        return route.fulfill(status=400) if bad else route.continue_()

    answer_with(ready, "internetdisconnected")
    for key in ("connection", "where-today", "picture", "quiet-room"):
        tick(ready, key).tap()
    expect(unsent(ready)).to_have_text("4 ticks not sent yet")
    ready.route("**/sync/", unreadable)  # over the earlier one: a retry may come at any moment
    try_again(ready)
    expect(ready.get_by_role("region", name="Not taken")).to_be_visible()
    all_sent(ready)
    assert {item for item, _state in states()} == {SLOW, "connection", "picture", "quiet-room"}


def test_r4_a_tick_that_is_tried_again_is_made_now(ready):
    answer_with(ready, {"status": 400})
    tick(ready, "where-today").tap()
    panel = ready.get_by_role("region", name="Not taken")
    expect(panel).to_be_visible()
    ready.unroute("**/sync/")
    for _ in range(2):
        tick(ready, "where-today").tap()
    all_sent(ready)
    panel.get_by_role("button", name="Try again").tap()
    expect(tick(ready, "where-today")).to_be_checked()
    all_sent(ready)
    assert states()[1:] == [("where-today", state) for state in ("done", "open", "done")]


def test_a_browser_of_some_years_ago_sends_its_ticks_too(people, sam, sams_session):
    page = let_in(people(harness.PHONE), sam)
    page.add_init_script("delete AbortSignal.timeout")
    page.goto("/")
    tick(page).tap()
    expect(kept(page)).to_have_text("Sent")
    page.context.close()


# While the desk changes the session


@pytest.mark.parametrize("answer", [{"status": 503}, "internetdisconnected"], ids=["down", "cut"])
def test_a_page_that_is_newer_than_the_copy_is_not_loaded_again_and_again(ready, sams_session, answer):
    answer_with(ready, answer)
    leave_out(sams_session, "where-today")
    loads = []
    ready.on(
        "request", lambda request: loads.append(request.url) if request.is_navigation_request() else None
    )
    ready.goto("/")
    tick(ready, "connection").tap()
    expect(kept(ready, "connection")).to_have_text("Saved on this phone")
    assert len(loads) == 1


def test_a_page_that_is_older_than_the_copy_is_loaded_anew_once(ready, sams_session):
    loads = []
    ready.on(
        "request", lambda request: loads.append(request.url) if request.is_navigation_request() else None
    )
    leave_out(sams_session, "where-today")
    with ready.expect_navigation():
        try_again(ready)
    expect(ready.locator("#where-today")).to_have_count(0)
    tick(ready, "connection").tap()
    expect(kept(ready, "connection")).to_have_text("Sent")
    assert len(loads) == 1


# Shut out


def test_r6_a_phone_that_was_shut_out_keeps_its_ticks_and_says_how_to_get_back_in(ready):
    Device.objects.all().revoke()
    tick(ready, "where-today").tap()
    shut_out = ready.get_by_role("heading", name="This phone has no access any more")
    expect(shut_out).to_be_visible()
    expect(ready.get_by_text("Ticks that were not sent are kept here")).to_be_visible()
    expect(ready.get_by_role("link", name="I have a code")).to_be_visible()
    expect(ready.locator(".item")).to_have_count(0)
    assert [row["item"] for row in log(ready)] == ["where-today"]


def test_r5_a_phone_that_was_shut_out_with_nothing_unsent_does_not_speak_of_ticks(ready):
    all_sent(ready)
    Device.objects.all().revoke()
    ready.goto("/")
    expect(ready.get_by_role("heading", name="This phone has no access any more")).to_be_visible()
    until(ready, lambda: sessions(ready) == [])
    expect(ready.get_by_text("Ticks that were not sent are kept here")).to_be_hidden()


def test_r6_what_was_kept_goes_out_when_the_same_person_is_let_in_again(ready, sam):
    Device.objects.all().revoke()
    tick(ready, "where-today").tap()
    expect(ready.get_by_text("Ticks that were not sent are kept here")).to_be_visible()
    let_in(ready, sam)
    ready.goto("/")
    all_sent(ready)
    assert states() == [(SLOW, "done"), ("where-today", "done")]
    expect(ready.get_by_text("Ticks that were not sent are kept here")).to_be_hidden()


def test_r6_ticks_are_never_sent_as_those_of_the_next_person_who_uses_the_phone(ready, sam, ana):
    factories.session(ana)
    answer_with(ready, "internetdisconnected")
    tick(ready, "where-today").tap()
    expect(unsent(ready)).to_be_visible()
    let_in(ready, ana, "anas-phone" * 4)
    ready.unroute("**/sync/")
    ready.goto("/")
    expect(ready.get_by_text("They will not be sent as yours.")).to_be_visible()
    expect(unsent(ready)).to_be_hidden()
    assert states() == [(SLOW, "done")]
    ready.get_by_role("button", name="Delete them").tap()
    expect(ready.get_by_text("They will not be sent as yours.")).to_be_hidden()
    assert log(ready) == []


def test_r6_what_somebody_else_left_on_the_phone_is_forgotten(ready, ana):
    answer_with(ready, "internetdisconnected")
    let_in(ready, ana, "anas-phone" * 4)
    ready.unroute("**/sync/")
    ready.goto("/")
    has_copies(ready, 0)


def test_a_phone_whose_client_was_erased_forgets_everything_and_says_so(ready):
    answer_with(ready, {"status": 410})
    tick(ready, "where-today").tap()
    expect(ready.get_by_text("Your list was erased, and this phone has forgotten it too.")).to_be_visible()
    assert log(ready) == []


# Where nothing can be kept


UNABLE = {
    "a browser that keeps nothing": "delete window.BroadcastChannel",
    "a store that is broken": "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); }",
}


@pytest.mark.parametrize("script", UNABLE.values(), ids=UNABLE)
def test_r7_where_nothing_can_be_kept_each_tick_is_sent_as_a_plain_form(people, sam, sams_session, script):
    page = let_in(people(harness.PHONE), sam)
    page.add_init_script(script)
    page.goto("/")
    with page.expect_response(re.compile("/ticks/")):
        tick(page).tap()
    expect(tick(page)).to_be_checked()
    assert states() == [(SLOW, "done")]
    page.context.close()

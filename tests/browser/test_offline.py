"""No network, nothing lost: the app opens, shows the right session, takes ticks and keeps them (R4, R5, R6)."""

import contextlib
import os
import re
import signal
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
from django.http import HttpResponse
from playwright.sync_api import Error, expect

from checklist import scheduling, ticking
from checklist.models import Device, Session, Tick
from checklist.views import pwa
from tests import factories
from tests.browser import harness, probes
from tests.browser.conftest import A_PHONE, let_in
from tests.browser.kept import all_sent, has_copies, log, sessions, settle_in, try_again, until
from tests.browser.profiles import script
from tests.browser.relay import Relay

SLOW, WHERE, LIGHT = "slow-minutes", "where-today", "picture"


@pytest.fixture(autouse=True)
def excused(watch):
    watch.excuse(
        "ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION", "ERR_EMPTY", "ERR_FAILED", "Failed to load resource"
    )


@pytest.fixture
def installed(people, sam, sams_session):
    """Sam's phone on the page of the next session, with the worker in charge and a copy at hand."""
    return settle_in(let_in(people(harness.SETTLED), sam))


@pytest.fixture
def relay(server, watch):
    """A way to the server that can be cut."""
    relay = Relay(server.host, int(server.url.rpartition(":")[2]))
    watch.excuse(relay.url)
    yield relay
    relay.close()


def tick(page, key):
    return page.locator(f"#{key} .tick")


def set_aside(page, key):
    page.locator(f"#{key} summary").tap()
    page.locator(f"#{key}").get_by_role("button", name="Does not apply this time").tap()


def without_network(page, address="/"):
    page.context.set_offline(True)
    page.goto(address)
    return page


def states(session):
    """Return what the desk sees, {item: state}, without what is open."""
    fresh = Session.objects.with_lists().get(pk=session.pk)
    return {line.item.key: line.state for line in fresh.readiness.lines if not line.open}


# Opening and ticking


def test_the_list_opens_without_a_network(installed):
    without_network(installed)
    expect(installed.get_by_text("No connection. You see what is on this phone.")).to_be_visible()
    expect(installed.get_by_role("heading", level=1)).to_have_text("12:00 pm, in 42 minutes")
    expect(installed.locator(".item")).to_have_count(13)
    expect(installed.locator(".ring p")).to_have_text("0 of 13 done")


def test_r4_what_is_ticked_without_a_network_is_still_there_after_a_reload(installed):
    without_network(installed)
    tick(installed, SLOW).tap()
    set_aside(installed, LIGHT)
    expect(installed.locator("#slow-minutes .kept")).to_have_text("Saved on this phone")
    expect(installed.locator("[data-unsent]")).to_have_text("2 ticks not sent yet")
    installed.reload()
    expect(tick(installed, SLOW)).to_be_checked()
    expect(installed.locator(f"#{LIGHT}")).to_have_attribute("data-state", "na")
    expect(installed.locator(".ring p")).to_have_text("1 of 12 done")


def test_r4_a_phone_whose_browser_was_killed_without_a_network_loses_and_doubles_nothing(
    relay, chromium, watch, clock, sam, sams_session, tmp_path
):
    with kept_phone(chromium, relay, watch, clock, tmp_path, sam) as page:
        settle_in(page)
    relay.close()
    with kept_phone(chromium, relay, watch, clock, tmp_path) as page:
        page.goto("/")
        for key in (SLOW, WHERE, WHERE):
            tick(page, key).tap()
        set_aside(page, LIGHT)
        until(page, lambda: len(log(page)) == 4)
        kill(tmp_path)
    with kept_phone(chromium, relay, watch, clock, tmp_path) as page:
        page.goto("/")
        expect(tick(page, SLOW)).to_be_checked()
        expect(tick(page, WHERE)).not_to_be_checked()
        expect(page.locator(f"#{LIGHT}")).to_have_attribute("data-state", "na")
        relay.open()
        page.goto("/")
        all_sent(page)
    assert Counter(Tick.objects.values_list("item", flat=True)) == {SLOW: 1, WHERE: 2, LIGHT: 1}
    assert states(sams_session) == {SLOW: "done", LIGHT: "na"}


class kept_phone:
    """A browser profile in a folder, as a person's own is; it may be killed inside."""

    def __init__(self, chromium, relay, watch, clock, folder, client=None):
        self._profile = chromium.profile(folder, whole=False, base_url=relay.url, **harness.INSTALLED)
        self._client, self._watch, self._clock = client, watch, clock

    def __enter__(self):
        context = self._profile.__enter__()
        self._clock.give(context)
        page = context.pages[0]
        if self._client:
            let_in(page, self._client)
            (cookie,) = page.context.cookies()
            page.context.add_cookies(
                [{**cookie, "expires": time.time() + 10**6}]
            )  # or it ends with the browser
        return page

    def __exit__(self, *error):
        with contextlib.suppress(Error):  # it may have been killed
            self._profile.__exit__(*error)


def kill(folder):
    """End every process of the browser that uses this folder, as a phone that runs out of power does."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and f"--user-data-dir={folder}" in words_of(entry):
            os.kill(int(entry.name), signal.SIGKILL)


def words_of(process):
    try:
        return (process / "cmdline").read_text().split("\0")
    except OSError:
        return []


def test_r4_a_server_that_is_down_is_no_different_from_no_network(people, relay, sam, sams_session):
    page = people(harness.INSTALLED, base_url=relay.url)
    factories.enrol(sam, A_PHONE)
    page.context.add_cookies([{"name": "settle_device", "value": A_PHONE, "url": relay.url}])
    settle_in(page)
    relay.close()
    page.goto("/")
    tick(page, SLOW).tap()
    expect(page.locator("#slow-minutes .kept")).to_have_text("Saved on this phone")
    relay.open()
    page.goto("/")
    all_sent(page)
    assert states(sams_session) == {SLOW: "done"}
    page.context.close()


def test_r4_seven_days_without_a_network_and_a_new_version_in_the_middle_lose_nothing(
    people, watch, sam, clock, monkeypatch
):
    watch.excuse("status of 503", "status=503")
    session = factories.session(sam, timedelta(days=8))
    page = settle_in(let_in(people(harness.SETTLED), sam))
    keys = [line.item.key for line in session.readiness.lines]
    without_network(page)
    tap_often(page, keys, 100)
    clock.forward(days=3)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("checklist.views.client.sync._taken", lambda *_: HttpResponse(status=503))
        renew(page, meanwhile)
        page.context.set_offline(True)
        page.goto("/")
        tap_often(page, keys, 100)
        clock.forward(days=4)
        assert len(log(page)) == 200
    page.context.set_offline(False)
    page.goto("/")
    all_sent(page)
    assert Tick.objects.count() == 200
    shown = {key: page.locator(f"#{key}").get_attribute("data-state") for key in keys}
    assert {key: state for key, state in shown.items() if state != "open"} == states(session)


# Presses the ticks of these items in turn, each a while after the one before.
PRESS = """async ([keys, times]) => {
  for (let number = 0; number < times; number += 1) {
    document.getElementById(keys[number % keys.length]).querySelector(".tick").click();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}"""


def tap_often(page, keys, times):
    before = len(log(page))
    tick(page, keys[0]).click(trial=True)
    page.evaluate(PRESS, [keys, times])
    until(page, lambda: len(log(page)) == before + times)


def renew(page, monkeypatch):
    """Let the server have a new version, and take it, while the log still can't be sent."""
    page.context.set_offline(False)
    words = pwa.offline_page()
    monkeypatch.setattr(pwa, "offline_page", lambda: words.replace("You are offline", "You are not online"))
    page.goto("/")
    page.evaluate("navigator.serviceWorker.getRegistration().then((registration) => registration.update())")
    with page.expect_navigation():
        page.get_by_role("button", name="Load it").click()
    page.evaluate(probes.CONTROLLED)


def test_the_page_says_when_the_connection_is_back(installed):
    without_network(installed)
    expect(installed.get_by_text("No connection. You see what is on this phone.")).to_be_visible()
    expect(installed.locator(".item")).to_have_count(13)
    installed.context.set_offline(False)
    back = installed.get_by_text("The connection is back.")
    until(
        installed, lambda: try_again(installed) or back.is_visible()
    )  # a page that just came up may not listen yet
    expect(installed.get_by_text("No connection. You see what is on this phone.")).to_be_hidden()
    installed.get_by_role("link", name="Load the page").tap()
    expect(installed.locator("[data-offline]")).to_have_count(0)


def test_what_the_worker_could_not_fetch_again_comes_with_a_later_page(installed, watch):
    watch.excuse("/offline/", "/serviceworker.js")  # a look for a newer worker may come in between
    installed.evaluate("caches.keys().then((all) => Promise.all(all.map((name) => caches.delete(name))))")
    with mock.patch("checklist.views.pwa.offline_page", side_effect=RuntimeError("flaky")):
        installed.goto("/help/")
    installed.goto("/")
    until(installed, lambda: "/offline/" in installed.evaluate(probes.KEPT))
    without_network(installed)
    expect(installed.locator(".item")).to_have_count(13)


def test_a_link_that_leads_nowhere_does_not_keep_the_list_from_opening(people, sam, now):
    factories.session(sam, link="https://1.2.3.999/room")
    page = settle_in(let_in(people(harness.SETTLED), sam))
    without_network(page)
    expect(page.locator(".item")).to_have_count(13)


# Other pages


def test_all_sessions_open_without_a_network(installed, sam, sams_session):
    without_network(installed, "/sessions/")
    expect(installed.get_by_role("heading", level=1)).to_have_text("Sessions")
    installed.get_by_role("link", name=re.compile("12:00 pm")).tap()
    installed.wait_for_url(f"**/sessions/{sams_session.id}/")
    expect(installed.locator(".item")).to_have_count(13)


def test_who_to_call_and_what_to_do_when_the_call_drops_open_without_a_network(people, sam, sams_session):
    practice = sam.practice
    practice.dropped_call, practice.phone = "Stay where you are.\nI call you back.", "555 0142"
    practice.help_numbers, practice.country = "On call: 555 0199", "US"
    practice.save()
    page = settle_in(let_in(people(harness.SETTLED), sam))
    without_network(page, "/help/#call-drops")
    expect(page.get_by_role("link", name="On call: 555 0199")).to_have_attribute("href", "tel:5550199")
    expect(page.get_by_role("link", name="Call 988")).to_be_visible()
    expect(page.locator("#call-drops")).to_contain_text("I call you back.")
    expect(page.get_by_role("link", name="Call 555 0142")).to_have_attribute("href", "tel:5550142")


def test_a_page_that_needs_a_connection_says_so(installed):
    without_network(installed, "/reminders/")
    expect(installed.get_by_role("heading", level=1)).to_have_text("You are offline")


def test_a_phone_that_nobody_was_let_in_on_shows_nothing_without_a_network(people, watch):
    page = people(harness.INSTALLED)
    page.goto("/")
    page.evaluate(probes.CONTROLLED)
    without_network(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("You are offline")


def test_a_session_that_is_not_on_this_phone_says_that_it_needs_a_connection(installed):
    without_network(installed, "/sessions/00000000-0000-4000-8000-000000000000/")
    expect(installed.get_by_role("heading", level=1)).to_have_text("You are offline")


# The same look: one source for the markup, read in the way in which a person sees it

LOOK = """() => {
  const main = document.getElementById("main").cloneNode(true);
  const gone = "template, .notices:empty, input, [data-offline], .offline, .kept, .answers, [data-online], [hidden]";
  for (const one of main.querySelectorAll(gone)) one.remove();
  const mark = (e) => [e.tagName, e.id, e.getAttribute("class"), e.getAttribute("href"), e.getAttribute("role"),
    e.getAttribute("aria-checked"), e.getAttribute("aria-current"), e.dataset.state, e.value].filter(Boolean).join(" ");
  const text = (node) => node.data.replace(/\\s+/g, " ").trim();
  const walk = (node) => node.nodeType === 3 ? [text(node)].filter(Boolean)
    : node.nodeType === 1 ? [mark(node), ...[...node.childNodes].flatMap(walk)] : [];
  return walk(main).slice(1);
}"""


def ended(sam, now):
    session = factories.session(sam)
    ticking.tick(session, SLOW, "done", None, now)
    over = Session.objects.filter(pk=session.pk)
    over.update(starts_at=now - timedelta(hours=2), ends_at=now - timedelta(hours=1))
    return session


def moved(sam, now):
    session = factories.session(sam)
    return scheduling.change(session, now, session.starts_at + timedelta(days=2), 50)


def half_done(sam, now):
    session = factories.session(sam)
    for key, state in ((SLOW, "done"), (LIGHT, "na")):
        ticking.tick(session, key, state, None, now)
    return session


SESSIONS = {
    "fresh": lambda sam, now: factories.session(sam),
    "half done": half_done,
    "a visit": lambda sam, now: factories.session(sam, way="in_person", link="https://maps.example.org/7"),
    "by voice": lambda sam, now: factories.session(sam, way="voice", link=""),
    "without a link": lambda sam, now: factories.session(sam, link=""),
    "far off": lambda sam, now: factories.session(sam, timedelta(days=50)),
    "moved": moved,
    "cancelled": lambda sam, now: scheduling.cancel(factories.session(sam), now),
    "ended": ended,
    "begun": lambda sam, now: factories.session(sam, -timedelta(minutes=5)),
}


def looks_the_same(page, address):
    """Open a page with and without a network; return whether both look the same."""
    page.context.set_offline(False)
    page.goto(address)
    online = page.evaluate(LOOK)
    without_network(page, address)
    return look_of(page) == online


@pytest.mark.parametrize("name", SESSIONS)
def test_the_next_session_looks_the_same_with_and_without_a_network(people, sam, now, name):
    SESSIONS[name](sam, now)
    assert looks_the_same(settle_in(let_in(people(harness.SETTLED), sam)), "/")


def test_every_session_looks_the_same_with_and_without_a_network(people, sam, now):
    sessions = {name: make(sam, now) for name, make in SESSIONS.items()}
    page = settle_in(let_in(people(harness.SETTLED), sam), len(sessions))
    assert looks_the_same(page, "/sessions/")
    assert [name for name, row in sessions.items() if not looks_the_same(page, f"/sessions/{row.id}/")] == []


def look_of(page):
    """Return what the phone's own page looks like once it has come up."""
    expect(page.locator("[data-offline]")).to_be_visible()
    expect(page.locator("#main:not([aria-busy])")).to_be_visible()
    return page.evaluate(LOOK)


def test_help_looks_the_same_with_and_without_a_network(installed):
    installed.goto("/help/")
    online = [line for line in installed.evaluate(LOOK) if line]
    without_network(installed, "/help/")
    offline = look_of(installed)
    *same, _paragraph, words = offline
    assert online[: len(same)] == same
    assert same[-1] == "This phone"
    assert words == "The app lock, your phones and signing out need a connection."


# A phone that was shut out


def test_r6_a_phone_that_was_shut_out_forgets_its_copies_when_it_is_opened(installed):
    Device.objects.all().revoke()
    installed.goto("/")
    expect(installed.get_by_role("heading", level=1)).to_have_text("This phone has no access any more")
    until(installed, lambda: sessions(installed) == [])
    without_network(installed)
    expect(installed.get_by_role("heading", level=1)).to_be_visible()
    expect(installed.locator(".item")).to_have_count(0)
    expect(installed.get_by_text("Dana R.")).to_have_count(0)


def test_r6_a_phone_that_was_shut_out_says_that_it_keeps_what_was_not_sent(installed):
    without_network(installed)
    tick(installed, SLOW).tap()
    until(installed, lambda: len(log(installed)) == 1)
    Device.objects.all().revoke()
    installed.context.set_offline(False)  # which the page hears, and asks
    kept = installed.get_by_role("status").filter(has_text="kept here until a new code lets you back in")
    expect(kept).to_be_visible()
    expect(installed.get_by_text("1 tick not sent yet")).to_be_visible()
    assert len(log(installed)) == 1


# Taking the worker away


def test_the_worker_taken_away_by_the_setting_leaves_the_log_where_it_is(
    installed, watch, settings, monkeypatch
):
    watch.excuse("status of 503", "status=503")
    monkeypatch.setattr("checklist.views.client.sync._taken", lambda *_: HttpResponse(status=503))
    tick(installed, SLOW).tap()
    until(installed, lambda: len(log(installed)) == 1)
    settings.SERVICE_WORKER = False
    installed.evaluate(
        "navigator.serviceWorker.getRegistration().then((registration) => registration.update())"
    )
    until(installed, lambda: installed.evaluate("caches.keys()") == [])
    assert len(log(installed)) == 1


def test_a_worker_that_does_not_come_holds_nothing_up(people, sam, sams_session, clock):
    page = let_in(people(harness.SETTLED), sam)
    script(page, "ServiceWorkerContainer.prototype.register = () => new Promise(() => {});")
    page.goto("/")
    clock.forward(seconds=4)
    has_copies(page)


def test_a_phone_without_the_worker_still_keeps_its_ticks(sams, sams_session):
    sams.goto("/")
    has_copies(sams)
    sams.context.set_offline(True)
    tick(sams, SLOW).tap()
    expect(sams.locator("#slow-minutes .kept")).to_have_text("Saved on this phone")
    sams.context.set_offline(False)
    sams.goto("/")
    all_sent(sams)
    assert Device.objects.get().ticks.count() == 1


def test_a_form_that_only_the_server_can_take_waits_for_the_connection(people, sam, sams_session, watch):
    watch.excuse("ERR_INTERNET_DISCONNECTED", "ERR_FAILED")
    page = settle_in(let_in(people(harness.SETTLED), sam))
    page.goto("/reminders/")
    box = page.get_by_role("checkbox", name="Name what is still open in the e-mail")
    box.check()
    page.context.set_offline(True)
    save = page.get_by_role("button", name="Save")
    save.tap()
    expect(page.get_by_text("There is no connection, so nothing was sent.")).to_be_visible()
    expect(box).to_be_checked()
    page.context.set_offline(False)
    expect(page.get_by_text("There is no connection, so nothing was sent.")).to_be_hidden()
    save.tap()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()

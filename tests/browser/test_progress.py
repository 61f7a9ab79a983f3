"""Progress without a network: the phone shows what the page said last, and of when that is (R5)."""

import pytest
from playwright.sync_api import expect

from tests.browser import harness
from tests.browser.conftest import let_in
from tests.browser.kept import settle_in, until
from tests.over import get_ready, past

KEPT = """() => new Promise((resolve) => {
  const opening = indexedDB.open("settle");
  opening.onsuccess = () => {
    const asking = opening.result.transaction("facts").objectStore("facts").get("progress");
    asking.onsuccess = () => { opening.result.close(); resolve(asking.result ?? null); };
  };
})"""


@pytest.fixture
def installed(people, sam, sams_session, watch):
    """Sam's phone with the worker in charge; five sessions are behind, each with half of its list."""
    watch.excuse("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "Failed to load resource")
    for session in past(sam, 5):
        get_ready(session, 5)
    return settle_in(let_in(people(harness.SETTLED), sam))


def keep(page):
    """Open the page once, and wait until the phone has kept it."""
    page.goto("/progress/")
    until(page, lambda: page.evaluate(KEPT))


def test_without_a_network_it_is_as_it_was_last_with_its_day(installed):
    keep(installed)
    online = installed.get_by_role("main").locator("section:visible").all_inner_texts()
    heights = [bar.get_attribute("height") for bar in installed.locator(".plot .done").all()]
    installed.context.set_offline(True)
    installed.reload()
    expect(
        installed.get_by_text("This is how it stood on Thursday 26 November, 11:18\u00a0am.")
    ).to_be_visible()
    expect(installed.get_by_role("heading", level=1, name="Progress")).to_be_visible()
    shown = installed.get_by_role("main").locator("section:visible").all_inner_texts()
    assert [text for text in online if text.strip()] == [text for text in shown if text.strip()]
    assert [float(bar.get_attribute("height")) for bar in installed.locator(".plot .done").all()] == list(
        map(float, heights)
    )
    expect(installed.get_by_role("link", name="Progress")).to_have_attribute("aria-current", "page")


def test_what_was_never_opened_says_that_it_needs_a_connection(installed):
    installed.context.set_offline(True)
    installed.goto("/progress/")
    expect(installed.get_by_role("heading", level=1, name="You are offline")).to_be_visible()
    expect(installed.get_by_text("You see what is on this phone")).to_be_hidden()


def test_signing_out_takes_it_from_the_phone(installed):
    keep(installed)
    installed.goto("/leave/")
    installed.get_by_role("button", name="Sign out").click()
    installed.wait_for_url("/")
    until(installed, lambda: "settle" not in installed.evaluate(
        "indexedDB.databases().then((all) => all.map(({ name }) => name))"
    ))  # fmt: skip

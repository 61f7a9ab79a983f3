"""What a phone keeps in its own store, asked for from the outside."""

import time

from playwright.sync_api import Error, expect

from tests.browser import probes
from tests.browser.harness import PATIENCE

# All rows of a part of the store, in their order; none while the page has not made its store yet.
ROWS = """(part) => new Promise((resolve) => {
  const opening = indexedDB.open("settle");
  opening.onupgradeneeded = () => opening.transaction.abort();
  opening.onerror = () => resolve([]);
  opening.onsuccess = () => {
    const asking = opening.result.transaction(part).objectStore(part).getAll();
    asking.onsuccess = () => { opening.result.close(); resolve(asking.result); };
  };
})"""


def log(page):
    """Return the operations that this phone keeps."""
    return page.evaluate(ROWS, "operations")


def sessions(page):
    """Return the copies of sessions that this phone keeps."""
    return page.evaluate(ROWS, "sessions")


def has_copies(page, count=1):
    """Wait until the phone keeps that many sessions."""
    until(page, lambda: len(sessions(page)) == count)


def settle_in(page, count=1):
    """Open the first page and wait until the worker is in charge and the copies of the sessions are at hand."""
    page.goto("/")
    page.evaluate(probes.CONTROLLED)
    has_copies(page, count)
    return page


def all_sent(page):
    """Wait until nothing waits on this phone any more."""
    until(page, lambda: all("refused" in row for row in log(page)))
    expect(page.locator("[data-unsent]")).to_be_hidden()


def until(page, holds):
    """Ask again and again until it holds; a page that never gets there fails the test."""
    deadline = time.monotonic() + PATIENCE / 1000
    while not _now(holds):
        assert time.monotonic() < deadline, "the phone did not get there"


def _now(holds):
    try:
        return holds()
    except Error:  # asked while the page was on its way to another
        return False


def try_again(page):
    """Tell the page that the network is back."""
    page.evaluate("dispatchEvent(new Event('online'))")


def carries_a_tick(answer):
    """Whether an answer is the one to a tick: to a plain form, or to a batch of the phone's log."""
    said = answer.request.post_data or ""
    ticked = "operation=" in said or '"operations":[{' in said
    return answer.request.method == "POST" and answer.status < 400 and ticked

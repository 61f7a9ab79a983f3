"""What a phone transfers for the checklist page, and when it paints: first visit, second, and with the server stopped.

The server is the one that bin/run starts; the phone is this machine's Chromium at 390 px, without throttling.
"""

import json
import shutil
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.proofs._load import Page
from tests.proofs._options import options
from tests.proofs._server import HOST, as_bin_run_starts_it, free_port, running
from tests.proofs.servers import demo_page

NUMBERS = {"rounds": (5, None)}
SHORT = "one round", {"rounds": 1}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "locale": "en-US"}
PAINTED = """new Promise((resolve) => new PerformanceObserver((list) => {
  const [paint] = list.getEntriesByName("first-contentful-paint");
  if (paint) resolve(Math.round(paint.startTime));
}).observe({type: "paint", buffered: true}))"""
COPIED = """async () => {
  await navigator.serviceWorker.ready;
  for (;;) {
    const names = (await indexedDB.databases()).map(({name}) => name);
    if (names.includes("settle") && navigator.serviceWorker.controller) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}"""


class Scale:
    """Counts what goes over the network for a page; what its worker fetches for later is not part of that."""

    def __init__(self, page):
        self.page, self.requests, self.bytes, self._local = page, 0, 0, set()
        devtools = page.context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.on("Network.responseReceived", self._received)
        devtools.on("Network.requestServedFromCache", lambda event: self._local.add(event["requestId"]))
        devtools.on("Network.loadingFinished", self._finished)

    def _received(self, event):
        response = event["response"]
        if response.get("fromServiceWorker") or response.get("fromDiskCache"):
            self._local.add(event["requestId"])

    def _finished(self, event):
        if event["requestId"] not in self._local:
            self.requests += 1
            self.bytes += int(event["encodedDataLength"])

    def weigh(self, address):
        """Open the address; return what it took."""
        self.requests = self.bytes = 0
        self.page.goto(address, wait_until="networkidle")
        painted = self.page.evaluate(PAINTED)
        return {"requests": self.requests, "bytes": self.bytes, "paint": painted}


def visit(browser, page):
    """Return the figures of a first visit and a second one, and a function for one with the server stopped."""
    context = browser.new_context(**PHONE)
    name, _, value = page.headers["Cookie"].partition("=")
    origin = f"http://{HOST}:{page.port}"
    context.add_cookies([{"name": name, "value": value, "url": origin}])
    scale = Scale(context.new_page())
    first = scale.weigh(origin + "/")
    scale.page.evaluate(COPIED)
    return first, scale.weigh(origin + "/"), lambda: scale.weigh(origin + "/")


def once(browser, folder, cookie):
    """Return the figures of one new phone."""
    page = Page(free_port(), "/livez", cookie)
    with running(as_bin_run_starts_it(page.port), page, Path(folder) / "server.log"):
        first, second, again = visit(browser, page)
    return {"first": first, "second": second, "stopped": again()}


def main(arguments):
    """Weigh and print the medians; return 0."""
    chosen = options("weight", __doc__, arguments, NUMBERS, SHORT)
    rounds, (_path, cookie) = [], demo_page()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for number in range(chosen.rounds):
            rounds.append(once(browser, folder, cookie))
            print(f"Round {number + 1}: {rounds[-1]}", flush=True)
        browser.close()
    visits = {name: median([one[name] for one in rounds]) for name in rounds[0]}
    print("weight", json.dumps(visits))
    return 0


def median(figures):
    """Return the median of each figure."""
    return {name: round(statistics.median(one[name] for one in figures)) for name in figures[0]}

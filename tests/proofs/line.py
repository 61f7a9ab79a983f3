"""What the connection check measures over slow lines, next to what they are, and how long it takes.

The server is the one that bin/run starts, behind tests/line.py; the phone is this machine's Chromium.
"""

import json
import tempfile
from pathlib import Path

from django.core.management import call_command
from django.templatetags.static import static
from playwright.sync_api import sync_playwright

from tests.browser.harness import start
from tests.line import Line
from tests.proofs._load import Page
from tests.proofs._options import options
from tests.proofs._server import as_bin_run_starts_it, free_port, running

LINES = [(down, up, rtt) for down, up in ((2000, 1000), (400, 200)) for rtt in (100, 300)]
NUMBERS = {"lines": (len(LINES), "how many of the lines"), "rounds": (3, None)}
SHORT = "one line, once", {"lines": 1, "rounds": 1}
MEASURE = """async (address) => {
  const { measure } = await import(address);
  const began = performance.now();
  const { figures, ...refused } = await measure(new AbortController().signal, () => {});
  return { ...refused, ...figures, whole: Math.round(performance.now() - began) };
}"""


def over(browser, port, line):
    """Return what a check measures over a line (kbps down, kbps up, ms)."""
    with Line(port, *line) as narrow:
        context = browser.new_context(service_workers="block")
        page = context.new_page()
        page.goto(f"{narrow.url}/tools/connection/", wait_until="networkidle")
        found = page.evaluate(MEASURE, static("js/measure.js"))
        context.close()
    return found


def wrong(found, line):
    """Return how far off each figure is, as a share of what the line is."""
    true = dict(zip(("down", "up", "rtt"), line, strict=True))
    return {name: round(abs(found[name] / value - 1), 3) for name, value in true.items()}


def main(arguments):
    """Print each check and the worst of all; return 1 when a figure is too far off or a check took too long."""
    chosen = options("line", __doc__, arguments, NUMBERS, SHORT)
    with Path("/dev/null").open("w") as nowhere:
        call_command("prepare", stdout=nowhere)
    page, worst = Page(free_port(), "/livez"), {"down": 0, "up": 0, "rtt": 0, "whole": 0, "late": 0}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        browser = play.chromium.launch(**start("chromium-headless-shell", "chromium"))
        with running(as_bin_run_starts_it(page.port), page, Path(folder) / "log"):
            for line in LINES[: chosen.lines] * chosen.rounds:
                found = over(browser, page.port, line)
                print(*line, json.dumps(found))
                both = {**wrong(found, line), "whole": found["whole"], "late": found["late"]}
                worst = {name: max(worst[name], both[name]) for name in worst}
        browser.close()
    print("line", json.dumps(worst))
    right = worst["down"] <= 0.1 and worst["up"] <= 0.1 and worst["rtt"] <= 0.15 and worst["whole"] <= 15_000
    return 0 if right or chosen.short else 1

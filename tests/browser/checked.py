"""The check of the connection with figures that a test chooses, and what its page says then."""

import json

from django.templatetags.static import static
from playwright.sync_api import expect

from tests.browser.kept import sessions, until

PAGE = "/tools/connection/"
GOOD = {"rtt": 41, "jitter": 3, "late": 0, "probes": 12, "down": 9200, "up": 2400, "loss": None}
FAIR = {**GOOD, "rtt": 320}
POOR = {**GOOD, "up": 240}
SILENT = dict.fromkeys(GOOD)
REFUSALS = ("offline", "unreachable", "captive", "down", "often")
RELAY = {"urls": ["turn:192.0.2.9:3478"], "username": "1", "credential": "1"}


def measures(page, found):
    """Let the page measure at once what the test says: `figures`, perhaps `turn`, or why it is `refused`."""
    body = f"export const measure = async () => structuredClone({json.dumps(found)});"
    page.route(
        f"**{static('js/measure.js')}", lambda route: route.fulfill(body=body, content_type="text/javascript")
    )


def start(page):
    page.get_by_role("button", name="Start", exact=True).click()


def title(page):
    return page.locator("[data-title]")


def checked(figures=None, **found):
    """Return the step of a scene in which the check comes to these figures, or to this refusal."""

    def step(page):
        address = page.url
        measures(page, {"figures": figures, **found})
        page.goto("/")
        until(page, lambda: sessions(page))
        page.goto(address)
        start(page)
        expect(title(page)).to_be_visible()

    return step


def switched(page):
    """Meet by voice instead."""
    page.get_by_role("button", name="Switch this session to voice").click()
    expect(page.get_by_role("button", name="Back to video")).to_be_visible()


def unfolded(page):
    page.locator("details").evaluate_all("all => all.forEach(details => { details.open = true; })")


def measuring(page):
    """Bring the page to where it measures, and hold it there."""
    page.route("**/tools/connection/probe/**", lambda route: None)
    start(page)
    expect(page.locator("[data-doing]")).to_have_text("Counting replies: 0 of 12")


def answers(page, path, status=200, **body):
    """Let the server answer to this address of a session as the test says; return what it is asked."""
    asked = []

    def answer(route):
        asked.append((route.request.method, route.request.post_data_json))
        route.fulfill(status=status, json=body)

    page.route(f"**/sessions/*/{path}/", answer)
    return asked

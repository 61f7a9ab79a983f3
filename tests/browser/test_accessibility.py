"""R31: WCAG 2.2 AA. Each page and state, in light and dark, on a phone, at 320 px (which is 400 % zoom) and by keyboard."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.utils import timezone
from playwright.sync_api import expect

from checklist import inviting, scheduling, ticking
from checklist.models import Delivery, Device
from tests import factories
from tests.browser import harness
from tests.browser.conftest import at_desk, let_in

AXE = "async () => (await axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})).violations"
WIDER_THAN_THE_WINDOW = """() => {
  const wide = document.scrollingElement;
  if (wide.scrollWidth <= innerWidth) return [];
  return [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => e.outerHTML.slice(0, 120));
}"""
CUT_OFF = """() => [...document.body.querySelectorAll("*")].filter(e => {
  const style = getComputedStyle(e), hidden = /hidden|clip/;
  return e.checkVisibility() && !e.closest(".visually-hidden, svg, select, input, textarea")
    && ((hidden.test(style.overflowX) && e.scrollWidth > e.clientWidth + 1)
     || (hidden.test(style.overflowY) && e.scrollHeight > e.clientHeight + 1));
}).map(e => e.outerHTML.slice(0, 120))"""
# What can be tapped, as [what it is, width, height]; a link inside a sentence may be as high as its line (WCAG 2.5.8).
TARGETS = """() => [...document.querySelectorAll("a[href], button, summary, select, input:not([type=hidden]), textarea, label.check")]
  .filter(e => e.checkVisibility({visibilityProperty: true, opacityProperty: true}) && !e.matches(".skip"))
  .filter(e => !(e.matches("a") && getComputedStyle(e).display === "inline"))
  .map(e => (e.matches("input[type=radio], input[type=checkbox]") && e.closest("label")) || e)
  .map(e => [e.outerHTML.slice(0, 100), Math.round(e.getBoundingClientRect().width), Math.round(e.getBoundingClientRect().height)])"""
FOCUS = """() => {
  const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
  return {what: e.tagName + "." + e.className + " " + e.textContent.trim().replace(/\\s+/g, " ").slice(0, 60),
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: box.top >= 0 && box.bottom <= innerHeight + 1 && box.height > 0};
}"""


# The people and what became of them


@pytest.fixture
def world(dana, sam, ana, sams_session, now):
    """Dana's clients with a session in each state; Sam's phone has ticked a few."""
    phone = factories.enrol(sam, "sams-phone" * 4)
    for key, state in (("connection", "done"), ("picture", "na"), ("slow-minutes", "done")):
        ticking.tick(sams_session, key, state, phone, timezone.now())
    ended = factories.session(sam, starts_in=timedelta(hours=-3))
    cancelled = scheduling.cancel(factories.session(sam, starts_in=timedelta(days=1)), now)
    moved = factories.session(sam, starts_in=timedelta(days=2))
    scheduling.change(moved, now, moved.starts_at + timedelta(hours=1), 50)
    factories.session(ana, starts_in=timedelta(hours=1))
    inviting.invite(ana, now)
    inviting.make_code(ana, now)
    sent = Delivery.objects.filter(reminder__session=moved).first()
    if sent:
        Delivery.objects.filter(pk=sent.pk).update(state=Delivery.State.FAILED, finished_at=now)
    return {
        "session": sams_session.id, "ended": ended.id, "cancelled": cancelled.id, "moved": moved.id,
        "sam": sam.id, "ana": ana.id,
        "unsubscribe": inviting.secret.derived_token("unsubscribe", sam.id),
    }  # fmt: skip


def post(address, **fields):
    """A page that answers a form: sent from its own page, by hand, without the browser's own checks."""
    return address, fields


CLIENT = {
    "next session": "/",
    "all sessions": "/sessions/",
    "one session": "/sessions/{session}/",
    "a session that has ended": "/sessions/{ended}/",
    "a session that was cancelled": "/sessions/{cancelled}/",
    "a session that was moved": "/sessions/{moved}/",
    "reminders": "/reminders/",
    "reminders refused": post("/reminders/", time_zone=None),
    "help": "/help/",
    "phones": "/devices/",
    "signing the phone out": "/leave/",
    "invitation on a phone in use": "/join/#{token}",
}
STRANGER = {
    "welcome": "/",
    "invitation": "/join/#{token}",
    "invitation without its token": "/join/",
    "code": "/join/code/",
    "wrong code": post("/join/code/", code="AAAA-AAAA"),
    "code by mail": "/join/lost/",
    "no way in": "/help/",
    "reminders off": "/unsubscribe/{sam}/{unsubscribe}/",
    "offline": "/offline/",
    "nothing here": "/nothing-here/",
    "sign in": "/desk/sign-in/",
    "sign in refused": post("/desk/sign-in/", login="dana@example.org", password="wrong"),
    "sign up": "/desk/sign-up/",
    "password reset": "/desk/password/reset/",
}
DESK = {
    "desk": "/desk/",
    "clients": "/desk/clients/",
    "client": "/desk/clients/{sam}/",
    "client not yet in": "/desk/clients/{ana}/",
    "adding a client": "/desk/clients/add/",
    "client refused": post("/desk/clients/add/", nickname="", email="not an address"),
    "changing a client": "/desk/clients/{sam}/edit/",
    "invitation": "/desk/clients/{ana}/invitation/",
    "code to read out": "/desk/clients/{ana}/code/",
    "adding a session": "/desk/sessions/add/",
    "session refused": post("/desk/sessions/add/", minutes="0", link="http://a@b"),
    "session": "/desk/sessions/{session}/",
    "cancelled session": "/desk/sessions/{cancelled}/",
    "changing a session": "/desk/sessions/{session}/edit/",
    "cancelling a session": "/desk/sessions/{session}/cancel/",
    "closed session": "/desk/sessions/{ended}/edit/",
    "settings": "/desk/settings/",
    "password": "/desk/password/",
    "signing out": "/desk/sign-out/",
}
EVERY = [(who, name) for who, pages in (("client", CLIENT), ("stranger", STRANGER), ("desk", DESK)) for name in pages]
PAGES = {"client": CLIENT, "stranger": STRANGER, "desk": DESK}
FILLS = "([fields]) => { const form = [...document.forms].find(f => Object.keys(fields).some(n => f[n])); form.noValidate = true; }"


@pytest.fixture
def visit(people, world, dana, sam, lee, watch, now):
    """Open a page by its name, as the one whose page it is."""
    watch.excuse("status of 4")  # some of these pages are refusals

    def visit(who, name, kind=harness.PHONE):
        page = people(kind)
        if who == "client":
            page.context.add_cookies([{"name": "settle_device", "value": "sams-phone" * 4, "url": page.url_base}])
        elif who == "desk":
            at_desk(page, dana)
        go(page, PAGES[who][name])
        return page

    def go(page, place):
        address, fields = place if isinstance(place, tuple) else (place, {})
        token = inviting.invite(lee, now).token() if "{token}" in address else ""
        page.goto(address.format(token=token, **world))
        if fields:
            send(page, fields)

    return visit

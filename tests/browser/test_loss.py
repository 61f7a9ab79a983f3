"""Loss and jitter over the TURN server of a practice, a real one: after a tap, timed, explained (R23, R25)."""

import re

import pytest
from playwright.sync_api import expect

from checklist.pure import turn as credentials
from tests import turn
from tests.browser.checked import PAGE, start, title, unfolded
from tests.browser.kept import has_copies


@pytest.fixture(scope="module")
def relay(tmp_path_factory):
    """A TURN server; gives its port."""
    with turn.turn_server(tmp_path_factory.mktemp("turn")) as port:
        yield port


@pytest.fixture
def checked(sams, sams_session, dana, monkeypatch):
    """Return a function that checks Sam's connection where the practice has a TURN server at that port."""
    monkeypatch.setattr(credentials, "LASTS", 10**8)  # the clock of the TURN server is not that of the test

    def check(port):
        practice = dana.practice
        practice.turn_url, practice.turn_secret = f"turn:{turn.HOST}:{port}?transport=udp", turn.SECRET
        practice.save()
        sams.goto("/")
        has_copies(sams)
        sams.goto(PAGE)
        start(sams)
        expect(title(sams)).to_be_visible()
        return sams

    return check


def loss(page):
    unfolded(page)
    return page.locator("[data-figure=loss]")


def measure(page):
    page.get_by_role("button", name="Measure loss too").click()
    expect(page.locator("[data-doing]")).to_have_text("Counting lost packets")
    expect(title(page)).to_be_visible()


def test_r25_nothing_goes_to_the_relay_before_a_tap(checked):
    with turn.Sieve(turn.udp_port(), 1) as sieve:
        page = checked(sieve.port)
        expect(page.get_by_role("button", name="Measure loss too")).to_be_visible()
        expect(loss(page)).to_have_text("Not measured")
        assert not sieve.links


def test_r23_over_a_relay_loss_is_measured(checked, relay):
    page = checked(relay)
    measure(page)
    expect(loss(page)).to_have_text(re.compile(r"^\d+(\.\d)?%$"))
    expect(page.get_by_text("Not measured: packet loss.")).to_be_hidden()
    expect(page.get_by_role("button", name="Measure loss too")).to_be_hidden()


def test_what_gets_lost_is_counted_and_counts(checked, relay):
    with turn.Sieve(relay, 8) as sieve:
        page = checked(sieve.port)
        measure(page)
        share = float(loss(page).inner_text().rstrip("%"))
        assert 9 <= share <= 20  # one in eight, and what a busy machine loses by itself
        expect(title(page)).to_have_text("Weak for video right now")


def test_a_relay_that_does_not_answer_is_explained_and_the_rest_stands(checked):
    with turn.Sieve(turn.udp_port(), 1) as nobody:
        page = checked(nobody.port)
        before = title(page).inner_text()
        measure(page)
        expect(page.locator("[data-loss-failed]")).to_contain_text("Loss could not be measured")
        expect(title(page)).to_have_text(before)
        expect(loss(page)).to_have_text("Not measured")


def test_measuring_loss_can_be_stopped(checked):
    with turn.Sieve(turn.udp_port(), 1) as nobody:
        page = checked(nobody.port)
        page.get_by_role("button", name="Measure loss too").click()
        page.get_by_role("button", name="Stop").click()
        expect(page.locator("[data-note]")).to_have_text("Stopped. You can start again when you like.")


def test_without_a_relay_there_is_no_such_step(phone):
    phone.goto(PAGE)
    start(phone)
    expect(title(phone)).to_be_visible()
    expect(phone.get_by_role("button", name="Measure loss too")).to_be_hidden()

"""What the connection check measures: its arithmetic, and checks over slow lines; `bin/prove line` has the table."""

import math

import pytest
from django.templatetags.static import static
from playwright.sync_api import expect

from tests.browser import harness
from tests.browser.checked import PAGE, start, title, unfolded
from tests.line import Line

CALL = """async ([address, name, ...values]) => (await import(address))[name](...values)"""
TAKES = "async ([address, took, count]) => (await import(address)).lost(new Map(took), count)"
MEASURE = """async (address) => {
  const { measure } = await import(address);
  const began = performance.now();
  const found = await measure(new AbortController().signal, (step) => { window.step = step; });
  return { ...found.figures, whole: performance.now() - began };
}"""


@pytest.fixture
def far(profiles, server, watch):
    """Open the page over a line of these figures and return it. The clock of this browser is its own."""
    opened, lines = [], []

    def open_over(down, up, rtt, script="", **trouble):
        line = Line(int(server.url.rpartition(":")[2]), down, up, rtt, **trouble)
        lines.append(line.__enter__())
        page = profiles.take(harness.PHONE, base_url=line.url)
        opened.append(page)
        watch.excuse(line.url, "ERR_", "status of")
        watch.over(page.context)
        page.add_init_script(script)
        page.goto(PAGE)
        page.wait_for_load_state("networkidle")
        return page

    yield open_over
    for page in opened:
        profiles.give_back(page, harness.PHONE, own=True)
    for line in lines:
        line.__exit__()


def call(page, module, name, *values):
    return page.evaluate(CALL, [static(f"js/{module}.js"), name, *values])


@pytest.fixture
def page(phone):
    phone.goto(PAGE)
    return phone


# Arithmetic


def wrong(page, module, name, table):
    """Return the rows of (arguments, answer) at which a function of the phone answers something else."""
    said = [(row, call(page, module, name, *row[0])) for row in table]
    return [(row, found) for row, found in said if found != row[1]]


def test_the_middle_of_some_figures(page):
    table = [([[]], None), ([[7]], 7), ([[9, 1, 5]], 5), ([[1, 9, 3, 5]], 4)]
    assert wrong(page, "figures", "median", table) == []


def test_jitter_is_how_much_one_differs_from_the_next(page):
    table = [([[]], None), ([[7]], None), ([[10, 14, 8]], 5), ([[5, 5, 5]], 0)]
    assert wrong(page, "figures", "jitter", table) == []


def test_late_replies_are_counted_and_left_out_of_the_rest(page):
    times = "async (address) => (await import(address)).replied([100, undefined, 110.4, undefined, 90])"
    figures = page.evaluate(times, static("js/figures.js"))
    assert figures == {"rtt": 100, "jitter": 15, "late": 2, "probes": 5}


def test_the_rate_of_what_comes_in(page):
    """What came with the first part was under way before it; the first fifth is for getting up to speed."""
    table = [
        ([[]], None),
        ([[[0, 9000]]], None),
        ([[[5, 9000], [1005, 134_000]]], 1000),
        ([[[0, 1000], [100, 1000], [200, 2000], [1000, 102_000]]], 1000),
        ([[[0, 0], [100, 50_000], [2000, 50_000]]], 0),  # it stood still since
        ([[[0, 0], [0.2, 1_000_000]]], 50_000),  # beyond what can be told
    ]
    assert wrong(page, "figures", "incomingRate", table) == []


def test_the_rate_of_what_goes_out_is_without_the_time_of_an_answer(page):
    table = [
        ([[], 100], None),
        ([[[12_500, 200]], 100], 1000),
        ([[[12_500, 900], [125_000, 1100], [125_000, 1100]], 100], 1000),
        ([[[12_500, 100]], None], 1000),
        ([[[125_000, 5]], 40], 50_000),
    ]
    assert wrong(page, "figures", "outgoingRate", table) == []


def test_the_next_body_is_as_large_as_the_time_that_is_left(page):
    """After 16,384 bytes: their number a millisecond, in eight tenths of the time that is left after an answer."""
    slow, fast = [[16_384, 1124]], [[16_384, 101]]
    table = [
        ([slow, 100, 3000, 262_144], 37_120),
        ([fast, 100, 3000, 262_144], 262_144),
        ([fast, 100, 3000, 20_000], 20_000),
        ([fast, 100, 3000, 5000], 0),
        ([slow, 100, 500, 262_144], 0),
        ([slow, 100, -20, 262_144], 0),
    ]
    assert wrong(page, "figures", "nextSize", table) == []


def test_loss_and_jitter_come_from_the_numbers_that_arrived(page):
    arrived = [[number, 30 + number % 2 * 8] for number in range(150) if number % 50 != 7]
    assert page.evaluate(TAKES, [static("js/udp.js"), arrived[::-1], 150]) == {"loss": 2, "jitter": 8}
    assert page.evaluate(TAKES, [static("js/udp.js"), [], 150]) is None


# Advice


def test_the_advice_is_for_the_worst_figures_and_the_network_at_hand(page):
    table = [
        ([{"verdict": "good", "worst": []}, None], []),
        ([{"verdict": "fair", "worst": []}, None], ["again"]),
        ([{"verdict": "no_answer", "worst": []}, "wifi"], ["login", "to-mobile", "vpn"]),
        ([{"verdict": "poor", "worst": ["rtt"]}, None], ["vpn", "near", "network"]),
        ([{"verdict": "poor", "worst": ["up", "down"]}, None], ["uploads", "others", "near"]),
        ([{"verdict": "fair", "worst": ["jitter"]}, "ethernet"], ["others", "router", "network"]),
        ([{"verdict": "fair", "worst": ["loss"]}, "cellular"], ["to-wifi", "window", "data-left"]),
    ]
    assert wrong(page, "advice", "advice", table) == []


# Brings up each word that the card can say: a name without one would throw.
EVERY_WORD = """async (address) => {
  const { judged, unjudged } = await import(address);
  const figures = { rtt: 1, jitter: 1, late: 0, probes: 12, down: 1, up: 1, loss: null };
  const all = ["rtt", "jitter", "late", "loss", "down", "up"];
  const show = (verdict, worst, way, missing = []) => judged({ verdict, worst, missing }, figures, way);
  for (const type of [undefined, "wifi", "cellular", "ethernet", "bluetooth"]) {
    Object.defineProperty(navigator, "connection", { value: { type }, configurable: true });
    for (const way of ["video", "voice"]) {
      for (const one of all) for (const verdict of ["fair", "poor"]) show(verdict, [one], way);
      for (const verdict of ["good", "no_answer", "fair"]) show(verdict, [], way, all);
    }
    for (const verdict of ["good", "no_answer"]) show(verdict, [], "text");
    for (const refused of ["offline", "unreachable", "captive", "down", "often"]) unjudged({ refused, wait: 300 });
  }
}"""


def test_every_sentence_and_step_that_can_come_up_has_its_words(page):
    page.evaluate(EVERY_WORD, static("js/line-card.js"))


# Whole checks


def within(value, true, share):
    return math.isclose(value, true, rel_tol=share)


TRUE = {"down": (400, 0.1), "up": (200, 0.1), "rtt": (300, 0.15)}


def off(found):
    """Return the figures that are further from what the line is than they may be."""
    return {name: found[name] for name, (true, share) in TRUE.items() if not within(found[name], true, share)}


@pytest.mark.alone
def test_on_a_bad_line_the_figures_are_right_and_the_whole_ends_in_time(far):
    page = far(400, 200, 300)
    for _try in range(3):  # others may use this machine as well
        found = page.evaluate(MEASURE, static("js/measure.js"))
        assert found["whole"] <= 15_000
        if not off(found) and found["late"] == 0:
            return
    pytest.fail(f"the last of three checks found {found}")


@pytest.mark.alone
def test_a_reply_that_does_not_come_is_counted_and_holds_up_nothing(far):
    page = far(20_000, 20_000, 20, mute=("&n=8 ", "&n=9 "))
    found = page.evaluate(MEASURE, static("js/measure.js"))
    assert found["late"] in (2, 3) and found["probes"] == 12  # a busy machine may hold up one more
    assert found["up"] and found["down"]
    assert found["whole"] <= 15_000


def test_a_line_that_is_gone_on_the_way_ends_with_what_is_known(far):
    page = far(20_000, 400, 20, cut_at="POST /tools/connection/up/")
    start(page)
    expect(title(page)).to_have_text("Weak for video right now")
    unfolded(page)
    expect(page.locator("[data-figure=late]")).to_have_text("0 of 12")


def test_who_saves_data_is_asked_for_a_quarter(far, server):
    page = far(
        50_000,
        50_000,
        5,
        script="Object.defineProperty(navigator, 'connection', { value: { saveData: true } })",
    )
    page.evaluate(MEASURE, static("js/measure.js"))
    assert [row for row in server.seen if "bytes=250000" in row.address]
    sent = page.evaluate(
        "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/up/')).length"
    )
    assert 1 <= sent <= 3

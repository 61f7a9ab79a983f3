"""The calm timer: three minutes with a guide for the breath, to be paused and left at any moment."""

import pytest
from playwright.sync_api import expect

from tests.browser import harness, probes
from tests.browser.kept import has_copies, log

CALM = "/tools/calm/"
# Stands in for the screen and the sound card of a phone, and notes what is asked of them.
DEVICE = """(() => {
  window.asked = [];
  const lock = () => Object.assign(new EventTarget(), { release() { asked.push("dark"); } });
  Object.defineProperty(navigator, "wakeLock", { value: { request: async () => (asked.push("bright"), lock()) } });
  class Part {
    constructor() { this.frequency = this.gain = {
      setValueAtTime() {}, linearRampToValueAtTime() {}, set value(hertz) { asked.push(hertz); } }; }
    connect(next) { return next; }
    start() {}
    stop() {}
  }
  window.AudioContext = class {
    constructor() { asked.push("sound"); }
    currentTime = 0;
    createOscillator = () => new Part();
    createGain = () => new Part();
    close() { asked.push("silence"); }
  };
})()"""
# How large the circle is in the end, and how long it takes for that.
GROWN = """() => {
  const circle = document.querySelector(".calm i");
  for (const animation of circle.getAnimations()) animation.finish();
  const { scale, transitionDuration } = getComputedStyle(circle);
  return [scale, transitionDuration];
}"""
# Wakes the page after more than three minutes in which none of its timers ran; at which stage it is then.
SLEPT = """() => {
  const now = Date.now;
  Date.now = () => now() + 200_000;
  document.dispatchEvent(new Event("visibilitychange"));
  return document.querySelector(".stage").dataset.stage;
}"""
HIDE = """(hidden) => {
  Object.defineProperty(document, "visibilityState", { value: hidden ? "hidden" : "visible", configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture
def calm(people):
    """The calm timer on a phone that nobody was let in on, its screen and its sound watched."""
    page = people(harness.PHONE, color_scheme="light")
    page.context.add_init_script(DEVICE)
    page.goto(CALM)
    return page


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def guide(page):
    return page.locator("[data-guide]")


def left(page):
    return page.locator("[data-left]")


def asked(page):
    return page.evaluate("asked")


def test_it_guides_the_breath_in_for_four_seconds_and_out_for_six(calm, clock):
    press(calm, "Start")
    expect(guide(calm)).to_have_text("Breathe in")
    clock.forward(seconds=5)
    expect(guide(calm)).to_have_text("Breathe out")
    clock.forward(seconds=5)
    expect(guide(calm)).to_have_text("Breathe in")


def test_it_says_in_words_how_much_time_is_left_also_to_who_only_listens(calm, clock):
    press(calm, "Start")
    for seconds, words in (
        (0, "3 minutes left"),
        (40, "2 minutes left"),
        (60, "1 minute left"),
        (45, "Less than a minute left"),
    ):
        clock.forward(seconds=seconds)
        expect(left(calm)).to_have_text(words)
    expect(calm.locator("[data-aloud]")).to_have_text("Less than a minute left")
    expect(calm.locator("[data-aloud]")).to_have_attribute("role", "status")


def test_it_ends_by_itself_and_the_way_back_has_the_focus(calm, clock):
    press(calm, "Start")
    clock.forward(minutes=3)
    expect(guide(calm)).to_have_text("Three minutes are over. You are here.")
    expect(calm.get_by_role("link", name="Done. Back to my list")).to_be_focused()
    expect(calm.get_by_role("button", name="Stop")).to_be_hidden()
    press(calm, "Once more")
    expect(left(calm)).to_have_text("3 minutes left")


def test_a_pause_stops_the_time_and_going_on_takes_it_up(calm, clock):
    press(calm, "Start")
    clock.forward(seconds=100)
    press(calm, "Pause")
    expect(guide(calm)).to_have_text("Take your time.")
    clock.forward(minutes=30)
    expect(left(calm)).to_have_text("1 minute left")
    press(calm, "Go on")
    clock.forward(seconds=60)
    expect(left(calm)).to_have_text("Less than a minute left")
    clock.forward(seconds=25)
    expect(calm.get_by_role("link", name="Done. Back to my list")).to_be_visible()


@pytest.mark.parametrize("before", [(), ("Pause",)])
def test_who_stops_is_not_scolded_and_ticks_nothing(sams, sams_session, clock, before):
    sams.goto("/")
    has_copies(sams)
    sams.goto(f"{CALM}#{sams_session.id}")
    press(sams, "Start")
    clock.forward(seconds=170)
    for name in before:
        press(sams, name)
    press(sams, "Stop")
    expect(guide(sams)).to_have_text("Stopped. You can start again when you like.")
    expect(sams.get_by_role("button", name="Start", exact=True)).to_be_focused()
    clock.forward(minutes=10)
    assert log(sams) == []
    assert not sams_session.ticks.exists()


def test_a_phone_that_slept_does_not_stretch_the_three_minutes(calm, clock):
    press(calm, "Start")
    assert calm.evaluate(SLEPT) == "done"


# The screen


def test_the_screen_stays_on_while_it_runs_and_no_longer(calm, clock):
    assert asked(calm) == []
    press(calm, "Start")
    assert asked(calm) == ["bright"]
    press(calm, "Pause")
    assert asked(calm) == ["bright", "dark"]
    press(calm, "Go on")
    clock.forward(minutes=3)
    expect(calm.get_by_role("link", name="Done. Back to my list")).to_be_visible()
    assert asked(calm) == ["bright", "dark"] * 2


def test_the_screen_is_let_go_when_the_page_is_hidden_and_held_again_when_it_is_back(calm):
    press(calm, "Start")
    calm.evaluate(HIDE, True)
    assert asked(calm) == ["bright", "dark"]
    calm.evaluate(HIDE, False)
    assert asked(calm) == ["bright", "dark", "bright"]
    press(calm, "Stop")
    calm.evaluate(HIDE, False)
    assert asked(calm) == ["bright", "dark"] * 2


def test_where_the_screen_can_not_be_held_it_works_all_the_same(people, clock):
    page = people(harness.PHONE, color_scheme="light")
    page.context.add_init_script("delete Navigator.prototype.wakeLock")
    page.goto(CALM)
    press(page, "Start")
    clock.forward(seconds=5)
    expect(guide(page)).to_have_text("Breathe out")


# Sound


def test_it_is_silent_until_somebody_switches_the_sound_on(calm, clock):
    press(calm, "Start")
    clock.forward(seconds=20)
    assert asked(calm) == ["bright"]
    sound = calm.get_by_role("button", name="Soft sound")
    expect(sound).to_have_attribute("aria-pressed", "false")
    sound.click()
    expect(sound).to_have_attribute("aria-pressed", "true")
    clock.forward(seconds=5)
    expect(guide(calm)).to_have_text("Breathe out")
    assert asked(calm) == ["bright", "sound", 147]
    sound.click()
    clock.forward(seconds=5)
    expect(guide(calm)).to_have_text("Breathe in")
    assert asked(calm) == ["bright", "sound", 147, "silence"]


# How it looks


def test_the_circle_grows_and_shrinks_with_the_breath(calm, clock):
    calm.emulate_media(reduced_motion="no-preference")
    press(calm, "Start")
    assert calm.evaluate(GROWN) == ["1", "4s"]
    clock.forward(seconds=5)
    expect(guide(calm)).to_have_text("Breathe out")
    assert calm.evaluate(GROWN) == ["0.7", "6s"]


def test_for_who_wants_no_motion_there_are_words_and_a_bar(calm, clock):
    press(calm, "Start")
    assert calm.evaluate(probes.MOVING) == 0
    expect(calm.locator(".calm i")).to_have_css("scale", "0.7")
    clock.forward(seconds=60)
    expect(calm.get_by_role("progressbar")).to_have_js_property("value", 60)
    expect(guide(calm)).to_have_text("Breathe in")
    expect(calm.locator(".calm i")).to_have_css("scale", "0.7")


def test_it_asks_nothing_of_the_server_while_it_runs(calm, clock, server):
    calm.wait_for_load_state("networkidle")
    server.seen.clear()
    press(calm, "Start")
    clock.forward(minutes=3)
    expect(calm.get_by_role("link", name="Done. Back to my list")).to_be_visible()
    assert server.seen == []


def test_all_of_it_works_by_keyboard(calm, clock):
    calm.get_by_role("button", name="Start", exact=True).focus()
    calm.keyboard.press("Enter")
    expect(calm.get_by_role("button", name="Pause")).to_be_focused()
    calm.keyboard.press("Space")
    expect(calm.get_by_role("button", name="Go on")).to_be_focused()
    calm.keyboard.press("Tab")
    expect(calm.get_by_role("button", name="Stop")).to_be_focused()
    calm.keyboard.press("Enter")
    expect(calm.get_by_role("button", name="Start", exact=True)).to_be_focused()

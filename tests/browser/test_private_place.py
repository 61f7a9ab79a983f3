"""No private place today: what else there is, a steady sound, a phrase; and a way out that is quick (R25)."""

import pytest
from django.templatetags.static import static
from playwright.sync_api import expect

from tests import factories
from tests.browser import harness
from tests.browser.conftest import let_in
from tests.browser.kept import settle_in, until

PLACE = "/tools/private-place/"
FACT = "async ([address, name]) => (await import(address)).fact(name)"
# Stands in for the sound card, and notes what it is asked.
SOUND = """(() => {
  window.asked = [];
  const part = (name) => ({ connect: (next) => next, start: () => asked.push("start"), stop: () => asked.push("stop"),
    gain: { set value(loud) { asked.push(loud); } } });
  window.AudioContext = class {
    sampleRate = 8000;
    createBuffer(count, length) {
      window.samples = new Float32Array(length);
      return { getChannelData: () => samples };
    }
    createBufferSource = () => part();
    createGain = () => part();
    resume() {}
    close() { asked.push("silence"); }
  };
})()"""
# How much of a sound lies in its quick changes: near 2 for white noise, less for a softer one.
ROUGH = """() => {
  let [quick, whole] = [0, 0];
  for (let at = 1; at < samples.length; at++) {
    quick += (samples[at] - samples[at - 1]) ** 2;
    whole += samples[at] ** 2;
  }
  return [quick / whole, Math.sqrt(whole / samples.length)];
}"""

# Notes how the page looked and what it was called when it went.
LEFT = """addEventListener("pagehide", () => {
  sessionStorage.left = JSON.stringify([getComputedStyle(document.body).display, document.title]);
})"""


@pytest.fixture(autouse=True)
def excused(watch):
    watch.excuse("ERR_INTERNET_DISCONNECTED", "Failed to load resource")


@pytest.fixture
def loud(people):
    page = people(harness.PHONE, color_scheme="light")
    page.context.add_init_script(SOUND)
    page.goto(PLACE)
    return page


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


# The way to it


def test_the_end_of_a_list_leads_there_and_the_answer_does(ready, sams_session):
    link = ready.get_by_role("link", name="No private place today?")
    expect(link).to_have_attribute("href", f"{PLACE}#{sams_session.id}")
    press(ready, "No private place this time")
    ready.get_by_role("link", name="See what you can do without a private place").tap()
    ready.wait_for_url(f"**{PLACE}#{sams_session.id}")
    ready.get_by_role("link", name="Tell my therapist").tap()
    ready.wait_for_url(f"**/sessions/{sams_session.id}/#answer")
    expect(ready.get_by_role("button", name="Rather by voice")).to_be_in_viewport()


def test_a_visit_needs_no_place_of_ones_own(sams, sam):
    factories.session(sam, way="in_person")
    sams.goto("/")
    expect(sams.get_by_role("link", name="No private place today?")).to_have_count(0)


def test_without_a_network_the_list_leads_there_too(people, sam, sams_session):
    page = settle_in(let_in(people(harness.SETTLED), sam))
    page.context.set_offline(True)
    page.goto("/")
    page.get_by_role("link", name="No private place today?").tap()
    page.wait_for_url(f"**{PLACE}#{sams_session.id}")
    expect(page.get_by_role("heading", name="Another place")).to_be_visible()
    press(page, "Play")
    expect(page.get_by_role("button", name="Stop")).to_be_focused()


def test_without_scripts_the_other_places_are_there(old_phone):
    old_phone.goto(PLACE)
    expect(old_phone.get_by_role("heading", name="Another place")).to_be_visible()
    expect(old_phone.get_by_role("heading", name="A steady sound")).to_be_hidden()


# The steady sound


def test_it_is_silent_until_it_is_started_and_stops_at_a_tap(loud):
    expect(loud.get_by_role("button", name="Play")).to_be_visible()
    assert loud.evaluate("asked") == []
    press(loud, "Play")
    assert loud.evaluate("asked") == [pytest.approx(0.08), "start"]
    press(loud, "Stop")
    assert loud.evaluate("asked").pop() == "silence"
    expect(loud.get_by_role("button", name="Play")).to_be_focused()


def test_it_stops_when_the_page_is_left(loud):
    press(loud, "Play")
    loud.evaluate("dispatchEvent(new Event('pagehide'))")
    assert loud.evaluate("asked").pop() == "silence"


def test_its_loudness_follows_the_slider_and_is_never_the_loudest(loud):
    press(loud, "Play")
    slider = loud.get_by_label("How loud")
    slider.focus()
    loud.keyboard.press("End")
    assert loud.evaluate("asked").pop() == pytest.approx(0.5)
    loud.keyboard.press("Home")
    assert 0 < loud.evaluate("asked").pop() < 0.01


def test_one_sound_is_softer_than_the_other_and_about_as_loud(loud):
    press(loud, "Play")
    soft = loud.evaluate(ROUGH)
    press(loud, "Like a fan")
    white = loud.evaluate(ROUGH)
    assert soft[0] < white[0] / 2
    assert 1.8 < white[0] < 2.2
    assert 0.3 < soft[1] / white[1] < 3


# The phrase


def test_the_phrase_stays_on_this_phone_and_is_sent_to_nobody(ready, sams_session):
    sent = []
    ready.on("request", lambda request: sent.append(f"{request.url} {request.post_data}"))
    ready.goto(f"{PLACE}#{sams_session.id}")
    ready.get_by_label("Our phrase").fill("feed the cat")
    expect(ready.locator("[data-jotted]")).to_have_text("Saved on this phone")
    ready.reload()
    expect(ready.get_by_label("Our phrase")).to_have_value("feed the cat")
    assert not [row for row in sent if "cat" in row]
    ready.get_by_label("Our phrase").fill("")
    until(ready, lambda: ready.evaluate(FACT, [static("js/store.js"), "phrase"]) is None)


def test_on_nobodys_phone_no_phrase_is_kept(phone):
    phone.goto(PLACE)
    phone.get_by_label("Our phrase").fill("feed the cat")
    expect(phone.locator("[data-jotted]")).to_have_text("Not saved: nobody is signed in on this phone.")


# Leaving quickly


PERSONAL = ["/", "/sessions/", "/progress/", "/reminders/", "/sharing/", "/data/", "/plan/"]


@pytest.mark.parametrize("address", [*PERSONAL, PLACE, "/tools/calm/", "/tools/note/", "/tools/privacy/"])
def test_one_tap_leads_to_a_plain_page_and_back_does_not_lead_here(ready, address):
    ready.goto("/help/")
    ready.goto(address)
    leave = ready.get_by_role("link", name="Leave quickly").first
    expect(leave).to_be_in_viewport(ratio=1)
    leave.click()
    ready.wait_for_url("**/list/")
    assert ready.title() == "Shopping"
    assert "Settle" not in ready.content()
    ready.go_back()
    ready.wait_for_url("**/help/")


def test_all_is_out_of_sight_before_the_plain_page_is_there(ready):
    ready.goto(PLACE)
    ready.evaluate(LEFT)
    ready.get_by_role("link", name="Leave quickly").click()
    ready.wait_for_url("**/list/")
    assert ready.evaluate("JSON.parse(sessionStorage.left)") == ["none", ""]


def test_without_a_network_the_plain_page_is_there_and_asks_nothing(people, sam, sams_session):
    page = settle_in(let_in(people(harness.SETTLED), sam))
    page.context.set_offline(True)
    page.goto(PLACE)
    page.get_by_role("link", name="Leave quickly").click()
    page.wait_for_url("**/list/")
    page.get_by_label("Milk").check()
    assert page.evaluate("getComputedStyle(document.querySelector('label')).display") == "flex"


def test_with_a_line_that_hangs_the_plain_page_does_not_wait_for_it(people, sam, sams_session, monkeypatch):
    page = settle_in(let_in(people(harness.SETTLED), sam))
    page.goto(PLACE)
    answer = page.goto("/list/")
    assert answer.from_service_worker


def test_without_scripts_it_is_a_plain_link(old_phone):
    old_phone.goto(PLACE)
    old_phone.get_by_role("link", name="Leave quickly").click()
    old_phone.wait_for_url("**/list/")
    expect(old_phone.get_by_role("heading", name="Shopping")).to_be_visible()


def test_it_stays_in_reach_wherever_one_is_on_the_page(ready):
    ready.goto(PLACE)
    ready.evaluate("scrollTo(0, document.scrollingElement.scrollHeight)")
    expect(ready.get_by_role("link", name="Leave quickly")).to_be_in_viewport(ratio=1)


def test_by_keyboard_it_is_the_first_thing_on_the_page_and_no_other_key_leaves(people):
    page = people(harness.DESK)
    page.goto(PLACE)
    page.get_by_role("main").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Leave quickly")).to_be_focused()
    for key in ("Escape", "Shift", "Escape", "Shift", "Escape", "Shift"):
        page.keyboard.press(key)
    assert page.url.endswith(PLACE)
    page.keyboard.press("Enter")
    page.wait_for_url("**/list/")


def test_what_it_does_not_do_is_said_where_it_stands(ready):
    for address in ("/", PLACE, "/tools/calm/"):
        ready.goto(address)
        expect(ready.get_by_role("main")).to_contain_text("stay in the history")

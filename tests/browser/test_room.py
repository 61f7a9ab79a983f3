"""The room check: what it hears and what it says of it, on a microphone that hears generated sound (R22 to R24)."""

import base64
import struct

import pytest
from django.templatetags.static import static
from playwright.sync_api import expect

from checklist.models import Session
from tests.browser import devices, harness, probes
from tests.browser.conftest import let_in
from tests.browser.devices import HEARD, LIVE, Phones, stand_in
from tests.browser.kept import has_copies, log
from tests.browser.scenes import heard

ROOM, WHOLE = "/tools/room/", 20_000  # the second in milliseconds: longer than the check takes
# What the worklet makes of a sound, heard faster than it lasts: {levels, verdict, and that of a browser that cleans}.
OFFLINE = """async ([worklet, rules, text, rate]) => {
  const { RULES, verdict } = await import(rules);
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const samples = new Float32Array(bytes.buffer);
  const context = new OfflineAudioContext(1, samples.length, rate);
  await context.audioWorklet.addModule(worklet);
  const buffer = context.createBuffer(1, samples.length, rate);
  buffer.copyToChannel(samples, 0);
  const source = new AudioBufferSourceNode(context, { buffer });
  const meter = new AudioWorkletNode(context, "room-meter", { numberOfOutputs: 0 });
  const levels = [];
  const [quiet, whole] = [RULES.lead + RULES.silence, RULES.lead + RULES.silence + RULES.speech];
  const all = new Promise((resolve) => {
    meter.port.onmessage = ({ data }) => levels.push(data) === whole && resolve();
  });
  source.connect(meter);
  source.start();
  await context.startRendering();
  await all;
  const parts = { silence: levels.slice(RULES.lead, quiet), speech: levels.slice(quiet, whole) };
  return { levels, verdict: verdict({ ...parts, cleaned: "off" }), cleaned: verdict({ ...parts, cleaned: "on" }) };
}"""
# Whether the worklet can be had.
LOADS = """async (address) => {
  await new OfflineAudioContext(1, 1, 8000).audioWorklet.addModule(address);
  return true;
}"""
# Notes the streams and the audio of the page.
NOTED = """() => {
  window.noted = { streams: [], contexts: [] };
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = await ask(wanted);
    noted.streams.push(stream);
    return stream;
  };
  window.AudioContext = class extends AudioContext {
    constructor() { super(); noted.contexts.push(this); }
  };
}"""


@pytest.fixture
def phones(chromium, server, watch, clock):
    phones = Phones(chromium, server, watch, clock)
    yield phones
    phones.close()


@pytest.fixture
def offline(phone):
    """What the worklet and the rules make of samples."""
    phone.goto("/")

    def offline(samples):
        text = base64.b64encode(struct.pack(f"<{len(samples)}f", *samples)).decode()
        worklet, rules = static("js/room-meter.js"), static("js/room-verdict.js")
        return phone.evaluate(OFFLINE, [worklet, rules, text, devices.RATE])

    return offline


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def stage(page, name, **more):
    expect(page.locator(".stage")).to_have_attribute("data-stage", name, **more)


def verdict(page):
    return page.locator(".stage").get_attribute("data-verdict")


# What it hears


def test_each_room_has_its_verdict(offline):
    found = {name: offline(devices.samples(name)) for name in devices.ROOMS}
    assert {name: row["verdict"] for name, row in found.items()} == {name: name for name in devices.ROOMS}
    assert {row["cleaned"] for row in found.values()} == {"on", "muted"}


def test_a_beep_between_two_looks_is_not_missed_and_what_is_added_evenly_counts_for_nothing(offline):
    """Twenty milliseconds of sound in one second, on a microphone whose zero is off."""
    beep = range(40 * devices.RATE // 10, 40 * devices.RATE // 10 + devices.RATE // 50)
    levels = offline([0.2 + (0.5 if at in beep and at % 2 else 0) for at in range(15 * devices.RATE)])[
        "levels"
    ]
    assert levels[40] > 0.05
    assert max(levels[:40] + levels[41:]) < 0.001


@pytest.mark.alone
def test_on_a_real_microphone_rooms_have_their_verdicts_in_time_with_no_request_meanwhile(
    phones, tmp_path, server, sam, sams_session
):
    """All at once, each in a browser of its own: sound can't be hurried."""
    wanted = {"quiet": "done", "near": "result", "loud": "result", "muted": "result"}
    pages = {name: phones.hearing(devices.recording(tmp_path, name)) for name in wanted}
    let_in(pages["quiet"], sam).goto("/")
    has_copies(pages["quiet"])
    asked = []
    for page in pages.values():
        page.goto(f"{ROOM}#{sams_session.id}")
        page.evaluate(NOTED)
        page.wait_for_load_state("networkidle")
    for page in pages.values():
        press(page, "Start")
    for page in pages.values():
        stage(page, "quiet")
        page.on("request", lambda request: asked.append(request.url))
    server.wait()
    server.seen.clear()
    stage(pages["quiet"], "speech", timeout=WHOLE)
    assert (server.seen, asked) == ([], [])
    for name, page in pages.items():
        stage(page, wanted[name], timeout=WHOLE)
    assert {name: verdict(page) for name, page in pages.items()} == {name: name for name in wanted}
    for page in pages.values():
        assert page.evaluate(LIVE) == 0
        assert page.evaluate("noted.contexts.map(({ state }) => state)") == ["closed"]
    assert {row.address for row in server.seen} <= {"/sync/"}
    expect(pages["quiet"].locator("[data-kept-words]")).to_have_text("Ticked on your list. The tick is sent.")
    fresh = Session.objects.with_lists().get(pk=sams_session.pk)
    assert {line.item.key for line in fresh.readiness.lines if line.state == "done"} == {"quiet-room"}


# What it says of it


@pytest.fixture
def sams_room(sams, sams_session):
    """Sam's phone on the room check, with the list at hand."""
    sams.goto("/")
    has_copies(sams)
    sams.goto(f"{ROOM}#{sams_session.id}")
    return sams


def test_a_quiet_room_ticks_its_item_and_is_said_aloud(sams_room):
    heard("quiet")(sams_room)
    expect(sams_room.locator("[data-kept-words]")).to_have_text("Ticked on your list. The tick is sent.")
    expect(sams_room.locator("[data-aloud]")).to_have_text("It is quiet here")
    expect(sams_room.get_by_role("link", name="Done. Back to my list")).to_be_focused()
    passes = sams_room.evaluate(
        "async (a) => Object.keys(await (await import(a)).kept())", static("js/passes.js")
    )
    assert passes == ["room_check"]


@pytest.mark.parametrize("name", [name for name in HEARD if name != "quiet"])
def test_another_verdict_ticks_nothing_by_itself(sams_room, name):
    heard(name)(sams_room)
    stage(sams_room, "result")
    assert verdict(sams_room) == name
    heading = sams_room.locator(".verdict").get_by_role("heading")
    expect(heading).to_have_count(1)
    expect(sams_room.locator("[data-aloud]")).to_have_text(heading.inner_text())
    expect(sams_room.locator(".verdict:focus")).to_have_count(1)
    expect(sams_room.get_by_text("You can also tick it by hand.").first).to_be_visible()
    assert log(sams_room) == []


@pytest.mark.parametrize(
    ("name", "button", "keeps"),
    [("headphones", "I will use headphones", ["room_check"]), ("gated", "It is quiet here", [])],
)
def test_what_a_person_says_themselves_ticks_the_item(sams_room, name, button, keeps):
    heard(name)(sams_room)
    press(sams_room, button)
    expect(sams_room.locator("[data-kept-words]")).to_have_text("Ticked on your list. The tick is sent.")
    passes = sams_room.evaluate(
        "async (a) => Object.keys(await (await import(a)).kept())", static("js/passes.js")
    )
    assert passes == keeps


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"noiseSuppression": True}, "This browser changes the sound"),
        ({"echoCancellation": None}, "This browser does not say"),
    ],
)
def test_r22_a_browser_that_cleans_the_sound_or_does_not_say_is_not_measured(sams_room, told, words):
    stand_in(sams_room, settings=told)
    press(sams_room, "Start")
    stage(sams_room, "result")
    expect(sams_room.get_by_role("heading", name="Not measured")).to_be_visible()
    expect(sams_room.locator(".verdict").first).to_contain_text(words, use_inner_text=True)
    assert sams_room.evaluate(LIVE) == 0


def test_a_microphone_that_the_system_mutes_is_told_before_anybody_speaks(sams_room):
    stand_in(sams_room)
    press(sams_room, "Start")
    stage(sams_room, "quiet")
    sams_room.evaluate("noted.streams[0].getTracks()[0].muted = true")
    sams_room.evaluate("hear", HEARD["quiet"][:95])
    stage(sams_room, "result")
    assert verdict(sams_room) == "muted"


def test_r23_no_loudness_is_named_and_a_quiet_room_is_no_proof(phone):
    phone.goto(ROOM)
    text = phone.locator("main").evaluate(
        "main => main.textContent + document.getElementById('words').innerHTML"
    )
    assert "dB" not in text
    assert "decibel" not in text.lower()
    expect(phone.get_by_text("A quiet room does not prove that no one can hear you.")).to_be_visible()


# How it goes


def test_progress_is_shown_and_each_part_is_said_once(sams_room):
    stand_in(sams_room)
    press(sams_room, "Start")
    expect(sams_room.locator("[data-aloud]")).to_have_text("Quiet, please.")
    sams_room.evaluate("hear", HEARD["quiet"][:95])
    expect(sams_room.locator("[data-aloud]")).to_have_text("Now say a few words.")
    expect(sams_room.get_by_role("progressbar")).to_have_js_property("value", 95)
    expect(sams_room.get_by_text("Your voice is heard.")).to_have_count(0)
    sams_room.evaluate("hear", HEARD["quiet"][95:130])
    expect(sams_room.get_by_text("Your voice is heard.").first).to_be_visible()
    expect(sams_room.get_by_role("progressbar")).to_have_js_property("value", 130)
    expect(sams_room.get_by_role("button", name="Stop")).to_be_focused()


def test_the_whole_takes_less_than_fifteen_seconds(phone):
    phone.goto("/")
    rules = phone.evaluate("async (a) => (await import(a)).RULES", static("js/room-verdict.js"))
    assert (rules["lead"] + rules["silence"] + rules["speech"]) / 10 < 15
    phone.goto(ROOM)
    whole = phone.locator(".stage progress").evaluate("bar => bar.max")
    assert whole == rules["lead"] + rules["silence"] + rules["speech"]


def test_the_level_moves_softly_and_not_for_who_wants_no_motion(phone):
    phone.goto(ROOM)
    stand_in(phone)
    press(phone, "Start")
    phone.evaluate("hear", [0.1] * 3)
    assert phone.evaluate(probes.MOVING) == 0
    expect(phone.locator(".hear")).to_be_hidden()
    phone.emulate_media(reduced_motion="no-preference")
    expect(phone.locator(".hear")).to_be_visible()
    assert float(phone.locator(".hear").evaluate("bar => bar.style.getPropertyValue('--level')")) > 0.5


def test_all_of_it_works_by_keyboard(phone):
    phone.goto(ROOM)
    stand_in(phone)
    phone.get_by_role("button", name="Start", exact=True).focus()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("button", name="Stop")).to_be_focused()
    phone.evaluate("hear", HEARD["loud"])
    stage(phone, "result")
    phone.keyboard.press("Tab")
    expect(phone.get_by_role("button", name="Check again").first).to_be_focused()
    phone.keyboard.press("Space")
    expect(phone.get_by_role("button", name="Stop")).to_be_focused()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("button", name="Start", exact=True)).to_be_focused()


def test_without_a_network_the_check_works(people, sam, sams_session, watch):
    watch.excuse("ERR_INTERNET_DISCONNECTED")
    page = let_in(people(harness.SETTLED), sam)
    page.goto("/")
    page.evaluate(probes.CONTROLLED)
    has_copies(page)
    page.context.set_offline(True)
    page.goto(f"{ROOM}#{sams_session.id}")
    assert page.evaluate(LOADS, static("js/room-meter.js"))
    heard("quiet")(page)
    expect(page.locator("[data-kept-words]")).to_have_text(
        "Ticked on your list. The tick is saved on this phone."
    )
    page.context.set_offline(False)

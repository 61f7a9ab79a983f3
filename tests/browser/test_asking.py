"""Asking for the microphone and the camera: each way it can go, and what is said then (R23, R24); devices stand in."""

import pytest
from playwright.sync_api import expect

from tests.browser import harness
from tests.browser.conftest import let_in
from tests.browser.devices import HEARD, LIVE, stand_in
from tests.browser.kept import has_copies, log, until
from tests.browser.test_calm import HIDE

ROOM, PICTURE = ("/tools/room/", "Start"), ("/tools/picture/", "Turn the camera on")
BOTH = pytest.mark.parametrize("tool", [ROOM, PICTURE], ids=["room", "picture"])
SAMSUNG = harness.MOBILE.replace("Chrome/140", "SamsungBrowser/28.0 Chrome/130")
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/18.6 Mobile/15E148"
    " Safari/604.1"
)

# No part of the audio can be fetched.
LOST = """() => {
  const addModule = () => Promise.reject(new DOMException("", "AbortError"));
  window.AudioContext = class { audioWorklet = { addModule }; close() {} };
}"""
# Every moment at which a page looks for news.
MOMENTS = """() => {
  dispatchEvent(new Event("online"));
  document.dispatchEvent(new Event("visibilitychange"));
  dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
}"""

# How many wait for their turn to ask the server.
WAITING = "async () => (await navigator.locks.query()).pending.length"


def stage(page, name):
    expect(page.locator(".stage")).to_have_attribute("data-stage", name)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def begin(page, tool, **does):
    """Open the page of a tool whose devices do that, and press its button."""
    address, button = tool
    page.goto(address)
    stand_in(page, picture_of="fine", **does)
    press(page, button)


def refused(page):
    stage(page, "refused")
    return page.locator("[data-refused]")


# Before it asks


@BOTH
def test_r23_it_asks_only_after_a_tap_and_says_before_that_nothing_is_kept(phone, tool):
    address, button = tool
    phone.goto(address)
    stand_in(phone, answer="hang")
    expect(phone.get_by_text("Nothing is recorded, kept or sent.")).to_be_visible()
    expect(phone.get_by_text("Tap Allow.").first).to_be_visible()
    assert phone.evaluate("noted.asked.length") == 0
    press(phone, button)
    until(phone, lambda: phone.evaluate("noted.asked.length") == 1)
    expect(phone.get_by_text("Your browser asks you now.")).to_be_visible()
    expect(phone.get_by_role("button", name="Stop")).to_be_focused()


def test_r23_the_sound_is_asked_for_as_it_is(phone):
    begin(phone, ROOM)
    stage(phone, "quiet")
    (asked,) = phone.evaluate("noted.asked")
    raw = {"echoCancellation", "noiseSuppression", "autoGainControl", "voiceIsolation"}
    assert {name for name, value in asked["audio"].items() if value is False} == raw
    assert "video" not in asked


def test_the_camera_that_looks_at_the_person_is_asked_for_and_no_sound(phone):
    begin(phone, PICTURE)
    stage(phone, "running")
    (asked,) = phone.evaluate("noted.asked")
    assert asked["video"]["facingMode"] == "user"
    assert "audio" not in asked


# When there is none


REASONS = {
    "blocked": ({"answer": "NotAllowedError", "state": "denied"}, "is not allowed", "You can change that"),
    "refused": (
        {"answer": "NotAllowedError", "state": ""},
        "is not allowed",
        "You said no, and that is fine.",
    ),
    "dismissed": ({"answer": "NotAllowedError"}, "No answer yet", "Try again, then tap Allow."),
    "system": ({"answer": "NotAllowedError", "state": "granted"}, "is off for this browser", "Tap Apps"),
    "missing": ({"answer": "NotFoundError"}, "was found", "plug it in"),
    "busy": ({"answer": "NotReadableError"}, "is in use", "Close other apps, calls and tabs"),
    "without": ({"answer": "TypeError"}, "can't be used here", "open Settle in your browser"),
}


@BOTH
def test_r24_each_way_to_have_none_is_told_apart_and_has_a_way_on(phone, tool):
    button = tool[1]
    phone.goto(tool[0])
    for why, (does, words, way) in REASONS.items():
        stand_in(phone, **does)
        press(phone, button)
        part = phone.locator(f"[data-refused={why}]")
        expect(part.get_by_role("heading")).to_contain_text(words)
        expect(part).to_contain_text(way, use_inner_text=True)
        expect(part).to_be_focused()
        expect(phone.locator("[data-aloud]")).to_contain_text(words)
        expect(part.get_by_text("You can also tick it by hand.")).to_be_visible()
        expect(part.get_by_role("link", name="Back to my list")).to_be_visible()
        button = "Try again"


def test_r24_who_is_refused_can_try_again(phone):
    begin(phone, ROOM, answer="NotReadableError")
    refused(phone)
    stand_in(phone)
    press(phone, "Try again")
    stage(phone, "quiet")
    expect(phone.get_by_role("button", name="Stop")).to_be_focused()


@pytest.mark.parametrize(
    ("break_it", "words"),
    [
        ("Object.defineProperty(window, 'isSecureContext', { value: false })", "starts with https"),
        ("Object.defineProperty(navigator, 'mediaDevices', { value: undefined })", "Chrome, Edge, Firefox or Safari"),
    ],
    ids=["insecure", "without"],
)  # fmt: skip
def test_r24_a_browser_that_can_not_is_told_so_and_not_to_try_again(phone, break_it, words):
    phone.goto(PICTURE[0])
    phone.evaluate(f"() => {{ {break_it} }}")
    press(phone, PICTURE[1])
    expect(refused(phone)).to_contain_text(words, use_inner_text=True)
    expect(phone.get_by_role("button", name="Try again")).to_be_hidden()
    expect(phone.get_by_role("link", name="Back to my list")).to_be_visible()


def test_r24_a_browser_without_worklets_is_told_so(phone):
    phone.goto(ROOM[0])
    phone.evaluate("() => { delete window.AudioWorkletNode; }")
    press(phone, "Start")
    expect(refused(phone)).to_contain_text("Chrome, Edge, Firefox or Safari", use_inner_text=True)


def test_a_part_that_could_not_be_loaded_is_said_so_and_nothing_is_asked(phone, watch):
    watch.excuse("ERR_FAILED")
    phone.goto(ROOM[0])
    stand_in(phone)
    phone.evaluate(LOST)
    press(phone, "Start")
    expect(refused(phone)).to_contain_text("could not be loaded", use_inner_text=True)
    assert phone.evaluate("noted.asked.length") == 0


@pytest.mark.parametrize(
    ("agent", "words", "others"),
    [
        (SAMSUNG, "Tap the lock beside the address, then Permissions.", "sign at the left"),
        (FIREFOX, "Click the crossed-out sign", "Tap the"),
        (IPHONE, "then Website Settings", "then Permissions"),
    ],
    ids=["samsung", "firefox", "iphone"],
)
def test_r24_the_way_to_allow_it_is_that_of_the_browser_at_hand(people, agent, words, others):
    page = people(harness.PHONE, user_agent=agent)
    begin(page, PICTURE, answer="NotAllowedError", state="denied")
    steps = refused(page).get_by_role("list")
    expect(steps).to_contain_text(words, use_inner_text=True)
    expect(steps).to_contain_text("Allow the camera.", use_inner_text=True)
    expect(steps).not_to_contain_text(others, use_inner_text=True)


# When no answer comes


@BOTH
def test_r24_who_takes_their_time_is_told_where_to_look_and_is_not_cut_off(phone, clock, tool):
    begin(phone, tool, answer="late")
    stage(phone, "asking")
    until(phone, lambda: phone.evaluate("noted.asked.length") == 1)
    clock.forward(seconds=16)
    expect(phone.locator("[data-slow]")).to_be_visible()
    expect(phone.locator("[data-aloud]")).to_contain_text("No question in sight?")
    clock.forward(minutes=4)
    phone.evaluate("allow()")
    stage(phone, "quiet" if tool == ROOM else "running")


@BOTH
def test_r24_a_device_that_may_be_used_and_does_not_come_is_given_up(phone, clock, tool):
    begin(phone, tool, answer="late", state="granted")
    until(phone, lambda: phone.evaluate("noted.asked.length") == 1)
    clock.forward(seconds=16)
    expect(refused(phone).get_by_role("heading")).to_contain_text("does not answer")
    phone.evaluate("allow()")
    until(phone, lambda: phone.evaluate("noted.streams.length") == 1)
    assert phone.evaluate(LIVE) == 0


def test_r24_nobody_there_to_answer_ends_it_too(phone, clock):
    begin(phone, ROOM, answer="hang")
    until(phone, lambda: phone.evaluate("noted.asked.length") == 1)
    clock.forward(minutes=5, seconds=2)
    expect(refused(phone).get_by_role("heading")).to_contain_text("No answer yet")


def test_r24_a_microphone_that_is_on_and_gives_nothing_is_given_up(phone, clock):
    begin(phone, ROOM)
    stage(phone, "quiet")
    clock.forward(seconds=5)
    expect(refused(phone).get_by_role("heading")).to_contain_text("does not answer")
    assert phone.evaluate(LIVE) == 0


def test_r24_a_camera_that_is_on_and_gives_no_picture_is_given_up(phone, clock):
    phone.goto(PICTURE[0])
    stand_in(phone)
    press(phone, PICTURE[1])
    stage(phone, "running")
    clock.forward(seconds=9)
    expect(refused(phone).get_by_role("heading")).to_contain_text("does not answer")
    assert phone.evaluate(LIVE) == 0


# It goes off


@BOTH
def test_r23_stop_ends_it_while_it_asks_and_what_comes_late_is_turned_off(phone, tool):
    begin(phone, tool, answer="late")
    until(phone, lambda: phone.evaluate("noted.asked.length") == 1)
    press(phone, "Stop")
    stage(phone, "ready")
    phone.evaluate("allow()")
    until(phone, lambda: phone.evaluate("noted.streams.length") == 1)
    assert phone.evaluate(LIVE) == 0
    stage(phone, "ready")


@BOTH
@pytest.mark.parametrize("way", ["stop", "hide", "leave", "unplug"])
def test_r23_the_device_is_off_when_it_is_stopped_hidden_left_or_taken_away(phone, tool, way):
    begin(phone, tool)
    stage(phone, "quiet" if tool == ROOM else "running")
    assert phone.evaluate(LIVE) == 1
    if way == "stop":
        press(phone, "Stop")
        expect(phone.locator("[data-aloud]")).to_contain_text("is off.")
        expect(phone.get_by_role("button", name=tool[1], exact=True)).to_be_focused()
    elif way == "hide":
        phone.evaluate(HIDE, True)
        expect(refused(phone)).to_contain_text("You left this page", use_inner_text=True)
    elif way == "leave":
        phone.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    else:
        phone.evaluate("noted.streams[0].getTracks()[0].dispatchEvent(new Event('ended'))")
        expect(refused(phone)).to_contain_text("It was unplugged", use_inner_text=True)
    assert phone.evaluate(LIVE) == 0
    assert phone.evaluate("document.querySelector('video')?.srcObject ?? null") is None
    assert phone.evaluate("noted.closed") == (1 if tool == ROOM else 0)


def test_r23_what_comes_while_the_page_is_hidden_is_turned_off(phone):
    begin(phone, PICTURE, answer="late")
    until(phone, lambda: phone.evaluate("noted.asked.length") == 1)
    phone.evaluate(HIDE, True)
    phone.evaluate("allow()")
    expect(refused(phone)).to_contain_text("You left this page", use_inner_text=True)
    assert phone.evaluate(LIVE) == 0


# Nothing is sent meanwhile


@pytest.fixture
def sams_room(people, sam, sams_session):
    """Sam's phone with a list at hand, on the page of the room check."""
    page = let_in(people(harness.PHONE), sam)
    page.goto("/")
    has_copies(page)
    page.goto(f"{ROOM[0]}#{sams_session.id}")
    page.wait_for_load_state("networkidle")
    return page


def hold_on(page):
    stand_in(page)
    press(page, "Start")
    stage(page, "quiet")


def test_r23_nothing_is_asked_of_the_server_while_the_microphone_is_on_and_what_waits_goes_afterwards(
    sams_room, server
):
    hold_on(sams_room)
    server.seen.clear()
    sams_room.evaluate(MOMENTS)
    until(sams_room, lambda: sams_room.evaluate(WAITING) > 1)
    sams_room.evaluate("hear", HEARD["quiet"][:-1])
    stage(sams_room, "speech")
    sams_room.wait_for_load_state("networkidle")
    server.wait()
    assert server.seen == []
    press(sams_room, "Stop")
    until(sams_room, lambda: sams_room.evaluate(WAITING) == 0 and server.seen)
    assert {row.address for row in server.seen} == {"/sync/"}


def test_r23_another_page_of_the_phone_waits_with_its_ticks(sams_room, server):
    other = sams_room.context.new_page()
    other.goto("/")
    other.wait_for_load_state("networkidle")
    sams_room.bring_to_front()
    hold_on(sams_room)
    server.seen.clear()
    other.get_by_role("checkbox").first.click()
    until(other, lambda: log(other))
    expect(other.get_by_text("1 tick not sent yet")).to_be_visible()
    server.wait()
    assert server.seen == []
    press(sams_room, "Stop")
    until(other, lambda: not log(other))
    assert {row.address for row in server.seen} == {"/sync/"}


def test_r23_a_line_that_hangs_does_not_hold_up_the_microphone_and_loses_no_tick(sams_room, server):
    sams_room.route("**/sync/", lambda _: None)
    with sams_room.expect_request("**/sync/"):
        sams_room.evaluate("dispatchEvent(new Event('online'))")
    hold_on(sams_room)
    sams_room.unroute_all()
    sams_room.evaluate("hear", HEARD["quiet"])
    expect(sams_room.locator("[data-kept-words]")).to_have_text("Ticked on your list. The tick is sent.")

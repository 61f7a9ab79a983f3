"""The picture check: a mirror, a guide, a word on the light, on a camera that sees generated pictures (R23, R24)."""

import pytest
from django.templatetags.static import static
from playwright.sync_api import expect

from tests.browser import devices
from tests.browser.conftest import let_in
from tests.browser.devices import LIVE, Phones, picture, stand_in
from tests.browser.kept import has_copies, log
from tests.browser.scenes import seen

PICTURE, LOOK = "/tools/picture/", "Turn the camera on"
# Notes each verdict as it is shown.
NOTED = """() => {
  window.shown = [];
  const light = document.querySelector("[data-light]");
  const note = () => shown.at(-1) !== light.dataset.light && shown.push(light.dataset.light);
  new MutationObserver(note).observe(light, { attributes: true });
  window.noted = { streams: [] };
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = await ask(wanted);
    noted.streams.push(stream);
    return stream;
  };
}"""

# Turns the picture of a video upright.
UPRIGHT = """(video) => {
  Object.defineProperty(video, "videoHeight", { value: 999 });
  video.dispatchEvent(new Event("resize"));
}"""


@pytest.fixture
def phones(chromium, server, watch, clock):
    phones = Phones(chromium, server, watch, clock)
    yield phones
    phones.close()


@pytest.fixture
def sams_picture(sams, sams_session):
    """Sam's phone on the picture check, with the list at hand."""
    sams.goto("/")
    has_copies(sams)
    sams.goto(f"{PICTURE}#{sams_session.id}")
    return sams


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def stage(page, name):
    expect(page.locator(".stage")).to_have_attribute("data-stage", name)


def light(page):
    return page.locator("[data-light]")


@pytest.mark.alone
def test_on_a_real_camera_each_picture_has_its_verdict_with_no_request_meanwhile(
    phones, tmp_path, server, sam, sams_session
):
    page = let_in(phones.seeing(devices.film(tmp_path, *devices.PICTURES)), sam)
    page.goto("/")
    has_copies(page)
    page.goto(f"{PICTURE}#{sams_session.id}")
    page.evaluate(NOTED)
    page.wait_for_load_state("networkidle")
    press(page, LOOK)
    stage(page, "running")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    server.wait()
    server.seen.clear()
    page.wait_for_function("() => new Set(shown).size === 6 || (shown.length > 6)", timeout=30_000)
    assert set(page.evaluate("shown")) - {"wait"} == set(devices.PICTURES)
    assert page.locator("video").evaluate("video => video.videoWidth") == devices.WIDE
    assert (server.seen, asked) == ([], [])
    press(page, "Looks good")
    expect(page.locator("[data-kept-words]")).to_have_text("Ticked on your list. The tick is sent.")
    assert page.evaluate(LIVE) == 0
    assert page.locator("video").evaluate("video => video.srcObject") is None
    passes = page.evaluate("async (a) => Object.keys(await (await import(a)).kept())", static("js/passes.js"))
    assert passes == ["picture_check"]


@pytest.mark.parametrize(
    ("name", "words", "tip"),
    [
        ("fine", "The light is good.", ""),
        ("dark", "It is dark.", "put a lamp in front of you"),
        ("glare", "It is very bright.", "close the curtain a bit"),
        ("backlit", "The light is behind you.", "Turn around"),
        ("covered", "The camera seems covered.", "Slide its cover open"),
    ],
)
def test_the_light_only_advises_and_its_words_are_said_aloud(phone, name, words, tip):
    phone.goto(PICTURE)
    seen(name)(phone)
    expect(light(phone).locator("p:visible")).to_have_count(1)
    expect(light(phone)).to_contain_text(words, use_inner_text=True)
    expect(light(phone)).to_contain_text(tip, use_inner_text=True)
    expect(light(phone)).to_have_attribute("role", "status")
    expect(phone.get_by_role("button", name="Looks good")).to_be_enabled()


def test_the_words_follow_the_light(phone):
    phone.goto(PICTURE)
    seen("fine")(phone)
    phone.evaluate("draw", picture("backlit"))
    expect(light(phone)).to_have_attribute("data-light", "backlit")


def test_looks_good_is_for_the_person_to_say_and_ticks_the_item(sams_picture):
    seen("dark")(sams_picture)
    assert log(sams_picture) == []
    press(sams_picture, "Looks good")
    expect(sams_picture.locator("[data-kept-words]")).to_have_text("Ticked on your list. The tick is sent.")
    expect(sams_picture.get_by_role("link", name="Done. Back to my list")).to_be_focused()
    assert sams_picture.evaluate(LIVE) == 0


def test_r24_it_ends_by_itself_after_two_minutes_and_ticks_nothing(sams_picture, clock):
    seen("fine")(sams_picture)
    clock.forward(minutes=2, seconds=1)
    stage(sams_picture, "over")
    expect(sams_picture.get_by_role("heading", name="The camera is off again")).to_be_visible()
    expect(sams_picture.locator("[data-aloud]")).to_have_text("The camera is off again.")
    assert sams_picture.evaluate(LIVE) == 0
    assert log(sams_picture) == []
    press(sams_picture, "Look again")
    stage(sams_picture, "running")


def test_it_is_a_mirror_with_a_guide_that_is_described_in_words(phone):
    phone.goto(PICTURE)
    seen("fine")(phone)
    expect(phone.locator("video")).to_have_css("scale", "-1 1")
    expect(phone.locator(".mirror svg")).to_have_attribute("aria-hidden", "true")
    expect(phone.get_by_text("Bring your face into the oval")).to_be_visible()
    expect(phone.get_by_text("it can't know if you are in the picture")).to_be_visible()
    expect(phone.locator("video")).to_have_js_property("muted", True)


def test_an_upright_picture_is_shown_upright(phone):
    phone.goto(PICTURE)
    seen("fine")(phone)
    expect(phone.locator(".stage")).to_have_attribute("data-shape", "wide")
    phone.locator("video").evaluate(UPRIGHT)
    expect(phone.locator(".mirror")).to_have_css("aspect-ratio", "3 / 4")


def test_all_of_it_works_by_keyboard(phone):
    phone.goto(PICTURE)
    stand_in(phone, picture_of="fine")
    phone.get_by_role("button", name=LOOK).focus()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("button", name="Stop")).to_be_focused()
    phone.keyboard.press("Shift+Tab")
    expect(phone.get_by_role("button", name="Looks good")).to_be_focused()
    phone.keyboard.press("Space")
    expect(phone.get_by_role("link", name="Done. Back to my list")).to_be_focused()

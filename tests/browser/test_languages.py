"""R30 in a browser: a choice holds with no network, made-up languages break no page, both sides say the same times."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as django_settings
from django.templatetags.static import static
from django.utils import timezone, translation
from playwright.sync_api import expect

from checklist.channels import wording
from tests import catalogue
from tests.browser import harness, probes, scenes
from tests.browser.conftest import at_desk, invitation_link, let_in
from tests.browser.kept import until
from tests.test_speaking import speaks
from tests.test_translation import COMPILED

COOKIE = django_settings.LANGUAGE_COOKIE_NAME
WORKER = "navigator.serviceWorker.controller.scriptURL"
MAIN = {
    "client": ("/", "/sessions/{session}/", "/sessions/", "/reminders/", "/help/", "/devices/", "/install/",
               "/lock/", "/language/", "/tools/connection/", "/tools/room/", "/tools/note/"),
    "stranger": ("/", "/join/", "/join/code/", "/offline/", "/nothing/", "/desk/sign-in/", "/desk/sign-up/"),
    "desk": ("/desk/", "/desk/clients/", "/desk/clients/{sam}/", "/desk/clients/{ana}/invitation/",
             "/desk/sessions/add/", "/desk/sessions/{session}/", "/desk/settings/", "/desk/checklists/",
             "/desk/checklists/{checklist}/calendar/"),
}  # fmt: skip


# Made-up languages


@pytest.fixture
def made_up(settings, tmp_path):
    """Let Settle speak the made-up languages as well, from catalogues of all texts that have Spanish."""
    catalogue.pseudo(tmp_path / "locale", catalogue.read(COMPILED))
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    settings.LANGUAGES = [*settings.LANGUAGES, *((code, code.upper()) for code in catalogue.PSEUDO)]
    yield
    for code in catalogue.PSEUDO:
        translation.trans_real._translations.pop(code, None)


@pytest.fixture
def open_as(people, request, world, watch):
    """Return a page of somebody who reads that language, and the ids for its addresses."""
    watch.excuse("status of 4")
    cast, ids = world.enter(request)

    def open_as(who, code):
        for name in ("dana", "sam"):
            speaks(cast[name], code)
        page = people(harness.PHONE)
        page.context.add_cookies([{"name": COOKIE, "value": code, "url": django_settings.BASE_URL}])
        if who == "client":
            let_in(page, cast["sam"], scenes.SAMS_TOKEN)
        elif who == "desk":
            at_desk(page, cast["dana"])
        return page, ids

    return open_as


@pytest.mark.parametrize("who", MAIN)
@pytest.mark.parametrize(("code", "side"), [("en-xa", "ltr"), ("ar-xb", "rtl")])
def test_longer_words_and_the_other_direction_break_no_page(made_up, open_as, who, code, side):
    page, ids = open_as(who, code)
    faults = []
    for address in MAIN[who]:
        page.goto(address.format(**ids))
        assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [code, side]
        for width in (390, 320):
            page.set_viewport_size({"width": width, "height": 844})
            faults += [f"{address} at {width} px: {what}" for what in page.evaluate(probes.TOO_WIDE)]
        faults += [f"{address}, cut off: {what}" for what in page.evaluate(probes.CUT_OFF)]
    assert faults == []


def test_from_right_to_left_arrows_point_the_other_way(made_up, open_as):
    page, _ids = open_as("client", "ar-xb")
    page.goto("/sessions/")
    arrow = page.locator(".entry .icon.turns").first
    assert arrow.evaluate("icon => getComputedStyle(icon).transform") == "matrix(-1, 0, 0, 1, 0, 0)"
    entry, mark = page.locator(".entry").first.bounding_box(), arrow.bounding_box()
    assert mark["x"] < entry["x"] + entry["width"] / 2


TOUCHING = """() => [...document.querySelectorAll(".tabs a")].filter((tab) => {
  const words = document.createRange();
  words.selectNodeContents(tab);
  return words.getBoundingClientRect().width > tab.clientWidth;
}).map((tab) => tab.textContent)"""


@pytest.mark.parametrize("code", ["en", "es"])
@pytest.mark.parametrize(("who", "address"), [("client", "/reminders/"), ("desk", "/desk/")])
def test_r31_no_word_of_the_bar_runs_into_the_next_at_320_px(open_as, who, code, address):
    page, _ids = open_as(who, code)
    page.set_viewport_size({"width": 320, "height": 844})
    page.goto(address)
    assert page.evaluate(TOUCHING) == []


# Choosing


def test_a_choice_holds_with_no_network_for_the_list_the_tools_and_the_worker(
    people, sam, sams_session, watch
):
    watch.excuse("ERR_INTERNET_DISCONNECTED", "Failed to fetch")
    page = let_in(people(harness.INSTALLED), sam)
    page.goto("/")
    page.evaluate(probes.CONTROLLED)
    assert page.evaluate(WORKER).endswith("language=en")
    page.goto("/language/")
    page.get_by_role("button", name="Español").click()
    expect(page.get_by_role("status").filter(has_text="Desde ahora lees Settle en español.")).to_be_visible()
    until(page, lambda: page.evaluate(WORKER).endswith("language=es"))
    until(page, lambda: "Toma tres minutos" in str(page.evaluate(COPIES, static("js/copies.js"))))
    page.context.set_offline(True)
    page.goto("/")
    expect(page.get_by_text("No hay conexión.")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Toma tres minutos tranquilos")).to_be_visible()
    page.goto("/tools/calm/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tres minutos tranquilos")
    page.context.set_offline(False)


COPIES = """async (address) => {
  const { sessions } = await import(address);
  return (await sessions()).flatMap(({ lines }) => lines.map(({ title }) => title));
}"""


def test_who_changes_the_language_of_an_invitation_comes_back_with_it(phone, sam):
    phone.goto(invitation_link(sam))
    phone.get_by_role("button", name="Español").click()
    phone.get_by_role("button", name="Empezar ya").click()
    phone.wait_for_url("**/first-steps/*/")
    expect(phone.get_by_text("Ya estás dentro.")).to_be_visible()
    sam.refresh_from_db()
    assert sam.language == "es"


# Times


SAY = """async ([address, now, cases]) => {
  const { clock, day, full, left } = await import(address);
  return cases.map(([at, zone]) => [clock(at, zone), ...[day, full, left].map((say) => say(at, now, zone))]);
}"""


def test_the_phone_says_days_and_times_in_spanish_in_the_same_words_as_the_server(sams, sam, sams_session):
    speaks(sam, "es")
    sams.goto("/")
    now = datetime(2026, 12, 30, 12, 0, tzinfo=UTC)
    wait = [
        timedelta(minutes=1),
        timedelta(minutes=90),
        timedelta(hours=5),
        *(timedelta(hours=21 * n) for n in range(1, 9)),
    ]
    cases = [(now + ahead, zone) for ahead in wait for zone in ("America/Bogota", "Europe/Madrid")]
    told = [(at.timestamp() * 1000, zone) for at, zone in cases]
    said = sams.evaluate(SAY, [static("js/times.js"), now.timestamp() * 1000, told])
    assert said == [in_spanish(at, now, zone) for at, zone in cases]


def in_spanish(at, now, zone):
    with translation.override("es"), timezone.override(ZoneInfo(zone)):
        return [wording.clock(at), wording.day(at, now), wording.full_day(at, now), wording.in_words(at, now)]

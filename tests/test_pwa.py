"""The app on the home screen: manifest, worker, offline page, and the pages for what went wrong (R3, R26)."""

import json
import re
import struct
from pathlib import Path
from unittest import mock

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.test import RequestFactory

from checklist.views import errors, pwa
from checklist.views.answers import too_many
from checklist.views.client import toolbox
from tests.reading import read
from tests.wished import choose

TELLS = re.compile(r"therap|session|clinic|counsel|mental|health|patient|client|practice", re.IGNORECASE)
ROOT = Path(settings.BASE_DIR)
SOURCES = [ROOT / "static" / "icons" / name for name in ("screenshot-narrow.png", "screenshot-wide.png")]


@pytest.fixture
def manifest(client):
    return json.loads(client.get("/manifest.json").content)


@pytest.fixture
def worker(client):
    return client.get("/serviceworker.js").content.decode()


def size(path):
    """Return the size that a PNG says it has, like '192x192'."""
    head = Path(path).read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    return "{}x{}".format(*struct.unpack(">II", head[16:24]))


def source(address):
    """Return the file behind an address under /static/."""
    return ROOT / "static" / address.removeprefix(settings.STATIC_URL)


# The manifest


def test_the_manifest_says_which_app_it_is_and_where_it_starts(manifest):
    assert {name: manifest[name] for name in ("id", "start_url", "scope", "display")} == {
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
    }


def test_the_manifest_names_its_language_and_direction(manifest):
    assert (manifest["lang"], manifest["dir"]) == ("en", "ltr")


def test_r3_nothing_in_the_manifest_says_what_the_app_is_for(manifest):
    assert not TELLS.search(json.dumps(manifest))


def test_there_is_an_icon_of_each_size_for_each_shape_of_home_screen(manifest):
    assert sorted((icon["purpose"], icon["sizes"]) for icon in manifest["icons"]) == [
        ("any", "192x192"),
        ("any", "512x512"),
        ("maskable", "192x192"),
        ("maskable", "512x512"),
    ]


def test_there_is_a_picture_for_phones_and_one_for_wide_screens(manifest):
    assert [picture["form_factor"] for picture in manifest["screenshots"]] == ["narrow", "wide"]


def test_each_picture_has_the_size_that_the_manifest_claims(manifest):
    for picture in manifest["icons"] + manifest["screenshots"]:
        assert size(source(picture["src"])) == picture["sizes"], picture["src"]


def test_the_pictures_are_light_enough_to_be_fetched_on_a_phone():
    assert [path.name for path in SOURCES if path.stat().st_size > 40_000] == []


def test_the_list_in_the_pictures_says_nothing_private():
    """The pictures are drawn from this list; what is in them can't be read by a test."""
    drawn = (ROOT / "bin" / "draw-screenshots").read_text()
    words = drawn[drawn.index("LIST = [") : drawn.index("# With whom")]
    assert not TELLS.search(words)


def test_the_manifest_is_one_with_its_own_type(client):
    assert client.get("/manifest.json").headers["Content-Type"] == "application/manifest+json"


def test_a_colour_of_the_manifest_is_the_one_of_the_page(manifest, client, db):
    shown = read(client.get("/")).all("meta", name="theme-color")[0]["content"]
    assert manifest["theme_color"] == manifest["background_color"] == shown


# The service worker


def test_the_worker_is_asked_for_anew_each_time(client):
    answer = client.get("/serviceworker.js")
    assert answer.headers["Content-Type"] == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"


def test_the_worker_keeps_the_files_of_the_offline_page_and_no_other(worker):
    kept = json.loads(re.search(r"FILES = (\[.*\]);", worker)[1])
    assert kept == [static(name) for name in pwa.SHELL]


def test_the_worker_keeps_what_it_and_the_pages_it_keeps_ask_for_and_what_those_import(client, worker):
    asked = set()
    for address in ("/offline/", "/list/", *(tool.address for tool in toolbox.PAGES)):
        page = read(client.get(address))
        asked |= {link["href"] for link in page.all("link", rel="stylesheet") + page.all("link", rel="icon")}
        asked |= {script["src"] for script in page.all("script")}
        asked |= {part["data-worklet"] for part in page.all("div") if part.get("data-worklet")}
    asked |= set(re.findall(r"""import [^"']* from ["']([^"']+)["']""", worker))
    names = {address.removeprefix("/static/") for address in asked if address != "data:,"}
    for name in [name for name in names if name.endswith(".js")]:
        names |= imported(name)
    assert names == set(pwa.SHELL)


def imported(name):
    """Return the names of all modules that a module leads to, its own included."""
    found, left = set(), [name]
    while left:
        path = left.pop()
        if path not in found:
            found.add(path)
            text = (ROOT / "static" / path).read_text()
            left += [f"js/{other}" for other in re.findall(r"""import[^"';]*["']\./([^"']+)["']""", text)]
    return found


def test_every_file_that_the_worker_keeps_is_there():
    assert [name for name in pwa.SHELL if not (ROOT / "static" / name).exists()] == []


def version(client):
    return re.search(r'VERSION = "settle-([0-9a-f]{12})"', client.get("/serviceworker.js").content.decode())[
        1
    ]


def test_the_workers_version_stays_while_nothing_changes(client):
    assert version(client) == version(client)


def test_the_workers_version_changes_with_a_file_that_it_keeps(client, monkeypatch):
    before = version(client)
    monkeypatch.setattr(pwa, "static", lambda name: f"/static/{name}?changed")
    assert version(client) != before


def test_the_workers_version_changes_with_the_offline_page(client, monkeypatch):
    before = version(client)
    monkeypatch.setattr(pwa, "offline_page", lambda: "other words")
    assert version(client) != before


def test_all_that_the_worker_keeps_is_made_once_in_each_language(client):
    with mock.patch("checklist.views.pwa.render_to_string", return_value="words") as make:
        for language in ("en", "en", "es", "en"):
            client.get(f"/serviceworker.js?language={language}")
            client.get(f"/offline/?language={language}")
    assert make.call_count == 2


def test_the_worker_leaves_everything_but_get_alone(worker):
    handler = worker[worker.index('addEventListener("fetch"') :]
    assert handler.index('method !== "GET") return') < handler.index("respondWith")


def test_the_worker_fetches_the_pages_that_it_keeps_without_the_persons_cookie(worker):
    assert 'new Request(page, { cache: "reload", credentials: "omit" })' in worker


def test_the_worker_writes_to_its_cache_at_no_other_time_than_when_it_is_installed(worker):
    assert worker.count("cache.addAll") == 1
    assert not re.search(r"cache\.(put|add)\(", worker)


# The offline page


def test_the_offline_page_says_so_offers_another_try_and_where_help_is(client):
    page = read(client.get("/offline/"))
    assert page.one("h1").text == "You are offline"
    assert "call your local emergency number" in page.text
    assert {link.text for link in page.one("main").all("a", href="")} == {"Try again", "Load the page"}


def test_the_offline_page_is_the_same_for_everybody(client, sams_phone, sams_session, desk):
    pages = {browser.get("/offline/").content for browser in (client, sams_phone, desk)}
    assert len(pages) == 1


def test_a_message_for_a_person_does_not_end_up_in_the_offline_page(sams_phone):
    choose(sams_phone, time_zone="Europe/London")
    assert b"Saved." not in sams_phone.get("/offline/").content
    assert b"Saved." in sams_phone.get("/reminders/").content


def test_without_scripts_the_offline_page_still_says_what_is_the_matter(client):
    (card,) = read(client.get("/offline/")).all("section", kind="empty")
    assert not card.hidden
    assert card.one("h1").text == "You are offline"


def test_the_offline_page_has_no_data_of_anybody_only_slots(client):
    page = client.get("/offline/").content.decode()
    assert "{name}" in page
    assert "data-clients" not in page


# Taking the worker away


def test_the_worker_can_be_taken_from_every_phone_by_a_setting(client, settings):
    settings.SERVICE_WORKER = False
    worker = client.get("/serviceworker.js").content.decode()
    assert "registration.unregister()" in worker
    assert "caches.delete" in worker
    assert 'addEventListener("fetch"' not in worker


# Where they stand


@pytest.mark.parametrize("address", ["/manifest.json", "/serviceworker.js", "/offline/"])
def test_none_of_the_three_touches_the_database(client, address):
    """Without the `db` mark a query would fail the test."""
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", ["/manifest.json", "/serviceworker.js", "/offline/"])
def test_none_of_the_three_takes_a_form(client, address):
    assert client.post(address).status_code == 405


def test_the_clients_pages_register_the_worker_and_the_welcome_page_does_too(
    client, sams_phone, sams_session
):
    for page in (read(client.get("/")), read(sams_phone.get("/")), read(sams_phone.get("/help/"))):
        assert static("js/worker.js") in [script["src"] for script in page.all("script")]


# What went wrong

ANSWERS = {
    "400": lambda request: errors.bad_request(request),
    "403": lambda request: errors.forbidden(request),
    "404": lambda request: errors.not_found(request),
    "500": lambda request: errors.broken(request),
    "403_csrf": lambda request: errors.forged(request),
    "429": too_many,
}


@pytest.mark.parametrize("name", ANSWERS)
def test_what_went_wrong_is_said_in_plain_words_with_a_way_on_and_where_help_is(name):
    answer = ANSWERS[name](RequestFactory().get("/"))
    page = read(answer)
    assert answer.status_code == int(name[:3])
    assert page.one("h1").text
    assert "/" in {link["href"] for link in page.one("main").all("a")}
    assert "call your local emergency number" in page.text


@pytest.mark.parametrize("name", ANSWERS)
def test_a_page_for_what_went_wrong_needs_no_database(name):
    assert render_to_string(f"{name}.html")

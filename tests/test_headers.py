"""Every answer has the headers that protect it, and no page asks another place for anything (R25, R26)."""

import re
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.test import Client as Browser
from django.test import RequestFactory

from checklist import access
from checklist.models import Device
from checklist.views import errors
from checklist.views.client.toolbox import PAGES
from tests import factories
from tests.addresses import TABLE, path_of, who_may
from tests.forms import FORMS, browsers, filled, good, post, rows
from tests.reading import read

__all__ = ["browsers", "rows"]  # fixtures
pytestmark = pytest.mark.xdist_group("headers")  # so that the answers are asked for once
ANSWERS = {}
PERSONAL = {"phone", "desk", "therapist"}
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "media-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types settle",
}
ALWAYS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
CLOSED = {
    "camera",
    "microphone",
    "geolocation",
    "payment",
    "usb",
    "display-capture",
    "accelerometer",
    "gyroscope",
    "screen-wake-lock",
}


@pytest.fixture
def pages(request, db):
    """Return {what it is: an answer}: each address, each kind of refusal, a redirect, a file."""
    if not ANSWERS:
        ANSWERS.update(request.getfixturevalue("asked"))
    return ANSWERS


@pytest.fixture
def asked(browsers, rows, settings):
    (settings.STATIC_ROOT / "here.css").write_text("a {}")
    found = {
        route or "/": browsers[who_may(route)].get(path_of(route, rows))
        for route in TABLE
        if TABLE[route].get
    }
    found |= {
        f"refused {name}": refused_form(browsers, rows, name) for name, form in FORMS.items() if form.typed
    }
    nobody, sam, dana = browsers["nobody"], browsers["sam"], browsers["dana"]
    found |= {
        "a phone that nobody let in": nobody.get("/sessions/"),
        "a page only for therapists": nobody.get("/desk/"),
        "a page that there is not": sam.get("/nowhere/"),
        "a step of another page": sam.get("/devices/add/"),
        "another host": nobody.get("/", HTTP_HOST="evil.example"),
        "a body that can't be read": nobody.post("/join/", "x", content_type="multipart/form-data"),
        "a form without its token": Browser(enforce_csrf_checks=True).post("/join/", {}),
        "a log from elsewhere": nobody.post("/sync/", {}, content_type="application/json"),
        "a log": sam.post("/sync/", {}, content_type="application/json", headers={"X-Settle": "1"}),
        "a log that is too long": sam.post(
            "/sync/", "x" * 600_000, content_type="application/json", headers={"X-Settle": "1"}
        ),
        "a tick": sam.post(f"/sessions/{rows['session_id']}/ticks/", {"item": "connection", "state": "done"}),
        "a tick that is refused": sam.post(
            f"/sessions/{rows['session_id']}/ticks/", {"item": "nothing", "state": "done"}
        ),
        "a code for another phone": sam.post("/devices/add/"),
        "too many tries": [nobody.post("/join/code/", {"code": "WRONG222"}) for _ in range(12)][-1],
        "a file": read_out(Browser().get("/static/here.css")),
        "a file that there is not": Browser().get("/static/gone.css"),
    }
    dana.post(f"/desk/sessions/{rows['session_id']}/cancel/")
    found["a session that is over"] = dana.get(f"/desk/sessions/{rows['session_id']}/edit/")
    Device.objects.all().revoke()
    found["a phone that was taken out"] = sam.get("/")
    return found


def read_out(answer):
    """Return the answer of a file, which stays open until somebody has read it."""
    assert b"".join(answer.streaming_content)
    return answer


def refused_form(browsers, rows, name):
    form = FORMS[name]
    bad = dict.fromkeys(form.typed, "\u202e")
    return post(browsers[form.who], filled(form.path, rows), good(form, rows) | bad)


def html(pages):
    return {
        name: read(answer)
        for name, answer in pages.items()
        if answer.headers["Content-Type"].startswith("text/html") and text(answer)
    }


def text(answer):
    return "" if answer.streaming else answer.content.decode()


def test_the_answers_are_of_every_kind(pages):
    kinds = {200, 302, 400, 401, 403, 404, 405, 409, 413, 422, 429, 503}
    assert kinds <= {answer.status_code for answer in pages.values()}


# Headers


def test_r26_every_answer_has_the_content_policy(pages):
    policies = {
        name: set(answer.headers.get("Content-Security-Policy", "").split("; "))
        for name, answer in pages.items()
        if name != "a file"
    }
    assert {name: policy ^ POLICY for name, policy in policies.items() if policy != POLICY} == {}


def test_r26_a_file_may_load_nothing_and_stand_in_no_frame(pages):
    policy = pages["a file"].headers["Content-Security-Policy"]
    assert policy == "default-src 'none'; frame-ancestors 'none'"


def test_r26_a_file_is_for_no_other_site(pages):
    assert "Access-Control-Allow-Origin" not in pages["a file"].headers


def test_r26_every_answer_has_the_headers_that_protect_it(pages):
    lacking = {
        (name, header): answer.headers.get(header)
        for name, answer in pages.items()
        for header, value in ALWAYS.items()
        if answer.headers.get(header) != value
    }
    assert lacking == {}


def test_r26_no_page_may_use_what_it_does_not_need(pages):
    """What a tool may use is in its own table; see test_tools.py."""
    uses = {f"tools/{tool.name}/": set(tool.uses) for tool in PAGES}
    for name, answer in pages.items():
        allowed = dict(part.split("=") for part in answer.headers["Permissions-Policy"].split(", "))
        closed = (
            {"camera", "microphone", "geolocation"} if name == "a file" else CLOSED - uses.get(name, set())
        )
        assert {feature for feature in closed if allowed.get(feature) != "()"} == set(), name
        assert set(allowed.values()) <= {"()", "(self)"}, name


def test_r26_nothing_but_the_welcome_page_is_to_be_found_by_search(pages):
    found = {name for name, answer in pages.items() if answer.headers["X-Robots-Tag"] != "noindex"}
    assert found == {"/"}
    assert pages["/"].headers["X-Robots-Tag"] == "all"


def test_r26_a_page_with_a_person_is_kept_by_no_cache(pages):
    personal = [route for route in pages if route in TABLE and TABLE[route].who in PERSONAL]
    personal += [name for name in pages if name.startswith("refused ")]
    personal += [
        "a phone that was taken out",
        "a code for another phone",
        "a log",
        "a session that is over",
        "a tick",
    ]
    assert len(personal) > 25
    assert [name for name in personal if "no-store" not in pages[name].headers.get("Cache-Control", "")] == []


def test_r26_no_page_about_what_went_wrong_is_kept_by_a_cache(pages):
    """On an enrolled phone it says whose phone that is, as every page there does."""
    wrong = {name: answer for name, answer in html(pages).items() if pages[name].status_code >= 400}
    assert {400, 401, 403, 404, 405, 409, 422, 429} <= {pages[name].status_code for name in wrong}
    assert [name for name in wrong if "no-store" not in pages[name].headers.get("Cache-Control", "")] == []


@pytest.mark.parametrize("who", ["sam", "dana"])
def test_r26_what_is_somebody_elses_is_a_404_that_is_kept_by_no_cache(browsers, lees_session, who):
    path = f"/{'desk/' if who == 'dana' else ''}sessions/{lees_session.id}/"
    answer = browsers[who].get(path)
    assert answer.status_code == 404
    assert "no-store" in answer.headers["Cache-Control"]


def test_r26_the_first_page_of_a_phone_is_kept_by_no_cache_and_not_to_be_found(sams_phone, sams_session):
    answer = sams_phone.get("/")
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_r26_an_answer_says_nothing_of_what_it_is_made_with(pages):
    tells = re.compile(r"django|python|granian|whitenoise|traceback", re.IGNORECASE)
    assert [name for name, answer in pages.items() if tells.search(str(answer.headers))] == []


def test_r26_no_cookie_can_be_read_by_a_script_or_is_sent_along_from_other_sites(pages, dana):
    signed_in_answer = Browser().post(
        "/desk/sign-in/", {"login": "dana@example.org", "password": factories.PASSWORD}
    )
    cookies = [
        cookie
        for answer in [*pages.values(), signed_in_answer]
        for cookie in answer.cookies.values()
        if cookie.value
    ]
    assert len({cookie.key for cookie in cookies}) >= 2
    assert [cookie.key for cookie in cookies if cookie["samesite"] not in ("Lax", "Strict")] == []
    assert {cookie.key for cookie in cookies if not cookie["httponly"]} <= set()


def test_r26_over_https_every_answer_says_to_come_back_over_https(settings, db):
    settings.SECURE_HSTS_SECONDS, settings.SECURE_SSL_REDIRECT = 3600, True
    browser = Browser()
    for path in ("/", "/nowhere/", "/sessions/", "/static/gone.css", "/livez"):
        assert browser.get(path, secure=True).headers["Strict-Transport-Security"].startswith("max-age=3600")
    assert browser.get("/").headers["Location"] == "https://testserver/"


# When something breaks


def broken(*_args, **_kwargs):
    raise RuntimeError("something with sam@example.org in it")


@pytest.fixture
def page_500(browsers, monkeypatch):
    monkeypatch.setattr(access, "sessions", broken)
    return browsers["sam"].get("/sessions/")


def test_r26_a_page_that_breaks_has_all_headers(page_500):
    assert page_500.status_code == 500
    assert set(page_500.headers["Content-Security-Policy"].split("; ")) == POLICY
    assert {name: page_500.headers[name] for name in ALWAYS} == ALWAYS


def test_r26_a_page_that_breaks_is_kept_by_no_cache(page_500):
    assert "no-store" in page_500.headers["Cache-Control"]


def test_a_page_that_breaks_says_so_in_words_and_nothing_else(page_500):
    page = read(page_500)
    assert page.one("h1").text
    assert "sam@example.org" not in page_500.content.decode()
    assert "RuntimeError" not in page_500.content.decode()


def test_a_page_that_breaks_needs_no_database(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        assert errors.broken(RequestFactory().get("/")).status_code == 500


def test_a_page_breaks_politely_for_whoever_is_signed_in_when_the_database_is_away(desk, monkeypatch):
    desk.raise_request_exception = False
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", broken)
    answer = desk.get("/desk/")
    assert answer.status_code == 500
    assert read(answer).one("h1").text


def test_a_page_that_breaks_before_anything_else_was_read_has_all_headers(browsers, monkeypatch):
    monkeypatch.setattr("django.middleware.locale.LocaleMiddleware.process_request", broken)
    answer = browsers["nobody"].get("/")
    assert answer.status_code == 500
    assert {name: answer.headers[name] for name in ALWAYS} == ALWAYS


# What is in a page

FETCHED = (
    "src",
    "srcset",
    "poster",
    "action",
    "formaction",
    "data",
    "background",
    "cite",
    "ping",
    "manifest",
    "imagesrcset",
)


def test_there_are_many_pages_to_read(pages):
    assert len(html(pages)) > 45


def test_r26_no_script_stands_in_a_page(pages):
    for name, page in html(pages).items():
        assert [
            script.attrs for script in page.all("script") if script.parts or not script.get("src")
        ] == [], name


def test_r26_no_style_stands_in_a_page(pages):
    for name, page in html(pages).items():
        assert page.all("style") == [], name
        assert [element.tag for element in page.walk() if element.get("style") is not None] == [], name


def test_r26_no_attribute_runs_anything(pages):
    for name, page in html(pages).items():
        assert [
            (e.tag, a) for e in page.walk() for a in e.attrs if a.startswith("on") or a == "srcdoc"
        ] == [], name
        links = [
            value for e in page.walk() for value in (e.get("href"), e.get("action"), e.get("src")) if value
        ]
        assert [
            link for link in links if link.split(":")[0].strip().lower() in ("javascript", "vbscript")
        ] == [], name


def test_r25_no_page_fetches_anything_from_elsewhere(pages):
    for name, page in html(pages).items():
        fetched = [e[attribute] for e in page.walk() for attribute in FETCHED if e.get(attribute)]
        fetched += [e["href"] for e in page.walk() if e.tag in ("link", "use", "image") and e.get("href")]
        assert [address for address in fetched if elsewhere(address)] == [], name
        assert not page.all("iframe") + page.all("object") + page.all("embed") + page.all("base"), name
        assert [e.attrs for e in page.all("meta") if e.get("http-equiv")] == [], name


def elsewhere(address):
    parts = urlsplit(address)
    return bool(parts.netloc or parts.scheme not in ("", "data"))


def test_r25_a_page_leads_elsewhere_only_to_where_a_session_is_held(pages):
    ours = urlsplit(settings.BASE_URL).netloc
    for name, page in html(pages).items():
        links = [
            link
            for link in page.all("a")
            if link.get("href") and urlsplit(link["href"]).netloc not in ("", ours)
        ]
        assert {urlsplit(link["href"]).netloc for link in links} <= {"meet.example.org"}, name
        assert [link.attrs for link in links if "noreferrer" not in (link.get("rel") or "")] == [], name


def test_r25_no_file_of_ours_names_another_place():
    """A comment may say where something comes from, in words; an address in a file could be fetched."""
    static = settings.BASE_DIR / "static"
    named = {
        ".css": r"//|@import(?! \"[\w-]+\.css\";)|url\(\s*['\"]?(?!data:|#|\.)",
        ".js": r"https?://|[\"'`]//",
        ".svg": r"(href|src)\s*=",
    }
    files = [path for path in static.rglob("*.*") if path.suffix in named and "vendor" not in path.parts]
    assert len(files) > 10
    found = [path.name for path in files if re.search(named[path.suffix], path.read_text(), re.IGNORECASE)]
    assert found == []


def test_r25_the_worker_and_the_manifest_name_no_other_place(pages):
    for name in ("serviceworker.js", "manifest.json"):
        assert not re.search(r"https?://", text(pages[name])), name


def test_signing_in_gives_a_new_session_so_that_an_earlier_one_is_worth_nothing(dana):
    dana.emailaddress_set.create(email=dana.email, verified=True, primary=True)
    browser = Browser()
    browser.get("/desk/sign-in/")
    before = browser.cookies.get("sessionid")
    browser.post("/desk/sign-in/", {"login": dana.email, "password": factories.PASSWORD})
    assert browser.session[SESSION_KEY] == str(dana.pk)
    assert before is None or before.value != browser.cookies["sessionid"].value

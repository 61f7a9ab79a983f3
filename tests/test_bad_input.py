"""Whatever arrives, the answer is a 4xx with words, never a 500, and what was typed is still there (R29)."""

import json
from dataclasses import dataclass
from html import escape
from io import BytesIO
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

import pytest
from django.test import Client as Browser

from checklist import inviting
from checklist.access import DEVICE_COOKIE
from checklist.forms.plain import HIDDEN
from checklist.models import Client, Practice, Session, User, secret
from project import wsgi
from tests import factories
from tests.conftest import signed_in
from tests.test_access_matrix import TABLE, has_row, path_of, stored, undone

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def browsers(dana, sam, sams_session, sams_phone):
    """Return {who: a browser in which an error comes back as a 500 and not as an exception}."""
    found = {"nobody": Browser(), "sam": sams_phone, "dana": signed_in(dana)}
    for browser in found.values():
        browser.raise_request_exception = False
    return found


@pytest.fixture
def rows(sam, sams_session, sams_phone):
    """Return {name in a route: value} of what is Sam's."""
    token = inviting.invite(sam, factories.NOW).token()
    ids = {
        "client_id": sam.id,
        "session_id": sams_session.id,
        "device_id": sam.devices.get().id,
        "token": "x",
    }
    ids["token"] = secret.derived_token("unsubscribe", sam.id)
    return ids | {"invitation": token, "checklist": sam.practice.checklists.get().id}


def post(browser, path, fields, **headers):
    """Post fields whose values may be bytes that are no text."""
    return browser.generic("POST", path, urlencode(fields, doseq=True), content_type=FORM, **headers)


def words(answer):
    """Return whether an answer says something that a person or a program can read."""
    if answer.headers["Content-Type"].startswith("application/json"):
        return bool(json.loads(answer.content))
    return "<h1" in answer.content.decode()


def who_may(route):
    """Return who gets farthest at this address."""
    return {"phone": "sam", "desk": "dana", "therapist": "dana"}.get(TABLE[route].who, "nobody")


# Forms: each field with each bad value


@dataclass(frozen=True)
class Form:
    """Who posts where, and what would be taken; `typed` are the fields that a refused form shows again."""

    who: str
    path: str
    good: dict
    typed: tuple = ()


CLIENT = {"nickname": "Sam K.", "email": "sam@example.org", "time_zone": "Europe/London"}
SESSION = {"date": "2026-12-01", "time": "15:00", "time_zone": "America/New_York", "minutes": "50"}
SESSION |= {"way": "video", "link": "https://meet.example.org/7", "checklist": "<checklist>"}
PRACTICE = {"name": "Green Room", "therapist_name": "Dana R.", "time_zone": "UTC", "country": "US"}
PRACTICE |= {"phone": "555 0142", "dropped_call": "I call you.", "help_numbers": "Night line: 555 0100"}
SIGN_UP = {"name": "Pat", "practice": "Quiet", "time_zone": "UTC", "email": "pat@example.org"}
SESSION_TYPED = ("date", "time", "minutes", "link")
FORMS = {
    "link": Form("nobody", "/join/", {"token": "<invitation>", "person": "same"}),
    "link, on a phone that is set up": Form("sam", "/join/", {"token": "<invitation>", "person": "same"}),
    "code": Form("nobody", "/join/code/", {"code": "ABCD-2345", "person": "same"}, ("code",)),
    "lost phone": Form("nobody", "/join/lost/", {"email": "sam@example.org"}, ("email",)),
    "tick": Form(
        "sam",
        "/sessions/<session_id>/ticks/",
        {
            "item": "connection",
            "state": "done",
            "operation": "6ba7b810-9dad-41d1-80b4-00c04fd430c8",
            "back": "today",
        },
    ),
    "reminders": Form("sam", "/reminders/", {"mail_reminders": "on", "time_zone": "Europe/London"}),
    "leave": Form("sam", "/leave/", {"sure": "yes"}),
    "client": Form("dana", "/desk/clients/add/", CLIENT, ("nickname", "email")),
    "change of a client": Form("dana", "/desk/clients/<client_id>/edit/", CLIENT, ("nickname", "email")),
    "archive": Form("dana", "/desk/clients/<client_id>/archive/", {"back": "1"}),
    "invitation": Form("dana", "/desk/clients/<client_id>/invitation/", {"mail": "1"}),
    "session": Form("dana", "/desk/sessions/add/", {"client": "<client_id>", **SESSION}, SESSION_TYPED),
    "change of a session": Form("dana", "/desk/sessions/<session_id>/edit/", SESSION, SESSION_TYPED),
    "practice": Form(
        "dana",
        "/desk/settings/",
        PRACTICE,
        ("name", "therapist_name", "phone", "dropped_call", "help_numbers"),
    ),
    "sign in": Form(
        "nobody",
        "/desk/sign-in/",
        {"login": "dana@example.org", "password": "x", "remember": "on"},
        ("login",),
    ),
    "sign up": Form(
        "nobody",
        "/desk/sign-up/",
        {**SIGN_UP, "password1": factories.PASSWORD},
        ("name", "practice", "email"),
    ),
    "password": Form(
        "dana", "/desk/password/", {"oldpassword": factories.PASSWORD, "password1": "a-long-new-one"}
    ),
    "lost password": Form("nobody", "/desk/password/reset/", {"email": "dana@example.org"}, ("email",)),
    "once more the password": Form("dana", "/desk/reauthenticate/", {"password": factories.PASSWORD}),
    "sign out": Form("dana", "/desk/sign-out/", {"next": "/desk/"}),
}
BAD = {
    "nothing": "",
    "blanks": "   ",
    "too long": "x" * 5000,
    "NUL": "\x00",
    "NUL inside": "a\x00b",
    "control characters": "a\x1b[31m\x07\x85b",
    "half a surrogate": b"a\xed\xa0\x80b",
    "bytes that are no text": b"\xff\xfe\xc3",
    "turned right to left": "a\u202egro.elpmaxe",
    "a mark that can't be seen": "a\u200b\ufeffb",
    "another line": "a\nb\r\nc\u2028d",
    "Arabic digits": "\u0663\u0664",
    "forty digits": "9" * 40,
    "five thousand digits": "9" * 5000,
    "below zero": "-1",
    "a script": "<script>alert(1)</script>",
    "a link that runs": "javascript:alert(1)//https://meet.example.org",
    "emoji": "\U0001f9d8\u200d\u2640\ufe0f",
    "two at once": ["a", "b"],
}


def filled(text, rows):
    for name, value in rows.items():
        text = text.replace(f"<{name}>", str(value))
    return text


def good(form, rows):
    return {name: filled(value, rows) for name, value in form.good.items()}


def kept_text():
    """Return every text that people typed and that was kept."""
    fields = {Client: ("nickname", "email"), Practice: ("name", "phone", "dropped_call", "help_numbers")}
    fields |= {User: ("name", "email"), Session: ("link", "time_zone")}
    return [
        text for model, names in fields.items() for row in model.objects.values_list(*names) for text in row
    ]


def trouble(answer):
    """Return what is wrong with the answer to a bad form, or nothing."""
    if answer.status_code >= 500:
        return f"{answer.status_code} {answer.exc_info[1]!r}" if answer.exc_info else answer.status_code
    if answer.status_code in (200, 302):
        text = "".join(kept_text())
        unreadable = {letter for letter in text if letter in HIDDEN or letter < " "} - {"\r", "\n"}
        return f"kept {unreadable}" if unreadable else None
    return None if words(answer) else f"{answer.status_code} without words"


@pytest.mark.parametrize("name", FORMS)
def test_r29_no_value_in_any_field_breaks_a_form_and_nothing_unreadable_is_kept(name, browsers, rows):
    form, wrong = FORMS[name], {}
    browser, path = browsers[form.who], filled(form.path, rows)
    for field in form.good:
        for what, value in BAD.items():
            with undone():
                wrong[field, what] = trouble(post(browser, path, good(form, rows) | {field: value}))
        with undone():
            wrong[field, "missing"] = trouble(
                post(browser, path, {k: v for k, v in good(form, rows).items() if k != field})
            )
    assert {key: value for key, value in wrong.items() if value} == {}


@pytest.mark.parametrize("name", [name for name, form in FORMS.items() if form.typed])
def test_r29_a_refused_form_shows_what_was_typed_again(name, browsers, rows):
    form = FORMS[name]
    typed = {field: f"<{field}> & \u202e\u00fc" for field in form.typed}
    answer = post(browsers[form.who], filled(form.path, rows), good(form, rows) | typed)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert [field for field, value in typed.items() if escape(value) not in text] == []


@pytest.mark.parametrize("name", [name for name, form in FORMS.items() if form.typed])
def test_r29_a_form_with_nothing_in_it_is_refused_and_says_what_to_fill_in(name, browsers, rows):
    form = FORMS[name]
    answer = post(browsers[form.who], filled(form.path, rows), {})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert "This field is required" not in answer.content.decode()


def test_a_password_is_never_shown_again(browsers, rows):
    secret_word = "what-i-typed-there"
    for name in ("sign in", "sign up", "password", "once more the password"):
        form = FORMS[name]
        fields = dict.fromkeys(good(form, rows), secret_word)
        answer = post(
            browsers[form.who],
            form.path,
            {**fields, "email": "x", "login": "x", "name": "x", "practice": "x"},
        )
        assert answer.status_code == 422
        assert secret_word not in answer.content.decode()


# One field at a time: what is refused, with which words


def refused(browsers, rows, name, **fields):
    """Return the words beside a refused field of a form that is good but for it."""
    form = FORMS[name]
    answer = post(browsers[form.who], filled(form.path, rows), good(form, rows) | fields)
    assert answer.status_code == 422, fields
    (field,) = fields
    return " ".join(answer.context["form"].errors[field])


LINKS = {
    "javascript:alert(1)": "This is not a link",
    "data:text/html,<p>x</p>": "This is not a link",
    "meet.example.org": "This is not a link",
    "https://": "This is not a link",
    "https:///room": "This is not a link",
    "https://localhost/": "This is not a link",
    "https://meet.example.org:99999/": "This is not a link",
    "https://meet.example.org:x/": "This is not a link",
    "https://[::1": "This is not a link",
    "https://meet.example.org/a room": "This is not a link",
    "https://evil.example\\@meet.example.org/": "This is not a link",
    'https://meet.example.org/"><b>': "This is not a link",
    "http://meet.example.org/": "begin with https://",
    "ftp://meet.example.org/": "begin with https://",
    "//meet.example.org/": "begin with https://",
    "https://meet.example.org@evil.example/": "name or password",
    "https://a:b@evil.example/": "name or password",
    "https://@evil.example/": "name or password",
    "https://meet.example.org/\u202egnp.exe": "can't be shown",
    "https://meet.exa\u200bmple.org/": "can't be shown",
    "https://meet.example.org/\x00": "",
    "https://meet.example.org/" + "x" * 500: "at most 500",
}
DATES = {
    "2026-11-25": "already passed",
    "1969-12-31": "already passed",
    "0001-01-01": "already passed",
    "9999-12-31": "within the next two years",
    "2028-12-01": "within the next two years",
    "0000-01-01": "This is not a date",
    "2027-02-29": "This is not a date",
    "2027-13-01": "This is not a date",
    "10000-01-01": "This is not a date",
    "tomorrow": "This is not a date",
    "": "Choose a date",
}
TIMES = {
    "24:00": "not a time",
    "15:60": "not a time",
    "noon": "not a time",
    "-1:00": "not a time",
    "": "Choose a time",
}
MINUTES = {
    "0": "at least 5",
    "-50": "at least 5",
    "481": "at most 480",
    "50.5": "whole number",
    "fifty": "whole number",
}
MINUTES |= {"9" * 40: "at most 480", "9" * 5000: "whole number", "1e2": "whole number", "": ""}
ADDRESSES = [
    "sam",
    "sam@",
    "@example.org",
    "sam@example",
    "a b@example.org",
    "sam@example.org\x00",
    "sam@exam\u202eple.org",
]
ADDRESSES += [
    "s\u0430m@example.org",
    "sam@ex\u00e4mple.org",
    "x" * 250 + "@example.org",
    "sam@example.org, eve@example.org",
]
PHONES = [
    "call me",
    "12",
    "1" * 16,
    "555-0142 ext 7",
    "\u0665\u0665\u0665 \u0660\u0661\u0664\u0662",
    "tel:5550142",
    "+1 555<b>",
]
HELP = ["Night line", "Night line:", ": 555 0100", "Night line: none", "Fine: 555 0100\nNot fine"]


def test_r29_a_link_that_can_not_be_trusted_is_refused(browsers, rows):
    for link, why in LINKS.items():
        assert why in refused(browsers, rows, "session", link=link), link


def test_r29_a_date_that_is_none_or_past_or_far_is_refused(browsers, rows):
    for date, why in DATES.items():
        assert why in refused(browsers, rows, "session", date=date), date


def test_r29_an_hour_of_today_that_has_passed_is_refused(browsers, rows):
    form = FORMS["session"]
    answer = post(browsers["dana"], form.path, good(form, rows) | {"date": "2026-11-26", "time": "14:17"})
    assert answer.status_code == 422
    assert "already passed" in answer.content.decode()


def test_r29_a_time_that_is_none_is_refused(browsers, rows):
    for time, why in TIMES.items():
        assert why in refused(browsers, rows, "session", time=time), time


def test_r29_a_length_that_is_none_is_refused(browsers, rows):
    for minutes, why in MINUTES.items():
        assert why in refused(browsers, rows, "session", minutes=minutes), minutes


def test_r29_an_address_that_is_none_is_refused(browsers, rows):
    for address in ADDRESSES:
        assert refused(browsers, rows, "client", email=address), address


def test_r29_an_address_may_be_as_long_as_the_database_holds_and_no_longer(browsers, rows):
    longest = "x" * 64 + "@" + ".".join(["y" * 61] * 3) + ".org"
    form = FORMS["client"]
    assert len(longest) == 254
    assert post(browsers["dana"], form.path, good(form, rows) | {"email": longest}).status_code == 302
    assert "at most 254" in refused(browsers, rows, "client", email=longest + "x")


def test_r29_a_number_that_can_not_be_dialled_is_refused(browsers, rows):
    for phone in PHONES:
        assert "not a phone number" in refused(browsers, rows, "practice", phone=phone), phone


def test_r29_help_lines_without_a_name_or_a_number_are_refused(browsers, rows):
    for text in HELP:
        assert refused(browsers, rows, "practice", help_numbers=text), text


def test_r29_a_zone_that_there_is_not_is_refused(browsers, rows):
    for zone in ("", "Mars/Base", "EST5EDT", "../etc/passwd", "america/new_york", "America/New York", "\x00"):
        assert refused(browsers, rows, "client", time_zone=zone), zone


def session_at(browsers, rows, date, time, zone):
    form = FORMS["session"]
    fields = good(form, rows) | {"date": date, "time": time, "time_zone": zone}
    return post(browsers["dana"], form.path, fields)


GAPS = [
    ("2027-03-14", "02:30", "America/New_York"),
    ("2027-03-14", "02:00", "America/New_York"),
    ("2027-03-28", "01:30", "Europe/London"),
    ("2027-10-03", "02:15", "Australia/Lord_Howe"),
]


def test_r29_a_time_that_the_clocks_skip_is_refused(browsers, rows):
    for gap in GAPS:
        answer = session_at(browsers, rows, *gap)
        assert answer.status_code == 422, gap
        assert "The clocks skip this time" in answer.content.decode()


def test_r11_a_time_that_happens_twice_is_taken_as_the_first(browsers, rows):
    assert session_at(browsers, rows, "2027-11-07", "01:30", "America/New_York").status_code == 302
    assert (
        Session.objects.latest("created_at", "starts_at").starts_at.isoformat() == "2027-11-07T05:30:00+00:00"
    )


def test_arabic_digits_are_read_as_the_digits_that_they_are(browsers, rows):
    answer = session_at(browsers, rows, "\u0662\u0660\u0662\u0667-\u0660\u0663-\u0661\u0665", "15:00", "UTC")
    assert answer.status_code in (302, 422)


# Addresses


JUNK_IDS = [
    "x",
    "1",
    "%00",
    "%ff%fe",
    "%ed%a0%80",
    "9" * 40,
    "..",
    "%2e%2e%2f",
    "0" * 32,
    "%D9%A3" * 36,
    "A" * 36,
]


def test_r29_an_id_that_is_none_is_not_found(browsers, rows):
    wrong = {}
    for route in (route for route in TABLE if has_row(route)):
        for junk in JUNK_IDS:
            path = path_of(
                route, rows | dict.fromkeys(("client_id", "session_id", "device_id", "token"), junk)
            )
            for method in ("GET", "POST"):
                answer = browsers[who_may(route)].generic(method, path)
                if answer.status_code != 404 or not words(answer):
                    wrong[method, path] = answer.status_code
    assert wrong == {}


NOWHERE = [
    "/nowhere/",
    "/%00",
    "/%ff",
    "/%ed%a0%80/",
    "/desk/../",
    "/sessions//",
    "/" + "x" * 8000,
]
NOWHERE += [
    "/sessions",
    "/desk",
    "/.env",
    "/admin/",
    "/static/../settings.py",
    "/static/%00",
    "/sessions/\u202e/",
    "/%0a",
    "/join/%0a",
]


def test_r29_an_address_that_there_is_not_is_not_found(browsers, rows):
    for path in NOWHERE:
        answer = browsers["nobody"].get(path, follow=True)
        assert answer.status_code in (404, 401) or answer.request["PATH_INFO"].startswith("/desk/sign-in"), (
            path
        )
        assert words(answer), path


QUERIES = [
    "x=%00",
    "client=%00",
    "client=" + "9" * 40,
    "client=%ed%a0%80",
    "next=%00",
    "next=//evil.example/",
]
QUERIES += [
    "%ff=%fe",
    "client[]=1",
    "&&==",
    "day=%00",
    "day=9999-12-31",
    "day=0001-01-01",
    "day=%D9%A3",
    "x=" + "y" * 5000,
]
QUERIES += ["&".join(f"a{number}=1" for number in range(300)), "page=-1", "page=" + "9" * 400]


def test_r29_no_query_breaks_a_page(browsers, rows):
    wrong = {}
    for route in (route for route in TABLE if TABLE[route].get):
        for query in QUERIES:
            answer = browsers[who_may(route)].generic("GET", path_of(route, rows), QUERY_STRING=query)
            if answer.status_code not in (TABLE[route].get, 400, 404):
                wrong[route, query[:30]] = answer.status_code
    assert wrong == {}


def test_r16_after_signing_in_nobody_is_sent_to_another_site(dana):
    dana.emailaddress_set.create(email=dana.email, verified=True, primary=True)
    for place in (
        "https://evil.example/",
        "javascript:alert(1)",
        "/\\evil.example",
        "\x00",
    ):
        fields = {"login": dana.email, "password": factories.PASSWORD, "next": place}
        assert post(Browser(), "/desk/sign-in/", fields).headers["Location"].startswith("/desk/"), place


# Methods


def test_r29_a_method_that_there_is_not_is_refused_with_words_and_those_that_there_are(browsers, rows):
    for route in TABLE:
        browser, path = browsers[who_may(route)], path_of(route, rows)
        for method in ("BREW", "TRACE", "PATCH", "PROPFIND"):
            answer = browser.generic(method, path)
            assert answer.status_code == 405, (method, path)
            assert answer.headers["Allow"], (method, path)
            assert words(answer), (method, path)


def test_r29_a_step_of_another_page_says_so_when_it_is_opened_like_a_page(browsers, rows):
    for route in (route for route in TABLE if not TABLE[route].get):
        answer = browsers[who_may(route)].get(path_of(route, rows))
        assert answer.status_code == 405
        assert "Back to the start" in answer.content.decode()


# Bodies


def part(headers="", body="x"):
    return f'--b\r\nContent-Disposition: form-data; name="nickname"{headers}\r\n\r\n{body}\r\n'


MULTIPART = "multipart/form-data; boundary=b"
REFUSED_BODIES = {
    "no boundary": ("multipart/form-data", "x"),
    "an empty boundary": ("multipart/form-data; boundary=", "x"),
    "a boundary that is too long": ("multipart/form-data; boundary=" + "b" * 300, "x"),
    "too many files": (MULTIPART, part('; filename="a"') * 150 + "--b--\r\n"),
    "a field that is too large": (MULTIPART, part(body="x" * 600_000) + "--b--\r\n"),
    "a form that is too large": (FORM, "x=" + "y" * 600_000),
    "too many fields": (FORM, "&".join(f"a{number}=1" for number in range(300))),
}
BODIES_WITHOUT_A_FORM = {
    "JSON": ("application/json", '{"nickname": "x"}'),
    "deep JSON": ("application/json", "[" * 100_000),
    "text": ("text/plain", "nickname=x"),
    "bytes": ("application/octet-stream", b"\xff\x00"),
    "no type": ("", "nickname=x"),
    "a type that there is not": ("nonsense", "nickname=x"),
    "an encoding that there is not": (FORM + "; charset=nonsense", "x=y"),
    "bytes that are no text": (FORM, b"\xff\xfe=%ff%00"),
    "a part without an end": (MULTIPART, '--b\r\nContent-Disposition: form-data; name="x"\r\n\r\nx'),
    "parts that are none": (MULTIPART, "--b\r\nnonsense\r\n\r\n\x00--b--"),
    "a file": (MULTIPART, part('; filename="a\x00b"') + "--b--\r\n"),
    "a large file": (MULTIPART, part('; filename="a"', "x" * 3_000_000) + "--b--\r\n"),
    "base64 that is none": (MULTIPART, part("\r\nContent-Transfer-Encoding: base64", "!!!") + "--b--\r\n"),
}
POSTED = [
    route for route, address in TABLE.items() if address.post and address.post != 302 and not address.json
]


@pytest.mark.parametrize("what", REFUSED_BODIES)
def test_r29_a_body_that_can_not_be_read_is_a_400_with_words(what, browsers, rows):
    content_type, body = REFUSED_BODIES[what]
    for route in POSTED:
        answer = browsers[who_may(route)].generic(
            "POST", path_of(route, rows), body, content_type=content_type
        )
        assert answer.status_code == 400 or (answer.status_code, TABLE[route].post) == (200, 200), route
        assert words(answer)


@pytest.mark.parametrize("what", BODIES_WITHOUT_A_FORM)
def test_r29_a_body_that_is_no_form_is_a_form_with_nothing_in_it(what, browsers, rows):
    content_type, body = BODIES_WITHOUT_A_FORM[what]
    for route in POSTED:
        with undone():
            answer = browsers[who_may(route)].generic(
                "POST", path_of(route, rows), body, content_type=content_type
            )
        assert answer.status_code in (TABLE[route].post, 400), route
        assert words(answer)


def test_r29_a_form_without_its_token_is_a_403_with_words(sam, dana, sams_session, sams_phone, rows):
    strict = {"nobody": Browser(enforce_csrf_checks=True)}
    for who, browser in (("sam", sams_phone), ("dana", signed_in(dana))):
        strict[who] = Browser(enforce_csrf_checks=True)
        strict[who].cookies = browser.cookies
    before = stored()
    for route in (r for r in TABLE if TABLE[r].post and not TABLE[r].json and "unsubscribe" not in r):
        answer = strict[who_may(route)].post(
            path_of(route, rows), {"a": "b", "csrfmiddlewaretoken": "\u202e"}
        )
        assert (answer.status_code, words(answer)) == (403, True), route
    assert stored() == before


def ask_the_server(path, content_type, body=b"", query=""):
    """Return the status of an answer by the program that a web server runs."""
    environ = {
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": content_type,
        "HTTP_HOST": "testserver",
    }
    environ |= {
        "REQUEST_METHOD": "POST" if body else "GET",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }
    setup_testing_defaults(environ)
    statuses = []
    b"".join(wsgi.application(environ, lambda status, headers: statuses.append(int(status[:3]))))
    return statuses[-1]


ENCODINGS = [
    "rot13",
    "hex",
    "base64",
    "punycode",
    "undefined",
    "utf-16",
    "idna",
    "zip",
    "unicode_escape",
    "nonsense",
    "\x00",
]


def test_r29_an_encoding_that_is_no_text_breaks_nothing(rows):
    for encoding in ENCODINGS:
        for name in ("charset", " CHARSET", "charset*"):
            value = f"utf-8''{encoding}" if "*" in name else encoding
            assert ask_the_server("/join/code/", f"text/plain;{name}={value}", query="a=1") == 200, encoding
            assert ask_the_server("/join/code/", f"{FORM};{name}={value}", b"code=x") == 403, (
                encoding
            )  # no token
            assert ask_the_server("/join/lost/", f'{MULTIPART};{name}="{value}"', b"--b--") == 403, encoding


# Cookies and headers


NUL8 = "\\000" * 9
COOKIES = {
    DEVICE_COOKIE: [
        '"\\000"',
        '"\\000abc',
        "x" * 5000,
        '"a\\"b\\054c"',
        "\xff\xfe",
        "'; DROP TABLE x; --",
        '""',
        '"\\377\\376"',
    ],
    "sessionid": [
        f'"{NUL8}"',
        '"abcd\\000efgh"',
        "' OR 1=1 --xxxxx",
        "y" * 5000,
        "\xff" * 9,
        '"\\355\\240\\200xxxxxx"',
        '""',
    ],
    "csrftoken": [f'"{NUL8}"', "z" * 5000, "\xff" * 9, '""'],
    "messages": ['"\\000"', "abc:def:ghi", "[" * 5000, "\xff\xfe", '"[[\\"__json_message\\"]]:1:2"'],
    "django_language": [
        '"\\000"',
        "e" * 5000,
        "../../etc/passwd",
        "\xff",
        "xx-\u00e9".encode().decode("latin-1"),
    ],
    "$Version": ["1; $Path=/; =; ;;===;;", '"', "\x01\x02"],
}
PAGES = [
    "/",
    "/sessions/",
    "/join/code/",
    "/desk/",
    "/desk/sign-in/",
    "/help/",
    "/livez",
    "/manifest.json",
    "/nowhere/",
]


@pytest.mark.parametrize("name", COOKIES)
def test_r29_no_cookie_breaks_a_page(name, browsers):
    for value in COOKIES[name]:
        for who, browser in browsers.items():
            own = [
                f"{cookie.key}={cookie.coded_value}"
                for cookie in browser.cookies.values()
                if cookie.key != name
            ]
            for page in PAGES:
                answer = browser.get(page, HTTP_COOKIE="; ".join([f"{name}={value}", *own]))
                assert answer.status_code < 500, (page, who, value, answer.exc_info)


HEADERS = {
    "HTTP_ACCEPT_LANGUAGE": ["\x00", "x" * 10_000, "en;q=1e400,*;q=NaN, \xff", ",,,;;;", "en-" * 500],
    "HTTP_USER_AGENT": ["\x00\xff", "x" * 10_000],
    "HTTP_X_FORWARDED_FOR": ["\x00, nonsense, 1.2.3", "," * 1000],
    "REMOTE_ADDR": ["nonsense", "", "::1%eth0"],
    "CONTENT_LENGTH": ["-1", "9" * 30],
    "CONTENT_TYPE": [";;;", "\xff", "text/plain; charset=nonsense"],
    "HTTP_X_CSRFTOKEN": ["\x00", "x" * 5000],
    "HTTP_ORIGIN": ["\x00", "http://[", "null"],
    "HTTP_REFERER": ["\x00", "http://[", "\xff"],
    "HTTP_IF_MODIFIED_SINCE": ["nonsense", "\x00"],
    "HTTP_RANGE": ["bytes=9-1", "bytes=-"],
    "HTTP_ACCEPT": ["application/json", "\x00"],
    "HTTP_X_REQUESTED_WITH": ["XMLHttpRequest"],
    "HTTP_SEC_FETCH_SITE": ["\x00"],
}


@pytest.mark.parametrize("name", HEADERS)
def test_r29_no_header_breaks_a_page(name, browsers):
    for value in HEADERS[name]:
        for who, browser in browsers.items():
            for page in [*PAGES, "/desk/sessions/add/?client=x"]:
                answer = browser.get(page, **{name: value})
                assert answer.status_code < 500, (page, who, value, answer.exc_info)


HOSTS = ["evil.example", "\x00", "a b", "testserver:9x", "testserver@evil.example", "[::1", "\xff"]


def test_r29_a_host_that_is_not_ours_is_a_400_with_words(browsers):
    for host in HOSTS:
        for page in PAGES:
            answer = browsers["nobody"].get(page, HTTP_HOST=host)
            assert (answer.status_code, words(answer)) == (400, True), (page, host)

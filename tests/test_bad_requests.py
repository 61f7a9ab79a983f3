"""Whatever is asked for, and however: the answer is a 4xx with words, never a 500 (R29)."""

from io import BytesIO
from wsgiref.util import setup_testing_defaults

import pytest
from django.test import Client as Browser

from checklist.device_cookie import DEVICE_COOKIE
from project import wsgi
from tests import factories
from tests.addresses import TABLE, has_row, path_of, who_may
from tests.conftest import signed_in
from tests.forms import FORM, browsers, post, rows, words
from tests.kept import stored, undone

__all__ = ["browsers", "rows"]  # fixtures


# Addresses


OF_ROWS = ("client_id", "session_id", "device_id", "series_id", "checklist_id", "token", "given", "key")
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
        for number, junk in enumerate(JUNK_IDS):
            path = path_of(route, rows | dict.fromkeys(OF_ROWS, junk))
            for method in ("GET", "POST")[: 1 + (number < 4)]:
                if "<str:" in route and not TABLE[route].takes(method):
                    continue  # any text fits the address, and then the method is refused
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


# Each page is asked with all of them; those of one line do not touch each other.
QUERIES = [
    "x=%00&client=%00&next=%00&day=%00",
    "client=" + "9" * 40 + "&next=//evil.example/&day=9999-12-31&page=-1&year=-1",
    "client=%ed%a0%80&day=0001-01-01&page=" + "9" * 400 + "&year=" + "9" * 400,
    "%ff=%fe&client[]=1&&&==&day=%D9%A3&year=%D9%A3",
    "x=" + "y" * 5000 + "&client=x&day=x&year=x&whose=x",
    "&".join(f"a{number}=1" for number in range(300)),
]


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
EVERYWHERE = ("JSON", "bytes that are no text", "a file")  # the others are read in one place, by Django
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
        asked_first = (answer.status_code, TABLE[route].post) in (
            (200, 200),
            (403, 403),
        )  # before any body is read
        assert answer.status_code == 400 or asked_first, route
        assert words(answer)


@pytest.mark.parametrize("what", BODIES_WITHOUT_A_FORM)
def test_r29_a_body_that_is_no_form_is_a_form_with_nothing_in_it(what, browsers, rows):
    content_type, body = BODIES_WITHOUT_A_FORM[what]
    for route in POSTED if what in EVERYWHERE else POSTED[::8]:
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


def asked(browsers):
    """Return (browser, page) pairs: somebody we don't know asks for all pages, others for those that are theirs."""
    theirs = {"nobody": PAGES, "dana": ["/desk/", "/desk/sessions/add/?client=x"]}
    return [(browser, page) for who, browser in browsers.items() for page in theirs.get(who, PAGES[:2])]


@pytest.mark.parametrize("name", COOKIES)
def test_r29_no_cookie_breaks_a_page(name, browsers):
    for value in COOKIES[name]:
        for browser, page in asked(browsers):
            cookies = [row for row in browser.cookies.values() if row.key != name]
            own = [f"{cookie.key}={cookie.coded_value}" for cookie in cookies]
            answer = browser.get(page, HTTP_COOKIE="; ".join([f"{name}={value}", *own]))
            assert answer.status_code < 500, (page, value, answer.exc_info)


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
        for browser, page in asked(browsers):
            answer = browser.get(page, **{name: value})
            assert answer.status_code < 500, (page, value, answer.exc_info)


HOSTS = ["evil.example", "\x00", "a b", "testserver:9x", "testserver@evil.example", "[::1", "\xff"]


def test_r29_a_host_that_is_not_ours_is_a_400_with_words(browsers):
    for host in HOSTS:
        for page in PAGES:
            answer = browsers["nobody"].get(page, HTTP_HOST=host)
            assert (answer.status_code, words(answer)) == (400, True), (page, host)

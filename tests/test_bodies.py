"""Bodies of requests: whole or refused with words, and slow ones never stop the whole server (R26, R29)."""

import contextlib
import re
import runpy
import socket
import threading
from io import BytesIO
from pathlib import Path
from wsgiref.util import setup_testing_defaults

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.urls import reverse

from checklist import tickets
from checklist.views import errors
from project import bodies, wsgi
from tests.proofs._load import Page
from tests.proofs._server import HOST, as_bin_run_starts_it, free_port, running

TOP = Path(__file__).parent.parent


class Untouched:
    """A body that nobody may read."""

    def read(self, *_):
        raise AssertionError("somebody read it")


class Slow:
    """A body that comes when `rest` is set."""

    def __init__(self):
        self.began, self.rest = threading.Event(), threading.Event()

    def read(self, length):
        self.began.set()
        assert self.rest.wait(20)
        return b"x" * length


def tell(environ, start_response):
    """Be an app that answers with the status of a refusal and with the body."""
    return [environ.get(bodies.REFUSED), environ["wsgi.input"].read()]


def ask(door, stream, length):
    """Return (the status of a refusal, the body) that the app behind a door gets."""
    body = BytesIO(stream) if isinstance(stream, bytes) else stream
    return tuple(door({"wsgi.input": body, "CONTENT_LENGTH": length}, None))


def test_a_body_is_there_when_the_app_begins():
    assert ask(bodies.only_whole(tell, 9), b"a=1", "3") == (None, b"a=1")


def test_no_more_is_read_than_was_announced():
    assert ask(bodies.only_whole(tell, 9), b"a=1&b=2", "3") == (None, b"a=1")


def test_a_body_may_be_as_large_as_the_setting_says():
    assert ask(bodies.only_whole(tell, 3), b"a=1", "3") == (None, b"a=1")


def test_r29_of_a_body_that_is_too_large_nothing_is_read():
    assert ask(bodies.only_whole(tell, 3), Untouched(), "4") == (413, b"")


@pytest.mark.parametrize("digits", [19, 5000])
def test_r29_a_length_of_many_digits_is_too_large_and_nothing_is_read(digits):
    assert ask(bodies.only_whole(tell, 3), Untouched(), "9" * digits) == (413, b"")


def test_r29_a_body_that_ends_early_is_refused():
    assert ask(bodies.only_whole(tell, 99), b"nickname=Sa", "12") == (400, b"")


@pytest.mark.parametrize("length", ["", "0", "-1", "x", "\u0663"])
def test_r29_where_no_length_is_announced_nothing_is_read_ahead(length):
    def app(environ, start_response):
        assert isinstance(environ["wsgi.input"], Untouched)
        return [environ.get(bodies.REFUSED), b""]

    assert ask(bodies.only_whole(app, 9), Untouched(), length) == (None, b"")


@pytest.fixture
def crowded():
    """A door with one seat, on which a slow body sits; and that body."""
    door, slow = bodies.only_whole(tell, 9, seats=1, patience=0.01), Slow()
    thread = threading.Thread(target=ask, args=(door, slow, "3"))
    thread.start()
    assert slow.began.wait(20)
    yield door, slow, thread
    slow.rest.set()
    thread.join()


def test_r29_while_every_seat_waits_for_a_slow_body_another_body_is_refused(crowded):
    assert ask(crowded[0], Untouched(), "3") == (503, b"")


def test_r29_while_every_seat_waits_a_page_is_answered(crowded):
    assert ask(crowded[0], b"", "") == (None, b"")


def test_r29_a_body_is_taken_again_when_a_slow_one_has_come(crowded):
    door, slow, thread = crowded
    slow.rest.set()
    thread.join()
    assert ask(door, b"a=1", "3") == (None, b"a=1")


def test_r29_a_seat_is_free_again_after_a_body_that_broke():
    door = bodies.only_whole(tell, 9, seats=1, patience=0)
    with pytest.raises(AssertionError, match="somebody read it"):
        ask(door, Untouched(), "3")
    assert ask(door, b"a=1", "3") == (None, b"a=1")


def test_r29_data_of_checks_never_takes_all_seats(monkeypatch):
    """Of two seats one is for a check's data: while it is taken, a second check is refused, a form is not."""
    monkeypatch.setattr(bodies, "SLOW_SEATS", 1)
    door, slow = bodies.only_whole(tell, 9, seats=2, patience=0.01), Slow()
    up = {"PATH_INFO": bodies.SLOW, "CONTENT_LENGTH": "3"}
    thread = threading.Thread(target=door, args=({**up, "wsgi.input": slow}, None))
    thread.start()
    assert slow.began.wait(20)
    assert door({**up, "wsgi.input": Untouched()}, None) == [503, b""]
    assert ask(door, b"a=1", "3") == (None, b"a=1")
    slow.rest.set()
    thread.join()
    assert door({**up, "wsgi.input": BytesIO(b"abc")}, None) == [None, b"abc"]


def up(query, body):
    """Return what is asked of a door that takes a check's data."""
    return {"PATH_INFO": bodies.SLOW, "QUERY_STRING": query, "CONTENT_LENGTH": "3", "wsgi.input": body}


def test_r29_data_without_a_good_ticket_is_never_waited_for():
    door = bodies.only_whole(tell, 9, tickets.holder_of)
    for query in ("", "ticket=", "ticket=made.up", "a=1&ticket=%ff", "&".join(["ticket=x"] * 5000)):
        assert door(up(query, Untouched()), None) == [None, b""]


def test_r29_one_check_holds_few_seats_and_another_still_finds_one():
    door, slow = bodies.only_whole(tell, 9, tickets.holder_of, patience=0.01), [Slow(), Slow()]
    one, other = (f"n=1&ticket={tickets.give()}" for _ in range(2))
    threads = [threading.Thread(target=door, args=(up(one, body), None)) for body in slow]
    for thread, body in zip(threads, slow, strict=True):
        thread.start()
        assert body.began.wait(20)
    assert door(up(one, Untouched()), None) == [503, b""]
    assert door(up(other, BytesIO(b"abc")), None) == [None, b"abc"]
    for thread, body in zip(threads, slow, strict=True):
        body.rest.set()
        thread.join()
    assert door(up(one, BytesIO(b"abc")), None) == [None, b"abc"]


def test_the_address_whose_seats_are_few_is_that_of_a_checks_data():
    assert reverse("client:check_up") == bodies.SLOW
    assert bodies.SLOW_SEATS <= bodies.SEATS - 8


# The page


def answer_to(length, stream=None):
    """Return the status, the headers and the text of an answer by the program that a web server runs."""
    environ = {"PATH_INFO": "/join/", "REQUEST_METHOD": "POST", "HTTP_HOST": "testserver"}
    environ |= {"CONTENT_LENGTH": str(length), "wsgi.input": stream or Untouched()}
    setup_testing_defaults(environ)
    told = []
    text = b"".join(wsgi.application(environ, lambda status, headers: told.append((status, dict(headers)))))
    return int(told[0][0][:3]), told[0][1], text.decode()


@pytest.mark.django_db
def test_r29_a_large_upload_is_a_413_with_words():
    status, _headers, text = answer_to(150_000_000)
    assert status == 413
    assert "<h1>That is too much at once</h1>" in text


@pytest.mark.django_db
def test_r26_a_large_upload_is_answered_with_all_headers():
    headers = answer_to(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)[1]
    assert "Content-Security-Policy" in headers
    assert {name: headers.get(name) for name in settings.HEADERS} == settings.HEADERS


@pytest.mark.django_db
def test_r29_a_form_that_ends_early_is_a_400_with_words():
    status, _headers, text = answer_to(100, BytesIO(b"token=x"))
    assert status == 400
    assert "<h1>That did not come through</h1>" in text


def test_r29_a_form_that_finds_no_seat_is_a_503_with_words_and_a_time_to_come_back():
    environ = {"REQUEST_METHOD": "POST", "wsgi.input": BytesIO(), bodies.REFUSED: 503}
    answer = errors.body_refused(None)(WSGIRequest(environ))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "<h1>Very busy just now</h1>" in answer.content.decode()


# The server


def threads_in(command):
    return int(re.search(r"--blocking-threads (\d+)", command)[1])


def test_more_threads_are_started_than_may_wait_for_bodies():
    command = " ".join(runpy.run_path(str(TOP / "bin/lib/serve.py"))["web_server"](8123))
    assert threads_in(command) >= bodies.SEATS + 8
    assert threads_in((TOP / "README.md").read_text()) == threads_in(command)


def test_r29_forms_that_never_end_do_not_stop_the_server(tmp_path):
    page = Page(free_port(), "/livez")
    head = b"POST /join/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\na"
    with (
        running(as_bin_run_starts_it(page.port), page, tmp_path / "log", SETTLE_DATA=str(tmp_path)),
        contextlib.ExitStack() as sockets,
    ):
        for _ in range(bodies.SEATS + 20):
            sockets.enter_context(socket.create_connection((HOST, page.port))).sendall(head)
        connection = sockets.enter_context(contextlib.closing(page.connect()))
        assert [page.fetch(connection) for _ in range(5)] == [200] * 5

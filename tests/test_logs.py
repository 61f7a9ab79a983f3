"""The logs hold ids and routes, never a name, an address, a token or what somebody typed."""

import io
import logging
import uuid
from smtplib import SMTPRecipientsRefused

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from django.test import Client as Browser
from django.test import RequestFactory

from checklist import access, inviting
from checklist.channels import NotDelivered
from checklist.channels.email import EmailChannel
from checklist.device_cookie import DEVICE_COOKIE
from checklist.models import Delivery, Limit, secret
from checklist.views.answers import address
from tests import factories
from tests.conftest import SAMS_PHONE, signed_in

TYPED = "what-somebody-typed"
THE_ROW = "Key (email, nickname)=(sam@example.org, Sam K.) already exists"


@pytest.fixture
def log(settings):
    """Return what is written to the log, as a server would see it: every logger, from DEBUG on."""
    written = io.StringIO()
    handlers = {
        handler for name in ("", "django", "checklist") for handler in logging.getLogger(name).handlers
    }
    ours = [handler for handler in handlers if type(handler) is logging.StreamHandler]
    streams = {handler: handler.setStream(written) for handler in ours}
    levels = {
        name: logging.getLogger(name).level for name in ("", "django", "checklist", "django.db.backends")
    }
    for name in levels:
        logging.getLogger(name).setLevel(logging.DEBUG if "db" not in name else logging.INFO)
    yield written
    for handler, stream in streams.items():
        handler.setStream(stream)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def walk(dana, sam, sams_session, sams_phone, desk, log):
    """Do what people do, and what strangers try; return the words that must not be in the log."""
    words = {
        "Dana R.",
        "Sam K.",
        "Green Room",
        "dana@example.org",
        "sam@example.org",
        "meet.example.org",
        SAMS_PHONE,
        TYPED,
    }
    return (
        words
        | coming_in(sam)
        | at_the_desk(dana, sam, desk)
        | on_the_phone(sams_session, sams_phone)
        | strangers(sam)
    )


def coming_in(client):
    """Come in by link, by code, by mail; return the tokens and codes."""
    link, browser = inviting.invite(client, factories.NOW), Browser()
    browser.get("/join/")
    browser.post("/join/", {"token": link.token()})
    code = inviting.make_code(client, factories.NOW).code()
    for typed in ("WRONG222", code):
        Browser().post("/join/code/", {"code": typed})
    Browser().post("/join/lost/", {"email": client.email})
    for token in (link.token(), "wrong"):
        Browser().post("/join/", {"token": token, "code": "1"})
    return {link.token(), code, code.replace("-", ""), browser.cookies[DEVICE_COOKIE].value}


def at_the_desk(dana, client, desk):
    dana.emailaddress_set.create(email=dana.email, verified=True, primary=True)
    for password in (TYPED, factories.PASSWORD):
        Browser().post("/desk/sign-in/", {"login": dana.email, "password": password})
    desk.post("/desk/clients/add/", {"nickname": TYPED, "email": f"{TYPED}@example.org", "time_zone": "UTC"})
    desk.post(
        f"/desk/clients/{client.id}/edit/", {"nickname": TYPED, "email": "no address", "time_zone": TYPED}
    )
    desk.post(f"/desk/clients/{client.id}/invitation/", {"mail": "1"})
    desk.post(f"/desk/clients/{client.id}/code/")
    desk.post("/desk/settings/", {"name": TYPED, "phone": TYPED})
    desk.get(f"/desk/clients/?q={TYPED}")
    Browser().post("/desk/password/reset/", {"email": dana.email})
    return {factories.PASSWORD, client.invitations.links().latest("created_at").token()}


def on_the_phone(session, phone):
    phone.get("/")
    phone.post(f"/sessions/{session.id}/ticks/", {"item": TYPED, "state": "done"})
    phone.post(
        "/sync/", {"operations": [{"id": TYPED}]}, content_type="application/json", headers={"X-Settle": "1"}
    )
    phone.post("/sync/", f'{{"{TYPED}"', content_type="application/json", headers={"X-Settle": "1"})
    phone.get(f"/sessions/{session.id}/calendar.ics")
    phone.get(f"/help/?{TYPED}")
    return checks(session, phone)


def checks(session, phone):
    """Check the line with a good ticket and with a bad one, keep and switch what can't be; return the ticket."""
    script = {"content_type": "application/json", "headers": {"X-Settle": "1"}}
    ticket = phone.post("/tools/connection/start/", "{}", **script).json()["ticket"]
    for one in (ticket, f"{ticket}{TYPED}"):
        for what in ("probe", "down", "up"):
            phone.get(f"/tools/connection/{what}/?ticket={one}&bytes={TYPED}")
    for what in ("check", "way"):
        phone.post(f"/sessions/{session.id}/{what}/", {"way": TYPED}, **script)
    return {ticket}


def strangers(client):
    """Look where tokens stand in the address, with the wrong method, host, form token or body."""
    right, wrong = client.stop_token(), secret.new_token()
    browser = Browser(raise_request_exception=False)
    for token in (right, wrong):
        for path in (
            f"/unsubscribe/{client.id}/{token}/",
            f"/calendar/{token}.ics",
            f"/join/{token}/",
            f"/{token}",
        ):
            for method in ("GET", "POST", "PUT"):
                browser.generic(method, path, headers={"Referer": f"http://testserver/?{token}"})
                browser.generic(method, f"{path}?token={token}", HTTP_HOST="evil.example")
    strict = Browser(enforce_csrf_checks=True)
    strict.post(
        "/join/",
        {"token": TYPED, "csrfmiddlewaretoken": TYPED},
        headers={"Referer": f"https://evil.example/{TYPED}"},
    )
    strict.post("/join/", f"--{TYPED}", content_type=f"multipart/form-data; boundary={TYPED}\u20ac")
    browser.get("/", HTTP_COOKIE=f"messages={TYPED}; sessionid={TYPED}; {DEVICE_COOKIE}={TYPED}")
    return {right, wrong}


def leaked(words, log):
    return sorted(word for word in words if word in log.getvalue())


def test_nothing_private_is_in_the_log_of_a_walk_through_the_app(walk, log):
    assert leaked(walk, log) == []


def test_the_walk_went_where_something_is_logged(walk, log):
    for line in (
        "404 GET no route",
        "405 PUT unsubscribe/<uuid:client_id>/<str:token>/",
        "403 POST",
        "400 GET no route",
    ):
        assert line in log.getvalue(), line


def test_the_walk_was_not_stopped_by_a_limit(walk):
    assert Limit.objects.exists()
    assert max(Limit.objects.values_list("count", flat=True)) < 10


def test_no_session_key_and_no_form_token_is_in_the_log(walk, desk, log):
    desk.get("/desk/clients/add/")
    assert leaked({desk.cookies["sessionid"].value, desk.cookies["csrftoken"].value}, log) == []


def test_what_a_database_says_about_a_refused_row_is_not_in_the_log(sams_phone, monkeypatch, log):
    def refuse(request):
        try:
            raise ValueError(THE_ROW)
        except ValueError as error:
            raise IntegrityError(THE_ROW) from error

    monkeypatch.setattr(access, "sessions", refuse)
    sams_phone.raise_request_exception = False
    assert sams_phone.get("/sessions/").status_code == 500
    assert leaked({"sam@example.org", "Sam K.", "already exists"}, log) == []
    for word in ("500 GET sessions/", "IntegrityError", "ValueError", "in refuse"):
        assert word in log.getvalue()


def test_the_sender_logs_neither_whom_it_wrote_to_nor_what(sam, sams_session, monkeypatch, log, capsys):
    def refuse(*_):
        raise NotDelivered("mail server not reached")

    monkeypatch.setattr(EmailChannel, "carry", refuse)
    inviting.invite(sam, factories.NOW, by_mail=True)
    call_command("sendreminders", "--once", f"--now={factories.NOW.isoformat()}")
    said = log.getvalue() + "".join(capsys.readouterr())
    assert str(Delivery.objects.get(reminder__kind="invitation").pk) in said
    assert [word for word in ("Sam", "sam@example.org", "Dana", "Green Room") if word in said] == []


@pytest.mark.parametrize(
    "path", ["/join/{}", "/{}", "/calendar/{}.ics", "/desk/{}/", "/sessions/{}/", "/static/{}"]
)
def test_an_address_is_never_in_the_log(path, log, db):
    word = uuid.uuid4().hex
    Browser().get(path.format(word))
    Browser().get(path.format("x"), {"q": word})
    assert word not in log.getvalue()


def test_rows_say_their_id_and_nothing_else_when_they_are_printed(dana, sam, sams_session, sams_phone):
    for row in (
        dana,
        dana.practice,
        sam,
        sams_session,
        sam.devices.get(),
        inviting.invite(sam, factories.NOW),
    ):
        assert str(row) == str(row.pk)


def test_signed_in_people_are_not_named_in_a_log_of_their_refusals(dana, log):
    browser = signed_in(dana)
    browser.get(f"/desk/clients/{uuid.uuid4()}/")
    assert "404 GET desk/clients/<uuid:client_id>/" in log.getvalue()
    assert leaked({"Dana", "dana@example.org", str(dana.email)}, log) == []


def test_a_proxy_too_few_is_told_without_an_address(log, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    address(RequestFactory().get("/", headers={"X-Forwarded-For": "198.51.100.7"}))
    assert "fewer addresses than TRUSTED_PROXY_COUNT" in log.getvalue()
    assert "198.51" not in log.getvalue()


def test_a_letter_to_a_therapist_that_did_not_leave_is_told_without_the_address(log, dana, monkeypatch):
    def refuse(*_):
        raise SMTPRecipientsRefused({"dana@example.org": (550, b"dana@example.org?")})

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    Browser().post("/desk/password/reset/", {"email": dana.email})
    assert "not sent: SMTPRecipientsRefused" in log.getvalue()
    assert leaked({"dana@example.org", "550"}, log) == []

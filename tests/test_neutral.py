"""R3: what shows outside the app names no person, no practice and no purpose, whatever they are called."""

import re
from datetime import timedelta

import pytest
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from checklist import calendars, erasing, inviting, scheduling
from checklist.channels.email import message
from checklist.models import Delivery
from tests import factories
from tests.looking import DAY
from tests.reading import read

pytestmark = pytest.mark.django_db
BANNED = re.compile(
    r"therap|clinic|counsel|psych|mental|treatment|patient|disorder|doctor|\bdr\b|health|\bcare\b|wellbeing|\bcalm\b"
    r"|session|client|practice|appointment|meeting|call\b|video|voice"
    r"|terap|cl[íi]nic|consej|psic|trastorno|paciente|salud\b|\bcuidado|bienestar|calma|sesi[óo]n|\bcitas?\b|consult"
    r"|reuni[óo]n|llamada|\bvoz\b|tratamiento|m[ée]dic"
    r"|hostile|mallory|freud|zelda|nick|<script|eve@|room-7",
    re.IGNORECASE,
)
HOSTILE = "Hostile Therapy Clinic <script>alert(1)</script>\r\nBcc: eve@example.org"
LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.fixture
def hostile(dana, now):
    """A client with every name that could leak set to something that would be seen."""
    dana.name = "Dr. Mallory Freud"
    dana.practice.name = HOSTILE
    dana.practice.dropped_call = dana.practice.help_numbers = dana.practice.phone = "Hostile clinic: 1"
    dana.practice.save()
    dana.save()
    return factories.client(
        dana, 'Zelda "Nick" <script>\r\nBcc: eve@x', "z@example.org", "America/Los_Angeles"
    )


def reads(client, language):
    """Let a client read that language."""
    client.language = language
    client.save(update_fields=["language"])


def mails(client, now):
    """Return each kind of mail for that client, early, on time and late."""
    factories.session(client, 3 * DAY)
    inviting.invite(client, now, by_mail=True)
    inviting.mail_code(client.email, now)
    erasing.mail_code(client, now)
    rows = Delivery.objects.select_related("reminder__client", "reminder__session", "reminder__invitation")
    moments = [timedelta(0), timedelta(minutes=9), timedelta(hours=5)]
    return [message(row, row.due_at + late).message() for row in rows for late in moments]


def seen(mail):
    """Return all that a mail shows, its addresses of pages without the ids and the word in our own path."""
    headers = "\n".join(f"{name}: {value}" for name, value in mail.items())
    bodies = [part.get_payload(decode=True).decode() for part in mail.walk() if not part.is_multipart()]
    return without_addresses("\n".join([headers, *bodies]))


def without_addresses(text):
    base = re.escape(settings.BASE_URL)
    paths = r"sessions/[0-9a-f-]{36}/|unsubscribe/[0-9a-f-]{36}/[\w-]{43}/|join/#[\w-]{43}|join/code/"
    paths += r"|answer/#[0-9a-f]{32}\.\d+\.[\w-]{43}"
    return re.sub(rf"{base}/({paths})", "", text.replace("\r\n ", " ").replace("\n ", " "))


@pytest.mark.parametrize("language", LANGUAGES)
def test_r3_no_mail_says_what_it_is_about_or_who_is_in_it(hostile, now, language):
    reads(hostile, language)
    texts = [seen(mail) for mail in mails(hostile, now)]
    assert len(texts) == 18
    assert [BANNED.findall(text) for text in texts if BANNED.search(text)] == []


def test_r3_the_test_would_notice(hostile):
    for text in (
        hostile.nickname,
        hostile.practice.name,
        hostile.therapist.name,
        "Your session",
        "Your therapist",
        "Tu sesión",
        "Tu terapeuta",
        "Prepárate para la cita",
    ):
        assert BANNED.search(text), text


def test_r3_the_addresses_in_a_mail_are_ours(hostile, now):
    for mail in mails(hostile, now):
        assert "://" not in seen(mail).replace("http://www.w3.org", "")


def test_r3_nobody_else_gets_the_mail(hostile, now):
    for mail in mails(hostile, now):
        assert (mail["To"], mail["Cc"], mail["Bcc"]) == ("z@example.org", None, None)


@pytest.mark.parametrize("cancelled", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_r3_a_calendar_entry_says_nothing_either(hostile, now, language, cancelled):
    session = factories.session(hostile, 3 * DAY)
    if cancelled:
        scheduling.cancel(session, now)
    with translation.override(language):
        texts = [calendars.calendar(session, now).decode(), calendars.feed(hostile, now).decode()]
    assert [BANNED.findall(without_addresses(text)) for text in texts] == [[], []]


def test_r3_who_opens_the_link_of_a_mail_elsewhere_learns_nothing(hostile, stranger):
    session = factories.session(hostile, 3 * DAY)
    page = read(stranger.get(f"/sessions/{session.id}/"))
    assert (
        re.findall(r"therap|clinic|counsel|psych|mental|patient|practice|session", page.text, re.IGNORECASE)
        == []
    )


ACCOUNT_MAILS = [
    "email_confirmation", "email_confirmation_signup", "login_code", "password_reset_code",
    "password_reset_key", "account_already_exists", "unknown_account", "email_changed", "email_confirm",
    "email_deleted", "password_changed", "password_reset", "password_set",
]  # fmt: skip


@pytest.mark.parametrize("name", ACCOUNT_MAILS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_r3_mail_to_a_therapist_is_neutral_too(hostile, now, name, language):
    context = {
        "user": hostile.therapist, "email": "dana@example.org", "code": "K4P7QW",
        "request": RequestFactory().get("/"),
        "from_email": "dana@example.org", "to_email": "new@example.org", "deleted_email": "dana@example.org",
        "ip": "192.0.2.1", "timestamp": now, "user_agent": "Chrome", "signup_url": "https://settle.example/b",
        "password_reset_url": "https://settle.example/c", "activate_url": "https://settle.example/a",
    }  # fmt: skip
    with translation.override(language):
        mail = get_adapter().render_mail(f"account/email/{name}", "dana@example.org", context)
    assert BANNED.findall(f"{mail.subject}\n{mail.from_email}\n{mail.body}") == []
    assert mail.body.endswith("Settle")


@pytest.mark.parametrize("name", ["email_confirmation", "login_code", "password_reset_code"])
def test_a_code_for_a_therapist_is_in_the_mail_but_not_on_the_lock_screen(db, name):
    assert "K4P7QW" in render_to_string(f"account/email/{name}_message.txt", {"code": "K4P7QW"})
    assert "K4P7QW" not in render_to_string(f"account/email/{name}_subject.txt", {"code": "K4P7QW"})

"""Every form of the app with something in it that would be taken; and browsers of people who post it."""

import json
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from django.test import Client as Browser

from checklist import inviting
from checklist.models.answers import token_of
from tests import factories
from tests.conftest import signed_in
from tests.over import past
from tests.wished import CHOICES

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Form:
    """Who posts where, and what would be taken; `typed` are the fields that a refused form shows again.

    `tried` are those that no other form has, where that is not all of them.
    """

    who: str
    path: str
    good: dict
    typed: tuple = ()
    tried: tuple = ()


CLIENT = {"nickname": "Sam K.", "email": "sam@example.org", "time_zone": "Europe/London"}
SESSION = {"date": "2026-12-01", "time": "15:00", "time_zone": "America/New_York", "minutes": "50"}
SESSION |= {"way": "video", "link": "https://meet.example.org/7", "checklist": "<checklist>"}
PRACTICE = {"name": "Green Room", "therapist_name": "Dana R.", "time_zone": "UTC", "country": "US"}
PRACTICE |= {"proposed_shares": ["items", "plan"], "keep_sessions": "24", "keep_archived": "12"}
PRACTICE |= {"phone": "555 0142", "dropped_call": "I call you.", "help_numbers": "Night line: 555 0100"}
SIGN_UP = {"name": "Pat", "practice": "Quiet", "time_zone": "UTC", "email": "pat@example.org"}
SESSION_TYPED = ("date", "time", "minutes", "link")
PLAN = {"cue": "Thursday, 2:45 pm", "deed": "sit down with headphones", "place": "my room"}
VISITS = {"every": "4", "map_link": "https://maps.example.org/7"}
REPEAT = {"repeat": "1", "count": "5", "opening": "1", **VISITS, "confirm": "1"}
FOLLOWING = {name: SESSION[name] for name in ("date", "time", "time_zone", "minutes", "way", "link")}
TIMES = {"quiet_from": "22:00", "quiet_to": "07:00", "paused_until": "2027-01-10"}
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
    "answer": Form(
        "sam", "/sessions/<session_id>/answers/", {"give": "confirm", "revision": "1", "back": "today"}
    ),
    "how it went": Form("sam", "/sessions/<over_id>/outcome/", {"give": "well", "back": "today"}),
    "how it fits": Form(
        "sam", "/sessions/<over_id>/fit/", {"question": "goals", "reply": "3", "back": "session"}
    ),
    "switch": Form("sam", "/sessions/<session_id>/way/", {"way": "voice", "sequence": "0"}),
    "check taken back": Form("sam", "/sessions/<session_id>/check/", {"sure": "yes"}),
    "answer from a mail": Form("nobody", "/answer/", {"token": "<answer>", "kind": "move"}),
    "reminders": Form("sam", "/reminders/", {**CHOICES, **TIMES}, ("evening", "hours_before", "quiet_from")),
    "plan": Form("sam", "/plan/", {**PLAN}, ("cue", "deed", "place")),
    "plan, at first": Form("sam", "/first-steps/plan/", {**PLAN}, ("cue", "deed", "place")),
    "first step": Form("sam", "/first-steps/what/", {"never": "1"}),
    "sharing": Form(
        "sam",
        "/sharing/",
        {"client": "<client_id>", "kinds": ["items"], "items": ["connection"], "listed": ["connection"]},
    ),
    "copy": Form("sam", "/data/<client_id>/export/", {"sure": "yes"}),
    "erasing": Form("sam", "/data/<client_id>/erase/", {"code": "ABCD-2345"}, ("code",)),
    "code to erase": Form("sam", "/data/<client_id>/erase/code/", {"sure": "yes"}),
    "leave": Form("sam", "/leave/", {"sure": "yes"}),
    "calendar": Form("sam", "/calendar/", {"feed": "on"}),
    "client": Form("dana", "/desk/clients/add/", CLIENT, ("nickname", "email")),
    "change of a client": Form("dana", "/desk/clients/<client_id>/edit/", CLIENT, ("nickname", "email")),
    "archive": Form("dana", "/desk/clients/<client_id>/archive/", {"back": "1"}),
    "invitation": Form("dana", "/desk/clients/<client_id>/invitation/", {"mail": "1"}),
    "session": Form("dana", "/desk/sessions/add/", {"client": "<client_id>", **SESSION}, SESSION_TYPED),
    "series": Form(
        "dana",
        "/desk/sessions/add/",
        {"client": "<client_id>", **SESSION, **REPEAT},
        ("count", "map_link"),
        tuple(REPEAT),
    ),
    "change of a series": Form(
        "dana",
        "/desk/sessions/<session_id>/following/",
        {**FOLLOWING, **VISITS, "weeks": "2", "confirm": "1"},
        (*SESSION_TYPED, "map_link"),
        ("date", "weeks", *VISITS),
    ),
    "more of a series": Form("dana", "/desk/series/<series_id>/extend/", {"count": "3"}, ("count",)),
    "change of a session": Form("dana", "/desk/sessions/<session_id>/edit/", SESSION, SESSION_TYPED),
    "language": Form("nobody", "/language/", {"language": "es", "back": "/join/"}),
    "words of an item": Form(
        "dana",
        "/desk/checklists/<checklist_id>/calendar/",
        {"title_en": "Put it down", "why_en": "So it is there.", "title_es": "Apúntalo", "why_es": ""},
        ("title_en", "why_en", "title_es", "why_es"),
    ),
    "practice": Form(
        "dana",
        "/desk/settings/",
        {**PRACTICE, "turn_url": "turn:turn.example.org", "turn_secret": "x"},
        ("name", "therapist_name", "phone", "dropped_call", "help_numbers", "turn_url"),
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
        "series_id": factories.series(sam, sams_session).id,
        "token": "x",
        "given": "x",
    }
    ids["token"] = sam.stop_token()
    ids["answer"] = token_of(sams_session, sam)
    (over,) = past(sam)
    lists = dict.fromkeys(("checklist", "checklist_id"), sam.practice.checklists.get().id)
    return ids | lists | {"invitation": token, "key": "calendar", "over_id": over.id}


def filled(text, rows):
    if isinstance(text, list):
        return [filled(each, rows) for each in text]
    for name, value in rows.items():
        text = text.replace(f"<{name}>", str(value))
    return text


def good(form, rows):
    return {name: filled(value, rows) for name, value in form.good.items()}


def post(browser, path, fields, **headers):
    """Post fields whose values may be bytes that are no text."""
    return browser.generic("POST", path, urlencode(fields, doseq=True), content_type=FORM, **headers)


def words(answer):
    """Return whether an answer says something that a person or a program can read."""
    if answer.headers["Content-Type"].startswith("application/json"):
        return bool(json.loads(answer.content))
    if "attachment" in answer.headers.get("Content-Disposition", ""):
        return bool(answer.content)
    return "<h1" in answer.content.decode()

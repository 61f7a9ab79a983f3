"""R30: in Spanish no page, no form and no mail has a text without Spanish, whoever wrote it: we, Django or allauth."""

import re

import pytest
from allauth.account.adapter import get_adapter
from django.test import RequestFactory
from django.utils import translation

from tests.addresses import TABLE, path_of, who_may
from tests.forms import FORMS, browsers, filled, good, post, rows
from tests.test_neutral import ACCOUNT_MAILS
from tests.test_speaking import COOKIE, speaks
from tests.test_translation import ALIKE, HOLES

__all__ = ["browsers", "rows"]  # fixtures
# Names of places and of what is alike; figures and marks.
PLAIN = re.compile(r"[^\W\d_]{3,}")


@pytest.fixture
def asked(monkeypatch):
    """Remember each text that is looked up while Spanish is spoken and comes back as it was."""
    found = set()
    for function in ("gettext", "ngettext", "pgettext", "npgettext"):
        monkeypatch.setattr(translation._trans, function, watched(function, found), raising=False)
    return found


def watched(function, found):
    real = getattr(translation.trans_real, function)

    def look_up(*args):
        said = real(*args)
        texts = [arg for arg in args if isinstance(arg, str)][function.startswith(("p", "np")) :]
        if translation.get_language() == "es" and str(said) in texts and PLAIN.search(HOLES.sub("", said)):
            found.add(said)
        return said

    return look_up


@pytest.fixture
def spanish(browsers, sam, dana):
    """The browsers of people who all read Spanish."""
    speaks(sam, "es")
    speaks(dana, "es")
    for browser in browsers.values():
        browser.cookies[COOKIE] = "es"
    return browsers


def test_r30_every_page_is_spanish_through_and_through(asked, spanish, rows):
    for route, address in TABLE.items():
        if address.get:
            spanish[who_may(route)].get(path_of(route, rows))
    assert asked - ALIKE == set()


def test_r30_every_refused_form_is_spanish_through_and_through(asked, spanish, rows):
    for form in FORMS.values():
        for bad in ("", "\u202e", "x" * 3000):
            post(
                spanish[form.who], filled(form.path, rows), good(form, rows) | dict.fromkeys(form.typed, bad)
            )
    assert asked - ALIKE == set()


def test_r30_every_letter_to_a_therapist_is_spanish_through_and_through(asked, dana, now):
    context = {
        "user": dana, "email": "dana@example.org", "code": "K4P7QW", "request": RequestFactory().get("/"),
        "from_email": "dana@example.org", "to_email": "new@example.org", "deleted_email": "dana@example.org",
        "ip": "192.0.2.1", "timestamp": now, "user_agent": "Chrome", "signup_url": "https://settle.example/b",
        "password_reset_url": "https://settle.example/c", "activate_url": "https://settle.example/a",
    }  # fmt: skip
    with translation.override("es"):
        for name in ACCOUNT_MAILS:
            get_adapter().render_mail(f"account/email/{name}", "dana@example.org", context)
    assert asked - ALIKE == set()


def test_a_text_without_spanish_would_be_noticed(asked):
    with translation.override("es"):
        translation.gettext("Nobody has translated this sentence.")
    assert asked == {"Nobody has translated this sentence."}

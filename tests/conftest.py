"""The cast, used everywhere: who they are to each other never changes.

Dana (Green Room, New York) looks after Sam (Los Angeles, takes mail, has a phone) and Ana (Sydney, invited, no phone).
Kim is Dana's colleague in the same practice and looks after Jo. Omar (Harbour, London) looks after Lee, a stranger to
all of them. Nobody ever sees another's rows.
"""

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from unittest import mock

import hypothesis
import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.test import Client as Browser
from django.utils import translation

from checklist import signing_in
from checklist.device_cookie import DEVICE_COOKIE
from checklist.views.client import made_once
from tests import factories

SAMS_PHONE = "sams-phone-sams-phone-sams-phone-sams-phone"
LEES_PHONE = "lees-phone-lees-phone-lees-phone-lees-phone"
ON_SQLITE = django_settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
collect_ignore = [] if ON_SQLITE else ["test_sqlite.py"]


def pytest_configure(config):
    """Make the folder of static files: project.wsgi warns without one, and a warning is an error here.

    How long an example of hypothesis takes says something about the machine only.
    """
    hypothesis.settings.register_profile("settle", deadline=None)
    hypothesis.settings.load_profile("settle")
    django_settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


@receiver(setting_changed)
def _made_anew(setting, **_):
    if setting in ("STORAGES", "LOCALE_PATHS"):
        made_once.forget()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, folder_in_memory):
    """Keep the SQLite test database in a file: a database without one has no WAL, and threads have to share it."""
    if ON_SQLITE:
        django_settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(
            folder_in_memory / "test.sqlite3"
        )


@pytest.fixture(scope="session")
def folder_in_memory():
    """Return a folder on no disk where the system has one: every commit waits for the disk (synchronous FULL)."""
    memory = Path("/dev/shm")  # noqa: S108 - a fresh folder in it, readable by us only
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


@pytest.fixture(autouse=True)
def _plain_settings(request, settings, tmp_path):
    """Hash passwords fast, name static files plainly, keep files out of the tree; browsers get the real storage."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    if "browser" not in request.keywords:
        plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
        settings.STATIC_ROOT = tmp_path / "static"
        settings.STATIC_ROOT.mkdir()


@pytest.fixture(autouse=True)
def _in_english():
    """Begin in the language of the source, whatever the last page spoke: it stays active in its thread."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _letters_at_once(monkeypatch):
    """Let a letter to a therapist leave before the answer, so that a test finds it."""
    monkeypatch.setattr(signing_in, "AFTER", 0)
    monkeypatch.setattr(signing_in, "LETTERS", SimpleNamespace(submit=lambda do, *letter: do(*letter)))


@pytest.fixture
def now():
    """Hold the clock at factories.NOW."""
    with time_machine.travel(factories.NOW, tick=False):
        yield factories.NOW


@pytest.fixture
def dana(db):
    return factories.therapist("Dana R.", "dana@example.org")


@pytest.fixture
def kim(dana):
    return factories.colleague(dana, "Kim V.", "kim@example.org")


@pytest.fixture
def omar(db):
    return factories.therapist("Omar B.", "omar@example.org", practice="Harbour", time_zone="Europe/London")


@pytest.fixture
def sam(dana):
    return factories.client(dana, "Sam K.", "sam@example.org", "America/Los_Angeles")


@pytest.fixture
def ana(dana):
    return factories.client(dana, "Ana P.", time_zone="Australia/Sydney")


@pytest.fixture
def jo(kim):
    return factories.client(kim, "Jo M.", "jo@example.org")


@pytest.fixture
def lee(omar):
    return factories.client(omar, "Lee T.", "lee@example.org", "Europe/London")


@pytest.fixture
def sams_session(sam, now):
    """Sam's first session: video, 50 minutes, in 42 minutes."""
    return factories.session(sam, now=now)


@pytest.fixture
def lees_session(lee, now):
    return factories.session(lee, now=now)


@pytest.fixture
def sams_phone(sam):
    """A browser enrolled for Sam."""
    return phone(sam, SAMS_PHONE)


@pytest.fixture
def lees_phone(lee):
    """A browser enrolled for Lee."""
    return phone(lee, LEES_PHONE)


@pytest.fixture
def desk(dana):
    """A browser in which Dana is signed in."""
    return signed_in(dana)


@pytest.fixture
def knows(desk):
    """Dana's browser, after she has typed her password once more."""
    assert desk.post("/desk/reauthenticate/", {"password": factories.PASSWORD}).status_code == 302
    return desk


@pytest.fixture
def stranger():
    """A browser that nobody let in."""
    return Browser()


def phone(client, token):
    """Return a browser enrolled for `client` with that token."""
    factories.enrol(client, token)
    browser = Browser()
    browser.cookies[DEVICE_COOKIE] = token
    return browser


def signed_in(therapist):
    """Return a browser in which that therapist is signed in."""
    browser = Browser()
    browser.force_login(therapist, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


@pytest.fixture(scope="session", autouse=True)
def _nothing_made_anew():
    """Let a flush leave content types and permissions out: nothing here uses them, and they cost each test 60 ms."""
    with mock.patch("django.core.management.commands.flush.emit_post_migrate_signal"):
        yield

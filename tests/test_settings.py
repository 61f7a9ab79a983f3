"""Settings come from the environment; a wrong one stops the start with a sentence that says what to do."""

import json
import os
import subprocess
import sys
from traceback import format_exception

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from checklist import checks
from checklist.models import User
from project import environment

PRODUCTION = {
    "SETTLE_MODE": "production",
    "SECRET_KEY": "made-up-for-a-test-and-long-enough-0123456789-abcdefgh",
    "ALLOWED_HOSTS": "settle.example",
    "BASE_URL": "https://settle.example",
    "DEFAULT_FROM_EMAIL": "Settle <hello@settle.example>",
    "EMAIL_HOST": "mail.settle.example",
}
SHOW = """
import json, sys
from django.conf import settings
print(json.dumps({name: str(getattr(settings, name)) for name in sys.argv[1:]}))
"""


def start(tmp_path, *command, **variables):
    """Run manage.py with these variables and nothing of ours around it; return the finished process."""
    around = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    variables = {"SETTLE_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "project.settings", **variables}
    return subprocess.run(
        [sys.executable, *command],
        env=around | variables,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
    )


def check(tmp_path, **variables):
    return start(tmp_path, "manage.py", "check", **variables)


MAKE = """
from django.core.mail import send_mail
from django.db import connection
connection.cursor().execute("create table kept (words text)")
send_mail("Subject", "Words", "hello@settle.example", ["sam@example.org"])
"""
DOORS = {"manage": ["manage.py", "shell", "-c", MAKE], "wsgi": ["-c", f"import project.wsgi\n{MAKE}"]}


@pytest.mark.parametrize("command", DOORS.values(), ids=DOORS)
def test_what_is_made_in_the_data_folder_is_for_its_owner_alone(command, tmp_path):
    made = start(tmp_path / "data", *command)
    assert made.returncode == 0, made.stderr
    paths = [tmp_path / "data", *(tmp_path / "data").rglob("*")]
    assert {path.suffix for path in paths} >= {".sqlite3", ".log"}
    assert {(path.is_dir(), path.stat().st_mode & 0o777) for path in paths} == {(True, 0o700), (False, 0o600)}


def test_a_data_folder_that_is_there_stays_as_open_as_its_owner_has_it(tmp_path):
    tmp_path.chmod(0o750)
    check(tmp_path)
    assert tmp_path.stat().st_mode & 0o777 == 0o750


def last_line(process):
    return process.stderr.strip().splitlines()[-1]


# Reading the environment


@pytest.fixture
def variable(monkeypatch):
    def put(value):
        monkeypatch.setenv("A_SETTING", value)

    return put


@pytest.mark.parametrize("word", ["1", "true", "YES", " on "])
def test_a_flag_is_set_by_a_word_for_yes(word, variable):
    variable(word)
    assert environment.flag("A_SETTING") is True


@pytest.mark.parametrize("word", ["0", "false", "NO", " off ", ""])
def test_a_flag_is_cleared_by_a_word_for_no(word, variable):
    variable(word)
    assert environment.flag("A_SETTING", default=True) is False


@pytest.mark.parametrize("word", ["2", "maybe", "\u0661", "yes please"])
def test_a_flag_that_says_neither_is_refused(word, variable):
    variable(word)
    with pytest.raises(ImproperlyConfigured, match="Write 1 for yes or 0 for no"):
        environment.flag("A_SETTING")


@pytest.mark.parametrize("word", ["", "-1", "1.5", "ten", "\u0661\u0660", "0x10", "1_000"])
def test_a_number_that_is_none_is_refused(word, variable):
    variable(word)
    with pytest.raises(ImproperlyConfigured, match="whole number"):
        environment.number("A_SETTING", 5)


def test_a_number_is_read_without_the_blanks_around_it(variable):
    variable(" 25 ")
    assert environment.number("A_SETTING", 5) == 25


def test_words_stand_between_commas(variable):
    variable("a.example, b.example,,")
    assert environment.words("A_SETTING") == ["a.example", "b.example"]


def test_what_is_not_set_has_its_default(monkeypatch):
    monkeypatch.delenv("A_SETTING", raising=False)
    assert (environment.text("A_SETTING", "x"), environment.number("A_SETTING", 5)) == ("x", 5)
    assert environment.flag("A_SETTING") is False


def test_what_has_to_be_set_and_is_not_is_named(monkeypatch):
    monkeypatch.delenv("A_SETTING", raising=False)
    with pytest.raises(ImproperlyConfigured, match="A_SETTING is not set"):
        environment.text("A_SETTING")


def test_the_local_secret_is_made_once_and_for_its_owner_alone(tmp_path):
    path = tmp_path / "new" / "secret"
    first = environment.kept_secret(path)
    assert environment.kept_secret(path) == first
    assert len(first) >= 50
    assert path.stat().st_mode & 0o777 == 0o600


# A start, as it really is


def test_it_starts_with_no_variable_set_at_all(tmp_path):
    assert check(tmp_path).returncode == 0


def test_it_starts_in_production_with_all_that_production_needs(tmp_path):
    process = start(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert process.returncode == 0, process.stderr


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "SETTLE_MODE"])
def test_production_does_not_start_without_what_it_needs(name, tmp_path):
    process = check(tmp_path, **{key: value for key, value in PRODUCTION.items() if key != name})
    assert process.returncode != 0
    assert f"{name} is not set" in last_line(process)


WRONG = {
    "SETTLE_MODE": ("prod", "Write local or production"),
    "EMAIL_PORT": ("smtp", "Write a whole number"),
    "EMAIL_USE_TLS": ("maybe", "Write 1 for yes"),
    "TRUSTED_PROXY_COUNT": ("one", "Write a whole number"),
    "DATABASE_URL": ("mysql://settle:password-in-it@db/settle", "DATABASE_URL is no database"),
    "BASE_URL": ("settle.example", "BASE_URL is not a web address"),
    "ALLOWED_HOSTS": ("other.example", "ALLOWED_HOSTS lacks the host of BASE_URL"),
    "DEFAULT_FROM_EMAIL": ("Settle", "DEFAULT_FROM_EMAIL is not a mail address"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_setting_stops_the_start_and_says_which_and_what_to_do(name, tmp_path):
    value, sentence = WRONG[name]
    process = check(tmp_path, **{**PRODUCTION, name: value})
    assert process.returncode != 0
    assert sentence in process.stderr


@pytest.mark.parametrize("url", ["", "db.example/settle", "postgres://settle:password-in-it@db:port/x"])
def test_a_database_that_is_none_is_refused_without_showing_its_password(url, variable):
    variable(url)
    with pytest.raises(ImproperlyConfigured, match="Write it like postgres://") as error:
        environment.database("A_SETTING", "sqlite:///x")
    assert "password-in-it" not in "".join(format_exception(error.value))


def test_debug_is_never_on_in_production(tmp_path):
    process = start(tmp_path, "-c", SHOW, "DEBUG", **{**PRODUCTION, "DEBUG": "1"})
    assert process.stdout.strip() == '{"DEBUG": "False"}'


def test_production_sends_its_cookies_over_https_alone(tmp_path):
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE", "SECURE_SSL_REDIRECT")
    assert start(tmp_path, "-c", SHOW, *names, **PRODUCTION).stdout.count("True") == 4


def test_mail_over_ssl_alone_needs_no_word_about_tls(tmp_path):
    names = ("EMAIL_USE_SSL", "EMAIL_USE_TLS", "EMAIL_PORT")
    found = start(tmp_path, "-c", SHOW, *names, **{**PRODUCTION, "EMAIL_USE_SSL": "1"}).stdout
    assert json.loads(found) == {"EMAIL_USE_SSL": "True", "EMAIL_USE_TLS": "False", "EMAIL_PORT": "465"}


def test_an_address_of_ours_in_capital_letters_is_the_same_address(tmp_path):
    capitals = {**PRODUCTION, "BASE_URL": "HTTPS://Settle.example/"}
    found = start(tmp_path, "-c", SHOW, "SECURE", "BASE_URL", **capitals).stdout
    assert json.loads(found) == {"SECURE": "True", "BASE_URL": "https://settle.example"}


def test_a_database_url_picks_postgresql(tmp_path):
    url = "postgres://settle:x@db.example/settle"
    found = start(tmp_path, "-c", SHOW, "DATABASES", **{**PRODUCTION, "DATABASE_URL": url}).stdout
    assert "django.db.backends.postgresql" in found
    assert "transaction_mode" not in found


def test_the_demo_therapist_is_told_with_the_address_to_sign_in_at(db, settings, capsys):
    settings.LOCAL, settings.BASE_URL = True, "http://127.0.0.1:8123"
    call_command("seeddemo")
    desk, therapist = capsys.readouterr().out.splitlines()[:2]
    assert desk.split() == ["Desk", "http://127.0.0.1:8123/desk/"]
    assert "dana@settle.example, password" in therapist


def test_demo_people_are_refused_in_production(tmp_path):
    process = start(tmp_path, "manage.py", "seeddemo", "--json", **PRODUCTION)
    assert process.returncode != 0
    assert "SETTLE_MODE=local only" in last_line(process)
    assert not process.stdout


def test_demo_people_are_refused_in_production_before_a_row_is_made(db, settings):
    settings.LOCAL = False
    with pytest.raises(CommandError, match="local only"):
        call_command("seeddemo")
    assert not User.objects.exists()


# The checks


def errors(check):
    return [error.id for error in check(None)]


@pytest.mark.parametrize(
    "address",
    ["", "settle.example", "ftp://settle.example", "http://", "https://a.example/app", "https://a.example?x"],
)
def test_an_address_of_ours_that_is_none_is_refused(address, settings):
    settings.BASE_URL = address
    assert errors(checks.addresses_agree) == ["settle.E002"]


def test_production_has_to_be_behind_https(settings):
    settings.LOCAL, settings.BASE_URL, settings.ALLOWED_HOSTS = (
        False,
        "http://settle.example",
        ["settle.example"],
    )
    assert errors(checks.addresses_agree) == ["settle.E003"]


@pytest.mark.parametrize("hosts", [["settle.example"], [".example"], ["*"]], ids=str)
def test_an_address_of_ours_that_this_server_answers_to_is_taken(hosts, settings):
    settings.BASE_URL, settings.ALLOWED_HOSTS = "https://settle.example:8443", hosts
    assert errors(checks.addresses_agree) == []


def test_an_address_of_ours_that_this_server_does_not_answer_to_is_refused(settings):
    settings.BASE_URL, settings.ALLOWED_HOSTS = "https://settle.example", ["www.settle.example"]
    assert errors(checks.addresses_agree) == ["settle.E005"]


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"])
def test_the_addresses_of_this_machine_are_taken(address, settings):
    settings.BASE_URL, settings.ALLOWED_HOSTS = address, ["127.0.0.1", "localhost", "[::1]"]
    assert errors(checks.addresses_agree) == []


@pytest.mark.parametrize(
    "sender",
    [
        "",
        "Settle",
        "Settle <>",
        "hello at settle.example",
        "Settle\n<hello@settle.example>",
        "Settle <hello@settle.example>\n",
    ],
)
def test_a_sender_that_no_mail_server_takes_is_refused(sender, settings):
    settings.DEFAULT_FROM_EMAIL = sender
    assert errors(checks.sender_is_an_address) == ["settle.E004"]


def test_a_sender_with_a_name_is_taken(settings):
    settings.DEFAULT_FROM_EMAIL = "Settle <hello@settle.example>"
    assert errors(checks.sender_is_an_address) == []


def test_a_mail_server_as_it_is_after_the_start_is_taken(settings):
    assert errors(checks.mail_can_leave) == []


def test_mail_over_ssl_and_tls_at_once_is_refused(settings):
    settings.EMAIL_USE_SSL = settings.EMAIL_USE_TLS = True
    assert errors(checks.mail_can_leave) == ["settle.E006"]


def test_a_mail_server_without_a_name_is_refused(settings):
    settings.EMAIL_HOST = " "
    assert errors(checks.mail_can_leave) == ["settle.E007"]


@pytest.mark.parametrize("port", [0, 65536])
def test_a_port_of_a_mail_server_that_there_can_not_be_is_refused(port, settings):
    settings.EMAIL_PORT = port
    assert errors(checks.mail_can_leave) == ["settle.E008"]

"""The push keys, made once and kept safe; the tokens signed with them; the checks that refuse a wrong set-up."""

import base64
import io
import os
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.core.management import call_command

from checklist import checks
from checklist.channels.vapid import MOST, Signer
from checklist.management.commands import prepare
from project import environment, pushkeys
from tests.factories import NOW
from tests.pushes import FCM, PushService

HOUR = timedelta(hours=1)
ORIGIN = f"https://{FCM}"
CONTACT = "mailto:ops@settle-ops.net"


@pytest.fixture
def path(settings, tmp_path):
    settings.PUSH_KEY_FILE = tmp_path / "new" / "push_key.pem"
    return settings.PUSH_KEY_FILE


@pytest.fixture
def keys(path):
    pushkeys.make(path)
    return pushkeys.load(path)


@pytest.fixture
def signer(keys):
    return Signer(keys, CONTACT)


@pytest.fixture
def production(settings, keys):
    settings.LOCAL = False
    settings.PUSH_CONTACT = CONTACT
    return settings


def pem_of(key):
    parts = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(*parts)


# The file


def test_the_key_is_for_its_owner_alone(path):
    pushkeys.make(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_key_is_for_its_owner_alone_whatever_the_umask(path):
    before = os.umask(0)
    try:
        pushkeys.make(path)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_key_that_is_there_is_never_replaced(path):
    assert pushkeys.make(path) is True
    first = path.read_bytes()
    assert pushkeys.make(path) is False
    assert path.read_bytes() == first


def test_even_a_file_that_holds_no_key_is_never_replaced(path):
    path.parent.mkdir()
    path.write_text("not a key, but perhaps somebody's only copy of something")
    assert pushkeys.make(path) is False
    assert path.read_text().startswith("not a key")


def test_making_it_leaves_nothing_else_behind(path):
    pushkeys.make(path)
    pushkeys.make(path)
    assert list(path.parent.iterdir()) == [path]


def test_of_many_that_make_it_at_once_one_does(path):
    told, ready = [], threading.Barrier(16)

    def make():
        ready.wait()
        told.append(pushkeys.make(path))

    threads = [threading.Thread(target=make) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [False] * 15 + [True]
    assert pushkeys.load(path).public


def test_two_programs_that_make_it_at_once_have_the_same(path):
    script = (
        "import sys; from pathlib import Path; from project import pushkeys; path = Path(sys.argv[1]); "
        "pushkeys.make(path); print(pushkeys.load(path).key_id)"
    )
    command = [sys.executable, "-c", script, str(path)]
    programs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert len({program.communicate()[0] for program in programs}) == 1


def test_a_disk_that_is_full_leaves_no_half_of_a_file(path, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        environment.keep_once(path, "words")
    assert list(path.parent.iterdir()) == []


def test_browsers_get_the_public_point_in_base64url(keys):
    point = base64.urlsafe_b64decode(keys.public + "=")
    assert (len(point), point[0], "=" in keys.public) == (65, 4, False)
    assert ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point) == keys.private.public_key()


def test_the_key_id_is_short_and_of_this_key_alone(keys, tmp_path):
    pushkeys.make(tmp_path / "other.pem")
    other = pushkeys.load(tmp_path / "other.pem")
    assert len(keys.key_id) == len(other.key_id) == 16
    assert keys.key_id != other.key_id


def test_the_keys_do_not_show_when_printed(keys):
    assert "private" not in repr(keys)


def test_the_file_is_read_once(keys, path):
    path.write_text("changed under us")
    assert pushkeys.load(path) is keys


def test_keys_made_after_a_first_look_are_found(path):
    with pytest.raises(pushkeys.Unusable):
        pushkeys.load(path)
    pushkeys.make(path)
    assert pushkeys.load(path).public


@pytest.mark.parametrize(
    "contents",
    [
        b"",
        b"no key",
        b"\xff\xfe\x00",
        pem_of(ec.generate_private_key(ec.SECP256R1()))[:100],
        pem_of(ec.generate_private_key(ec.SECP384R1())),
        pem_of(rsa.generate_private_key(65537, 2048)),
    ],
    ids=["empty", "words", "bytes", "half a key", "another curve", "another kind"],
)
def test_a_file_that_holds_no_key_of_ours_says_so_and_nothing_of_it(path, contents):
    path.parent.mkdir()
    path.write_bytes(contents)
    with pytest.raises(pushkeys.Unusable) as error:
        pushkeys.load(path)
    assert str(error.value) in ("it holds no key", "its key is not of the kind that push needs (P-256)")


# The command


def made():
    said = io.StringIO()
    call_command("makepushkeys", stdout=said)
    return said.getvalue()


def test_the_command_says_where_the_key_is_and_what_not_to_do(path):
    said = made()
    assert f"Push keys made: {path}" in said
    assert "Never replace or delete it" in said


def test_the_command_run_again_leaves_them_and_says_so(path):
    made()
    before = path.read_bytes()
    assert f"are there already: {path}" in made()
    assert path.read_bytes() == before


def test_the_command_prints_nothing_of_the_key(path):
    said = made() + made()
    assert not any(line in said for line in path.read_text().splitlines()[1:-1])


def test_preparing_makes_the_keys_where_somebody_can_be_written_to(production, path):
    path.unlink()
    prepare.Command(stdout=io.StringIO())._make_push_keys()
    assert path.exists()


def test_preparing_a_server_without_a_contact_leaves_push_off_and_says_so(production, path):
    """Else an update would make keys, and the next start would be refused for want of a contact."""
    path.unlink()
    production.PUSH_CONTACT, said = "", io.StringIO()
    prepare.Command(stdout=said)._make_push_keys()
    assert "set PUSH_CONTACT" in said.getvalue()
    assert not path.exists()


# The checks


def found(check):
    return [error.id for error in check(None) if error.hint]


def test_without_keys_there_is_nothing_to_check(settings, path):
    settings.LOCAL, settings.PUSH_CONTACT = False, ""
    assert found(checks.push_keys_are_safe) + found(checks.push_has_a_contact) == []


def test_keys_and_a_real_contact_are_fine_in_production(production):
    assert found(checks.push_keys_are_safe) + found(checks.push_has_a_contact) == []


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666, 0o644])
def test_a_key_that_others_can_read_stops_the_start(production, path, mode):
    path.chmod(mode)
    assert found(checks.push_keys_are_safe) == ["settle.E010"]


def test_a_file_without_a_key_stops_the_start(production, path):
    pushkeys.load.cache_clear()
    path.write_text("no key")
    assert found(checks.push_keys_are_safe) == ["settle.E009"]


def test_a_key_that_can_not_be_read_stops_the_start(settings, tmp_path):
    settings.PUSH_KEY_FILE = tmp_path  # a folder: root reads everything else
    assert found(checks.push_keys_are_safe) == ["settle.E009"]


@pytest.mark.parametrize(
    "contact",
    [
        "",
        "ops@settle-ops.net",
        "mailto:",
        "mailto:ops",
        "mailto:@settle-ops.net",
        "mailto:ops@localhost",
        "mailto:hello@settle.example",
        "mailto:you@example.com",
        "mailto:you@mail.EXAMPLE.org",
        "mailto:a@b@settle-ops.net",
        "mailto:ops@settle-ops.net,eve@other.net",
        "mailto:ops@settle-ops.net?subject=x",
        "mailto:ops@settle-ops.net\nx",
        "mailto:öps@settle-ops.net",
        "http://settle-ops.net",
        "https://",
        "https://localhost/contact",
        "https://127.0.0.1/contact",
        "https://settle.test",
        "https://user@settle-ops.net/",
        "tel:+123456789",
    ],
)
def test_a_contact_that_is_nobodys_stops_the_start_in_production(production, contact):
    production.PUSH_CONTACT = contact
    assert found(checks.push_has_a_contact) == ["settle.E011"]


@pytest.mark.parametrize(
    "contact", [CONTACT, "mailto:first.last+push@mail.settle-ops.net", "https://settle-ops.net/contact"]
)
def test_a_contact_is_a_mailbox_or_a_page(production, contact):
    production.PUSH_CONTACT = contact
    assert found(checks.push_has_a_contact) == []


def test_the_made_up_contact_is_enough_on_this_machine_alone(settings, keys):
    assert (settings.LOCAL, settings.PUSH_CONTACT) == (True, "mailto:hello@settle.example")
    assert found(checks.push_has_a_contact) == []


@pytest.mark.parametrize(
    "entry", ["*", "*.com", "https://a.example", "A.example", "a.example:8443", "", "a b.c"]
)
def test_a_further_host_that_is_no_name_stops_the_start(settings, entry):
    settings.PUSH_HOSTS = ["push.ours.net", entry]
    assert found(checks.push_hosts_are_names) == ["settle.E012"]


def test_further_hosts_are_names(settings):
    settings.PUSH_HOSTS = ["push.ours.net", "*.push.ours.net"]
    assert found(checks.push_hosts_are_names) == []


# The token


def test_a_token_is_what_a_push_service_takes(signer, keys, tmp_path):
    """The fake service of our tests looks at signature, audience, end and contact."""
    service = PushService(tmp_path)
    service.clock = NOW.timestamp
    claims = service._claims(signer.authorization(ORIGIN, NOW), f"{ORIGIN}/send/1")
    service.stop()
    assert (claims["sub"], claims["k"]) == (CONTACT, keys.public)
    assert claims["exp"] == NOW.timestamp() + 12 * 3600


def test_a_token_is_kept_for_its_service(signer):
    first = signer.authorization(ORIGIN, NOW)
    assert signer.authorization(ORIGIN, NOW + 10 * HOUR) == first
    assert signer.authorization("https://web.push.apple.com", NOW) != first


def test_a_token_is_renewed_an_hour_before_its_end(signer):
    first = signer.authorization(ORIGIN, NOW)
    assert signer.authorization(ORIGIN, NOW + 11 * HOUR) != first


def test_a_token_is_renewed_when_the_clock_was_put_back(signer):
    """Else its end could be more than a day ahead, which services refuse."""
    first = signer.authorization(ORIGIN, NOW)
    assert signer.authorization(ORIGIN, NOW - 24 * HOUR) != first


def test_no_more_than_a_few_tokens_are_kept(signer):
    for number in range(MOST + 5):
        signer.authorization(f"https://{number}.push.apple.com", NOW)
    assert len(signer.kept) <= MOST

"""The server's side of a connection check: tickets, what one may move, and how many there may be."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.signing import TimestampSigner
from django.test import Client as Browser

from checklist import checking
from checklist.models import Limit, Practice
from checklist.pure import turn
from checklist.pure.allowance import Allowance
from tests.at_once import together
from tests.conftest import SAMS_PHONE, phone

START, PROBE, DOWN, UP = (f"/tools/connection/{name}/" for name in ("start", "probe", "down", "up"))
TURN = {"turn_url": "turn:turn.example.org:3478", "turn_secret": "not-told-to-anybody"}
KB = 1024


def begun(all_, strangers):
    """Return room for so many checks of the whole process, and of those for strangers."""
    return Allowance({"check": all_, "stranger": strangers}, 15)


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    """Begin with nothing counted in this process."""
    monkeypatch.setattr(checking, "_used", Allowance(checking.MOST, 61))
    monkeypatch.setattr(checking, "_begun", begun(checking.UNDER_WAY, checking.STRANGERS))


def start(browser, **extra):
    return browser.post(START, "{}", content_type="application/json", headers={"X-Settle": "1"}, **extra)


@pytest.fixture
def ticket(stranger, db, now):
    return start(stranger).json()["ticket"]


def down(browser, ticket, size):
    return browser.get(DOWN, {"ticket": ticket, "bytes": size}, headers={"Accept-Encoding": "gzip, br"})


def up(browser, ticket, size):
    return browser.generic(
        "POST", f"{UP}?ticket={ticket}", b"\0" * size, content_type="application/octet-stream"
    )


# Beginning


def test_a_phone_that_is_let_in_gets_a_ticket_and_nothing_that_it_should_not_have(sams_phone, now):
    answer = start(sams_phone)
    assert answer.status_code == 200
    assert answer.json() == {"ticket": answer.json()["ticket"], "session_way": None, "turn": None}
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_a_strangers_phone_may_check_as_well(stranger, now):
    assert start(stranger).json()["ticket"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Settle": "1", "Sec-Fetch-Site": "cross-site"},
        {"X-Settle": "1", "Origin": "https://evil.example"},
    ],
)
def test_r16_another_site_can_not_begin_one(headers, stranger):
    assert stranger.post(START, "{}", content_type="application/json", headers=headers).status_code == 403


def test_the_eleventh_check_of_a_phone_is_refused_in_words_with_a_time_to_come_back(sams_phone, now):
    assert [start(sams_phone, REMOTE_ADDR=f"198.51.100.{n}").status_code for n in range(10)] == [200] * 10
    refused = start(sams_phone, REMOTE_ADDR="198.51.100.77")
    assert refused.status_code == 429
    assert refused.json() == {"reason": "That was a lot of checks. Try again in a few minutes."}
    assert int(refused.headers["Retry-After"]) == 120  # 2:18 pm; the ten minutes began at 2:10
    with time_machine.travel(now + timedelta(minutes=2), tick=False):
        assert start(sams_phone).status_code == 200


@pytest.mark.django_db
def test_an_address_may_begin_thirty_and_all_of_an_ipv6_customer_are_one(stranger, now):
    one = [start(stranger, REMOTE_ADDR=f"2001:db8:1:2::{n:x}").status_code for n in range(31)]
    assert one == [200] * 30 + [429]
    assert start(stranger, REMOTE_ADDR="2001:db8:1:3::1").status_code == 200


def test_r29_strangers_behind_the_same_address_use_up_no_check_of_a_phone_that_is_let_in(
    sams_phone, stranger, now
):
    assert [start(stranger).status_code for _ in range(31)] == [200] * 30 + [429]
    assert [start(sams_phone).status_code for _ in range(11)] == [200] * 10 + [429]


def test_r29_the_checks_of_a_phone_that_is_let_in_use_up_none_of_its_address(sams_phone, stranger, now):
    for _ in range(10):
        start(sams_phone)
    assert [start(stranger).status_code for _ in range(31)] == [200] * 30 + [429]


def test_r29_strangers_get_at_most_half_of_what_the_server_lets_begin(sams_phone, stranger, now):
    said = [start(stranger, REMOTE_ADDR=f"198.51.100.{n}").status_code for n in range(61)]
    assert said == [200] * 60 + [429]
    assert start(sams_phone).status_code == 200
    assert checking.UNDER_WAY == 120


def test_a_phone_that_is_let_in_is_told_as_well_when_the_server_is_busy(sams_phone, now, monkeypatch):
    monkeypatch.setattr(checking, "_begun", begun(1, 0))
    assert [start(sams_phone).status_code for _ in range(2)] == [200, 429]
    assert Limit.objects.get().count == 1


@pytest.mark.django_db
def test_a_server_that_is_busy_with_checks_says_so_and_counts_none(stranger, now, monkeypatch):
    monkeypatch.setattr(checking, "_begun", begun(9, 1))
    assert start(stranger).status_code == 200
    refused = start(stranger)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "15")
    assert refused.json()["reason"] == "Many phones are checking right now. Try again in a moment."
    assert Limit.objects.get().count == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_forty_tries_at_once_exactly_ten_are_let_through(now):
    given = []
    tries = [
        lambda n=n: given.append(checking.start("device", f"address {n}", now).ticket) for n in range(40)
    ]
    together(*tries)
    assert len(given) == 40
    assert sum(map(bool, given)) == checking.PER_DEVICE


# Tickets


@pytest.mark.django_db
def test_a_ticket_is_good_for_a_minute(stranger, now):
    with time_machine.travel(now, tick=False) as clock:
        ticket = start(stranger).json()["ticket"]
        clock.shift(59)
        assert stranger.get(PROBE, {"ticket": ticket}).status_code == 204
        clock.shift(3)
        for answer in (
            stranger.get(PROBE, {"ticket": ticket}),
            down(stranger, ticket, 9),
            up(stranger, ticket, 9),
        ):
            assert answer.status_code == 403
            assert answer.json() == {"reason": "This check has run out. Start it again."}


ANOTHERS = TimestampSigner(salt="another", sep=".").sign("x")


@pytest.mark.parametrize(
    "forged",
    ["", "x", "x.y.z", "\x00", "\udc80", "a" * 9000, ANOTHERS],
    ids=["none", "a letter", "three parts", "nil", "no letter", "long", "signed for something else"],
)
def test_r29_a_forged_ticket_is_a_403_with_words(forged, stranger):
    path = {"ticket": forged.encode("utf-8", "surrogateescape")}
    for answer in (stranger.get(PROBE, path), stranger.get(DOWN, {**path, "bytes": 1})):
        assert answer.status_code == 403
        assert answer.json()["reason"]
        assert "no-store" in answer.headers["Cache-Control"]


def test_no_probe_no_data_asks_the_database(stranger, ticket, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert stranger.get(PROBE, {"ticket": ticket, "n": 1}).status_code == 204
        assert down(stranger, ticket, 1000).status_code == 200
        assert up(stranger, ticket, 1000).status_code == 204


def test_the_probes_of_a_phone_that_is_let_in_ask_it_neither(sams_phone, ticket, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert sams_phone.get(PROBE, {"ticket": ticket}).status_code == 204


def test_what_measures_is_answered_before_languages_and_forms_are_thought_of(stranger, ticket):
    for quick in (stranger.get(PROBE, {"ticket": ticket}), down(stranger, ticket, 9)):
        assert "Content-Language" not in quick.headers
        assert quick.headers["Permissions-Policy"] and quick.headers["Content-Security-Policy"]
    for asked in (stranger.get(PROBE, {"ticket": "x"}), down(stranger, "x", 9), down(stranger, ticket, 0)):
        assert asked.headers["Content-Language"] == "en"


def test_a_ticket_is_good_for_forty_probes(stranger, ticket):
    answers = [stranger.get(PROBE, {"ticket": ticket, "n": n}) for n in range(41)]
    assert [answer.status_code for answer in answers] == [204] * 40 + [429]
    assert answers[0].content == b""
    assert "no-store" in answers[0].headers["Cache-Control"]
    assert answers[-1].json()["reason"] == "This check has used up its data. Start it again."


# Data


def test_what_comes_down_is_noise_of_just_that_size_that_nobody_packs_or_keeps(stranger, ticket):
    answer = down(stranger, ticket, 300_000)
    assert len(answer.content) == int(answer.headers["Content-Length"]) == 300_000
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store, no-transform"
    assert len(set(answer.content)) == 256
    assert down(stranger, ticket, 1000).content == answer.content[:1000]


def test_a_ticket_brings_about_a_megabyte_down_and_no_more(stranger, ticket):
    assert [down(stranger, ticket, size).status_code for size in (1_000_000, 100_000, 1)] == [200, 200, 429]


def test_a_ticket_takes_about_a_megabyte_up_and_no_more(stranger, ticket):
    assert [up(stranger, ticket, 256 * KB).status_code for _ in range(5)] == [204] * 4 + [429]
    assert up(stranger, ticket, 40 * KB).status_code == 204


@pytest.mark.parametrize("size", ["", "0", "-1", "1000001", "1e3", "x", "9" * 400, "\u0663"])
def test_r29_a_size_that_is_none_is_refused_in_words(size, stranger, ticket):
    answer = down(stranger, ticket, size)
    assert (answer.status_code, answer.json()["reason"]) == (400, "Ask for 1 to 1,000,000 bytes.")


def test_r29_a_body_that_is_too_large_or_none_is_refused_in_words(stranger, ticket):
    assert up(stranger, ticket, 256 * KB + 1).status_code == 413
    assert up(stranger, ticket, 0).status_code == 400


def test_an_allowance_is_exact_under_threads_and_forgets():
    allowance, taken = Allowance({"probe": 40}, 60, holders=2), []
    together(*[lambda: taken.append(allowance.take("one", "probe", 1, 0)) for _ in range(60)])
    assert sum(taken) == 40
    assert allowance.take("two", "probe", 40, 1)
    assert not allowance.take("three", "probe", 1, 2)  # no room for more holders
    assert allowance.take("three", "probe", 1, 60)
    assert len(allowance) == 2


# TURN


def test_r25_a_phone_whose_practice_has_a_turn_server_gets_words_for_it_that_run_out(sams_phone, dana, now):
    Practice.objects.filter(pk=dana.practice_id).update(**TURN)
    answer = start(sams_phone)
    found = answer.json()["turn"]
    assert found["urls"] == ["turn:turn.example.org:3478"]
    until, name = found["username"].split(":")
    assert int(until) == now.timestamp() + turn.LASTS
    assert re.fullmatch("[0-9a-f]{16}", name)
    assert "not-told" not in answer.content.decode()


def test_r25_a_stranger_and_the_phone_of_another_practice_get_none(stranger, lees_phone, dana, now):
    Practice.objects.filter(pk=dana.practice_id).update(**TURN)
    assert [start(browser).json()["turn"] for browser in (stranger, lees_phone)] == [None, None]


def test_the_words_for_a_turn_server_are_what_turn_servers_reckon(monkeypatch, now):
    monkeypatch.setattr(turn.secrets, "token_hex", lambda size: "0123456789abcdef")
    found = turn.credentials("turn:turn.example.org", "secret", now)
    assert found["username"] == "1795721280:0123456789abcdef"
    assert found["credential"] == EXPECTED


# openssl dgst -sha1 -hmac secret -binary <<< (without the line end) | base64
EXPECTED = "iJoOKRGaiHMKUnqaiccr+Spgst0="


def test_no_log_of_ours_keeps_a_ticket():
    """Tickets stand in query strings: the web server is started without an access log."""
    command = (Path(__file__).parent.parent / "bin/lib/serve.py").read_text()
    assert "--access-log" not in command
    assert "--log-level warning" in command
    readme = (Path(__file__).parent.parent / "README.md").read_text()
    assert "--access-log" not in readme


def test_r16_a_revoked_phone_checks_like_a_strangers(sam, dana, now):
    Practice.objects.filter(pk=dana.practice_id).update(**TURN)
    browser = phone(sam, SAMS_PHONE)
    sam.devices.get().revoke()
    assert start(browser).json()["turn"] is None
    assert json.loads(start(Browser()).content)["ticket"]

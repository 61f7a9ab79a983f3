"""The figures of a connection check stay on the phone unless the client keeps them with a session (R20)."""

import json
from datetime import timedelta

import pytest
import time_machine

from checklist import scheduling
from checklist.models import Check
from tests.at_desk import look, section
from tests.conftest import phone
from tests.looking import HOUR
from tests.reading import read

CHECK = {
    "verdict": "good", "way": "video", "rtt": 84.4, "jitter": 7.5, "late": 0, "probes": 12,
    "down": 5321.9, "up": 1804, "loss": None,
}  # fmt: skip


def keep(browser, session, body=None, **fields):
    body = json.dumps({**CHECK, **fields}) if body is None else body
    path = f"/sessions/{session.id}/check/"
    return browser.post(path, body, content_type="application/json", headers={"X-Settle": "1"})


def take_back(browser, session):
    path = f"/sessions/{session.id}/check/"
    return browser.delete(path, headers={"X-Settle": "1"})


def test_r20_nothing_is_kept_until_the_client_says_so(sams_phone, desk, sams_session):
    sams_phone.get(f"/sessions/{sams_session.id}/")
    assert not Check.objects.exists()
    assert "Connection check" not in look(desk, f"/desk/sessions/{sams_session.id}/").text


def test_r20_what_is_kept_the_therapist_reads_in_words_with_its_figures(sams_phone, desk, sams_session):
    assert keep(sams_phone, sams_session).json()["verdict"] == "good"
    told = section(look(desk, f"/desk/sessions/{sams_session.id}/"), "Connection check")
    assert told == (
        "Good for video Kept by the client, 2:18 pm Reply time 84 ms It varies by 8 ms Late replies 0 of 12"
        " To the phone 5.3 Mb/s From the phone 1.8 Mb/s Lost data not measured"
    )


def test_a_check_is_told_at_the_therapists_time(sams_phone, desk, sams_session, now):
    keep(sams_phone, sams_session)
    with time_machine.travel(now + timedelta(days=1), tick=False):
        told = section(look(desk, f"/desk/sessions/{sams_session.id}/"), "Connection check")
    assert "Kept by the client, Yesterday, 2:18 pm" in told


def test_r22_the_verdict_is_reckoned_here_and_never_believed(sams_phone, sams_session):
    answer = keep(sams_phone, sams_session, verdict="good", up=90, late=1, rtt=None, jitter=None)
    assert answer.json() == {
        "verdict": "poor", "worst": ["up"], "missing": ["rtt", "jitter"], "offer": "voice",
    }  # fmt: skip
    assert Check.objects.get().verdict == "poor"


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ({"way": "voice"}, "Good for a voice call"),
        ({"way": "text"}, "Good for text"),
        ({"down": 600}, "Fair for video"),
        ({"up": 90}, "Weak for video"),
        ({"up": 90.4}, "From the phone 90 kb/s"),
        ({"rtt": None, "jitter": None, "down": None, "up": None, "late": 12}, "No answer from the server"),
        ({"loss": 2.345}, "Lost data 2.3 %"),
    ],
)
def test_each_verdict_has_its_words_at_the_desk(figures, words, sams_phone, desk, sams_session):
    keep(sams_phone, sams_session, **figures)
    assert words in section(look(desk, f"/desk/sessions/{sams_session.id}/"), "Connection check")


def test_a_second_check_takes_the_place_of_the_first_of_that_phone_only(sams_phone, sam, sams_session):
    keep(sams_phone, sams_session, rtt=10)
    keep(sams_phone, sams_session, rtt=20)
    keep(phone(sam, "sams-tablet"), sams_session, rtt=30)
    assert sorted(Check.objects.values_list("rtt", flat=True)) == [20, 30]


def test_r20_it_is_taken_back_by_a_script_and_again_changes_nothing(sams_phone, desk, sams_session):
    keep(sams_phone, sams_session)
    assert [take_back(sams_phone, sams_session).status_code for _ in range(2)] == [204, 204]
    assert not Check.objects.exists()
    assert "Connection check" not in look(desk, f"/desk/sessions/{sams_session.id}/").text


def test_r20_the_client_sees_what_is_kept_and_takes_it_back_by_a_plain_form(sams_phone, sams_session):
    keep(sams_phone, sams_session)
    page = read(sams_phone.get(f"/sessions/{sams_session.id}/"))
    (form,) = [form for form in page.all("form") if form["action"].endswith("/check/")]
    assert (
        form.text
        == "Kept with this session You kept a connection check. Dana R. sees its figures. Take it back"
    )
    answer = sams_phone.post(form["action"], follow=True)
    assert "Taken back. Nothing of the check is kept here." in read(answer).text
    assert not Check.objects.exists()


def test_r16_a_strangers_session_is_a_404_and_keeps_nothing(sams_phone, lees_session, lees_phone):
    keep(lees_phone, lees_session)
    assert keep(sams_phone, lees_session).status_code == 404
    assert take_back(sams_phone, lees_session).status_code == 404
    assert sams_phone.post(f"/sessions/{lees_session.id}/check/").status_code == 404
    assert Check.objects.count() == 1


@pytest.mark.parametrize("over", ["cancelled", "ended"])
def test_nothing_is_kept_with_a_session_that_is_over_but_still_taken_back(
    over, sams_phone, sams_session, now
):
    keep(sams_phone, sams_session, rtt=10)
    if over == "cancelled":
        scheduling.cancel(sams_session, now)
    with time_machine.travel(now if over == "cancelled" else now + 3 * HOUR, tick=False):
        answer = keep(sams_phone, sams_session, rtt=20)
        assert (answer.status_code, answer.json()["reason"]) == (
            409, "This session is over, so nothing is kept with it.",
        )  # fmt: skip
        assert Check.objects.get().rtt == 10
        assert take_back(sams_phone, sams_session).status_code == 204


BAD = {
    "no JSON": "{", "not even text": b"\xff", "a list": "[]", "null": "null", "nothing": "{}",
    "deep": "[" * 9000,
    **{
        f"{name} {value}": json.dumps({**CHECK, name: value})
        for name, values in {
            "verdict": ["great", None, 1, ["good"]],
            "way": ["in_person", "", None, ["video"], {}],
            "rtt": [-1, "80", True, 60_001, float("nan"), float("inf"), [80], 10**400],
            "down": [-0.1, 10_000_001],
            "loss": [101],
            "late": [None, -1, 13, 1.5, True, "0"],
            "probes": [None, 101, -1, 12.0],
        }.items()
        for value in values
    },
    "a reply time without a reply": json.dumps({**CHECK, "late": 12}),
}  # fmt: skip


@pytest.mark.parametrize("body", BAD.values(), ids=[name[:30] for name in BAD])
def test_r29_what_is_no_check_is_a_400_with_words_and_keeps_nothing(body, sams_phone, sams_session):
    answer = keep(sams_phone, sams_session, body)
    assert (answer.status_code, bool(answer.json()["error"])) == (400, True)
    assert not Check.objects.exists()


def test_another_site_keeps_nothing(sams_phone, sams_session):
    path = f"/sessions/{sams_session.id}/check/"
    assert sams_phone.post(path, json.dumps(CHECK), content_type="application/json").status_code == 403
    assert sams_phone.delete(path).status_code == 403


def test_r28_kept_checks_cost_no_more_queries_when_there_are_many(
    sams_phone, desk, sam, sams_session, django_assert_num_queries
):
    path = f"/desk/sessions/{sams_session.id}/"
    keep(sams_phone, sams_session)
    desk.get(path)
    with django_assert_num_queries(QUERIES):
        desk.get(path)
    for number in range(5):
        keep(phone(sam, f"phone {number}"), sams_session)
    with django_assert_num_queries(QUERIES):
        assert desk.get(path).content.decode().count("Kept by the client") == 6


QUERIES = 12


def test_it_goes_with_its_session_and_with_its_client(sams_phone, sams_session):
    keep(sams_phone, sams_session)
    sams_session.delete()
    assert not Check.objects.exists()

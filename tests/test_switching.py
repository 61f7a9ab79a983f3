"""A client switches a session to voice or text in one tap, and back; the therapist sees it, and ticks stay (R2)."""

import json
from datetime import timedelta

import pytest
import time_machine

from checklist import answering, scheduling, ticking
from checklist.models import Session, answers
from tests import factories
from tests.at_desk import look, rows, section
from tests.at_once import together
from tests.looking import HOUR
from tests.reading import read


def by_script(browser, session, way="voice", sequence=0, body=None):
    body = json.dumps({"way": way, "sequence": sequence}) if body is None else body
    path = f"/sessions/{session.id}/way/"
    return browser.post(path, body, content_type="application/json", headers={"X-Settle": "1"})


def by_form(browser, session, way="voice", sequence=0):
    return browser.post(f"/sessions/{session.id}/way/", {"way": way, "sequence": sequence})


def ways(session):
    return Session.objects.values_list("way", "arranged_way").get(pk=session.pk)


def test_one_tap_switches_and_says_what_it_was(sams_phone, sams_session):
    answer = by_script(sams_phone, sams_session)
    assert answer.json() == {"way": "voice", "was": "video", "sequence": 1}
    assert ways(sams_session) == ("voice", "video")


def test_r2_ticks_that_still_apply_stay_and_the_rest_comes_back_with_the_way(sams_phone, sams_session, now):
    for item in ("connection", "join-video"):
        ticking.tick(sams_session, item, "done", None, now)
    keys = {line.item.key for line in sams_session.readiness.lines if line.done}
    by_script(sams_phone, sams_session, "text")
    there = {line.item.key for line in Session.objects.get(pk=sams_session.pk).readiness.lines if line.done}
    assert there < keys == {"connection", "join-video"}
    by_script(sams_phone, sams_session, "video", 1)
    back = {line.item.key for line in Session.objects.get(pk=sams_session.pk).readiness.lines if line.done}
    assert back == keys


def test_phones_and_calendars_hear_of_it_and_reminders_are_planned_anew(
    sams_phone, sams_session, monkeypatch
):
    planned, before = [], sams_session.cursor
    monkeypatch.setattr(scheduling.reminding, "plan", lambda session, _now: planned.append(session.way))
    by_script(sams_phone, sams_session)
    sams_session.refresh_from_db()
    assert (planned, sams_session.sequence) == (["voice"], 1)
    assert sams_session.cursor > before
    news = sams_phone.post(
        "/sync/", {"cursor": {str(sams_session.client_id): before}}, content_type="application/json",
        headers={"X-Settle": "1"},
    ).json()["sessions"]  # fmt: skip
    assert [(copy["id"], copy["way"]) for copy in news] == [(str(sams_session.id), "voice")]


def test_a_second_tap_changes_nothing(sams_phone, sams_session):
    answers = [by_script(sams_phone, sams_session) for _ in range(2)]
    assert [answer.json()["sequence"] for answer in answers] == [1, 1]


def test_the_therapist_sees_it_with_the_time_on_both_pages(sams_phone, desk, sams_session, now):
    by_script(sams_phone, sams_session)
    words = "Switched to voice by the client, 2:18 pm"
    assert words in section(look(desk, f"/desk/sessions/{sams_session.id}/"), "The session")
    assert words in rows(desk)["Sam K."][1]


def test_a_switch_yesterday_is_told_with_its_day(sams_phone, desk, sam, now):
    session = factories.session(sam, timedelta(days=2))
    by_script(sams_phone, session)
    with time_machine.travel(now + timedelta(days=1), tick=False):
        told = section(look(desk, f"/desk/sessions/{session.id}/"), "The session")
    assert "by the client, Yesterday, 2:18 pm" in told


def test_the_client_switches_back_by_a_plain_form_until_the_start(sams_phone, desk, sams_session):
    by_script(sams_phone, sams_session, "text")
    page = read(sams_phone.get(f"/sessions/{sams_session.id}/"))
    (form,) = [form for form in page.all("form") if form["action"].endswith("/way/")]
    assert form.text == "You switched to text Dana R. sees that. Your ticks are kept. Back to video"
    button, sequence = form.one("button"), form.one("input", name="sequence")["value"]
    assert by_form(sams_phone, sams_session, button["value"], sequence).status_code == 302
    assert ways(sams_session) == ("video", "video")
    told = section(look(desk, f"/desk/sessions/{sams_session.id}/"), "The session")
    assert "Switched back to video by the client, 2:18 pm" in told
    assert "Back to" not in read(sams_phone.get(f"/sessions/{sams_session.id}/")).text


def test_once_begun_it_is_switched_to_something_simpler_only(sams_phone, sams_session, now):
    by_script(sams_phone, sams_session, "voice")
    with time_machine.travel(now + HOUR, tick=False):
        refused = by_script(sams_phone, sams_session, "video", 1)
        assert refused.json()["reason"] == "It has begun, so it is too late to switch back here."
        assert "Back to" not in read(sams_phone.get(f"/sessions/{sams_session.id}/")).text
        assert by_script(sams_phone, sams_session, "text", 1).status_code == 200
    assert ways(sams_session) == ("text", "video")


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("changed", "This session has changed since. Look at it again first."),
        ("cancelled", "This session is over, so it can't be switched."),
        ("ended", "This session is over, so it can't be switched."),
        ("visit", "You meet in person. Ask your therapist to change that."),
        ("richer", "Ask your therapist for this way of meeting."),
    ],
)
def test_what_can_not_be_switched_is_said_in_words_and_stays(case, words, sams_phone, sam, now):
    session = factories.session(sam, way={"visit": "in_person", "richer": "text"}.get(case, "video"), link="")
    if case == "changed":
        scheduling.change(session, now, session.starts_at + HOUR, 50)
    if case == "cancelled":
        scheduling.cancel(session, now)
    before = ways(session)
    with time_machine.travel(now + 4 * HOUR if case == "ended" else now, tick=False):
        sequence = 0 if case == "changed" else session.sequence
        answer = by_script(sams_phone, session, sequence=sequence)
        assert (answer.status_code, answer.json()["reason"]) == (409, words)
        answer = by_form(sams_phone, session, sequence=sequence)
        assert answer.status_code == 422
        assert words in read(answer).text
    assert ways(session) == before


def test_the_therapist_changes_the_way_as_always_and_what_was_switched_is_settled(
    sams_phone, desk, sams_session, now
):
    by_script(sams_phone, sams_session)
    sams_session.refresh_from_db()
    scheduling.change(sams_session, now, sams_session.starts_at, 50, way="video")
    assert ways(sams_session) == ("video", "")
    assert "by the client" not in look(desk, f"/desk/sessions/{sams_session.id}/").text


def test_a_session_that_only_moves_stays_switched(sams_phone, sams_session, now):
    by_script(sams_phone, sams_session)
    sams_session.refresh_from_db()
    scheduling.change(sams_session, now, sams_session.starts_at + HOUR, 50, way="voice")
    assert ways(sams_session) == ("voice", "video")


def test_a_wish_that_the_switch_meets_is_not_told_any_more(sams_phone, desk, sams_session, now):
    answering.give(sams_session, "text", 1, now)
    assert "Asks for text chat" in look(desk).text
    by_script(sams_phone, sams_session, "text")
    sams_session.refresh_from_db()
    assert answers.present(sams_session) == []
    assert "Asks for text chat" not in look(desk).text


@pytest.mark.parametrize(
    "body",
    ["{", b"\xff", "[]", "null", "{}", '{"way": "voice"}', '{"way": "in_person", "sequence": 0}',
     '{"way": ["voice"], "sequence": 0}', '{"way": "voice", "sequence": true}',
     '{"way": "voice", "sequence": -1}', '{"way": "voice", "sequence": 1e99}', "[" * 9000],
)  # fmt: skip
def test_r29_what_is_no_switch_is_a_400_with_words_and_changes_nothing(body, sams_phone, sams_session):
    answer = by_script(sams_phone, sams_session, body=body)
    assert (answer.status_code, bool(answer.json()["error"])) == (400, True)
    assert ways(sams_session) == ("video", "")


def test_r29_a_form_that_is_no_switch_is_refused_in_words(sams_phone, sams_session):
    answer = by_form(sams_phone, sams_session, "\x00", "x")
    assert answer.status_code == 422
    assert "That could not be read. Nothing has changed." in read(answer).text


def test_r16_a_strangers_session_is_a_404(sams_phone, lees_session):
    assert by_script(sams_phone, lees_session).status_code == 404
    assert by_form(sams_phone, lees_session).status_code == 404


def test_another_site_switches_nothing(sams_session, sams_phone):
    sams_phone.handler.enforce_csrf_checks = True
    path = f"/sessions/{sams_session.id}/way/"
    body = {"way": "voice", "sequence": 0}
    assert sams_phone.post(path, body).status_code == 403
    assert sams_phone.post(path, body, content_type="application/json").status_code == 403
    assert ways(sams_session) == ("video", "")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_a_switch_and_a_cancelling_at_once_neither_is_lost(sams_session, now):
    rows = [Session.objects.get(pk=sams_session.pk) for _ in range(9)]
    switches = [lambda row=row: scheduling.switch(row, "voice", 0, now) for row in rows[1:]]
    together(lambda: scheduling.cancel(rows[0], now), *switches)
    sams_session.refresh_from_db()
    assert sams_session.cancelled
    assert (sams_session.way, sams_session.sequence) in [("voice", 2), ("video", 1)]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_r4_a_switch_and_ticks_at_once_never_wait_for_each_other_in_a_ring(sams_session, now):
    rounds, kept = 12, Session.objects.filter(pk=sams_session.pk)

    def switching():
        for number in range(rounds):
            row = kept.get()
            assert scheduling.switch(row, ("voice", "video")[number % 2], row.sequence, now) == ""

    def ticks():
        for _ in range(rounds):
            ticking.tick(kept.get(), "connection", "done", None, now)

    together(switching, ticks, ticks)
    assert (kept.get().sequence, kept.get().ticks.count()) == (rounds, 2 * rounds)

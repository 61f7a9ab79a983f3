"""A client's answer to a session ahead: in the app, from a mail, on a notification, and at the desk (R3, R16, R17)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from checklist import answering, merging, scheduling
from checklist.channels.letters import compose
from checklist.models import Answer, Client, Reminder, Session
from checklist.models.answers import token_of
from tests import factories
from tests.at_desk import look, queries, rows, section
from tests.reading import read

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NO_ANSWERS = {
    "no kind": {"give": "dance"},
    "nothing": {},
    "both at once": {"give": "confirm", "take_back": "move"},
    "no revision": {"give": "confirm", "revision": ""},
    "a revision that is none": {"give": "confirm", "revision": "9" * 400},
    "bytes": {"give": "\x00", "revision": "\x00"},
}


def said(session):
    """Return what is kept of a session, the oldest first."""
    return list(session.answers.order_by("created_at", "id").values_list("kind", flat=True))


def tap(browser, session, revision=1, **fields):
    return browser.post(f"/sessions/{session.id}/answers/", {"revision": revision, **fields})


def mailed(browser, token, kind="confirm"):
    return browser.post("/answer/", {"token": token, "kind": kind})


@pytest.fixture
def token(sams_session, sam):
    """What a mail about Sam's session carries."""
    return token_of(sams_session, sam)


# In the app


def test_r7_one_tap_answers_without_any_script(sams_phone, sams_session, sam):
    answer = tap(sams_phone, sams_session, give="confirm")
    assert (answer.status_code, answer.url) == (302, f"/sessions/{sams_session.id}/#answer")
    assert sams_session.answers.get().device == sam.devices.get()


def test_a_tap_on_the_first_page_leads_back_to_it(sams_phone, sams_session):
    assert tap(sams_phone, sams_session, give="confirm", back="today").url == "/#answer"


def test_a_tap_that_is_sent_twice_counts_once(sams_phone, sams_session):
    for _ in range(2):
        tap(sams_phone, sams_session, give="voice")
    assert said(sams_session) == ["voice"]


def test_the_same_tap_takes_an_answer_back(sams_phone, sams_session):
    tap(sams_phone, sams_session, give="voice")
    for _ in range(2):
        tap(sams_phone, sams_session, take_back="voice")
    assert said(sams_session) == []


def test_who_asks_for_another_time_does_not_confirm_any_more(sams_phone, sams_session):
    for kind in ("confirm", "voice", "move"):
        tap(sams_phone, sams_session, give=kind)
    assert set(said(sams_session)) == {"voice", "move"}
    tap(sams_phone, sams_session, give="confirm")
    assert set(said(sams_session)) == {"voice", "confirm"}


def test_of_voice_and_text_the_later_one_is_meant(sams_phone, sams_session):
    for kind in ("voice", "text"):
        tap(sams_phone, sams_session, give=kind)
        assert said(sams_session) == [kind]


@pytest.mark.parametrize("address", ["/", "/sessions/{}/"])
def test_the_page_shows_what_was_answered(address, sams_phone, sams_session):
    tap(sams_phone, sams_session, give="no_place")
    form = read(sams_phone.get(address.format(sams_session.id))).one("form", kind="answers")
    pressed = {button.text: button["aria-pressed"] for button in form.all("button")}
    assert pressed == {
        "I'll be there": "false",
        "I'd like another time": "false",
        "Rather by voice": "false",
        "Rather by text chat": "false",
        "No private place this time": "true",
    }
    assert "Dana R. sees your answer. Tap it again to take it back." in form.text


@pytest.mark.parametrize(
    ("way", "kind"),
    [
        ("voice", "Rather by voice"),
        ("text", "Rather by text chat"),
        ("in_person", "No private place this time"),
    ],
)
def test_what_has_no_sense_for_the_way_of_meeting_is_not_offered(way, kind, sams_phone, sam, now):
    session = factories.session(sam, way=way, link="")
    form = read(sams_phone.get(f"/sessions/{session.id}/")).one("form", kind="answers")
    assert kind not in [button.text for button in form.all("button")]
    assert len(form.all("button")) == 4


@pytest.mark.parametrize("fields", NO_ANSWERS.values(), ids=NO_ANSWERS)
def test_r29_what_is_no_answer_is_refused_in_words_and_changes_nothing(fields, sams_phone, sams_session):
    answer = sams_phone.post(f"/sessions/{sams_session.id}/answers/", {"revision": 1, **fields})
    assert answer.status_code == 422
    assert "That answer could not be read. Nothing has changed." in read(answer).text
    assert said(sams_session) == []


def test_r16_a_strangers_session_can_not_be_answered(sams_phone, lees_session):
    assert tap(sams_phone, lees_session, give="confirm").status_code == 404
    assert said(lees_session) == []


@pytest.mark.parametrize("wish", ["give", "take_back"])
def test_once_it_has_begun_nothing_is_answered_any_more(wish, sams_phone, sams_session):
    tap(sams_phone, sams_session, give="confirm")
    before = said(sams_session)
    with time_machine.travel(sams_session.starts_at, tick=False):
        answer = tap(sams_phone, sams_session, **{wish: "voice" if wish == "give" else "confirm"})
    assert answer.status_code == 422
    assert "It has begun, so it is too late to answer here." in read(answer).text
    assert said(sams_session) == before


def test_until_the_last_second_it_is_answered(sams_phone, sams_session):
    with time_machine.travel(sams_session.starts_at - timedelta(seconds=1), tick=False):
        assert tap(sams_phone, sams_session, give="confirm").status_code == 302


def test_what_was_cancelled_is_not_answered(sams_phone, sams_session, now):
    scheduling.cancel(sams_session, now)
    answer = tap(sams_phone, sams_session, give="confirm")
    assert answer.status_code == 422
    assert "This was cancelled, so there is nothing to answer." in read(answer).text


def test_a_page_of_before_a_move_does_not_answer_the_new_time(sams_phone, sams_session, now):
    scheduling.change(sams_session, now, now + DAY, 50)
    answer = tap(sams_phone, sams_session, give="confirm")
    assert answer.status_code == 422
    assert "The time has changed since. Look at the new time first." in read(answer).text
    assert said(sams_session) == []


def test_an_answer_to_the_time_before_a_move_is_none_to_the_new_one(sams_phone, desk, sams_session, now):
    tap(sams_phone, sams_session, give="confirm")
    scheduling.change(sams_session, now, now + DAY, 50)
    page = read(sams_phone.get("/")).one("form", kind="answers")
    assert [button["aria-pressed"] for button in page.all("button")] == ["false"] * 5
    assert section(look(desk, f"/desk/sessions/{sams_session.id}/"), "What they answered") == ""


@pytest.mark.parametrize("later", [timedelta(minutes=43), 3 * HOUR])
def test_once_it_has_begun_the_page_asks_nothing(later, sams_phone, sams_session, now):
    with time_machine.travel(now + later, tick=False):
        page = read(sams_phone.get(f"/sessions/{sams_session.id}/"))
    assert page.all("form", id="answer") == []


# On a notification


def test_an_address_of_a_notification_asks_for_one_more_tap_and_changes_nothing(sams_phone, sams_session):
    page = read(sams_phone.get(f"/sessions/{sams_session.id}/?answer=confirm"))
    [button] = page.all("form", kind="answers")[0].all("button")
    assert (button["name"], button["value"], button.text) == ("give", "confirm", "I'll be there")
    assert said(sams_session) == []


@pytest.mark.parametrize("query", ["dance", "", "confirm' or 1", "voice%00"])
def test_r29_another_word_in_that_address_is_let_be(query, sams_phone, sams_session):
    page = read(sams_phone.get(f"/sessions/{sams_session.id}/?answer={query}"))
    assert len(page.all("form", kind="answers")) == 1


def test_what_was_answered_already_is_not_asked_again(sams_phone, sams_session):
    tap(sams_phone, sams_session, give="confirm")
    page = read(sams_phone.get(f"/sessions/{sams_session.id}/?answer=confirm"))
    assert len(page.all("form", kind="answers")) == 1


# From a mail


@pytest.mark.parametrize("kind", Answer.Kind.values)
def test_a_mail_answers_without_a_cookie(kind, stranger, token, sams_session):
    answer = mailed(stranger, token, kind)
    assert answer.status_code == 200
    assert read(answer).one("h1").text == "Thank you, it is passed on"
    assert sams_session.answers.get().kind == kind
    assert sams_session.answers.get().device is None


@pytest.mark.parametrize("kind", Answer.Kind.values)
def test_an_answer_from_a_mail_is_taken_back_where_it_was_given(kind, stranger, token, sams_session):
    [form] = [
        form
        for form in read(mailed(stranger, token, kind)).all("form")
        if form.all("button", name="take_back")
    ]
    fields = {field["name"]: field["value"] for field in form.all("input")} | {"take_back": "on"}
    assert read(stranger.post("/answer/", fields)).one("h1").text == "It is taken back"
    assert said(sams_session) == []


def test_an_answer_from_a_mail_counts_once(stranger, token, sams_session):
    assert [mailed(stranger, token).status_code for _ in range(2)] == [200, 200]
    assert said(sams_session) == ["confirm"]


@pytest.mark.parametrize("method", ["get", "head"])
def test_r17_looking_changes_nothing(method, stranger, token, sams_session):
    assert getattr(stranger, method)("/answer/", {"token": token, "kind": "confirm"}).status_code == 200
    assert said(sams_session) == []


def test_r3_the_page_of_a_mails_link_names_nobody(stranger, token, sams_session):
    for answer in (stranger.get("/answer/"), mailed(stranger, token)):
        text = read(answer).text
        assert not [word for word in ("Sam", "Dana", "Green Room", "therap") if word in text]


def spoilt(token):
    session, revision, proof = token.split(".")
    return {
        "nothing": "",
        "another session": f"{'0' * 32}.{revision}.{proof}",
        "another revision": f"{session}.2.{proof}",
        "another proof": f"{session}.{revision}.{'A' * 43}",
        "no proof": f"{session}.{revision}",
        "too long": token + "A" * 200,
        "capitals": token.upper(),
        "other digits": f"{session}.\u0661.{proof}",
        "a zero": token[:-1] + "\x00",
    }


@pytest.mark.parametrize("name", spoilt("a.b.c"))
def test_r29_a_token_that_is_none_is_refused_in_words(name, stranger, token, sams_session):
    answer = mailed(stranger, spoilt(token)[name])
    assert answer.status_code == 422
    assert "This link can't be used to answer any more." in read(answer).text
    assert said(sams_session) == []


def test_r29_a_kind_that_is_none_is_refused(stranger, token, sams_session):
    assert mailed(stranger, token, "dance").status_code == 422
    assert said(sams_session) == []


def test_r16_a_token_is_worthless_for_another_session(stranger, token, sam, lees_session):
    later = factories.session(sam, 3 * DAY)
    _session, revision, proof = token.split(".")
    for other in (later, lees_session):
        assert mailed(stranger, f"{other.id.hex}.{revision}.{proof}").status_code == 422
        assert said(other) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda row, now: scheduling.cancel(row, now), "This was cancelled"),
        (lambda row, now: scheduling.change(row, now, now + DAY, 50), "The time has changed since."),
    ],
    ids=["cancelled", "moved"],
)
def test_a_mail_of_before_a_change_says_what_has_changed(change, words, stranger, token, sams_session, now):
    change(sams_session, now)
    answer = mailed(stranger, token)
    assert answer.status_code == 422
    assert words in read(answer).text
    assert said(sams_session) == []


def test_a_mail_expires_at_the_start(stranger, token, sams_session):
    with time_machine.travel(sams_session.starts_at, tick=False):
        assert mailed(stranger, token).status_code == 422
    assert said(sams_session) == []


def test_a_mail_in_an_old_mailbox_answers_nothing(stranger, token, sam, sams_session):
    Client.objects.filter(pk=sam.pk).update(email="new@example.org")
    assert mailed(stranger, token).status_code == 422
    assert said(sams_session) == []


def test_a_mail_to_an_archived_client_answers_nothing(stranger, token, sam, now):
    Client.objects.filter(pk=sam.pk).update(archived_at=now)
    assert mailed(stranger, token).status_code == 422


def test_a_mail_is_still_good_after_the_key_was_changed(stranger, token, sams_session, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key " * 6, [settings.SECRET_KEY]
    assert mailed(stranger, token).status_code == 200


def letter(session, now):
    reminder = Reminder.objects.filter(session=session).select_related("client__practice").first()
    reminder.sessions = merging.spoken_of(reminder, now)
    return compose(reminder, now)


def test_the_link_in_a_mail_answers(sam, now):
    session = factories.session(sam, 3 * DAY)
    found = letter(session, now).text.partition("/answer/#")[2].split()[0]
    assert answering.by_token(found) == (session, 1)


def test_a_mail_about_two_sessions_leads_to_the_app_for_one_tap_never_answers_for_two(sam, now):
    session = factories.session(sam, 3 * DAY)
    factories.session(sam, 3 * DAY + 30 * MINUTE)
    mail = letter(session, now)
    assert "/answer/" not in mail.text + mail.html


# All at once


@pytest.mark.django_db(transaction=True)
def test_r8_taps_at_the_same_moment_count_once(sams_session, now):
    def one(kind):
        try:
            return answering.give(Session.objects.get(pk=sams_session.pk), kind, 1, now)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(one, ["confirm", "move"] * 4)) == {""}
    assert len(said(sams_session)) == 1


# At the desk


def test_the_days_table_tells_the_newest_first_and_leads_to_where_it_is_changed(desk, sams_session, now):
    for minutes, kind in enumerate(("confirm", "no_place", "voice")):
        answering.give(sams_session, kind, 1, now - HOUR + minutes * MINUTE)
    cell = rows(desk)["Sam K."][1]
    assert cell.endswith("Asks for voice No private place this time Confirmed Change Sam K.")
    links = [link["href"] for link in look(desk).one("tbody").all("a")]
    assert links.count(f"/desk/sessions/{sams_session.id}/edit/") == 1


def test_the_page_of_a_session_tells_what_to_do_about_an_answer(desk, sams_session, now):
    answering.give(sams_session, "move", 1, now - MINUTE)
    told = section(look(desk, f"/desk/sessions/{sams_session.id}/"), "What they answered")
    assert told == "Asks to move From a mail, 2:17 pm Find another time"


def test_who_would_rather_write_is_told_with_what_to_do_about_it(desk, sams_session, now):
    answering.give(sams_session, "text", 1, now - MINUTE)
    told = section(look(desk, f"/desk/sessions/{sams_session.id}/"), "What they answered")
    assert told == "Asks for text chat From a mail, 2:17 pm Switch to text"


def test_what_the_session_does_by_now_is_not_asked_any_more(desk, sams_session, now):
    answering.give(sams_session, "voice", 1, now)
    Session.objects.update(way="voice")
    assert "Asks for voice" not in look(desk, f"/desk/sessions/{sams_session.id}/").text


def test_r28_answers_cost_no_more_queries_when_there_are_many(desk, sam, sams_session, now):
    few = queries(desk, "/desk/")
    for number in range(5):
        session = factories.session(sam, HOUR + number * MINUTE)
        for kind in ("confirm", "voice", "no_place"):
            answering.give(session, kind, 1, now)
    assert queries(desk, "/desk/") == few

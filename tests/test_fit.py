"""After every fourth session that took place: three taps on how well it fits, or a skip, also for good (R20)."""

from datetime import timedelta

import pytest

from checklist import retaining
from checklist.models import Client, Fit, Outcome, Practice
from checklist.models.afterwards import fetched
from checklist.models.said import asks_fit
from tests.over import fits, past, say, share
from tests.reading import read
from tests.wished import choose


@pytest.fixture
def fourth(sam, now):
    """Sam's fourth session, over since an hour or two, with its outcome said."""
    *_earlier, session = past(sam, 4)
    say(session, "well")
    return session


def tap(browser, session, status=302, **fields):
    answer = browser.post(f"/sessions/{session.id}/fit/", {"back": "today", **fields})
    assert answer.status_code == status
    return answer


def card(browser, address="/"):
    return next(iter(read(browser.get(address)).all("form", id="fit")), None)


def question(browser):
    asked = card(browser)
    return asked and asked.one("h2").text


def test_three_taps_answer_it_and_it_asks_no_more(sams_phone, fourth):
    asked = []
    for reply in ("3", "2", "1"):
        asked.append(question(sams_phone))
        tap(sams_phone, fourth, question=card(sams_phone).one("input", name="question")["value"], reply=reply)
    assert asked == [str(each.label) for each in Fit.Question]
    assert question(sams_phone) is None
    assert list(Fit.objects.values_list("goals", "tasks", "connection")) == [(3, 2, 1)]


@pytest.mark.parametrize(
    ("replies", "said"), [("332", "can have its place in your next session"), ("333", "You can change that")]
)
def test_after_the_last_tap_it_thanks_and_says_where_to_go_with_what_does_not_fit(
    sams_phone, fourth, replies, said
):
    for reply, name in zip(replies, Fit.Question, strict=True):
        assert said not in sams_phone.get("/").content.decode()
        tap(sams_phone, fourth, question=name.value, reply=reply)
    assert said in read(sams_phone.get("/")).one("div", kind="notices").text


@pytest.mark.parametrize(("count", "asks"), [(1, False), (3, False), (4, True), (5, False), (8, True)])
def test_it_asks_after_every_fourth(sams_phone, sam, now, count, asks):
    say(past(sam, count)[-1], "well")
    assert (question(sams_phone) is not None) == asks


def test_a_session_that_did_not_happen_is_not_one_of_the_four(sams_phone, sam, now):
    first, *_others, last = past(sam, 5)
    say(last, "well")
    assert question(sams_phone) is None
    say(first, "not_held", first.ends_at)
    assert question(sams_phone) is not None


@pytest.mark.parametrize("weeks", [1, 4], ids=["weekly", "every four weeks"])
def test_it_asks_after_every_fourth_also_once_earlier_ones_are_forgotten(sam, now, weeks):
    """The practice keeps sessions for three months; nothing is asked after each one, and it never ceases."""
    Practice.objects.update(keep_sessions=3)
    asked = []
    for number, earlier in enumerate(reversed(range(24)), 1):
        (session,) = past(sam, until=-timedelta(weeks=weeks * earlier, hours=3))
        Outcome.objects.create(session=session, kind="not_held" if number in (2, 9) else "well")
        retaining.forget_old(session.ends_at)
        if asks_fit(fetched(session)):
            asked.append(number)
    assert sam.sessions.count() < 15
    assert asked == [5, 10, 14, 18, 22]


def test_it_is_asked_after_how_it_went(sams_phone, sam, now):
    past(sam, 4)
    page = read(sams_phone.get("/"))
    assert page.all("form", id="outcome") and not page.all("form", id="fit")


def test_it_can_be_skipped_this_time(sams_phone, sam, fourth):
    tap(sams_phone, fourth, skip="once")
    assert question(sams_phone) is None
    assert Client.objects.get(pk=sam.pk).ask_fit


def test_it_can_be_skipped_for_good_and_switched_on_again(sams_phone, sam, fourth):
    tap(sams_phone, fourth, skip="always")
    assert not Client.objects.get(pk=sam.pk).ask_fit
    Fit.objects.all().delete()
    assert question(sams_phone) is None
    choose(sams_phone)
    assert Client.objects.get(pk=sam.pk).ask_fit
    assert question(sams_phone) is not None


def test_it_can_be_taken_back_on_the_page_of_the_session(sams_phone, fourth):
    fits(fourth, goals=3, tasks=2, connection=3)
    assert "take_back" in [each["name"] for each in card(sams_phone, f"/sessions/{fourth.id}/").all("button")]
    tap(sams_phone, fourth, take_back="all")
    assert not Fit.objects.exists()


def test_r16_a_strangers_session_is_not_found(lees_phone, fourth):
    tap(lees_phone, fourth, 404, question="goals", reply="3")
    assert not Fit.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [{}, {"reply": "3"}, {"question": "goals", "reply": "9"}, {"question": "mood", "reply": "3"}, {"skip": "never"},
     {"question": "goals", "reply": "3", "skip": "once"}],
    ids=["nothing", "no question", "no such reply", "no such question", "no such skip", "two at once"],
)  # fmt: skip
def test_r29_what_can_not_be_read_is_refused_in_words(sams_phone, fourth, fields):
    answer = tap(sams_phone, fourth, 422, **fields)
    assert "could not be read" in read(answer).one("div", kind="notices").one("p", kind="bad").text
    assert not Fit.objects.exists()


def test_r29_before_the_end_it_is_refused(sams_phone, sams_session):
    tap(sams_phone, sams_session, 422, question="goals", reply="3")
    tap(sams_phone, sams_session, 422, skip="always")
    assert Client.objects.get(pk=sams_session.client_id).ask_fit


def test_r20_the_card_says_whether_the_therapist_sees_it(sams_phone, sam, fourth):
    assert "This is for you. Dana R. does not see it." in card(sams_phone).text
    share(sam, "fit")
    assert "Dana R. sees what you tap." in card(sams_phone).text


def test_what_was_said_stands_on_the_page_of_the_session(sams_phone, fourth):
    fits(fourth, goals=3, tasks=2, connection=3)
    assert [part.text for part in card(sams_phone, f"/sessions/{fourth.id}/").all("dd")] == [
        "Yes",
        "Partly",
        "Yes",
    ]

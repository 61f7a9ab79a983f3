"""After a session: one tap on how it went, on the first page or on the session's own (R7, R16, R20, R29)."""

from datetime import timedelta

import pytest

from checklist import scheduling, ticking
from checklist.models import Outcome
from tests import factories
from tests.over import HOURS_AGO, get_ready, past, say, share
from tests.reading import read

DAY = timedelta(days=1)


@pytest.fixture
def over(sam, now):
    """Sam's session that began three hours ago."""
    (session,) = past(sam)
    return session


def tap(browser, session, status=302, **fields):
    answer = browser.post(f"/sessions/{session.id}/outcome/", fields)
    assert answer.status_code == status
    return answer


def card(browser, address="/"):
    """Return the form that asks how it went, or None."""
    return next(iter(read(browser.get(address)).all("form", id="outcome")), None)


def kept():
    return list(Outcome.objects.values_list("kind", flat=True))


# Asked


def test_the_first_page_asks_once_a_session_is_over(sams_phone, over):
    asked = card(sams_phone)
    assert [button.text for button in asked.all("button")] == [
        "It went well", "Technical trouble", "We were interrupted", "It did not happen", "Rather not say",
    ]  # fmt: skip
    assert asked["action"] == f"/sessions/{over.id}/outcome/"


def test_it_asks_nothing_before_the_end_nor_of_a_cancelled_session(sams_phone, sam, sams_session):
    scheduling.cancel(past(sam)[0], factories.NOW)
    assert card(sams_phone) is None
    assert card(sams_phone, f"/sessions/{sams_session.id}/") is None


def test_it_asks_for_a_week_then_it_is_left_to_the_sessions_page(sams_phone, sam, now):
    session = factories.session(sam, starts_in=-8 * DAY)
    assert card(sams_phone) is None
    assert card(sams_phone, f"/sessions/{session.id}/") is not None


def test_it_asks_about_the_latest_first_and_then_about_the_one_before(sams_phone, sam, now):
    earlier = factories.session(sam, starts_in=-2 * DAY)
    (latest,) = past(sam)
    assert str(latest.id) in card(sams_phone)["action"]
    say(latest, "well")
    assert str(earlier.id) in card(sams_phone)["action"]


@pytest.mark.parametrize("kind", Outcome.Kind.values)
def test_r7_one_tap_keeps_each_of_the_four_and_it_asks_no_more(sams_phone, over, kind):
    answer = tap(sams_phone, over, give=kind, back="today")
    assert answer.url == "/"
    assert kept() == [kind]
    assert card(sams_phone) is None


def test_who_would_rather_not_say_is_asked_no_more_and_can_still_say_it(sams_phone, over):
    tap(sams_phone, over, skip="once", back="today")
    assert card(sams_phone) is None
    tap(sams_phone, over, give="well")
    assert kept() == ["well"]


# Changed


def test_a_tap_said_again_changes_nothing(sams_phone, over):
    tap(sams_phone, over, give="well")
    before = list(Outcome.objects.values())
    tap(sams_phone, over, give="well")
    assert list(Outcome.objects.values()) == before


def test_it_can_be_changed_and_taken_back_on_the_page_of_the_session(sams_phone, over):
    tap(sams_phone, over, give="well")
    tap(sams_phone, over, give="technical")
    pressed = card(sams_phone, f"/sessions/{over.id}/").one("button", aria_pressed="true")
    assert (pressed.text, pressed["name"]) == ("Technical trouble", "take_back")
    tap(sams_phone, over, take_back="technical")
    assert kept() == []


def test_after_thirty_days_it_stays_as_it_is(sams_phone, sam, now):
    session = factories.session(sam, starts_in=-31 * DAY)
    answer = tap(sams_phone, session, 422, give="well")
    assert "it stays as it is" in answer.content.decode()
    assert kept() == []


def test_r29_before_the_end_it_is_refused_in_words(sams_phone, sams_session):
    answer = tap(sams_phone, sams_session, 422, give="well")
    assert "It is not over yet." in read(answer).one("div", kind="notices").one("p", kind="bad").text


def test_r29_a_cancelled_session_takes_no_answer(sams_phone, over):
    scheduling.cancel(over, factories.NOW)
    assert (
        "cancelled"
        in read(tap(sams_phone, over, 422, give="well")).one("div", kind="notices").one("p", kind="bad").text
    )


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"give": "great"},
        {"give": ""},
        {"give": "well", "skip": "once"},
        {"give": "x" * 5000},
        {"give": "\x00"},
    ],
    ids=["nothing", "another word", "blank", "two at once", "too long", "NUL"],
)
def test_r29_what_can_not_be_read_is_refused_in_words(sams_phone, over, fields):
    assert (
        "could not be read"
        in read(tap(sams_phone, over, 422, **fields)).one("div", kind="notices").one("p", kind="bad").text
    )
    assert kept() == []


def test_r16_a_strangers_session_is_not_found(lees_phone, over):
    tap(lees_phone, over, 404, give="well")
    assert kept() == []


# What is kept with it


def test_it_keeps_how_much_was_done_when_the_session_began_and_not_what_was_ticked_later(sams_phone, over):
    get_ready(over, 3)
    ticking.tick(over, "slow-minutes", "done", None, factories.NOW)
    tap(sams_phone, over, give="well")
    said = Outcome.objects.get()
    assert (said.done, said.applicable) == (3, 13)


# Who sees it


def test_r20_the_card_says_whether_the_therapist_sees_it(sams_phone, sam, over):
    assert "This is for you. Dana R. does not see it." in card(sams_phone).text
    share(sam, "outcome")
    assert "Dana R. sees what you tap." in card(sams_phone).text


def test_a_phone_of_two_people_is_asked_about_both(sams_phone, sam, lee, over):
    factories.enrol(lee, "sams-phone-sams-phone-sams-phone-sams-phone")
    (lees,) = past(lee)
    tap(sams_phone, lees, give="well")
    tap(sams_phone, over, give="well")
    assert kept() == ["well", "well"]


def test_the_first_page_takes_no_more_queries_for_a_session_that_is_over(
    sams_phone, sam, sams_session, django_assert_num_queries, django_assert_max_num_queries
):
    sams_phone.get("/")
    with django_assert_max_num_queries(8) as before:
        sams_phone.get("/")
    past(sam, 3)
    factories.session(sam, starts_in=-2 * HOURS_AGO)
    with django_assert_num_queries(len(before)):
        sams_phone.get("/")

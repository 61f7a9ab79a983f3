"""A client's sessions: the two lists, and the page of one in whatever state it is."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine

from checklist import scheduling, ticking
from tests import factories
from tests.reading import read

DAY = timedelta(days=1)


def page(browser, address="/sessions/", status=200):
    answer = browser.get(address)
    assert answer.status_code == status
    return read(answer)


def address(session):
    return f"/sessions/{session.id}/"


def lists(browser):
    """Return {heading: [what each line says]} of the page with all sessions."""
    main = page(browser).one("main")
    headings = [heading.text for heading in main.all("h2")]
    return dict(
        zip(headings, [[line.text for line in part.all("li")] for part in main.all("ul")], strict=True)
    )


def tick(session, *items, state="done"):
    for item in items:
        ticking.tick(session, item, state, None, factories.NOW)


@pytest.fixture
def ended(sam, now):
    """A session of Sam's that began two days ago."""
    return factories.session(sam, -2 * DAY)


# All of them


def test_what_lies_ahead_and_what_lies_behind_are_two_lists(sams_phone, ended, sams_session):
    assert lists(sams_phone) == {
        "Ahead": ["Today, 12:00 pm Video, with Dana R. 0 of 9 done"],
        "Behind you": ["Tuesday 24 November, 11:18 am Video, with Dana R."],
    }


def test_the_next_session_comes_first_and_so_does_the_latest_one_behind(sams_phone, sam, sams_session, ended):
    factories.session(sam, 7 * DAY), factories.session(sam, -9 * DAY)
    ahead, behind = lists(sams_phone).values()
    assert [line[:13] for line in ahead] == ["Today, 12:00 ", "Thursday 3 De"]
    assert [line[:13] for line in behind] == ["Tuesday 24 No", "Tuesday 17 No"]


def test_a_cancelled_session_is_marked_and_counts_nothing(sams_phone, sams_session, now):
    scheduling.cancel(sams_session, now)
    assert lists(sams_phone)["Ahead"] == ["Today, 12:00 pm Video, with Dana R. Cancelled"]


def test_a_moved_session_is_marked(sams_phone, sams_session, now):
    scheduling.change(sams_session, now, sams_session.starts_at + DAY, 50)
    assert lists(sams_phone)["Ahead"] == ["Tomorrow, 12:00 pm Video, with Dana R. Moved 0 of 13 done"]


def test_nobody_is_told_what_was_left_open_in_a_session_behind(sams_phone, ended, sams_session):
    assert " of " not in lists(sams_phone)["Behind you"][0]


def test_before_the_first_session_the_page_says_what_will_happen(sams_phone):
    assert "When your first session is booked, it shows up here." in page(sams_phone).text


def test_with_all_sessions_behind_the_page_says_that_nothing_is_planned(sams_phone, ended):
    assert "Nothing is planned yet." in page(sams_phone).text


def test_each_line_leads_to_its_session(sams_phone, sams_session, ended):
    links = [link["href"] for link in page(sams_phone).all("a", kind="entry")]
    assert links == [address(sams_session), address(ended)]


def test_r28_the_lists_need_as_many_queries_for_twenty_sessions_as_for_two(
    sams_phone, sam, sams_session, ended, django_assert_max_num_queries, django_assert_num_queries
):
    with django_assert_max_num_queries(6) as two:
        sams_phone.get("/sessions/")
    for week in range(1, 10):
        factories.session(sam, week * 7 * DAY), factories.session(sam, -week * 7 * DAY)
    with django_assert_num_queries(len(two)):
        sams_phone.get("/sessions/")


# One of them


def test_the_page_of_a_session_ahead_has_its_list(sams_phone, sams_session):
    one = page(sams_phone, address(sams_session))
    assert one.one("h1").text == "12:00 pm, in 42 minutes"
    assert len(one.all("button", role="checkbox")) == 13
    assert {field["value"] for field in one.all("input", name="back")} == {"session"}


def test_a_session_that_has_ended_says_so_and_shows_what_was_got_ready(sams_phone, sams_session):
    tick(sams_session, "connection", "calendar")
    tick(sams_session, "picture", state="na")
    with time_machine.travel(sams_session.ends_at, tick=False):
        one = page(sams_phone, address(sams_session))
    assert one.one("h1").text == "This session has ended"
    assert [line.text for line in one.all("li")] == [
        "Put the session in your calendar",
        "Check the connection where you will sit",
    ]


def test_a_session_that_has_ended_does_not_list_what_was_left_open(sams_phone, ended):
    one = page(sams_phone, address(ended))
    assert one.all("li") == []
    assert [form.get("id") for form in one.one("main").all("form")] == ["outcome"]


def test_a_session_that_was_cancelled_says_so_and_asks_for_nothing(sams_phone, sams_session, now):
    scheduling.cancel(sams_session, now)
    one = page(sams_phone, address(sams_session))
    assert one.one("h1").text == "This session will not take place"
    assert one.one("main").all("form") == []
    assert "meet.example.org" not in one.text


def test_a_session_that_was_cancelled_and_is_past_was_still_cancelled(sams_phone, sams_session, now):
    scheduling.cancel(sams_session, now)
    with time_machine.travel(sams_session.ends_at, tick=False):
        assert page(sams_phone, address(sams_session)).one("h1").text == "This session will not take place"


def test_a_session_that_was_moved_keeps_its_ticks(sams_phone, sams_session, now):
    tick(sams_session, "connection")
    scheduling.change(sams_session, now, sams_session.starts_at + DAY, 50)
    one = page(sams_phone, address(sams_session))
    assert "Your ticks are kept." in one.text
    assert one.one("div", kind="ring").text == "1 of 13 done"


def test_r2_another_way_of_meeting_keeps_the_ticks_that_still_apply(sams_phone, sams_session, now):
    tick(sams_session, "slow-minutes", "picture")
    scheduling.change(sams_session, now, sams_session.starts_at, 50, way="in_person", link="")
    one = page(sams_phone, address(sams_session))
    assert [box.text for box in one.all("button", role="checkbox", aria_checked="true")] == [
        "Take three slow minutes"
    ]


def test_r16_a_strangers_session_is_a_404_with_a_way_on(sams_phone, lees_session):
    one = page(sams_phone, address(lees_session), status=404)
    assert one.one("h1").text == "There is nothing here"
    assert "/" in {link["href"] for link in one.one("main").all("a")}


def test_the_titles_that_a_window_shows_do_not_say_what_it_is_for(sams_phone, sams_session):
    for where in ("/", "/sessions/", address(sams_session), "/reminders/", "/help/", "/devices/", "/leave/"):
        title = page(sams_phone, where).one("title").text.lower()
        assert not [word for word in ("session", "therap", "dana", "green room") if word in title], title


# A tick by a plain form


@pytest.mark.parametrize(
    "sent",
    [
        {"item": "no-such-item", "state": "done"},
        {"item": "connection", "state": "perhaps"},
        {"item": "", "state": "done"},
        {},
        {"item": "connection", "state": "done", "operation": "not-a-uuid"},
        {"item": "\x00", "state": "done"},
    ],
    ids=["unknown item", "unknown state", "no item", "nothing", "bad id", "NUL"],
)
def test_r29_a_tick_that_can_not_be_taken_is_said_with_the_list_as_it_is(sams_phone, sams_session, sent):
    answer = sams_phone.post(f"{address(sams_session)}ticks/", sent)
    one = read(answer)
    assert answer.status_code == 422
    assert "That tick was not saved" in one.one("div", role="alert", kind="notices").text
    assert len(one.all("button", role="checkbox")) == 13


def test_r7_a_plain_form_leads_back_to_the_item_that_was_ticked(sams_phone, sams_session):
    item = page(sams_phone, address(sams_session)).one("li", id="slow-minutes")
    sent = {field["name"]: field["value"] for field in item.all("input")} | {"state": "done"}
    answer = sams_phone.post(item.one("form")["action"], sent, follow=True)
    assert answer.redirect_chain == [(f"{address(sams_session)}#slow-minutes", 302)]
    assert read(answer).one("li", id="slow-minutes")["data-state"] == "done"


def test_r7_a_page_that_was_gone_back_to_ticks_anew_what_was_unticked_since(sams_phone, sams_session):
    where = f"{address(sams_session)}ticks/"
    sent = {"item": "picture", "operation": str(UUID(int=1, version=4))}
    for state in ("done", "done", "open", "done"):
        sams_phone.post(where, sent | {"state": state})
    states = list(sams_session.ticks.order_by("ms", "count").values_list("state", flat=True))
    assert states == ["done", "open", "done"]


def test_r7_the_same_form_sets_an_item_aside_and_puts_it_back(sams_phone, sams_session):
    where = f"{address(sams_session)}ticks/"
    states = []
    for state in ("na", "open"):
        sams_phone.post(where, {"item": "picture", "state": state})
        states.append(page(sams_phone, address(sams_session)).one("li", id="picture")["data-state"])
    assert states == ["na", "open"]

"""The desk's first page: who is ready, who needs a hand, what comes."""

from datetime import timedelta

import pytest
import time_machine

from checklist import inviting, scheduling
from tests import factories
from tests.at_desk import keys, look, make_ready, queries, rows, section, settle, tick
from tests.conftest import signed_in

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def headline(desk):
    return look(desk).one("h1").text


# The headline


@pytest.mark.parametrize(
    ("ready", "total", "words"),
    [
        (0, 1, "One session, not ready yet"),
        (1, 1, "One session, and it is ready"),
        (0, 2, "Neither is ready yet"),
        (1, 2, "One of two is ready"),
        (2, 2, "Both are ready"),
        (0, 4, "None of four is ready yet"),
        (2, 4, "Two of four are ready"),
        (4, 4, "All four are ready"),
    ],
)
def test_the_headline_says_how_many_are_ready(ready, total, words, desk, dana, now):
    for n in range(total):
        session = factories.session(factories.client(dana, f"Client {n}"), (n + 1) * HOUR)
        if n < ready:
            make_ready(session)
    assert headline(desk) == words


def test_more_than_nine_are_counted_in_figures(desk, dana, sam, now):
    for n in range(1, 11):
        factories.session(sam, n * 10 * MINUTE)
    assert headline(desk) == "None of 10 is ready yet"


def test_nobody_waits_for_a_client_who_was_archived(desk, sam, sams_session, now):
    type(sam).objects.update(archived_at=now)
    assert headline(desk) == "No sessions"


def test_a_session_that_is_over_does_not_count_any_more(desk, sams_session, ana, now):
    factories.session(ana, 3 * HOUR)
    with time_machine.travel(now + 2 * HOUR, tick=False):
        assert headline(desk) == "One session, not ready yet"


def test_when_the_last_one_is_over_the_day_is_done(desk, sams_session, now):
    with time_machine.travel(now + 2 * HOUR, tick=False):
        assert headline(desk) == "All done"


def test_a_cancelled_session_does_not_count(desk, sams_session, now):
    scheduling.cancel(sams_session, now)
    assert headline(desk) == "All done"


def test_a_day_without_a_session_says_so(desk, sam, now):
    page = look(desk)
    assert page.one("h1").text == "No sessions"
    assert "Nothing is planned for today" in page.text


# The rows


def test_a_row_says_when_who_how_and_how_far_off(desk, sams_session):
    time, client, *_rest = rows(desk)["Sam K."]
    assert time == "3:00 pm in 42 minutes"
    assert client == "Sam K. Video, first session 12:00 pm in Los Angeles"


def test_a_later_session_says_which_one_it_is(desk, sam, sams_session):
    factories.session(sam, 3 * HOUR, way="voice")
    assert rows(desk)["Sam K."][1].startswith("Sam K. Voice, session 2")


def test_a_client_for_whom_it_is_another_day_gets_its_name(desk, ana, now):
    factories.session(ana, HOUR)
    assert rows(desk)["Ana P."][1].endswith("Friday 7:18 am in Sydney")


def test_a_client_whose_clocks_agree_with_the_therapists_gets_no_second_time(desk, dana, now):
    factories.session(factories.client(dana, "Bo", time_zone="America/Detroit"))
    assert rows(desk)["Bo"][1] == "Bo Video, first session"


@pytest.mark.parametrize(
    ("at", "words"),
    [(-MINUTE, "in 1 minute"), (timedelta(), "now"), (49 * MINUTE, "now"), (50 * MINUTE, "over")],
)
def test_a_session_is_ahead_then_on_then_over(at, words, desk, sams_session):
    with time_machine.travel(sams_session.starts_at + at, tick=False):
        assert rows(desk)["Sam K."][0] == f"3:00 pm {words}"


def test_a_row_leads_to_the_session(desk, sams_session):
    open_it = look(desk).one("td", kind="acts").one("a")
    assert open_it.text == "Open Sam K."
    assert open_it["href"] == f"/desk/sessions/{sams_session.id}/"


def test_a_list_that_nobody_touched_is_not_started(desk, sams_session, sams_phone):
    assert rows(desk)["Sam K."][2] == "Not started"


def test_a_list_that_is_begun_says_how_many_are_done(desk, sams_session, sams_phone):
    first, second, third, *rest = keys(sams_session)
    tick(sams_session, first, second)
    tick(sams_session, third, state="na")
    assert rows(desk)["Sam K."][2] == f"2 of {2 + len(rest)}"


def test_a_list_with_nothing_open_is_ready(desk, sams_session, sams_phone):
    make_ready(sams_session)
    assert rows(desk)["Sam K."][2] == "Ready"


def test_one_step_is_drawn_for_each_item_and_those_put_aside_look_different(desk, sams_session):
    first, second, *rest = keys(sams_session)
    tick(sams_session, first)
    tick(sams_session, second, state="na")
    steps = [step.get("class") for step in look(desk).one("span", kind="segs").all("i")]
    assert steps == ["y", "na"] + [None for _key in rest]


def test_a_client_who_has_no_phone_yet_needs_a_hand(desk, sams_session):
    assert rows(desk)["Sam K."][2] == "Not started No phone yet"


def test_a_phone_that_was_shut_out_counts_as_none(desk, sam, sams_session, sams_phone, now):
    sam.devices.revoke(now)
    assert "No phone yet" in rows(desk)["Sam K."][2]


def test_a_cancelled_session_stays_in_the_day_and_says_so(desk, sams_session, now):
    scheduling.cancel(sams_session, now)
    assert rows(desk)["Sam K."][2] == "Cancelled"


def test_yesterdays_and_tomorrows_sessions_are_not_todays(desk, sam, ana, now):
    factories.session(sam, 10 * HOUR)
    factories.session(ana, -15 * HOUR)
    assert not look(desk).all("tbody")


def test_the_day_begins_and_ends_by_the_therapists_clock(desk, sam, ana, now):
    factories.session(sam, 9 * HOUR + 41 * MINUTE)  # 11:59 pm in New York, tomorrow in UTC
    factories.session(ana, 9 * HOUR + 42 * MINUTE)  # midnight
    assert list(rows(desk)) == ["Sam K."]


# What comes, and who is new


def test_the_week_ahead_is_counted_day_by_day(desk, sam, ana, now):
    for client, ahead in ((sam, DAY), (ana, DAY), (sam, 3 * DAY), (sam, 8 * DAY)):
        factories.session(client, ahead)
    assert section(look(desk), "Coming up") == "Tomorrow 2 sessions Sunday 29 November 1 session"


def test_a_day_ahead_leads_to_its_table(desk, sam, now):
    factories.session(sam, DAY)
    link = look(desk).one("a", href="/desk/?day=2026-11-27")
    assert "Tomorrow" in link.text
    assert rows(desk, "?day=2026-11-27")["Sam K."][0] == "2:18 pm tomorrow"


@pytest.mark.parametrize(
    "day", ["tomorrow", "2026-13-01", "2026-11-25", "9999-12-31", "2026-11-27T10:00", "\x00"]
)
def test_r29_a_day_that_is_none_is_past_or_far_ahead_is_not_found(day, desk, now):
    assert desk.get("/desk/", {"day": day}).status_code == 404


def test_a_new_client_waits_with_the_end_of_the_invitation(desk, ana, now):
    inviting.invite(ana, now)
    assert "Ana P. Invitation good until Thursday 3 December Waiting" in section(look(desk), "New clients")


def test_a_new_client_whose_invitation_ran_out_is_told(desk, ana, now):
    inviting.invite(ana, now - 8 * DAY)
    assert "Ana P. No open invitation Expired" in section(look(desk), "New clients")


def test_a_client_who_came_in_is_not_new_any_more(desk, sam, sams_phone, now):
    assert section(look(desk), "New clients") == "Everybody has come in."


# Nobody there yet, and whose page it is


def test_without_a_client_the_page_asks_for_the_first(desk, now):
    page = look(desk)
    assert "Invite your first client" in page.text
    assert [link["href"] for link in page.one("main").all("a", kind="button")] == ["/desk/clients/add/"]


def test_r16_a_colleagues_and_a_strangers_sessions_are_not_on_the_desk(desk, jo, lee, now):
    factories.session(jo)
    factories.session(lee)
    assert "Invite your first client" in look(desk).text


def test_each_therapist_sees_the_day_by_their_own_clock(omar, lee, now):
    factories.session(lee, HOUR)
    assert rows(signed_in(omar))["Lee T."][0].startswith("8:18 pm")


@pytest.mark.parametrize("way", ["video", "in_person"])
def test_r28_a_full_day_asks_as_few_queries_as_a_short_one(way, desk, dana, now):
    def grow(many):
        for n in range(many):
            client = factories.client(dana, f"Client {n}", f"c{n}@example.org", "Europe/Paris")
            session = factories.session(client, (n + 1) * 10 * MINUTE, way=way)
            tick(session, keys(session)[0])
            factories.session(client, (n % 5 + 2) * DAY)
            inviting.invite(factories.client(dana, f"New {n}"), now)
            settle(factories.session(client, 5 * HOUR), "hours_before", "failed", "address refused")

    grow(2)
    few = queries(desk, "/desk/")
    grow(10)
    assert queries(desk, "/desk/") == few

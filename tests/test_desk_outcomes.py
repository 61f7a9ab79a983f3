"""What the practice sees of outcomes: of one session where it is shared, and sums that tell of nobody (R16, R20)."""

import csv
from datetime import timedelta

import pytest

from checklist.models import Client, User
from tests import factories
from tests.at_desk import look, queries, section
from tests.conftest import signed_in
from tests.over import fits, get_ready, past, say, share

DAY = timedelta(days=1)


def ready(client, count, kind="well", done=None, way="video"):
    """Let that many sessions of this year take place and be spoken of."""
    for session in past(client, count, way=way):
        if done != 0:
            get_ready(session, done)
        say(session, kind, session.ends_at)


def table(desk, name, query=""):
    """Return {group: the text of its cells} of a table of the page."""
    found = {}
    for part in look(desk, f"/desk/outcomes/{query}").all("section"):
        if part.all("table") and part.one("h2").text == name:
            found = {
                row.one("th").text: [cell.text for cell in row.all("td")]
                for row in part.one("tbody").all("tr")
            }
    return found


FEW = ["Too few to say"]


# One session


@pytest.fixture
def spoken(sam, now):
    """Sam's session of today, that went well and fits."""
    (session,) = past(sam)
    say(session, "technical")
    fits(session, goals=3, tasks=1)
    return session


def test_r20_the_desk_shows_what_was_said_only_where_it_is_shared(desk, sam, spoken):
    page = f"/desk/sessions/{spoken.id}/"
    assert "How it went" not in look(desk, page).text
    share(sam, "outcome", "fit")
    assert section(look(desk, page), "How it went") == "Technical trouble , they said. Today."
    assert "Yes" in section(look(desk, page), "How well it fits them")
    share(sam, "fit")
    assert "How it went" not in look(desk, page).text
    assert "How well it fits them" in look(desk, page).text


def test_r20_the_page_of_a_client_shows_it_only_where_it_is_shared(desk, sam, spoken):
    page = f"/desk/clients/{sam.id}/"
    for words in ("Technical trouble", "How well it fits them"):
        share(sam)
        assert words not in look(desk, page).text
        share(sam, "outcome", "fit")
        assert words in look(desk, page).text


def test_r20_who_does_not_look_after_the_client_any_more_sees_nothing_of_it(desk, sam, kim, spoken):
    share(sam, "outcome", "fit")
    Client.objects.filter(pk=sam.pk).update(therapist=kim)
    assert desk.get(f"/desk/sessions/{spoken.id}/").status_code == 404
    assert table(desk, "All together") == {"All sessions": FEW}


def test_what_was_put_aside_says_nothing(desk, sam, now):
    (session,) = past(sam)
    say(session, "")
    share(sam, "outcome")
    assert "How it went" not in look(desk, f"/desk/sessions/{session.id}/").text


# Sums


def test_outcomes_stand_beside_readiness_and_way_with_their_denominators(desk, sam, now):
    share(sam, "items", "outcome")
    ready(sam, 12)
    ready(sam, 11, "technical", done=3, way="voice")
    assert table(desk, "Readiness")["Everything was done"][:2] == ["12", "12 of 12 (100 %)"]
    assert table(desk, "Readiness")["Less than half"][2] == "11 of 11 (100 %)"
    assert table(desk, "Way of meeting")["Voice"][:2] == ["11", "0 of 11 (0 %)"]
    assert table(desk, "All together")["All sessions"][:2] == ["23", "12 of 23 (52 %)"]


def test_r20_of_who_keeps_an_item_back_the_readiness_is_not_counted(desk, sam, now):
    share(sam, "items", "outcome")
    ready(sam, 12)
    Client.objects.filter(pk=sam.pk).update(hidden_items=["headphones"])
    assert table(desk, "Readiness")["Not shared, or nothing to do"][0] == "12"


def test_nine_are_too_few_to_say(desk, sam, now):
    share(sam, "items", "outcome")
    ready(sam, 9)
    assert set(map(tuple, table(desk, "Readiness").values())) == {tuple(FEW)}
    assert table(desk, "All together") == {"All sessions": FEW}


def test_a_total_does_not_give_a_hidden_group_away(desk, sam, now):
    share(sam, "items", "outcome")
    ready(sam, 20)
    ready(sam, 12, way="voice")
    ready(sam, 3, "technical", way="text")
    ways = table(desk, "Way of meeting")
    assert ways["Video"][0] == "20"
    assert ways["Voice"] == ways["Text"] == ways["In person"] == FEW
    assert table(desk, "All together")["All sessions"][0] == "35"


def test_r20_who_shares_no_outcome_is_not_counted(desk, sam, now):
    ready(sam, 12)
    assert table(desk, "All together") == {"All sessions": FEW}


def test_r20_who_shares_no_readiness_is_counted_without_it(desk, sam, now):
    share(sam, "outcome")
    ready(sam, 12)
    readiness = table(desk, "Readiness")
    assert readiness["Everything was done"] == FEW
    assert readiness["Not shared, or nothing to do"][0] == "12"


def test_each_year_is_counted_by_itself(desk, sam, now):
    share(sam, "items", "outcome")
    ready(sam, 12)
    for week in range(11):
        (session,) = past(sam, until=-400 * DAY - week * DAY)
        say(session, "interrupted", session.ends_at)
    assert table(desk, "All together")["All sessions"][0] == "12"
    assert table(desk, "All together", "?year=2025")["All sessions"][0] == "11"


@pytest.mark.parametrize("query", ["?year=1999", "?year=x", "?year=2026-01", "?whose=everybody"])
def test_r29_a_year_or_a_circle_that_there_is_not_is_a_404(desk, sam, now, query):
    assert desk.get(f"/desk/outcomes/{query}").status_code == 404


def test_r16_a_colleague_and_a_stranger_count_their_own_clients_alone(sam, kim, omar, now):
    share(sam, "items", "outcome")
    ready(sam, 12)
    for therapist in (kim, omar):
        assert table(signed_in(therapist), "All together") == {"All sessions": FEW}


def test_a_member_has_no_sums_of_the_whole_practice(kim, now):
    assert signed_in(kim).get("/desk/outcomes/?whose=all").status_code == 404
    assert "The whole practice" not in look(signed_in(kim), "/desk/outcomes/").text


@pytest.fixture
def colleagues(kim):
    """Three clients of Kim's with five sessions each, in months that are over."""
    people = factories.crowd(kim, 3)
    for client in people:
        share(client, "items", "outcome")
        for session in past(client, 5, until=-40 * DAY):
            say(session, "well", session.ends_at)
    return people


def test_the_owner_counts_the_whole_practice_as_sums_of_enough_people(desk, dana, colleagues, now):
    assert dana.role == User.Role.OWNER
    assert table(desk, "All together", "?whose=all")["All sessions"][0] == "15"
    assert not any(client.nickname in look(desk, "/desk/outcomes/?whose=all").text for client in colleagues)
    share(colleagues[0])
    assert table(desk, "All together", "?whose=all") == {"All sessions": FEW}


def test_a_month_that_still_grows_is_not_in_the_sums_of_the_whole_practice(desk, colleagues, now):
    ready(colleagues[0], 1)
    assert table(desk, "All together", "?whose=all")["All sessions"][0] == "15"


def test_the_file_has_what_the_page_shows_and_no_more(desk, sam, now):
    share(sam, "items", "outcome")
    ready(sam, 20)
    ready(sam, 3, "technical", way="text")
    answer = desk.get("/desk/outcomes/csv/?year=2026")
    rows = list(csv.DictReader(answer.content.decode("utf-8-sig").splitlines()))
    found = {row["Group"]: (row["Sessions"], row["Went well"]) for row in rows}
    assert found["Video"] == found["Text"] == ("Too few to say", None)
    assert found["All sessions"] == ("23", "20")
    assert {row["Year"] for row in rows} == {"2026"}
    assert (
        "attachment" in answer.headers["Content-Disposition"]
        and "no-store" in answer.headers["Cache-Control"]
    )


def test_r28_counting_many_takes_as_many_queries_as_counting_few(desk, dana, sam, now):
    share(sam, "items", "outcome")
    ready(sam, 2)
    few = queries(desk, "/desk/outcomes/"), queries(desk, "/desk/outcomes/?whose=all")
    for client in factories.crowd(dana, 5):
        share(client, "items", "outcome")
        ready(client, 2)
    assert (queries(desk, "/desk/outcomes/"), queries(desk, "/desk/outcomes/?whose=all")) == few

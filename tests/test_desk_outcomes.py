"""What the practice sees of outcomes: of one session where it is shared, and sums that tell of nobody (R16, R20)."""

import csv
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
import time_machine

from checklist import reflecting, retaining
from checklist.models import Client, Outcome, Practice, User
from checklist.models.retention import SESSIONS
from tests import factories
from tests.at_desk import look, queries, section
from tests.conftest import signed_in
from tests.factories import NOW
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
    """Three clients of Kim's with five sessions each, in months of which nobody says anything any more."""
    people = factories.crowd(kim, 3)
    for client in people:
        share(client, "items", "outcome")
        for session in past(client, 5, until=-60 * DAY):
            say(session, "well", session.ends_at)
    return people


def test_the_owner_counts_the_whole_practice_as_sums_of_enough_people(desk, dana, colleagues, now):
    assert dana.role == User.Role.OWNER
    assert table(desk, "All together", "?whose=all")["All sessions"][0] == "15"
    assert not any(client.nickname in look(desk, "/desk/outcomes/?whose=all").text for client in colleagues)
    share(colleagues[0])
    assert table(desk, "All together", "?whose=all") == {"All sessions": FEW}


def test_r20_a_month_is_counted_over_the_practice_once_nobody_can_answer_for_it_any_more(dana, colleagues):
    """Somebody answers late, on the last day there is; the owner looks every day and sees no single answer arrive."""
    last = past(colleagues[0], until=datetime(2026, 11, 30, 20, tzinfo=UTC) - NOW)[0]
    for when in (datetime(2026, 12, 30, 20, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC)):
        with time_machine.travel(when, tick=False):
            before = table(signed_in(dana), "All together", "?whose=all")
            assert before["All sessions"][0] == "15"
            if reflecting.may_still(last, when):
                say(last, "interrupted", when)
            assert table(signed_in(dana), "All together", "?whose=all") == before
    with time_machine.travel(datetime(2027, 1, 1, 0, 1, tzinfo=UTC), tick=False):
        assert table(signed_in(dana), "All together", "?whose=all&year=2026")["All sessions"][0] == "16"


def test_the_page_says_until_when_the_practice_is_counted(desk, now):
    assert "go to the end of September 2026." in look(desk, "/desk/outcomes/?whose=all").text
    assert "go to the end of" not in look(desk, "/desk/outcomes/").text


def test_r30_the_month_is_told_in_the_language_of_the_desk(desk, dana, now):
    User.objects.filter(pk=dana.pk).update(language="es")
    assert "hasta el final de septiembre de 2026." in look(desk, "/desk/outcomes/?whose=all").text


MONTHS = [months for months, _words in SESSIONS]


def keep(desk, months):
    """Keep sessions for so many months from now on, and return {year: {group: cells}} of the practice."""
    Practice.objects.update(keep_sessions=months)
    return {
        year: {
            (name, group): cells
            for name in ("Readiness", "Way of meeting", "All together")
            for group, cells in table(desk, name, f"?whose=all&year={year}").items()
        }
        for year in years(desk, "?whose=all")
    }


@pytest.fixture
def scattered(colleagues):
    """Sessions of Kim's clients, one alone in most months of two years, each of which went as none else did."""
    for month, client in enumerate(colleagues * 6, 3):
        (session,) = past(client, until=-30 * DAY * month, way="voice" if month % 2 else "video")
        say(session, "technical" if month % 3 else "interrupted", session.ends_at)
    return colleagues


def differing(one, other):
    """Return the cells that both tables of a year show, and that differ."""
    shown = one.keys() & other.keys()
    return [key for key in shown if one[key] != other[key] and FEW not in (one[key], other[key])]


def test_r20_no_two_times_of_keeping_sessions_give_sums_whose_difference_tells_of_few(desk, scattered, now):
    seen = [keep(desk, months) for months in MONTHS]
    for one, other in combinations(seen, 2):
        assert not any(differing(one[year], other[year]) for year in one.keys() & other.keys())
    assert sum(sums["2026"]["All together", "All sessions"] != FEW for sums in seen) >= 3


def test_r20_a_year_whose_sessions_went_is_not_counted_again_when_they_are_kept_for_longer(
    desk, dana, scattered, now
):
    """Lowered for a day and raised again: of what was there before, the rest would be told by subtraction."""
    before = keep(desk, 24)["2026"]
    keep(desk, 6)
    retaining.forget_old(now)
    after = keep(desk, 24)["2026"]
    assert before["All together", "All sessions"] != FEW
    assert set(map(tuple, after.values())) == {tuple(FEW)}


def test_what_is_kept_for_less_than_was_ever_forgotten_changes_nothing(desk, scattered, now):
    before = keep(desk, 24)
    retaining.forget_old(now)
    assert keep(desk, 24) == before


def test_r20_a_year_of_which_sessions_are_being_forgotten_is_not_counted_and_the_page_says_so(
    desk, colleagues, now
):
    """Of the sessions from 29 August to 26 September those of August would go one by one."""
    words = "The first sessions of the year shown are kept no longer"
    assert words not in look(desk, "/desk/outcomes/?whose=all").text
    Practice.objects.update(keep_sessions=3)
    page = look(desk, "/desk/outcomes/?whose=all")
    assert table(desk, "All together", "?whose=all") == {"All sessions": FEW}
    assert words in page.text and words not in look(desk, "/desk/outcomes/").text


ZONES = ("Pacific/Pago_Pago", "America/New_York", "UTC", "Pacific/Kiritimati")
EDGES = [(2026, 1, 1, 3), (2025, 12, 31, 22), (2026, 10, 1, 3), (2026, 9, 30, 22)]


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_r20_the_owners_time_zone_cuts_no_session_out_of_the_practice(desk, dana, colleagues, now, edge):
    (session,) = past(colleagues[0], until=datetime(*edge, tzinfo=UTC) - NOW)
    Outcome.objects.create(session=session, kind="technical")
    seen = set()
    for zone in ZONES:
        User.objects.filter(pk=dana.pk).update(time_zone=zone)
        seen.add(tuple(table(desk, "All together", "?whose=all&year=2026")["All sessions"]))
    assert len(seen) == 1


def years(desk, query=""):
    """Return the years that the page offers."""
    links = [link["href"] for link in look(desk, f"/desk/outcomes/{query}").all("a", kind="chip")]
    return [link.partition("year=")[2][:4] for link in links if link.startswith("?year=")]


@pytest.mark.parametrize("query", ["", "?whose=all"])
def test_r20_a_year_of_which_nothing_may_be_told_is_not_offered(desk, sam, jo, now, query):
    for client, kinds in ((sam, []), (jo, ["outcome"])):
        share(client, *kinds)
        for session in past(client, 2, until=-500 * DAY):
            Outcome.objects.create(session=session, kind="well")
    assert "2025" not in years(desk, query)


def test_a_year_that_is_over_is_offered_where_there_is_something_to_tell(desk, kim, now):
    for client in factories.crowd(kim, 3):
        share(client, "outcome")
        for session in past(client, 4, until=-500 * DAY):
            Outcome.objects.create(session=session, kind="well")
    assert "2025" in years(desk, "?whose=all") and "2025" not in years(desk)
    assert table(desk, "All together", "?whose=all&year=2025")["All sessions"][0] == "12"


def test_r20_sessions_with_who_looked_after_a_client_before_are_others_to_the_owner(desk, dana, jo, now):
    """Jo came from Kim to Dana, who sees none of those sessions one by one."""
    share(jo, "items", "outcome")
    for session in past(jo, 12, until=-60 * DAY):
        Outcome.objects.create(session=session, kind="technical")
    Client.objects.filter(pk=jo.pk).update(therapist=dana)
    assert table(desk, "All together", "?whose=all") == {"All sessions": FEW}
    assert desk.get(f"/desk/sessions/{jo.sessions.first().id}/").status_code == 404


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

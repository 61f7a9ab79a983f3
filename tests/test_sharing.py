"""The client decides what the therapist sees, kind by kind and item by item (R20)."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from checklist import nudging, sharing
from checklist.models import Client, Share
from tests import factories
from tests.at_desk import keys, look, make_ready, rows, section, settle, tick
from tests.conftest import SAMS_PHONE
from tests.reading import read
from tests.shared import FIGURE, HIDDEN, OPEN, a_list, share, shared_session

ROOT = Path(settings.BASE_DIR)


@pytest.fixture
def session(dana, sam, sams_phone, now):
    """Sam's session with a list of three items, of which one is done, and a check that was kept."""
    a_list(dana.practice)
    return shared_session(sam)


def of(desk, session):
    return look(desk, f"/desk/sessions/{session.id}/")


def boxes(page, name):
    """Return {value: whether it is ticked} of the boxes of that name."""
    return {box["value"]: "checked" in box.attrs for box in page.all("input", type="checkbox", name=name)}


def post(browser, client, kinds=(), items=(), listed=("blanket", "finch", "done"), **more):
    fields = {"client": client.id, "kinds": kinds, "items": items, "listed": listed}
    return browser.post("/sharing/", fields | more)


# On the phone


def test_r20_the_page_says_in_plain_words_what_the_therapist_sees(sams_phone, session):
    page = look(sams_phone, "/sharing/")
    for words in (
        "Dana R. may see",
        "What is done and what is open",
        "What nobody sees",
        "What they always see",
    ):
        assert words in page.text
    assert boxes(page, "kinds") == {kind: kind in ("items", "connection") for kind in Share.values}
    assert boxes(page, "items") == {"blanket": True, "finch": True, "done": True}


def test_r7_a_plain_form_turns_kinds_off_and_keeps_items_back(sams_phone, sam, session):
    assert post(sams_phone, sam, kinds=["items", "plan"], items=["blanket", "done"]).url == "/sharing/"
    sam.refresh_from_db()
    assert (sam.sharing, sam.hidden_items) == (["items", "plan"], ["finch"])
    page = look(sams_phone, "/sharing/")
    assert boxes(page, "items") == {"blanket": True, "finch": False, "done": True}
    assert boxes(page, "kinds")["connection"] is False


def test_an_item_that_was_hidden_and_is_on_no_list_now_stays_hidden(sam, session):
    share(sam, hidden=["of-long-ago"])
    sharing.share(sam, ["items"], ["blanket"], ["blanket"])
    assert sam.hidden_items == ["of-long-ago"]


def test_an_item_that_came_after_the_page_was_opened_is_not_hidden_by_it(sams_phone, sam, session):
    post(sams_phone, sam, kinds=["items"], items=["blanket"], listed=["blanket"])
    sam.refresh_from_db()
    assert sam.hidden_items == []


def test_r29_a_kind_that_there_is_not_is_refused_with_words(sams_phone, sam, session):
    answer = post(sams_phone, sam, kinds=["everything"], items=["blanket"])
    assert answer.status_code == 422
    assert boxes(read(answer), "items") == {"blanket": True, "finch": False, "done": False}
    sam.refresh_from_db()
    assert sam.hidden_items == []


def test_r16_a_form_for_somebody_elses_client_is_a_404(sams_phone, lee, session):
    assert post(sams_phone, lee, kinds=["items"]).status_code == 404


def test_a_phone_of_two_clients_decides_for_each_by_itself(sams_phone, sam, lee, session):
    factories.enrol(lee, SAMS_PHONE)
    assert {"Dana R. may see", "Omar B. may see"} <= {
        heading.text for heading in look(sams_phone, "/sharing/").all("h2")
    }
    assert sams_phone.post("/sharing/", {"kinds": []}).status_code == 404
    post(sams_phone, lee, kinds=[], listed=[])
    assert [Client.objects.get(pk=row.pk).sharing for row in (sam, lee)] == [["items", "connection"], []]


def test_help_leads_to_it(sams_phone):
    assert "/sharing/" in {link["href"] for link in look(sams_phone, "/help/").all("a")}


def test_a_check_that_was_kept_is_not_said_to_be_seen_once_checks_are_not_shared(sams_phone, sam, session):
    path = f"/sessions/{session.id}/"
    assert "Dana R. sees its figures" in look(sams_phone, path).text
    share(sam, kinds=["items"])
    assert "Nobody else sees it while you do not share checks" in look(sams_phone, path).text


# What a client starts with


def invited(desk, name):
    desk.post("/desk/clients/add/", {"nickname": name, "email": "", "time_zone": "UTC"})
    return Client.objects.get(nickname=name)


def test_r20_a_new_client_starts_with_what_the_practice_proposes_but_never_with_what_is_theirs_to_say(
    desk, dana
):
    dana.practice.proposed_shares = Share.values
    dana.practice.save()
    assert invited(desk, "Pat").sharing == ["items", "connection"]
    dana.practice.proposed_shares = ["plan"]
    dana.practice.save()
    assert invited(desk, "Lou").sharing == []


def test_r20_a_later_proposal_opens_nothing_for_a_client_there_is(desk, dana, sam, sams_phone, session):
    share(sam, kinds=[])
    dana.practice.proposed_shares = Share.values
    dana.practice.save()
    assert OPEN not in of(desk, session).text
    page = look(sams_phone, "/sharing/")
    assert not any(boxes(page, "kinds").values())
    assert "Your practice would like to see it. That is up to you." in page.text


# At the desk


def test_r20_what_is_shared_the_desk_shows(desk, session):
    text = of(desk, session).text
    assert OPEN in text
    assert HIDDEN in text
    assert FIGURE in text
    assert "1 of 3" in rows(desk)["Sam K."][2]


def test_r20_a_list_that_is_not_shared_is_called_so_on_every_page_and_leaves_nothing(desk, sam, session):
    share(sam, kinds=["connection"])
    assert rows(desk)["Sam K."][2] == "Not shared"
    assert "Not shared" in section(of(desk, session), "Readiness")
    assert "Not shared" in section(look(desk, f"/desk/clients/{sam.id}/"), "Sessions ahead")
    assert look(desk).one("h1").text == "Nobody shares their list"


def test_r20_an_item_kept_back_is_in_no_count_and_no_list_and_the_number_is_not_told(desk, sam, session):
    share(sam, hidden=["finch"])
    text = section(of(desk, session), "Readiness")
    assert "1 of 2" in text
    assert HIDDEN not in text
    assert "Your client may keep items to themselves. They are not counted here." in text
    segments = look(desk).one("tbody").all("i")
    assert len(segments) == 2


def test_r20_a_list_of_which_all_is_kept_back_counts_as_not_shared(desk, sam, session):
    share(sam, hidden=["blanket", "finch", "done"])
    assert rows(desk)["Sam K."][2] == "Not shared"


def test_r20_checks_that_are_not_shared_are_gone_from_the_desk_also_those_seen_before(desk, sam, session):
    share(sam, kinds=["items"])
    assert FIGURE not in of(desk, session).text
    share(sam)
    assert FIGURE in of(desk, session).text


@pytest.mark.parametrize(
    ("unshared", "ready", "words"),
    [
        ([], [], "None of three is ready yet"),
        ([0, 1, 2], [], "Nobody shares their list"),
        ([0], [], "Of those who share, none is ready yet"),
        ([0], [1], "Of two who share, one is ready"),
        ([0], [1, 2], "All who share are ready"),
        ([0, 1], [0, 1], "Of those who share, none is ready yet"),
    ],
    ids=str,
)
def test_r20_the_headline_speaks_of_those_who_share(desk, dana, now, unshared, ready, words):
    people = factories.crowd(dana, 3)
    for number, client in enumerate(people):
        session = factories.session(client)
        if number in ready:
            make_ready(session)
        if number in unshared:
            share(client, kinds=[])
    assert look(desk).one("h1").text == words


# What else could tell


def test_r20_a_nudge_asks_only_what_the_therapist_may_see(desk, sam, session):
    tick(session, "blanket", "done")
    share(sam, hidden=["finch"])
    assert nudging.why_not(fresh(session), factories.NOW) == "Nothing on the list is open."
    tick(session, "finch")
    share(sam, kinds=[])
    assert nudging.why_not(fresh(session), factories.NOW) == ""
    assert "you are not told" in of(desk, session).text


def fresh(session):
    return type(session).objects.with_lists().get(pk=session.pk)


FATES = [("sent", ""), ("dropped", "all done"), ("dropped", "superseded"), ("dropped", "arrived")]


@pytest.mark.parametrize("sharing_of", [{"kinds": []}, {"hidden": ["finch"]}], ids=["no list", "not whole"])
def test_r20_what_became_of_a_reminder_does_not_tell_how_far_a_list_is(desk, dana, sam, now, sharing_of):
    a_list(dana.practice)
    session = factories.session(sam, starts_in=timedelta(days=2))
    share(sam, **sharing_of)
    told = set()
    for state, reason in FATES:
        settle(session, "day_before", state, reason)
        table = of(desk, session).all("table")[-1].text
        today = rows(desk, "?day=2026-11-28")["Sam K."][3]
        told.add((table, today))
    assert len(told) == 1
    assert "Settled: it went out, or was not needed." in table


def test_r15_one_that_failed_is_told_all_the_same(desk, dana, sam, now):
    a_list(dana.practice)
    session = factories.session(sam, starts_in=timedelta(days=2))
    share(sam, kinds=[])
    settle(session, "day_before", "failed", "address refused")
    assert "Not delivered" in of(desk, session).text


def test_a_reminder_that_goes_to_everybody_is_told_as_ever(desk, dana, sam, now):
    a_list(dana.practice)
    session = factories.session(sam, starts_in=timedelta(days=2))
    share(sam, kinds=[])
    settle(session, "just_before", "sent")
    assert "Sent" in of(desk, session).text


def test_nothing_of_the_desk_asks_for_more_than_is_shared():
    """`seen` and `seen_checks` are the one way to what a client has ticked and kept."""
    files = [*(ROOT / "templates/desk").rglob("*.html"), *(ROOT / "checklist/views/desk").glob("*.py")]
    files += [ROOT / "checklist/nudging.py", ROOT / "checklist/access.py"]
    asks = re.compile(r"\.(readiness|ticks|checks)\b(?!\.html)")
    assert {
        path.name: asks.findall(path.read_text()) for path in files if asks.search(path.read_text())
    } == {}


def test_the_client_sees_everything_of_their_own_whatever_is_shared(sams_phone, sam, session):
    share(sam, kinds=[], hidden=keys(session))
    text = sams_phone.get("/").content.decode()
    assert OPEN in text
    assert HIDDEN in text

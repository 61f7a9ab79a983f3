"""The client reads when a therapist looked at what they share (R20)."""

from datetime import timedelta

import pytest
import time_machine

from checklist.models import Look
from tests import factories
from tests.at_desk import look, section
from tests.conftest import signed_in
from tests.shared import a_list, share, shared_session


@pytest.fixture
def session(dana, sam, sams_phone, now):
    a_list(dana.practice)
    return shared_session(sam)


def looked():
    return sorted((row.kind, row.session_id is not None) for row in Look.objects.all())


def told(browser):
    return section(look(browser, "/sharing/"), "When they looked")


def test_r20_looking_at_a_session_is_told_with_who_what_and_when(desk, sams_phone, session):
    assert "Nobody has looked yet" in told(sams_phone)
    desk.get(f"/desk/sessions/{session.id}/")
    text = told(sams_phone)
    assert "Today, 11:18 am Dana R. looked at your list. Your session: Today" in text
    assert "Dana R. looked at your connection check." in text


@pytest.mark.parametrize(
    ("path", "kinds"),
    [
        ("/desk/", [("items", True)]),
        ("/desk/clients/{client}/", [("items", False)]),
        ("/desk/sessions/{session}/", [("connection", True), ("items", True)]),
        ("/desk/series/{series}/", [("items", False)]),
        ("/desk/clients/", []),
        ("/desk/sessions/{session}/edit/", []),
    ],
)
def test_r20_each_page_notes_what_it_shows_and_no_more(path, kinds, desk, sam, session):
    desk.get(path.format(client=sam.id, session=session.id, series=session.series_id))
    assert looked() == kinds


def test_r20_the_page_of_a_series_notes_what_it_shows_of_how_sessions_went(desk, sams_phone, sam, session):
    share(sam)
    desk.get(f"/desk/series/{session.series_id}/")
    assert looked() == [("fit", True), ("items", False), ("outcome", True)]
    assert "Dana R. looked at" in told(sams_phone)


def test_r20_what_is_not_shared_was_not_looked_at(desk, sam, session):
    share(sam, kinds=[])
    pages = ("/desk/", f"/desk/clients/{sam.id}/", f"/desk/sessions/{session.id}/")
    for path in (*pages, f"/desk/series/{session.series_id}/"):
        desk.get(path)
    assert looked() == []


def test_a_look_counts_once_a_day(desk, session, now):
    for hours in (0, 1, 9, 24, 25):
        with time_machine.travel(now + timedelta(hours=hours), tick=False):
            desk.get(f"/desk/sessions/{session.id}/")
            desk.get(f"/desk/clients/{session.client_id}/")
    assert len(looked()) == 3 * 2
    assert {row.at for row in Look.objects.all()} == {now, now + timedelta(hours=24)}


NOBODY = [
    {"Sec-Purpose": "prefetch"},
    {"Sec-Purpose": "prefetch;prerender"},
    {"Purpose": "prefetch"},
    {"Sec-Fetch-Dest": "empty"},
    {"Sec-Fetch-Dest": "image"},
]


@pytest.mark.parametrize("headers", NOBODY, ids=str)
def test_a_browser_that_fetches_ahead_or_a_script_looks_at_nothing(headers, desk, session):
    assert desk.get(f"/desk/sessions/{session.id}/", headers=headers).status_code == 200
    assert looked() == []


def test_a_look_at_the_headers_is_none(desk, session):
    assert desk.head(f"/desk/sessions/{session.id}/").status_code == 200
    assert looked() == []


def test_a_person_with_a_browser_of_today_is_told(desk, session):
    desk.get(f"/desk/sessions/{session.id}/", headers={"Sec-Fetch-Dest": "document"})
    assert looked() != []


def test_r16_who_sees_nothing_leaves_no_look(kim, omar, sams_phone, sam, session):
    for browser in (signed_in(kim), signed_in(omar), sams_phone):
        for path in ("/desk/", f"/desk/clients/{sam.id}/", f"/desk/sessions/{session.id}/"):
            browser.get(path)
    assert looked() == []


def test_r16_a_client_reads_of_their_own_only(desk, lees_phone, lee, session):
    desk.get(f"/desk/sessions/{session.id}/")
    assert "Dana" not in look(lees_phone, "/sharing/").text


def test_a_cancelled_session_shows_no_list_and_leaves_no_look(desk, sam, session):
    type(session).objects.filter(pk=session.pk).update(status="cancelled")
    desk.get("/desk/")
    desk.get(f"/desk/clients/{sam.id}/")
    assert looked() == []


def test_looks_do_not_grow_with_reloading(desk, dana, now):
    for client in factories.crowd(dana, 3):
        factories.session(client)
    for _ in range(3):
        desk.get("/desk/")
    assert Look.objects.count() == 3

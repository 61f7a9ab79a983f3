"""The number of queries does not grow with the number of rows (R28)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from checklist import inviting, ticking
from checklist.access import DEVICE_COOKIE
from checklist.models import Delivery, Reminder
from tests import factories
from tests.conftest import SAMS_PHONE

FEW, MANY = 2, 12
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def queries(browser, path):
    """Return the queries that a page takes."""
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path).status_code == 200
    return [query["sql"].split(" WHERE ")[0][:90] for query in captured.captured_queries]


@pytest.fixture
def practice(dana, sam, sams_session, sams_phone, desk):
    """Grow Dana's practice: each time as many rows of every kind."""
    made = iter(range(1000))

    def grow(more):
        for number in (next(made) for _ in range(more)):
            client = factories.client(dana, f"Client {number}", f"c{number}@example.org")
            factories.enrol(client, f"phone-{number}")
            inviting.invite(client, factories.NOW, by_mail=True)
            inviting.invite(factories.client(dana, f"Waiting {number}"), factories.NOW)
            for session in sessions(client, number):
                ticking.tick(session, "connection", "done", None, factories.NOW)
            for session in sessions(sam, number):
                ticking.tick(session, "slow-minutes", "done", None, factories.NOW)
            factories.enrol(sam, f"sams-phone-{number}")
        fail_some()

    return grow


def sessions(client, number):
    """Return four booked sessions: today, later this week, long ago, and one that is cancelled."""
    starts = [HOUR + number * timedelta(minutes=5), DAY * (1 + number % 6), -DAY * (3 + number)]
    return [factories.session(client, starts_in=start) for start in starts]


def fail_some():
    """Let half of what waits have failed, for the desk to see."""
    for delivery in Delivery.objects.waiting().order_by("due_at", "id")[::2]:
        Delivery.objects.filter(pk=delivery.pk).update(
            state="failed", reason="address refused", finished_at=factories.NOW
        )


def grows(browser, path, grow):
    """Return the queries that a page takes with many rows and did not take with few."""
    grow(FEW)
    few = queries(browser, path)
    few = queries(browser, path)  # once more: the first time notes the day of use
    grow(MANY - FEW)
    many = queries(browser, path)
    assert len(many) < 25
    return [sql for sql in many if many.count(sql) > few.count(sql)]


CLIENT_PAGES = ["/", "/sessions/", "/reminders/", "/help/", "/devices/"]
DESK_PAGES = ["/desk/", "/desk/clients/", "/desk/sessions/add/", "/desk/settings/"]


@pytest.mark.parametrize("path", CLIENT_PAGES)
def test_r28_a_page_on_the_phone_takes_as_many_queries_for_many_rows_as_for_few(path, sams_phone, practice):
    assert grows(sams_phone, path, practice) == []


@pytest.mark.parametrize("path", DESK_PAGES)
def test_r28_a_page_of_the_desk_takes_as_many_queries_for_many_rows_as_for_few(path, desk, practice):
    assert grows(desk, path, practice) == []


@pytest.mark.parametrize("page", ["", "edit/", "invitation/", "code/"])
def test_r28_a_clients_page_takes_as_many_queries_for_many_rows_as_for_few(page, desk, sam, practice):
    assert grows(desk, f"/desk/clients/{sam.id}/{page}", practice) == []


@pytest.mark.parametrize("page", ["", "edit/", "cancel/"])
def test_r28_a_sessions_page_at_the_desk_takes_as_many_queries_for_many_rows_as_for_few(
    page, desk, sams_session, practice
):
    assert grows(desk, f"/desk/sessions/{sams_session.id}/{page}", practice) == []


def test_r28_a_sessions_page_takes_as_many_queries_for_many_ticks_as_for_few(
    sams_phone, sams_session, practice
):
    for item in sams_session.version.items.all():
        ticking.tick(sams_session, item.key, "done", None, factories.NOW)
    assert grows(sams_phone, f"/sessions/{sams_session.id}/", practice) == []


def test_r28_a_phone_of_two_clients_takes_as_many_queries_as_a_phone_of_one(
    lee, lees_session, sams_phone, practice
):
    factories.enrol(lee, SAMS_PHONE)
    assert sams_phone.cookies[DEVICE_COOKIE].value == SAMS_PHONE
    assert grows(sams_phone, "/", practice) == []


def test_the_rows_are_of_every_kind(practice, sam, dana):
    practice(FEW)
    assert dana.clients.count() == 2 * FEW + 1
    assert sam.sessions.count() == 3 * FEW + 1
    assert Reminder.objects.filter(kind="invitation").count() == FEW
    assert {"failed", "planned"} <= set(Delivery.objects.values_list("state", flat=True))
    assert min(session.starts_at for session in sam.sessions.all()) < factories.NOW

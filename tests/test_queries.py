"""The number of queries does not grow with the number of rows (R28)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from checklist import inviting, ticking
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


def growing(browser, paths, grow):
    """Return {path: the queries that it takes with many rows and did not take with few}."""
    grow(FEW)
    browser.get(paths[0])  # the first time notes the day of use
    few = {path: queries(browser, path) for path in paths}
    grow(MANY - FEW)
    many = {path: queries(browser, path) for path in paths}
    assert {path: len(many[path]) for path in paths if len(many[path]) > 20} == {}
    more = {
        path: [sql for sql in many[path] if many[path].count(sql) > few[path].count(sql)] for path in paths
    }
    return {path: found for path, found in more.items() if found}


def test_r28_a_page_on_the_phone_takes_as_many_queries_for_many_rows_as_for_few(
    sams_phone, sams_session, practice
):
    for item in sams_session.version.items.all():
        ticking.tick(sams_session, item.key, "done", None, factories.NOW)
    pages = [
        "/",
        "/sessions/",
        f"/sessions/{sams_session.id}/",
        "/reminders/",
        "/help/",
        "/progress/",
        "/plan/",
        "/first-steps/reminders/",
        "/install/",
        "/devices/",
        "/leave/",
        "/sharing/",
        "/data/",
        f"/data/{sams_session.client_id}/erase/",
    ]
    assert growing(sams_phone, pages, practice) == {}


def test_r28_a_page_of_the_desk_takes_as_many_queries_for_many_rows_as_for_few(
    desk, sam, sams_session, practice
):
    pages = [
        "/desk/",
        "/desk/clients/",
        "/desk/clients/add/",
        "/desk/sessions/add/",
        "/desk/settings/",
        "/desk/outcomes/",
    ]
    pages += [f"/desk/clients/{sam.id}/{page}" for page in ("", "edit/", "invitation/", "code/")]
    pages += [f"/desk/sessions/{sams_session.id}/{page}" for page in ("", "edit/", "cancel/")]
    assert growing(desk, pages, practice) == {}


def test_r28_a_phone_of_two_clients_takes_as_many_queries_for_many_rows_as_for_few(
    lee, lees_session, sams_phone, practice
):
    factories.enrol(lee, SAMS_PHONE)
    assert growing(sams_phone, ["/", "/sessions/", "/progress/", "/reminders/"], practice) == {}


def test_the_rows_are_of_every_kind(practice, sam, dana):
    practice(FEW)
    assert dana.clients.count() == 2 * FEW + 1
    assert sam.sessions.count() == 3 * FEW + 1
    assert Reminder.objects.filter(kind="invitation").count() == FEW
    assert {"failed", "planned"} <= set(Delivery.objects.values_list("state", flat=True))
    assert min(session.starts_at for session in sam.sessions.all()) < factories.NOW


@pytest.mark.parametrize("path", ["/", "/sessions/", "/progress/"])
def test_r28_a_page_of_a_phone_reads_its_client_once(sams_phone, sams_session, path):
    with CaptureQueriesContext(connection) as captured:
        assert sams_phone.get(path).status_code == 200
    assert (
        sum('"checklist_practice"."dropped_call"' in query["sql"] for query in captured.captured_queries) == 1
    )

"""The therapist's nudge: when it may go, that it goes once, and that it falls silent (R8, R10, R12)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection

from checklist import nudging, reminding, scheduling
from checklist.models import Client, Delivery, Practice, Reminder, Session
from tests import factories
from tests.at_desk import look, make_ready, section
from tests.looking import DAY, HOUR, MINUTE
from tests.looking import look as send
from tests.subscribed import takes_notifications

pytest_plugins = ["tests.phones"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("exactly")]
OFFERED = (
    "A nudge is one more reminder, sent at once. It says when, and that something is open. Nothing private."
)


def press(desk, session):
    return desk.post(f"/desk/sessions/{session.id}/nudge/", follow=True).content.decode().replace("\xa0", " ")


def line(desk, session):
    """Return what the desk says of nudges below the reminders of a session."""
    return section(look(desk, f"/desk/sessions/{session.id}/"), "Reminders").partition("State")[2]


def nudges():
    return Reminder.objects.filter(kind="nudge").order_by("created_at")


def deliveries():
    """Return {channel: (state, reason)} of the nudges."""
    rows = Delivery.objects.filter(reminder__kind="nudge")
    return {row.channel: (row.state, row.reason) for row in rows}


@pytest.fixture
def fresh(sams_session):
    """Sam's session as another request would read it."""
    return Session.objects.get(pk=sams_session.pk)


# It goes


def test_a_nudge_leaves_at_once_by_mail(desk, sams_session, now):
    assert "A nudge is on its way." in press(desk, sams_session)
    assert send(now).kinds == ["nudge"]


def test_a_nudge_goes_to_the_phone_and_the_mail_waits_behind(desk, subscribed, sams_session, told, now):
    press(desk, sams_session)
    [message] = told(now)
    assert message.payload["notification"]["body"] == "Today at 12:00 pm"
    assert send(now + 9 * MINUTE).kinds == []
    assert send(now + 10 * MINUTE).kinds == ["nudge"]


def test_a_nudge_is_of_no_use_after_the_start(desk, sams_session):
    press(desk, sams_session)
    assert nudges().get().not_after == sams_session.starts_at


def test_r10_a_nudge_falls_silent_when_all_is_done_meanwhile(desk, sams_session, now):
    press(desk, sams_session)
    make_ready(sams_session)
    assert send(now).kinds == []
    assert deliveries() == {"email": ("dropped", "all done")}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda row, now: scheduling.cancel(row, now), "cancelled"),
        (lambda row, now: scheduling.change(row, now, now + DAY, 50), "moved"),
    ],
    ids=["cancelled", "moved"],
)
def test_r10_a_nudge_that_waits_goes_with_its_time(change, reason, desk, sams_session, fresh, now):
    press(desk, sams_session)
    change(fresh, now)
    assert deliveries() == {"email": ("dropped", reason)}


def test_r9_planning_anew_lets_a_waiting_nudge_be(desk, sam, sams_session, now):
    press(desk, sams_session)
    reminding.plan_client(sam, now)
    assert deliveries() == {"email": ("planned", "")}
    assert send(now).kinds == ["nudge"]


def test_a_nudge_takes_no_other_reminders_place(desk, sams_session, now):
    press(desk, sams_session)
    assert send(now).kinds == ["nudge"]
    assert send(now + 32 * MINUTE).kinds == ["just_before"]


# Not more than is good


def test_two_presses_make_one(desk, sams_session):
    press(desk, sams_session)
    assert "You sent one at 2:18 pm. The next can go at 2:48 pm." in press(desk, sams_session)
    assert nudges().count() == 1


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(30, "There is no time for another."), (31, "The next can go at 2:48 pm.")],
    ids=["at the start", "a minute before"],
)
def test_r8_no_time_is_promised_for_a_nudge_that_could_only_go_once_the_session_has_begun(
    minutes, words, desk, sam, now
):
    session = factories.session(sam, minutes * MINUTE)
    press(desk, session)
    assert f"You sent one at 2:18 pm. {words}" in press(desk, session)
    assert nudges().count() == 1


def test_after_half_an_hour_a_second_may_go_and_no_third(desk, sam, now):
    session = factories.session(sam, 5 * HOUR)
    for minutes, expected in ((0, 1), (29, 1), (30, 2), (60, 2), (200, 2)):
        with time_machine.travel(now + minutes * MINUTE, tick=False):
            page = press(desk, session)
        assert nudges().count() == expected, minutes
    assert "You have sent two for this session. That is the most." in page
    assert len({row.occasion for row in nudges()}) == 2


def test_moving_a_session_gives_no_more_nudges(desk, sam, now):
    session = factories.session(sam, 5 * HOUR)
    press(desk, session)
    scheduling.change(Session.objects.get(pk=session.pk), now, now + 6 * HOUR, 50)
    with time_machine.travel(now + 40 * MINUTE, tick=False):
        press(desk, session)
    with time_machine.travel(now + 80 * MINUTE, tick=False):
        press(desk, session)
    assert [row.occasion.partition("nudge:")[2] for row in nudges()] == ["1", "2"]
    assert send(now + 40 * MINUTE).kinds == ["nudge"]


# Not when it is of no use


def archived(session, now):
    Client.objects.update(archived_at=now)


def paused(session, now):
    Client.objects.update(paused_until="2026-11-28")


def no_address(session, now):
    Client.objects.update(email="")


def stopped(session, now):
    Client.objects.update(mail_reminders=False)


def unwanted(session, now):
    Client.objects.update(unwanted=["nudge email"])


def suspended(session, now):
    Practice.objects.update(suspended_at=now)


def ready(session, now):
    make_ready(session)


def cancelled(session, now):
    scheduling.cancel(session, now)


def begun(session, now):
    Session.objects.update(starts_at=now)


NEVER = {
    cancelled: "It was cancelled.",
    begun: "It has begun.",
    ready: "Nothing on the list is open.",
    archived: "They are archived.",
    paused: "They have paused reminders.",
    no_address: "Neither e-mail nor a notification would reach them.",
    stopped: "Neither e-mail nor a notification would reach them.",
    unwanted: "Neither e-mail nor a notification would reach them.",
    suspended: "Neither e-mail nor a notification would reach them.",
}


@pytest.mark.parametrize("why", NEVER, ids=lambda why: why.__name__)
def test_a_nudge_that_would_be_of_no_use_is_not_sent_and_the_desk_says_why(
    why, desk, sams_session, fresh, now
):
    why(fresh, now)
    assert f"No nudge was sent. {NEVER[why]}" in press(desk, sams_session)
    assert not nudges().exists()


def test_the_page_says_beforehand_why_not_and_has_no_button(desk, sams_session, now):
    assert OFFERED in line(desk, sams_session)
    stopped(sams_session, now)
    said = line(desk, sams_session)
    assert "No nudge can be sent now. Neither e-mail nor a notification would reach them." in said
    assert "Send a nudge" not in said


def test_a_phone_is_enough(desk, subscribed, sams_session, told, now):
    no_address(sams_session, now)
    press(desk, sams_session)
    assert len(told(now)) == 1


def test_what_has_begun_or_was_cancelled_is_not_spoken_of(desk, sams_session, fresh, now):
    with time_machine.travel(now + HOUR, tick=False):
        assert "nudge" not in line(desk, sams_session)
    cancelled(fresh, now)
    assert "nudge" not in line(desk, sams_session)


# Quiet hours, by the client's own clock


@pytest.mark.parametrize(
    ("zone", "clock", "quiet"),
    [
        ("America/Los_Angeles", (21, 59), False),
        ("America/Los_Angeles", (22, 0), True),
        ("America/Los_Angeles", (6, 59), True),
        ("America/Los_Angeles", (7, 0), False),
        ("Australia/Sydney", (22, 0), True),
        ("Australia/Sydney", (7, 0), False),
        ("Asia/Kathmandu", (23, 30), True),
        ("Asia/Kathmandu", (12, 0), False),
        ("Australia/Lord_Howe", (6, 59), True),
        ("Pacific/Apia", (21, 59), False),
    ],
)
def test_r12_no_nudge_goes_into_quiet_hours_where_the_client_is(zone, clock, quiet, desk, sam, now):
    there = {"time_zone": zone, "quiet_from": time(22), "quiet_to": time(7)}
    Client.objects.filter(pk=sam.pk).update(**there)
    at = datetime(2026, 11, 27, *clock, tzinfo=ZoneInfo(zone))
    with time_machine.travel(at, tick=False):
        session = factories.session(Client.objects.get(pk=sam.pk), 12 * HOUR, at)
        page = press(desk, session)
    assert ("No nudge was sent. They have quiet hours just now." in page) == quiet
    assert nudges().exists() != quiet


@pytest.mark.parametrize("minutes", [30, 90])
def test_r12_an_hour_that_happens_twice_is_quiet_twice(minutes, sam, now):
    quiet = {"time_zone": "America/New_York", "quiet_from": time(1), "quiet_to": time(2)}
    Client.objects.filter(pk=sam.pk).update(**quiet)
    one = datetime(2026, 11, 1, 1, 0, tzinfo=ZoneInfo("America/New_York")).astimezone(ZoneInfo("UTC"))
    session = factories.session(Client.objects.get(pk=sam.pk), 9 * HOUR, one)
    assert nudging.why_not(session, one + minutes * MINUTE) == "They have quiet hours just now."
    assert nudging.why_not(session, one + 2 * HOUR) == ""


# All at once


@pytest.mark.django_db(transaction=True)
def test_r8_presses_at_the_same_moment_make_one(sams_session, now):
    def one(_number):
        try:
            return nudging.nudge(Session.objects.get(pk=sams_session.pk), now)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(one, range(8)))
    assert answers.count("") == 1
    assert nudges().count() == 1
    assert Delivery.objects.filter(reminder__kind="nudge").count() == 1


def test_another_phone_of_the_client_is_told_as_well(desk, subscribed, sam, service, sams_session, told, now):
    takes_notifications(sam, service, now, "another")
    press(desk, sams_session)
    assert len(told(now)) == 2


def test_the_desk_names_the_nudge_among_the_reminders(desk, sams_session, now):
    press(desk, sams_session)
    send(now)
    first = look(desk, f"/desk/sessions/{sams_session.id}/").one("tbody").all("tr")[0].text
    assert first == "A nudge E-mail 2:18 pm Sent"


def test_until_the_last_minute_a_nudge_may_go(sam, now):
    session = factories.session(sam, timedelta(minutes=1))
    assert nudging.why_not(session, now) == ""

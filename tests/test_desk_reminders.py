"""Reminders at the desk: where they stand in the day's table, and what met with trouble (R15)."""

from datetime import timedelta

import pytest
import time_machine

from checklist import arriving, inviting, scheduling
from checklist.models import Client, Delivery, Handover
from tests import factories
from tests.at_desk import look, rows, section, settle
from tests.subscribed import takes_notifications

pytest_plugins = ["tests.phones"]

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def trouble(desk):
    return section(look(desk), "Not delivered")


# In the table


def test_a_planned_reminder_says_when(desk, sams_session):
    assert rows(desk)["Sam K."][3] == "Reminders: Planned 2:50 pm"


def test_a_sent_reminder_says_when(desk, sam, now):
    session = factories.session(sam, 3 * HOUR)
    settle(session, "hours_before", "sent", at=now - 5 * MINUTE)
    assert rows(desk)["Sam K."][3] == "Reminders: Sent 2:13 pm"


def test_a_reminder_sent_the_evening_before_names_the_day(desk, sam, now):
    with time_machine.travel(now - DAY, tick=False):
        session = factories.session(sam, DAY + 3 * HOUR, now - DAY)
    settle(session, "day_before", "sent", at=now - 20 * HOUR)
    assert rows(desk)["Sam K."][3] == "Reminders: Sent Yesterday, 6:18 pm"


def test_r15_a_failed_reminder_is_told_in_its_row(desk, sams_session, now):
    settle(sams_session, "just_before", "failed", "address refused")
    assert rows(desk)["Sam K."][3] == "Reminders: Not delivered 2:18 pm"


def test_r15_a_reminder_that_should_be_out_by_now_is_told(desk, sams_session, now):
    with time_machine.travel(now + 38 * MINUTE, tick=False):
        assert rows(desk)["Sam K."][3] == "Reminders: Not sent yet 2:50 pm"


def test_a_reminder_of_the_time_before_a_move_does_not_count(desk, sams_session, now):
    settle(sams_session, "just_before", "sent")
    scheduling.change(sams_session, now, now + 4 * HOUR, 50)
    assert rows(desk)["Sam K."][3] == "Reminders: Planned 4:18 pm"


def test_a_reminder_that_was_not_needed_says_so(desk, sams_session, now):
    settle(sams_session, "just_before", "dropped", "all done")
    assert rows(desk)["Sam K."][3] == "Reminders: Not needed"


def test_a_client_without_an_address_gets_none(desk, ana, now):
    factories.session(ana)
    assert rows(desk)["Ana P."][3] == "Reminders: No e-mail"


def test_r20_a_client_who_stopped_them_gets_none(desk, sam, sams_session):
    sam.mail_reminders = False
    sam.save()
    assert rows(desk)["Sam K."][3] == "Reminders: Stopped"


# By notification


@pytest.fixture
def by_phone(ana, service, keys, now):
    """Ana, who has no address, takes notifications on a phone; her session is in three hours."""
    takes_notifications(ana, service, now)
    return factories.session(ana, 3 * HOUR)


def on_its_page(desk, session):
    """Return {(kind, channel): what the page of a session says became of it}."""
    lines = look(desk, f"/desk/sessions/{session.id}/").one("tbody").all("tr")
    cells = [[cell.text for cell in line.all() if cell.tag in ("td", "th")] for line in lines]
    return {(kind, channel): state for kind, channel, _when, state in cells}


def test_a_client_without_an_address_gets_them_on_a_phone(desk, by_phone):
    assert rows(desk)["Ana P."][3] == "Reminders: Planned 3:18 pm"


def test_a_client_who_stopped_mails_gets_them_on_a_phone(desk, sam, sams_session, service, keys, now):
    takes_notifications(sam, service, now)
    sam.mail_reminders = False
    sam.save()
    assert rows(desk)["Sam K."][3] == "Reminders: Planned 2:50 pm"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "They go out as notifications, with an e-mail behind"),
        ({"email": ""}, "They go out as notifications, not by e-mail"),
        ({"mail_reminders": False}, "They go out as notifications, not by e-mail"),
    ],
)
def test_the_page_of_a_client_says_which_way_they_go(fields, words, desk, sam, subscribed, now):
    Client.objects.filter(pk=sam.pk).update(**fields)
    assert words in section(look(desk, f"/desk/clients/{sam.id}/"), "Reminders")


def test_a_phone_that_was_shut_out_gets_none(desk, by_phone, ana):
    ana.devices.all().revoke()
    assert rows(desk)["Ana P."][3] == "Reminders: No e-mail"


def test_the_mail_that_nobody_gets_is_not_late_while_the_phone_was_told(desk, by_phone, told, now):
    told(now + HOUR)
    with time_machine.travel(now + HOUR + 20 * MINUTE, tick=False):
        assert rows(desk)["Ana P."][3] == "Reminders: Sent 3:18 pm"
        assert trouble(desk) == ""


def test_r15_a_notification_that_is_late_is_told_of_a_client_without_an_address(desk, by_phone, now):
    with time_machine.travel(now + HOUR + 20 * MINUTE, tick=False):
        assert "Ana P." in trouble(desk)


@pytest.mark.parametrize(
    ("failed", "reason", "state"),
    [("push", "push gone", "Sent 3:20 pm"), ("email", "address refused", "Not delivered 3:19 pm")],
)
def test_r15_a_mail_makes_up_for_a_push_and_not_the_other_way_round(
    failed, reason, state, desk, subscribed, sam, now
):
    """That its service took a push does not say that anybody saw it."""
    session = factories.session(sam, 3 * HOUR)
    both = Delivery.objects.filter(reminder__session=session, reminder__kind="hours_before")
    both.update(state="sent", finished_at=now + HOUR + 2 * MINUTE)
    both.filter(channel=failed).update(state="failed", reason=reason, finished_at=now + HOUR + MINUTE)
    if failed == "email":
        both.filter(channel="push").update(finished_at=now + HOUR)
    assert rows(desk)["Sam K."][3] == f"Reminders: {state}"


@pytest.mark.parametrize(
    ("opened", "state"), [(False, "Arrived on the phone, 3:18 pm"), (True, "Opened on the phone, 3:18 pm")]
)
def test_r15_what_the_phone_itself_said_is_told(opened, state, desk, by_phone, told, now):
    told(now + HOUR)
    handover = Handover.objects.get()
    assert on_its_page(desk, by_phone)["Hours before", "Notification"] == "Sent"
    arriving.arrived(handover.id, handover.token(), now + HOUR, opened=opened)
    assert on_its_page(desk, by_phone)["Hours before", "Notification"] == state


def test_r15_a_notification_that_failed_says_what_to_do(desk, sam, subscribed, now):
    session = factories.session(sam, 3 * HOUR)
    failed = Delivery.objects.filter(reminder__session=session, reminder__kind="hours_before")
    failed.update(state="failed", reason="push gone", finished_at=now)
    said = on_its_page(desk, session)["Hours before", "Notification"]
    assert "Not delivered This phone takes no notifications any more." in said
    failed.filter(channel="email").update(state="dropped")
    assert "Sam K.: no notification arrived." in trouble(desk)
    assert "Check the address" not in trouble(desk)


# What met with trouble


def test_r15_what_failed_is_told_with_what_to_do(desk, sams_session, now):
    settle(sams_session, "just_before", "failed", "address refused")
    told = trouble(desk)
    assert "Sam K.: no e-mail arrived. This address takes no mail. Put it right and it is sent again." in told
    assert "Check the address" in told


def test_r15_with_a_server_that_does_not_answer_the_address_is_not_to_blame(desk, sams_session, now):
    settle(sams_session, "just_before", "failed", "not reached")
    assert "The mail server does not answer. Tell your client yourself this time." in trouble(desk)
    assert "Check the address" not in trouble(desk)


def test_r15_what_waits_too_long_is_told_while_no_sender_runs(desk, sams_session, now):
    with time_machine.travel(now + 38 * MINUTE, tick=False):
        told = trouble(desk)
    assert told.startswith("Reminders are not going out just now. Tell whoever runs Settle")
    assert told.endswith("these clients yourself: Sam K.")


def test_what_is_late_is_told_in_one_line_for_all_clients(desk, dana, sams_session, now):
    for n in range(3):
        factories.session(factories.client(dana, f"Client {n}", f"c{n}@example.org"))
    with time_machine.travel(now + 38 * MINUTE, tick=False):
        assert len(look(desk).all("li", kind="notice")) == 1


def test_what_is_late_for_a_session_that_has_begun_is_told_no_more(desk, sams_session, now):
    with time_machine.travel(sams_session.starts_at, tick=False):
        assert trouble(desk) == ""


def test_of_several_failures_for_one_client_the_latest_is_told(desk, sam, now):
    session = factories.session(sam, 3 * HOUR)
    for kind, reason in (("just_before", "error"), ("hours_before", "address refused")):
        settle(session, kind, "failed", reason)
    (told,) = look(desk).all("li", kind="notice")
    assert "Something went wrong here." in told.text


def test_what_waits_for_a_client_who_takes_no_mail_is_no_trouble(desk, sam, sams_session, now):
    sam.mail_reminders = False
    sam.save()
    with time_machine.travel(now + 38 * MINUTE, tick=False):
        assert trouble(desk) == ""


def test_trouble_is_over_once_a_mail_has_reached_the_client(desk, sam, sams_session, now):
    settle(sams_session, "just_before", "failed", "address refused", at=now - HOUR)
    later = factories.session(sam, 3 * HOUR)
    settle(later, "hours_before", "sent", at=now)
    assert trouble(desk) == ""


def test_trouble_of_an_invitation_is_over_once_somebody_came_in(desk, sam, now):
    invitation = inviting.invite(sam, now, by_mail=True)
    rows = Delivery.objects.filter(reminder__invitation=invitation)
    rows.update(state="failed", reason="address refused", finished_at=now)
    assert "Sam K.: no e-mail arrived." in trouble(desk)
    invitation.use(now)
    assert trouble(desk) == ""


def test_trouble_older_than_a_week_is_told_no_more(desk, sams_session, now):
    settle(sams_session, "just_before", "failed", "address refused", at=now - 8 * DAY)
    assert trouble(desk) == ""


def test_r16_a_colleagues_trouble_is_not_shown(desk, sam, jo, now):
    session = factories.session(jo)
    settle(session, "just_before", "failed", "address refused")
    assert trouble(desk) == ""

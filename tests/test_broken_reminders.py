"""What somebody who tried to break the reminders found, each as it should be (R8 to R16)."""

from datetime import time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import OperationalError

from checklist import answering, arriving, merging, nudging, reminding, subscribing, ticking
from checklist.channels.notifying import Round
from checklist.delivering import Sender
from checklist.models import Client, Delivery, Handover, Heartbeat, Subscription
from checklist.models.reasons import Reason
from checklist.settling import Batch
from tests import factories
from tests.at_once import together
from tests.conftest import SAMS_PHONE
from tests.looking import DAY, HOUR, MINUTE, look
from tests.mailbox import Notepad
from tests.pushes import Says
from tests.wished import choose

pytest_plugins = ["tests.phones"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("exactly")]
SECOND, HERE = timedelta(seconds=1), ZoneInfo("America/Los_Angeles")


def row(kind, channel, session=None):
    rows = Delivery.objects.filter(reminder__kind=kind, channel=channel)
    return (rows.filter(reminder__session=session) if session else rows).get()


def wish(client, now, **fields):
    Client.objects.filter(pk=client.pk).update(**fields)
    client.refresh_from_db()
    reminding.plan_client(client, now)


@pytest.fixture
def pair(sam, subscribed):
    """Two sessions of Sam's, forty minutes apart, of which a phone is told."""
    return factories.session(sam, 3 * DAY), factories.session(sam, 3 * DAY + 40 * MINUTE)


@pytest.mark.parametrize("given_up", [True, False])
def test_r9_a_push_that_nobody_wants_any_more_pulls_no_mail_to_an_old_time(
    given_up, sam, subscribed, told, now
):
    factories.session(sam, 3 * DAY)
    if given_up:
        subscribing.unsubscribe([subscribed.device], now)
    wish(sam, now, evening=time(21, 0), unwanted=[] if given_up else ["day_before push"])
    mail = row("day_before", "email")
    told(mail.due_at - 3 * HOUR)
    assert look(mail.due_at - 3 * HOUR).sent == []
    told(mail.due_at)
    assert look(mail.due_at).kinds == ["day_before"]


def test_r15_after_an_outage_the_mail_waits_for_its_push(sam, subscribed, told, now):
    factories.session(sam, 3 * DAY)
    late = row("day_before", "email").due_at + 30 * MINUTE
    Heartbeat.beat("push", now)
    assert look(late).sent == []
    assert len(told(late + 5 * SECOND)) == 1
    assert look(late + 5 * MINUTE).sent == []
    assert look(late + 11 * MINUTE).kinds == ["day_before"]


def test_r15_no_mail_waits_for_a_sender_of_pushes_that_is_not_there(sam, subscribed, now):
    factories.session(sam, 3 * DAY)
    Heartbeat.beat("push", now - 2 * MINUTE)
    assert look(row("day_before", "email").due_at).kinds == ["day_before"]


def test_r8_what_was_said_of_both_by_push_is_not_said_of_the_second_by_mail(pair, told):
    first, second = pair
    due = row("hours_before", "push", first).due_at
    assert len(told(due)) == 1
    handover = Handover.objects.get()
    arriving.arrived(handover.id, handover.token(), due + SECOND)
    assert told(row("hours_before", "push", second).due_at) == []
    assert look(row("hours_before", "email", second).due_at).sent == []
    assert row("hours_before", "email", second).reason == Reason.MERGED


def test_r8_what_was_said_of_both_by_mail_is_not_said_of_the_second_by_push(pair, told, service, subscribed):
    first, second = pair
    Delivery.objects.exclude(reminder__kind="hours_before").delete()
    service.answers[subscribed.endpoint] = [Says(410)]
    due = row("hours_before", "push", first).due_at
    told(due)
    assert look(due).kinds == ["hours_before"]
    Subscription.objects.update(gone_at=None)
    assert told(row("hours_before", "push", second).due_at) == []


def test_r9_one_that_was_left_out_because_it_was_ready_still_gets_its_own(sam, now):
    first, second = factories.session(sam, 3 * DAY), factories.session(sam, 3 * DAY + 40 * MINUTE)
    Delivery.objects.exclude(reminder__kind="hours_before").delete()
    for line in second.readiness.open_lines:
        ticking.tick(second, line.item.key, "done", None, now)
    assert look(row("hours_before", "email", first).due_at).kinds == ["hours_before"]
    ticking.tick(second, second.readiness.lines[0].item.key, "open", None, now + SECOND)
    assert look(row("hours_before", "email", second).due_at).kinds == ["hours_before"]


def test_r10_no_message_speaks_of_one_that_has_begun(pair):
    first, second = pair
    reminder = row("just_before", "push", second).reminder
    assert merging.spoken_of(reminder, first.starts_at - MINUTE) == [first, second]
    assert merging.spoken_of(reminder, first.starts_at) == [second]


def test_r14_saving_another_choice_starts_no_mail_that_another_client_of_the_phone_has_stopped(
    sams_phone, dana
):
    other = factories.client(dana, "S. again", "again@example.org")
    factories.enrol(other, SAMS_PHONE)
    Client.objects.filter(pk=other.pk).update(mail_reminders=False)
    choose(sams_phone, evening="19:00")
    other.refresh_from_db()
    assert (other.mail_reminders, other.evening) == (False, time(19, 0))


def test_r15_a_mail_that_failed_behind_a_push_nobody_heard_of_is_shown(sam, subscribed, told, now):
    factories.session(sam, 3 * DAY)
    due = row("day_before", "push").due_at
    told(due)
    mail = row("day_before", "email")
    mail.end(Reason.ADDRESS_REFUSED, due + 10 * MINUTE)
    assert list(Delivery.objects.in_trouble(due + HOUR)) == [mail]
    Handover.objects.update(arrived_at=due)
    assert not Delivery.objects.in_trouble(due + HOUR).exists()


def test_r13_after_an_outage_a_nudge_and_what_was_planned_are_one_message(sam, now):
    session = factories.session(sam, 3 * HOUR)
    at = row("hours_before", "email").due_at - 5 * MINUTE
    assert nudging.nudge(session, at) == ""
    assert look(at + 50 * MINUTE).kinds == ["hours_before"]


def test_r13_a_late_one_stays_when_the_next_has_no_phone_to_go_to(sam, subscribed, now):
    factories.session(sam, 3 * DAY)
    wish(sam, now, unwanted=["just_before email"])
    Subscription.objects.update(gone_at=now)
    nearly = row("just_before", "push").due_at - 5 * MINUTE
    assert look(nearly).kinds == ["hours_before"]


def test_r9_what_a_queue_loses_counts_as_no_crash(sam, now, settings):
    factories.session(sam, 3 * DAY)
    due = row("day_before", "email").due_at
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    for number in range(7):
        look(due + number * 6 * MINUTE)
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    assert look(due + HOUR).kinds == ["day_before"]


def test_r9_a_database_that_fails_in_the_middle_leaves_no_lease_behind(sam, now):
    class Locked(Notepad):
        def look_up(self, _deliveries):
            raise OperationalError

    factories.session(sam, 3 * DAY)
    due = row("day_before", "email").due_at
    for _look in range(6):
        with pytest.raises(OperationalError):
            look(due, Locked())
    assert look(due).kinds == ["day_before"]


@pytest.mark.django_db(transaction=True)
def test_r9_one_task_that_is_run_twice_at_once_sends_once(sam, now):
    factories.session(sam, 3 * DAY)
    due = row("day_before", "email").due_at
    ids = Delivery.objects.claim("a queue", due, 50, "email")
    pads = [Notepad(), Notepad()]

    def run(pad):
        Batch(Sender(lambda: due, {"email": pad}), "email", ids, "a queue").settle()

    together(*(partial(run, pad) for pad in pads))
    assert len(pads[0].sent + pads[1].sent) == 1


def test_r10_the_time_that_one_phone_took_is_not_given_to_the_next(now, monkeypatch):
    going = Round([], {}, now, now + 10 * SECOND)
    monkeypatch.setattr(going, "written", going.written - 8)
    assert going.manner["ttl"] == 2
    monkeypatch.setattr(going, "written", going.written - 8)
    assert going.manner["ttl"] <= 0


@pytest.mark.parametrize("where", ["open", "look_up"])
def test_r9_a_bug_in_a_channel_does_not_end_the_sender(where, sam, now):
    class Broken(Notepad):
        """It fails at one step."""

    def fail(*_):
        raise UnicodeEncodeError("ascii", "\u00e9", 0, 1, "no")

    setattr(Broken, where, fail)
    factories.session(sam, 3 * DAY)
    due = row("day_before", "email").due_at
    look(due, Broken())
    assert look(due + 3 * MINUTE).kinds == ["day_before"]


def test_r15_a_nudge_just_before_quiet_hours_is_no_trouble(sam, subscribed, now):
    session = factories.session(sam, 3 * HOUR)
    wish(sam, now, quiet_from=time(11, 20), quiet_to=time(12, 0))
    assert nudging.nudge(session, now) == ""
    assert not Delivery.objects.in_trouble(now).exists()


def test_r15_the_word_of_a_phone_that_was_shut_out_calls_no_mail_off(sam, subscribed, told, now):
    factories.session(sam, 3 * DAY)
    due = row("day_before", "push").due_at
    told(due)
    handover = Handover.objects.get()
    subscribed.device.revoke(due)
    assert not arriving.arrived(handover.id, handover.token(), due + SECOND)
    assert row("day_before", "email").state == "planned"


def test_one_tap_on_a_notification_about_two_answers_for_none(pair, told):
    told(row("hours_before", "push", pair[0]).due_at)
    handover = Handover.objects.get()
    assert answering.by_notification(handover.id, handover.token()) == (None, None, None)


def local(clock, day, now):
    """Return a wall clock time where Sam is, so many days from now."""
    return (now.astimezone(HERE) + day * DAY).replace(
        hour=clock.hour, minute=clock.minute, second=0, microsecond=0
    )


def hours_before_nine(sam, now):
    """Sam's session tomorrow at 9, of which only the reminder two hours before is wanted."""
    Client.objects.filter(pk=sam.pk).update(unwanted=["just_before email", "day_before email"])
    sam.refresh_from_db()
    return factories.session(sam, local(time(9), 1, now) - now)


def test_r12_quiet_hours_set_when_they_have_begun_hold_what_they_would_put_into_the_past(sam, now):
    session, night = hours_before_nine(sam, now), local(time(22, 30), 0, now)
    for minutes in (0, 5):  # said again it changes nothing
        wish(sam, night + minutes * MINUTE, quiet_from=time(22), quiet_to=time(8))
        assert row("hours_before", "email", session).due_at == local(time(8), 1, now)
    assert look(local(time(8), 1, now)).kinds == ["hours_before"]
    wish(sam, local(time(8, 5), 1, now), hours_before=2)
    assert row("hours_before", "email", session).state == "sent"


def test_r12_what_is_booked_in_quiet_hours_is_told_when_they_end(sam, now):
    wish(sam, now, quiet_from=time(22), quiet_to=time(8))
    night = local(time(22, 30), 0, now)
    with time_machine.travel(night, tick=False):
        session = factories.session(sam, local(time(9), 1, now) - now)
        reminding.plan(session, night)
    assert row("hours_before", "email", session).due_at == local(time(8), 1, now)


def test_r12_what_was_said_before_quiet_hours_is_not_said_again_after_them(sam, now):
    Client.objects.filter(pk=sam.pk).update(quiet_from=time(22), quiet_to=time(8))
    session = hours_before_nine(sam, now)
    before = row("hours_before", "email", session).due_at
    assert before == local(time(21, 59), 0, now)
    assert look(before).kinds == ["hours_before"]
    wish(sam, local(time(22, 30), 0, now), minutes_before=20)
    assert look(local(time(8), 1, now)).kinds == []

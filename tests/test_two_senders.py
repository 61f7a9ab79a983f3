"""What users report of other reminders, each with two senders at work at once (R8 to R13, R15).

Both look at the same moment, over both channels. `change` happens once, after something was claimed and before it
is looked at again.
"""

import threading
from collections import Counter
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from checklist import reminding, scheduling, subscribing
from checklist.channels import Channel, NotDelivered
from checklist.channels.notifying import PushChannel
from checklist.channels.push import Pusher
from checklist.dispatching import send_due
from checklist.models import Client, Delivery, Device, Practice, Subscription
from checklist.models.reasons import Reason
from tests import factories
from tests.at_once import together
from tests.looking import DAY, HOUR, MINUTE
from tests.pushes import Says
from tests.subscribed import takes_notifications

pytest_plugins = ["tests.phones"]
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.usefixtures("exactly"),
]


class Once:
    """Does something for the first that comes; others wait until it is done."""

    def __init__(self, do):
        self.do, self.lock = do, threading.Lock()

    def __call__(self):
        with self.lock:
            do, self.do = self.do, lambda: None
            do()


class Mail(Channel):
    """Notes which kind went to which address."""

    def __init__(self, between, refused=False):
        self.open, self.refused, self.sent = between, refused, []

    def write(self, delivery, now):
        if self.refused:
            raise NotDelivered(Reason.ADDRESS_REFUSED, permanent=True)
        return delivery.reminder.kind, delivery.reminder.client.email

    def carry(self, message, clear):
        self.sent.append(message)


class Push(PushChannel):
    """The real one, which asks `between` before it sends."""

    def __init__(self, between, service):
        super().__init__(lambda: Pusher(service.poster()))
        self.open = between


@pytest.fixture
def senders(service, keys):
    """Return a function that lets two senders look at some instants; it returns (mails, pushes) as Counters."""

    def look(*instants, change=lambda: None, refused=False):
        between, mails, before = Once(change), [], len(service.messages)
        for at in instants:
            service.clock = at.timestamp
            channels = [{"push": Push(between, service), "email": Mail(between, refused)} for _ in range(2)]
            with time_machine.travel(at, tick=False):
                together(*(lambda two=two, at=at: send_due(lambda: at, two) for two in channels))
            mails += [mail for two in channels for mail in two["email"].sent]
            for two in channels:
                two["push"].close()
        pushes = [message.endpoint for message in service.messages[before:]]
        return Counter(mails), Counter(pushes)

    return look


@pytest.fixture
def ahead(sam, now):
    """Sam's session in three days, reminded of by mail."""
    return factories.session(sam, 3 * DAY)


@pytest.fixture
def pushed(sam, now, service, keys):
    """Sam's session in three days, and the phone that takes its notifications."""
    phone = takes_notifications(sam, service, now)
    return factories.session(sam, 3 * DAY), phone


def due(kind, channel="email", **about):
    return Delivery.objects.get(reminder__kind=kind, channel=channel, state="planned", **about).due_at


def each_hour(session, now):
    """Return the instants at which something may be due, and every hour until after the session."""
    hours = [now + number * HOUR for number in range(int((session.ends_at - now) / HOUR) + 2)]
    return sorted({*hours, *Delivery.objects.values_list("due_at", flat=True)})


TO_SAM = "sam@example.org"
ALL = {("day_before", TO_SAM): 1, ("hours_before", TO_SAM): 1, ("just_before", TO_SAM): 1}


def test_r8_each_reminder_comes_once_however_often_they_look(ahead, senders, now):
    mails, _pushes = senders(*each_hour(ahead, now))
    assert mails == ALL


def test_r15_each_notification_comes_once_and_each_mail_behind_it_once(pushed, senders, now):
    session, phone = pushed
    mails, pushes = senders(*each_hour(session, now), *[due(kind) for kind, _to in ALL])
    assert pushes == {phone.endpoint: 3}
    assert set(mails.values()) <= {1}


def test_r10_cancelled(ahead, senders, now):
    mails, _pushes = senders(due("day_before"), change=lambda: scheduling.cancel(ahead, now))
    assert not mails + senders(*each_hour(ahead, now))[0]


def test_r10_moved(ahead, senders, now):
    evening = due("day_before")
    mails, _pushes = senders(
        evening, change=lambda: scheduling.change(ahead, evening, ahead.starts_at + DAY, 50)
    )
    assert not mails
    ahead.refresh_from_db()
    assert senders(*each_hour(ahead, evening + MINUTE))[0] == ALL


def test_r10_moved_twice_within_a_lease(ahead, senders, now):
    evening = due("day_before")

    def twice():
        for days in (1, 2):
            scheduling.change(ahead, evening, ahead.starts_at + days * DAY, 50)

    assert not senders(evening, change=twice)[0]
    ahead.refresh_from_db()
    assert senders(*each_hour(ahead, evening + MINUTE))[0] == ALL


def test_r10_booked_inside_the_offset(sam, senders, now):
    session = factories.session(sam, HOUR)
    assert senders(now, *each_hour(session, now))[0] == {("just_before", TO_SAM): 1}


def test_r10_booked_when_it_has_begun(sam, senders, now):
    session = factories.session(sam, -5 * MINUTE)
    assert not senders(now, *each_hour(session, now))[0]


def wish(client, now, **fields):
    """Change what the client wants, as the row has it, and plan anew."""
    Client.objects.filter(pk=client.pk).update(**fields)
    client.refresh_from_db()
    reminding.plan_client(client, now)


def test_r9_rule_edited(ahead, sam, senders, now):
    before = due("hours_before")
    Delivery.objects.filter(reminder__kind="day_before").delete()
    assert not senders(before, change=lambda: wish(sam, before, hours_before=1))[0]
    assert due("hours_before") == before + HOUR
    assert senders(*each_hour(ahead, before))[0] == {("hours_before", TO_SAM): 1, ("just_before", TO_SAM): 1}


def test_r9_opted_out_between_claim_and_send(ahead, senders):
    change = Client.objects.update
    assert not senders(due("day_before"), change=lambda: change(mail_reminders=False))[0]


def test_r9_a_kind_switched_off_between_claim_and_send(ahead, senders):
    change = Client.objects.update
    assert not senders(due("day_before"), change=lambda: change(unwanted=["day_before email"]))[0]


def test_r9_paused_between_claim_and_send(ahead, senders):
    evening = due("day_before")
    change = Client.objects.update
    assert not senders(evening, change=lambda: change(paused_until=evening.date() + 2 * DAY))[0]


def test_r9_client_erased(ahead, sam, senders):
    assert not senders(due("day_before"), change=sam.delete)[0]
    assert not Delivery.objects.exists()


def test_r12_quiet_hours_across_midnight(sam, senders, now):
    wish(sam, now, quiet_from=time(17, 30), quiet_to=time(9, 0))
    session = factories.session(sam, 3 * DAY)
    assert due("day_before").astimezone(ZoneInfo(sam.time_zone)).time() == time(17, 29)
    assert senders(*each_hour(session, now))[0] == ALL


def test_r12_what_is_late_waits_for_the_end_of_quiet_hours(sam, senders, now):
    wish(sam, now, quiet_from=time(18, 30), quiet_to=time(7, 0))
    session = factories.session(sam, 3 * DAY)
    late = due("day_before") + HOUR
    assert not senders(late)[0]
    morning = due("day_before")
    assert morning.astimezone(ZoneInfo(sam.time_zone)).time() == time(7, 0)
    assert senders(*each_hour(session, late))[0] == ALL


def test_r12_what_can_not_wait_for_their_end_has_failed_and_is_shown(sam, senders, now):
    wish(sam, now, quiet_from=time(22, 0), quiet_to=time(12, 0))
    factories.session(sam, 3 * DAY)
    Delivery.objects.exclude(reminder__kind="day_before").delete()
    late = due("day_before") + 5 * HOUR
    assert not senders(late)[0]
    assert Delivery.objects.in_trouble(late).get().reason == Reason.QUIET


def test_r12_neither_the_push_nor_the_mail_behind_it_is_quiet(sam, senders, now, service, keys):
    takes_notifications(sam, service, now)
    wish(sam, now, quiet_from=time(18, 5), quiet_to=time(7, 0))
    session = factories.session(sam, 3 * DAY)
    walls = [due("day_before", channel).astimezone(ZoneInfo(sam.time_zone)) for channel in ("push", "email")]
    assert [wall.time() for wall in walls] == [time(17, 54), time(18, 4)]
    mails, pushes = senders(due("day_before", "push"), due("day_before"))
    assert mails == {("day_before", TO_SAM): 1} and sum(pushes.values()) == 1
    assert session.starts_at > now


def test_r15_both_channels_fail(pushed, senders, now, service):
    _session, phone = pushed
    service.answers[phone.endpoint] = [Says(410)]
    evening = due("day_before", "push")
    assert senders(evening, evening + MINUTE, refused=True) == ({}, {})
    states = dict(Delivery.objects.filter(reminder__kind="day_before").values_list("channel", "state"))
    assert states == {"push": "failed", "email": "failed"}
    assert Delivery.objects.in_trouble(evening).filter(reminder__kind="day_before").exists()


def test_r15_one_channel_that_fails_is_no_trouble_when_the_other_did_it(pushed, senders, service):
    _session, phone = pushed
    service.answers[phone.endpoint] = [Says(410)]
    evening = due("day_before", "push")
    mails, _pushes = senders(evening, evening + MINUTE)
    assert mails == {("day_before", TO_SAM): 1}
    assert not Delivery.objects.in_trouble(evening).exists()


def test_r10_session_begun(ahead, senders):
    assert not senders(ahead.starts_at, ahead.starts_at + MINUTE)[0]


def test_r9_address_changed(ahead, senders, sam):
    evening = due("day_before")
    mails, _pushes = senders(
        evening, evening + 3 * MINUTE, change=lambda: wish(sam, evening, email="sam@new.example.org")
    )
    assert mails == {("day_before", "sam@new.example.org"): 1}


def test_r9_two_devices(pushed, senders, sam, service, now):
    _session, phone = pushed
    other = takes_notifications(sam, service, now, "another")
    evening = due("day_before", "push")
    mails, pushes = senders(evening, evening + MINUTE)
    assert (mails, pushes) == ({}, {phone.endpoint: 1, other.endpoint: 1})


@pytest.mark.usefixtures("pushed")
def test_r9_subscription_rotated(senders, service, now):
    browser, evening = service.subscribe(), due("day_before", "push")
    devices = list(Device.objects.select_related("client__practice"))
    mails, pushes = senders(
        evening, evening + MINUTE, change=lambda: subscribing.subscribe(devices, browser, "key", evening)
    )
    assert (mails, pushes) == ({}, {browser.endpoint: 1})
    assert Subscription.objects.live().get().endpoint == browser.endpoint


def test_r9_notifications_switched_off_between_claim_and_send(pushed, senders):
    _session, phone = pushed
    evening = due("day_before", "push")
    mails, pushes = senders(
        evening, evening + 11 * MINUTE, change=lambda: subscribing.unsubscribe([phone.device], evening)
    )
    assert (mails, pushes) == ({("day_before", TO_SAM): 1}, {})


@pytest.mark.parametrize("fields", [{"suspended_at": factories.NOW}, {"kinds": ["just_before"]}])
def test_r9_practice_suspended_or_its_rule_edited(ahead, senders, fields):
    assert not senders(due("day_before"), change=lambda: Practice.objects.update(**fields))[0]


def test_r13_after_an_outage_of_a_day_one_of_each_session_comes(ahead, senders):
    late = due("hours_before") + 20 * MINUTE
    mails, _pushes = senders(late, late + MINUTE)
    assert sum(mails.values()) == 1


def test_r13_a_late_one_gives_way_to_the_next_that_comes_on_the_other_channel(pushed, sam, senders, now):
    wish(sam, now, unwanted=["hours_before push", "just_before email"])
    nearly = due("just_before", "push") - 5 * MINUTE
    assert senders(nearly)[0] == {}
    assert sum(senders(nearly + 5 * MINUTE)[1].values()) == 1


def test_r13_a_late_one_stays_when_nobody_would_get_the_next(pushed, sam, senders, now):
    wish(sam, now, unwanted=["just_before push", "just_before email"])
    nearly = due("just_before") - 5 * MINUTE
    assert sum(senders(nearly)[1].values()) == 1


def test_r11_server_in_one_zone_client_in_another_across_a_change_of_clocks(jo, senders, now):
    """Clocks in New York go forward on 14 March 2027 at 2 am: the evening before is at 6 pm all the same."""
    start = now.replace(2027, 3, 14, 16, 0)
    session = factories.session(jo, start - now)
    assert due("day_before") == start.replace(day=13, hour=23)
    early = due("day_before") - timedelta(seconds=1)
    assert not senders(early)[0]
    assert senders(*each_hour(session, early))[0] == {(kind, "jo@example.org"): 1 for kind, _to in ALL}

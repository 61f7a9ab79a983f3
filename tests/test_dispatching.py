"""Sending what is due: the right thing, at the right time, once (R8 to R13)."""

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from checklist import inviting, scheduling, settling, ticking
from checklist.models import Client, Delivery, Heartbeat
from tests import factories
from tests.looking import DAY, HOUR, KINDS, MINUTE, due, due_last, fate, look
from tests.mailbox import Notepad

pytest_plugins = ["tests.waiting"]
pytestmark = pytest.mark.django_db


def get_ready(session, now):
    for line in session.readiness.open_lines:
        ticking.tick(session, line.item.key, "done", None, now)


# At the right time


@pytest.mark.parametrize("kind", KINDS)
def test_r11_nothing_leaves_a_second_early(ahead, kind):
    assert kind not in look(due(kind) - timedelta(seconds=1)).kinds


@pytest.mark.parametrize("kind", KINDS)
def test_r11_each_leaves_at_its_time(ahead, kind):
    at = due(kind)
    Delivery.objects.filter(due_at__lt=at).delete()
    assert look(at).sent == [(kind, at)]


CHANGES = [
    ("America/New_York", "2026-03-08T12:00-04:00", "2026-03-07T18:00-05:00"),
    ("America/New_York", "2026-11-01T09:00-05:00", "2026-10-31T18:00-04:00"),
    ("America/Los_Angeles", "2027-03-14T12:00-04:00", "2027-03-13T18:00-08:00"),
    ("Australia/Lord_Howe", "2026-10-04T09:00+11:00", "2026-10-03T18:00+10:30"),
    ("Europe/London", "2026-03-29T14:00+01:00", "2026-03-28T18:00+00:00"),
]


@pytest.mark.parametrize(("zone", "start", "evening"), CHANGES)
def test_r11_look_by_look_across_a_change_each_comes_once_and_on_time(dana, zone, start, evening):
    """Dana books from New York; the sender looks every ten minutes until the session is over."""
    start, evening = datetime.fromisoformat(start), datetime.fromisoformat(evening)
    at, channel = evening - HOUR, Notepad()
    client = factories.client(dana, "Zoe", "zoe@example.org", zone)
    factories.session(client, start - at, now=at)
    while at <= start + HOUR:
        look(at, channel)
        at += 10 * MINUTE
    assert channel.sent == [
        ("day_before", evening), ("hours_before", start - 2 * HOUR), ("just_before", start - 10 * MINUTE)
    ]  # fmt: skip


def test_r8_a_second_look_sends_nothing_again(evening):
    look(evening)
    assert look(evening).sent == []


def test_what_was_sent_is_marked(evening):
    look(evening)
    row = Delivery.objects.get(reminder__kind="day_before")
    assert (row.state, row.reason, row.finished_at, row.lease_until) == ("sent", "", evening, None)


def test_more_than_a_batch_leaves_in_one_look(dana, now):
    for client in factories.crowd(dana, Notepad.batch + 5):
        factories.session(client, 3 * DAY)
    assert len(look(due_last()).sent) == Notepad.batch + 5


# Not any more (R10)


def test_r10_nothing_is_sent_for_a_cancelled_session(ahead, evening, now):
    scheduling.cancel(ahead, now)
    assert look(evening).sent == []


def test_r9_the_session_is_read_again_just_before_sending(ahead, evening):
    """Cancelled without a new plan: the last look has to see it."""
    type(ahead).objects.update(status="cancelled")
    assert look(evening).sent == []
    assert fate() == ("dropped", "cancelled")


def test_r9_a_move_is_seen_just_before_sending(ahead, evening):
    type(ahead).objects.update(revision=2)
    assert look(evening).sent == []
    assert fate() == ("dropped", "moved")


def test_r10_after_a_move_the_old_time_stays_silent(ahead, evening, now):
    scheduling.change(ahead, now, ahead.starts_at + 2 * DAY, 50)
    assert look(evening).sent == []


def test_r10_after_a_move_the_new_time_is_told(ahead, evening, now):
    scheduling.change(ahead, now, ahead.starts_at + 2 * DAY, 50)
    assert look(evening + 2 * DAY).kinds == ["day_before"]


@pytest.mark.parametrize("kind", ["day_before", "hours_before"])
def test_r10_who_is_ready_is_not_asked_to_get_ready(ahead, kind, now):
    get_ready(ahead, now)
    assert kind not in look(due(kind)).kinds
    assert fate(kind) == ("dropped", "all done")


def test_r10_who_is_ready_is_still_told_that_it_begins(ahead, now):
    get_ready(ahead, now)
    assert look(due("just_before")).kinds == ["just_before"]


def test_r10_one_open_item_is_enough_to_be_reminded(ahead, evening, now):
    get_ready(ahead, now)
    ticking.tick(ahead, ahead.readiness.lines[0].item.key, "open", None, now)
    assert look(evening).kinds == ["day_before"]


def test_r10_nothing_is_sent_once_it_has_begun(ahead):
    assert look(ahead.starts_at).sent == []
    assert fate("just_before") == ("failed", "too late")


def test_r9_who_has_unsubscribed_gets_nothing(sam, evening):
    Client.objects.filter(pk=sam.pk).update(mail_reminders=False)
    assert look(evening).sent == []
    assert fate() == ("dropped", "unsubscribed")


def test_r9_without_an_address_nothing_is_sent(sam, evening):
    Client.objects.filter(pk=sam.pk).update(email="")
    look(evening)
    assert fate() == ("dropped", "no address")


def test_r9_an_archived_client_gets_nothing(sam, evening, now):
    Client.objects.filter(pk=sam.pk).update(archived_at=now)
    look(evening)
    assert fate() == ("dropped", "archived")


@pytest.fixture
def slow(monkeypatch):
    """Every mail takes longer than what was read before it is believed."""
    monkeypatch.setattr(settling, "FRESH", -1)


class Meanwhile(Notepad):
    """A channel during whose first sending something else happens."""

    def __init__(self, act):
        super().__init__()
        self.act = act

    def write(self, delivery, now):
        message = super().write(delivery, now)
        if self.written == 1:
            self.act()
        return message


def test_r9_cancelled_while_the_mail_before_it_leaves(ahead, sam, jo, now, slow):
    """Both are in one batch, read at the same moment: it is read again."""
    theirs = factories.session(jo, 3 * DAY + MINUTE)
    at = due_last()
    channel = look(at, Meanwhile(lambda: [scheduling.cancel(session, now) for session in (ahead, theirs)]))
    assert len(channel.sent) == 1


def test_r9_unsubscribed_while_a_slow_mail_before_it_leaves(ahead, jo, slow):
    factories.session(jo, 3 * DAY + MINUTE)
    channel = look(due_last(), Meanwhile(lambda: Client.objects.update(mail_reminders=False)))
    assert len(channel.sent) == 1


class Postbook(Meanwhile):
    """Notes the address that each mail goes to."""

    def write(self, delivery, now):
        super().write(delivery, now)
        return delivery.reminder.client.email


@pytest.fixture
def two_due(ahead, jo, slow):
    """Sam's and Jo's reminders are due in one batch, Sam's first; return when."""
    factories.session(jo, 3 * DAY + MINUTE)
    at = due_last() + MINUTE
    Delivery.objects.filter(reminder__client=jo, reminder__kind="day_before").update(due_at=at)
    return at


def fate_of(client):
    return Delivery.objects.get(reminder__client=client, reminder__kind="day_before").reason


def test_r9_an_address_put_right_while_the_mail_before_it_leaves_gets_it_in_the_same_look(two_due, jo):
    put_right = Postbook(lambda: Client.objects.filter(pk=jo.pk).update(email="jo@right.example.org"))
    assert look(two_due, put_right).sent == ["sam@example.org", "jo@right.example.org"]


def test_r9_unsubscribed_while_the_mail_before_it_leaves(two_due, jo):
    look(two_due, Meanwhile(lambda: Client.objects.filter(pk=jo.pk).update(mail_reminders=False)))
    assert fate_of(jo) == "unsubscribed"


def test_r9_archived_while_the_mail_before_it_leaves(two_due, jo, now):
    look(two_due, Meanwhile(lambda: Client.objects.filter(pk=jo.pk).update(archived_at=now)))
    assert fate_of(jo) == "archived"


def test_an_erased_client_does_not_stop_the_sender(sam, jo, evening, now):
    """Sam is erased between the claim and the last look."""
    factories.session(jo, 3 * DAY)
    channel = Notepad()
    channel.open = lambda: Client.objects.filter(pk=sam.pk).delete()
    assert look(evening, channel).kinds == ["day_before"]


# Invitations


def test_an_invitation_goes_out_at_once(sam, now):
    inviting.invite(sam, now, by_mail=True)
    assert look(now).kinds == ["invitation"]


def test_a_code_goes_to_who_has_unsubscribed_since_they_ask_for_it(sam, now):
    Client.objects.filter(pk=sam.pk).update(mail_reminders=False)
    inviting.mail_code(sam.email, now)
    assert look(now).kinds == ["invitation"]


def test_a_used_invitation_is_not_mailed(sam, now):
    inviting.invite(sam, now, by_mail=True).use(now)
    look(now)
    assert fate("invitation") == ("dropped", "used")


def test_a_revoked_invitation_is_not_mailed(sam, now):
    inviting.invite(sam, now, by_mail=True).revoke(now)
    look(now)
    assert fate("invitation") == ("dropped", "replaced")


def test_r15_an_expired_code_has_failed_not_been_dropped(sam, now):
    inviting.mail_code(sam.email, now)
    look(now + 11 * MINUTE)
    assert fate("invitation") == ("failed", "too late")


# After an outage (R13)


def test_r13_after_an_outage_only_the_last_is_sent(ahead):
    assert look(due("just_before")).kinds == ["just_before"]
    assert fate("day_before") == fate("hours_before") == ("dropped", "superseded")


def test_r13_what_is_still_of_use_catches_up(ahead, evening):
    assert look(evening + 5 * HOUR).kinds == ["day_before"]


def test_r13_a_late_one_gives_way_to_the_next_that_is_soon_due(ahead):
    assert look(due("just_before") - 5 * MINUTE).sent == []
    assert fate("hours_before") == ("dropped", "superseded")


def test_r13_a_punctual_one_does_not_give_way(sam, now):
    """11 am after a session at 9 pm the evening before: nothing is skipped when all runs well."""
    factories.session(sam, 2 * HOUR + MINUTE)
    assert look(due("hours_before")).kinds == ["hours_before"]


def test_r13_after_an_outage_nothing_about_what_is_over(ahead):
    assert look(ahead.starts_at + DAY).sent == []


def test_r13_an_outage_of_one_session_leaves_the_other_alone(ahead, sam, jo):
    other = factories.session(jo, 3 * DAY)
    channel = look(due_of(other, "just_before"))
    assert Counter(channel.kinds) == {"just_before": 2}


def due_of(session, kind):
    return Delivery.objects.get(reminder__session=session, reminder__kind=kind).due_at


def test_a_look_shows_that_the_sender_is_alive(ahead, now):
    look(ahead.starts_at)
    assert Heartbeat.last("email") == now


def test_r11_the_clock_of_the_client_is_not_the_therapists(ahead):
    assert due("day_before").astimezone(ZoneInfo("America/Los_Angeles")).hour == 18

"""What is on its way while the sender goes on: no more than a channel allows, marked before the next arrives (R9)."""

import threading

import pytest
from django.db import OperationalError, connection

from checklist import fates, settling
from checklist.carrying import Way
from checklist.channels import CalledOff, Channel, NotDelivered
from checklist.channels.email import EmailChannel
from checklist.channels.notifying import PushChannel
from checklist.models import Delivery
from checklist.models.reasons import Reason
from tests import factories
from tests.looking import DAY, MINUTE, due_last, fate, look
from tests.mailbox import Notepad

pytest_plugins = ["tests.waiting"]
LONG = 20  # seconds that nothing here takes


class Door(Channel):
    """A channel whose carrying waits at a door, and tells who came and who was through."""

    def __init__(self):
        self.door, self.came, self.through, self.abandoned = threading.Event(), [], [], False

    def carry(self, message, clear):
        self.came.append(message)
        self.door.wait(LONG)
        if self.abandoned:
            raise NotDelivered(Reason.NOT_REACHED)
        self.through.append(message)

    def abandon(self):
        self.abandoned = True
        self.door.set()


class Letterbox(Notepad):
    """A channel that lets nothing arrive before it is clear to."""

    def carry(self, message, clear):
        clear()
        super().carry(message, clear)


def test_so_many_are_on_their_way_as_the_channel_allows():
    channel = Door()
    with Way(channel, 3, lambda: False) as way:
        for number in range(3):
            assert not way.full
            way.put(number, f"message {number}")
        assert way.full
        channel.door.set()
        landed = [way.landed(), *([way.landed()] if way.going else [])]
    assert sum(map(len, landed)) + way.going == 3


def test_one_that_takes_long_does_not_keep_the_others():
    class Slow(Door):
        def carry(self, message, clear):
            if message == "slow":
                super().carry(message, clear)

    channel = Slow()
    with Way(channel, 3, lambda: False) as way:
        for message in ("slow", "quick", "quick too"):
            way.put(message, message)
        others = set()
        while len(others) < 2:
            others |= {each.message for each in way.landed()}
        assert others == {"quick", "quick too"}
        channel.door.set()


def test_what_went_wrong_comes_back_with_its_delivery():
    class Refusing(Channel):
        def carry(self, message, clear):
            raise NotDelivered(Reason.MESSAGE_REFUSED)

    with Way(Refusing(), 3, lambda: False) as way:
        way.put("a delivery", "a message")
        [landed] = way.landed()
    assert (landed.delivery, landed.message, landed.error.reason) == (
        "a delivery",
        "a message",
        Reason.MESSAGE_REFUSED,
    )


def test_asked_to_end_it_breaks_off_what_takes_too_long(monkeypatch):
    monkeypatch.setattr("checklist.carrying.GRACE", 0.02)
    monkeypatch.setattr("checklist.carrying.LOOK", 0.01)
    channel = Door()
    with Way(channel, 3, lambda: True) as way:
        way.put("a delivery", "a message")
        [landed] = way.landed()
    assert landed.error.reason == Reason.NOT_REACHED


def test_r9_nothing_arrives_before_what_landed_is_marked():
    arrived = threading.Event()

    class Careful(Channel):
        def carry(self, message, clear):
            clear()
            arrived.set()

    with Way(Careful(), 3, lambda: False) as way:
        way.put("a delivery", "a message")
        assert not arrived.wait(0.05)
        way.all_marked()
        assert arrived.wait(LONG)


def test_r9_when_marking_fails_nothing_more_arrives():
    errors = []

    class Careful(Channel):
        def carry(self, message, clear):
            try:
                clear()
            except OSError as error:
                errors.append(error)

    with pytest.raises(OperationalError), Way(Careful(), 3, lambda: False) as way:
        way.put("a delivery", "a message")
        raise OperationalError
    assert len(errors) == 1


@pytest.mark.parametrize(("may", "error"), [(True, None), (False, CalledOff)])
def test_r10_one_that_took_its_time_asks_the_one_who_reads_the_database(may, error):
    asked = []

    def again(delivery, message):
        asked.append((threading.current_thread(), delivery, message))
        return may

    channel = Letterbox()
    with Way(channel, 3, lambda: False, again) as way:
        way.put("a delivery", "a message", fresh=0)
        way.all_marked()
        [landed] = way.landed()
    assert asked == [(threading.current_thread(), "a delivery", "a message")]
    assert (type(landed.error) if landed.error else None, channel.sent) == (error, ["a message"] * may)


def test_r10_one_that_asks_is_not_waited_for_when_all_breaks_off():
    def again(_delivery, _message):
        raise OperationalError

    channel = Letterbox()
    with pytest.raises(OperationalError), Way(channel, 3, lambda: False, again) as way:
        way.put("a delivery", "a message", fresh=0)
        way.all_marked()
        way.landed()
    assert channel.sent == [] and not any(thread.is_alive() for thread in way.threads)


def test_r10_one_that_would_ask_once_all_is_broken_off_does_not_arrive():
    channel = Letterbox()
    with pytest.raises(OperationalError), Way(channel, 3, lambda: False) as way:
        way.put("a delivery", "a message", fresh=0)
        raise OperationalError
    assert channel.sent == [] and not any(thread.is_alive() for thread in way.threads)


@pytest.mark.parametrize(
    ("channel", "due", "width"), [(EmailChannel, 100, 1), (PushChannel, 199, 4), (PushChannel, 200, 16)]
)
def test_r9_many_are_on_their_way_only_when_very_many_are_due(channel, due, width):
    """So many may come twice when the sender is killed: one mail, whatever happens."""
    assert channel().width(due) == width


@pytest.mark.django_db
def test_r9_a_mail_that_left_is_marked_before_the_next_arrives(ahead, jo, monkeypatch):
    factories.session(jo, 3 * DAY)
    states, mark, channel = [], fates.sent, Letterbox()

    def noted(deliveries, now):
        states.append(len(channel.sent))
        mark(deliveries, now)

    monkeypatch.setattr(settling.fates, "sent", noted)
    look(due_last() + MINUTE, channel)
    assert sorted(set(states) - {0}) == [1, 2]
    assert len(channel.sent) == 2


@pytest.mark.django_db
def test_a_bug_in_a_channel_is_our_own_error_and_stops_nothing(evening, ahead, jo):
    class Broken(Notepad):
        def carry(self, message, clear):
            raise ZeroDivisionError

    look(evening, Broken())
    assert fate() == ("planned", Reason.ERROR)


@pytest.mark.django_db
def test_r9_a_message_that_could_not_be_written_leaves_the_others_alone(ahead, jo):
    factories.session(jo, 3 * DAY)
    trouble = [NotDelivered(Reason.MESSAGE_REFUSED, permanent=True)]
    assert len(look(due_last() + MINUTE, Letterbox(trouble=trouble)).sent) == 1
    reasons = Delivery.objects.filter(reminder__kind="day_before").values_list("state", flat=True)
    assert sorted(reasons) == ["failed", "sent"]


@pytest.mark.django_db
def test_one_at_a_time_is_read_where_each_takes_long(dana, now, monkeypatch):
    """What was read is not believed for long, so a slow server must not cost a batch read anew for each mail."""
    monkeypatch.setattr(settling, "FRESH", -1)
    for client in factories.crowd(dana, 6):
        factories.session(client, 3 * DAY)
    read, settle = [], settling.Batch._some

    def some(batch):
        read.append(min(batch.many, len(batch.left)))
        settle(batch)

    monkeypatch.setattr(settling.Batch, "_some", some)
    assert len(look(due_last()).sent) == 6
    assert read[0] == 6 and max(read[1:]) <= 2


@pytest.mark.django_db
def test_nothing_is_sent_twice_by_one_look_that_has_to_read_again(ahead, jo, monkeypatch):
    monkeypatch.setattr(settling, "FRESH", -1)
    factories.session(jo, 3 * DAY)
    assert look(due_last() + MINUTE).kinds.count("day_before") == 2


@pytest.mark.django_db
def test_r9_a_list_that_can_not_be_read_is_the_trouble_of_its_own_deliveries(evening, ahead):
    with connection.cursor() as cursor:  # past the guard of a version that is in use
        cursor.execute("UPDATE checklist_item SET ways = '5'")
    assert look(evening).sent == []
    assert fate() == ("planned", Reason.ERROR)

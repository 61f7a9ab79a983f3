"""Who may send what: claims with a lease, and several senders at once (R8, R9, R27)."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from checklist import reminding
from checklist.deciding import MOST_CRASHES
from checklist.models import Delivery, Reminder
from checklist.models.outbox import LEASE
from tests import factories
from tests.at_once import together
from tests.looking import DAY, HOUR, KINDS, due_last, fate, look
from tests.mailbox import Notepad

pytest_plugins = ["tests.waiting"]
pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def claim(holder, now, most=20, **options):
    with transaction.atomic():
        return Delivery.objects.claim(holder, now, most, "email", **options)


def test_r9_what_one_has_claimed_no_other_gets(evening):
    assert len(claim("one", evening)) == 1
    assert claim("two", evening) == []


def test_r11_nothing_is_claimed_before_it_is_due(evening):
    assert claim("one", evening - timedelta(seconds=1)) == []


def test_r9_a_claim_ends_with_its_lease(evening):
    claim("one", evening)
    assert claim("two", evening + LEASE - timedelta(seconds=1)) == []
    assert len(claim("two", evening + LEASE)) == 1


def test_r9_who_has_lost_the_lease_may_not_send(evening):
    [delivery] = claim("one", evening)
    claim("two", evening + LEASE)
    assert not Delivery.objects.get(pk=delivery).hold("one", evening + LEASE)


def test_r9_what_was_moved_after_the_claim_is_not_sent(ahead, sam, evening):
    [delivery] = claim("one", evening)
    sam.time_zone = "Pacific/Honolulu"
    sam.save()
    reminding.plan_client(sam, evening)
    assert not Delivery.objects.get(pk=delivery).hold("one", evening)


def test_the_oldest_is_claimed_first(ahead):
    [first] = claim("one", ahead.starts_at, most=1)
    assert first == Delivery.objects.get(reminder__kind="day_before").id


def test_a_channel_that_is_not_asked_for_is_not_claimed(evening):
    with transaction.atomic():
        assert Delivery.objects.claim("one", evening, 20, "push") == []


def test_r9_asked_to_stop_it_gives_back_what_it_has_not_sent(sam, evening):
    factories.session(sam, 3 * DAY - 2 * HOUR)
    channel = Notepad()
    look(evening, channel, stop=lambda: channel.written > 0)
    assert len(channel.sent) == 1
    assert len(claim("next", evening)) == 1


def test_r27_nothing_is_sent_inside_a_transaction(evening, monkeypatch):
    """The test's own transaction is one level; sending must not add another. It is another thread that sends."""
    levels, channel, ours = [], Notepad(), connections["default"]
    monkeypatch.setattr(channel, "carry", lambda *_message: levels.append(len(ours.savepoint_ids)))
    look(evening, channel)
    assert levels == [len(ours.savepoint_ids)]


def plan_of(rows):
    """Return the database's plan for a query. PostgreSQL would read a table this small from end to end."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    return rows.explain()


def test_due_reads_the_partial_index(ahead, evening):
    plan = plan_of(Delivery.objects.due(evening)[:20])
    assert "what_is_due" in plan, plan


def test_a_claim_reads_the_partial_index(ahead, evening):
    plan = plan_of(Delivery.objects.due(evening).filter(channel__in=["email"])[:20])
    assert "what_is_due" in plan, plan


# Two senders at once


class Alternating(Notepad):
    """A channel that waits for the other sender's before it sends, so that both are at it together."""

    def __init__(self, turn):
        super().__init__()
        self.turn = turn

    def write(self, delivery, now):
        return delivery

    def carry(self, message, clear):
        self.turn.wait(timeout=10)
        self.sent.append(message.id)


@pytest.mark.django_db(transaction=True)
def test_r9_two_senders_at_once_send_nothing_twice_and_miss_nothing(dana, now):
    for client in factories.crowd(dana, 2 * Notepad.batch):
        factories.session(client, 3 * DAY)
    at, turn = due_last(), threading.Barrier(2)
    one, two = Alternating(turn), Alternating(turn)
    together(lambda: look(at, one), lambda: look(at, two))
    sent = Counter(one.sent + two.sent)
    due_ids = Delivery.objects.filter(reminder__kind="day_before").values_list("id", flat=True)
    assert sent == Counter(due_ids)
    assert one.sent and two.sent


@pytest.mark.django_db(transaction=True)
def test_r8_the_same_plan_at_once_makes_one_of_each(sam, now):
    session = factories.session(sam, 3 * DAY)
    Reminder.objects.all().delete()
    together(*[lambda: reminding.plan(session, now)] * 4)
    assert Counter(Reminder.objects.values_list("kind", flat=True)) == dict.fromkeys(KINDS, 1)
    assert Delivery.objects.count() == 3


# What ends its sender


def crash(now, times, most=20):
    """Let that many senders claim and end without a word."""
    for number in range(times):
        claim(f"crash {number}", now + number * LEASE, most)
    return now + times * LEASE


def test_a_lease_that_ran_out_is_counted(evening):
    crash(evening, 2)
    assert Delivery.objects.get(reminder__kind="day_before").crashes == 1


def test_what_was_given_back_is_not_counted(evening):
    look(evening, Notepad(down=True))
    claim("next", evening)
    assert Delivery.objects.get(reminder__kind="day_before").crashes == 0


def test_what_often_ended_its_sender_comes_alone_and_after_the_others(sam, evening):
    at = crash(evening, 3)
    factories.session(sam, 3 * DAY - 2 * HOUR)
    assert len(claim("fresh", at)) == 1
    assert len(claim("careful", at)) == 1


def test_r8_it_does_not_wait_for_long_where_others_keep_coming(dana, sam, ahead, evening):
    suspect = Delivery.objects.get(reminder__kind="day_before").id
    at = crash(evening, 3)
    for number in range(6):
        factories.session(factories.client(dana, f"Zoe {number}", "zoe@example.org"), 3 * DAY)
    assert suspect not in claim("a look begins", at, most=1)
    channel = Notepad()
    channel.batch = 2
    look(at, channel, stop=lambda: channel.written == 3)
    assert Delivery.objects.get(pk=suspect).state == "sent"


def test_two_that_were_claimed_in_bad_company_come_one_at_a_time(sam, evening):
    factories.session(sam, 3 * DAY - 2 * HOUR)
    at = crash(evening, 3)
    assert (len(claim("one", at)), len(claim("two", at)), claim("three", at)) == (1, 1, [])


def test_r15_what_ends_every_sender_fails_and_is_shown(ahead, evening):
    at = crash(evening, MOST_CRASHES + 1)
    assert look(at).kinds == []
    assert fate() == ("failed", "error")


def test_a_new_plan_forgets_the_crashes(ahead, sam, evening, now):
    crash(evening, 3)
    Delivery.objects.filter(reminder__kind="day_before").plan(evening)
    assert Delivery.objects.get(reminder__kind="day_before").crashes == 0

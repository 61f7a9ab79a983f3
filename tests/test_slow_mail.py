"""What changes while a mail server takes its time: looked at again before it gets the mail itself (R9, R10)."""

import threading
from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.db import OperationalError, connections

from checklist import erasing, reminding, scheduling, settling
from checklist.channels.email import EmailChannel
from checklist.models import Client, Delivery, Erasure, Practice, Session
from checklist.models.reasons import Reason
from tests import factories
from tests.looking import DAY, MINUTE, fate, look

pytest_plugins = ["tests.waiting"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
SAM = "sam@example.org"


@pytest.fixture
def slow(post, evening, monkeypatch):
    """A mail server by whose answer to an address all that was read before is old. Returns (change, address) to it."""
    monkeypatch.setattr(settling, "FRESH", 0)

    def meanwhile(change, address=SAM):
        post.meanwhile[address] = lambda: _closing(change)

    return meanwhile


def _closing(change):
    """Change something in a thread of the server, and let its connection to the database go."""
    try:
        change()
    finally:
        connections.close_all()


def update(client, **fields):
    return lambda: Client.objects.filter(pk=client.pk).update(**fields)


def count_reads(monkeypatch):
    """Return a Mock that stands for rereading and does it."""
    read = Mock(side_effect=settling.reread)
    monkeypatch.setattr(settling, "reread", read)
    return read


def test_r10_cancelled_while_the_server_thought_about_the_address(slow, ahead, evening, post, channel):
    slow(lambda: scheduling.cancel(Session.objects.get(), evening))
    look(evening, channel)
    assert post.mails == []
    assert fate() == ("dropped", Reason.CANCELLED)


def test_r10_moved_meanwhile(slow, ahead, evening, post, channel):
    slow(lambda: scheduling.change(Session.objects.get(), evening, ahead.starts_at + DAY, 50))
    look(evening, channel)
    assert post.mails == []
    look(evening + DAY, channel)
    [mail] = post.mails
    assert "Monday 30 November" in mail.get_body(("plain",)).get_content()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"mail_reminders": False}, Reason.UNSUBSCRIBED),
        ({"archived_at": factories.NOW}, Reason.ARCHIVED),
        ({"paused_until": (factories.NOW + 9 * DAY).date()}, Reason.PAUSED),
        ({"unwanted": ["day_before email"]}, Reason.UNWANTED),
        ({"email": ""}, Reason.NO_ADDRESS),
    ],
)
def test_r9_what_a_client_decides_meanwhile_counts(slow, sam, evening, post, channel, fields, reason):
    slow(update(sam, **fields))
    look(evening, channel)
    assert post.mails == []
    assert fate() == ("dropped", reason)


def test_r9_a_practice_that_is_suspended_meanwhile_sends_nothing(slow, evening, post, channel):
    slow(lambda: Practice.objects.update(suspended_at=evening))
    look(evening, channel)
    assert post.mails == []
    assert fate() == ("dropped", Reason.SUSPENDED)


@pytest.mark.parametrize("planned_anew", [False, True])
def test_r9_an_address_that_changes_meanwhile_gets_the_mail(slow, sam, evening, post, channel, planned_anew):
    def change():
        update(sam, email="sam@new.example.org")()
        if planned_anew:
            reminding.plan_client(Client.objects.get(pk=sam.pk), evening)

    slow(change)
    look(evening, channel)
    assert [mail["To"] for mail in post.mails] == ["sam@new.example.org"]
    assert fate() == ("sent", "")


def test_r21_nobody_who_is_erased_meanwhile_gets_anything(slow, sam, evening, post, channel):
    slow(lambda: erasing.erase(sam, Erasure.By.CLIENT, evening))
    look(evening, channel)
    assert post.mails == []
    assert not Delivery.objects.exists()


def test_r8_a_second_session_of_the_hour_that_is_booked_meanwhile_is_named(slow, sam, evening, post, channel):
    start = Session.objects.get().starts_at + timedelta(minutes=30)

    def book():
        factories.session(sam, start - evening + 2 * MINUTE, now=evening - 2 * MINUTE)

    slow(book)
    look(evening, channel)
    told = [mail["Subject"] for mail in post.mails]
    assert told == ["Reminder: tomorrow at 11:18 am and 11:48 am"]


def test_r9_what_is_still_right_arrives_once(slow, evening, post, channel):
    slow(lambda: None)
    look(evening, channel)
    assert [mail["To"] for mail in post.mails] == [SAM]
    assert fate() == ("sent", "")


@pytest.fixture
def after(ahead, jo, evening):
    """Jo's reminder, due right after Sam's."""
    session = factories.session(jo, 3 * DAY)
    Delivery.objects.filter(reminder__kind="day_before").update(due_at=evening)
    Delivery.objects.filter(reminder__session=ahead, reminder__kind="day_before").update(
        due_at=evening - MINUTE
    )
    return session


@pytest.mark.usefixtures("after")
def test_the_next_goes_over_the_same_connection(slow, ahead, evening, post, channel):
    """What was called off leaves nothing of its addresses with the server."""
    before = post.connections
    slow(lambda: scheduling.cancel(Session.objects.get(pk=ahead.pk), evening))
    look(evening, channel)
    assert [mail["To"] for mail in post.mails] == ["jo@example.org"]
    assert post.connections - before == 1


@pytest.mark.usefixtures("after")
def test_a_connection_that_ends_when_the_mail_is_called_off_is_opened_anew(
    slow, ahead, evening, post, channel, monkeypatch
):
    async def hang_up(server, *_addresses):
        server.transport.abort()

    monkeypatch.setattr(post, "handle_RSET", hang_up, raising=False)
    slow(lambda: scheduling.cancel(Session.objects.get(pk=ahead.pk), evening))
    look(evening, channel)
    assert [mail["To"] for mail in post.mails] == ["jo@example.org"]


def test_a_connection_that_breaks_while_it_is_looked_at_again_is_tried_later(
    slow, evening, post, channel, monkeypatch
):
    read = settling.reread

    def broken(ids, now):
        if post.came.is_set():
            channel.abandon()
        return read(ids, now)

    monkeypatch.setattr(settling, "reread", broken)
    slow(post.came.set)
    look(evening, channel)
    assert post.mails == []
    assert fate() == ("planned", Reason.NOT_REACHED)


def test_r9_with_the_database_away_the_mail_stays_planned(slow, evening, post, channel, monkeypatch):
    read = settling.reread

    def away(ids, now):
        if post.came.is_set():
            raise OperationalError
        return read(ids, now)

    monkeypatch.setattr(settling, "reread", away)
    slow(post.came.set)
    with pytest.raises(OperationalError):
        look(evening, channel)
    assert post.mails == []
    assert fate() == ("planned", "")
    assert not any(each.name.startswith("carry") for each in threading.enumerate())


def test_r9_asked_to_end_meanwhile_the_sender_looks_once_more_and_finishes(slow, evening, post, channel):
    slow(post.came.set)
    look(evening, channel, stop=post.came.is_set)
    assert fate() == ("sent", "")
    assert not any(each.name.startswith("carry") for each in threading.enumerate())


def test_r9_what_is_to_be_written_anew_when_the_sender_has_to_end_is_given_back(
    slow, sam, evening, post, channel
):
    def change():
        update(sam, email="sam@new.example.org")()
        post.came.set()

    slow(change)
    look(evening, channel, stop=post.came.is_set)
    assert post.mails == []
    assert fate() == ("planned", "")
    assert Delivery.objects.get(reminder__kind="day_before").lease_holder == ""


def test_what_is_fresh_is_not_read_again(ahead, evening, post, channel, monkeypatch):
    monkeypatch.setattr(settling, "FRESH", 60)
    read = count_reads(monkeypatch)
    look(evening, channel)
    assert fate() == ("sent", "")
    assert read.call_count == 1


@pytest.mark.parametrize("backend", ["locmem", "dummy"])
def test_a_way_without_a_server_looks_again_as_well(evening, channel, settings, monkeypatch, backend):
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    monkeypatch.setattr(settling, "FRESH", 0)
    look(evening, channel)
    assert fate() == ("sent", "")


def test_r10_cancelled_between_the_writing_and_the_way_out(ahead, evening, post):
    """What takes a delivery away from its sender counts at once, however fresh all is that was read."""

    class Meanwhile(EmailChannel):
        def write(self, delivery, now):
            written = super().write(delivery, now)
            scheduling.cancel(Session.objects.get(), now)
            return written

    channel = Meanwhile()
    look(evening, channel)
    channel.close()
    assert post.mails == []
    assert fate() == ("dropped", Reason.CANCELLED)

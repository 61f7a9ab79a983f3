"""Letting a sender look at the outbox at some moment, and reading what became of it."""

from datetime import timedelta

from checklist.dispatching import send_due
from checklist.models import Delivery
from tests.mailbox import Notepad

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
KINDS = ["day_before", "hours_before", "just_before"]


def look(at, channel=None, **options):
    """Let a sender look at that instant; return the Notepad it used."""
    channel = channel or Notepad()
    send_due(lambda: at, {"email": channel}, **options)
    return channel


def due(kind):
    """Return when the delivery of that kind is due."""
    return Delivery.objects.get(reminder__kind=kind).due_at


def fate(kind="day_before"):
    """Return (state, reason) of the delivery of that kind."""
    return Delivery.objects.values_list("state", "reason").get(reminder__kind=kind)


def due_last():
    """Return when the last of several reminders of the evening before is due."""
    return Delivery.objects.filter(reminder__kind="day_before").latest("due_at").due_at

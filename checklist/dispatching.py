"""Sending what is due: claim with a lease, look again, send, mark after (R9)."""

import logging
import traceback
import uuid
from collections import Counter
from datetime import timedelta

import django.db
from django.db import transaction
from django.utils import timezone

from checklist.channels import NotDelivered
from checklist.models import Delivery, Heartbeat, Reminder
from checklist.models.reasons import Reason

log = logging.getLogger(__name__)
BATCH = 20
# Minutes until the next try; the last one repeats until the reminder is of no use any more.
BACKOFF = (1, 2, 5, 10, 20)
# A late reminder is left out when the next one for the same session follows this soon (R13).
SOON = timedelta(minutes=15)
BEAT = timedelta(seconds=10)


def send_due(clock, channels, stop=lambda: False):
    """Send until nothing is due or `stop()`; return a Counter of what became of them.

    `clock()` gives the present instant, `channels` is {channel name: channel}, see checklist/channels. What a
    channel that is down can't take stays planned. Raises django.db.Error when the database does not answer.
    """
    return _Look(clock, channels, stop).run()


class _Look:
    """One look at what is due, by one holder of leases."""

    def __init__(self, clock, channels, stop):
        self.clock, self.up, self.stop = clock, dict(channels), stop
        self.holder, self.told, self.beaten = uuid.uuid4().hex, Counter(), None

    def run(self):
        self._beat()
        claimed = False
        while not self.stop() and (batch := self._claim()):
            claimed = True
            for delivery_id, name in batch:
                self._beat()
                if name in self.up and not self.stop():
                    self._one(delivery_id, name)
        if claimed:
            Delivery.objects.give_back(self.holder, self.clock())
        return self.told

    @transaction.atomic
    def _claim(self):
        return Delivery.objects.claim(self.holder, self.clock(), BATCH, list(self.up))

    def _beat(self):
        """Show that the sender is alive, by the real clock, whatever `clock` says."""
        now = timezone.now()
        if self.beaten is None or now - self.beaten >= BEAT:
            Heartbeat.beat(now)
            self.beaten = now

    def _one(self, delivery_id, name):
        """Settle one claimed delivery and count it. Opening a connection takes time, so look after it."""
        try:
            self.up[name].open()
        except NotDelivered as error:
            log.warning("channel %s is down: %s", name, error.reason)
            del self.up[name]
            return
        now = self.clock()
        if Delivery.objects.hold(delivery_id, self.holder, now):
            for delivery in _read(delivery_id):
                self.told[self._settle(delivery, self.up[name], now)] += 1

    def _settle(self, delivery, channel, now):
        """Send a held delivery unless something speaks against it; return what became of it."""
        try:
            if reason := why_not(delivery, now):
                return delivery.end(reason, now)
            channel.send(delivery, now)
        except NotDelivered as error:
            return self._not_delivered(delivery, error)
        except django.db.Error:
            raise
        except Exception as error:
            _log_bug(delivery, error)
            return self._not_delivered(delivery, NotDelivered(Reason.ERROR))
        delivery.sent(self.clock())
        return Delivery.State.SENT

    def _not_delivered(self, delivery, error):
        """Put it back for another try while that is of use, else mark it failed for the therapist to see."""
        now = self.clock()
        again = now + timedelta(minutes=BACKOFF[min(delivery.attempts, len(BACKOFF)) - 1])
        log.warning("delivery %s not delivered: %s", delivery.pk, error.reason)
        if error.permanent or again >= delivery.reminder.not_after:
            return delivery.end(error.reason, now)
        delivery.put_back(again, error.reason, self.holder)
        return "put back"


def _log_bug(delivery, error):
    """Log where the program failed. Its message stays out: it may quote an address."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    log.error("delivery %s: %s in %s:%s", delivery.pk, type(error).__name__, place.filename, place.lineno)


def _read(delivery_id):
    """Read a delivery with all that decides whether it goes out; none when the client was just erased."""
    about = (
        "reminder__client",
        "reminder__session__client",
        "reminder__session__version",
        "reminder__invitation",
    )
    return Delivery.objects.select_related(*about).filter(pk=delivery_id)


def why_not(delivery, now):
    """Return the Reason why this delivery must not be sent at `now`, or an empty string (R10, R13)."""
    reminder = delivery.reminder
    about = _why_not_invitation if reminder.invitation else _why_not_session
    if reason := reminder.obstacle or about(reminder, now):
        return reason
    if now >= reminder.not_after:
        return delivery.reason or Reason.TOO_LATE
    return Reason.SUPERSEDED if _superseded(delivery, now) else ""


def _why_not_invitation(reminder, now):
    if reminder.invitation.used_at:
        return Reason.USED
    return Reason.REPLACED if reminder.invitation.revoked_at else ""


def _why_not_session(reminder, now):
    session = reminder.session
    if session.cancelled:
        return Reason.CANCELLED
    if reminder.occasion != session.occasion:
        return Reason.MOVED
    return Reason.ALL_DONE if reminder.preparing and session.readiness.ready else ""


def _superseded(delivery, now):
    """Whether a later reminder of the same session is due as well, or soon when this one is late (R13)."""
    reminder = delivery.reminder
    horizon = now + SOON if now - reminder.due_at > SOON else now
    later = Reminder.objects.filter(
        client=reminder.client, occasion=reminder.occasion, due_at__gt=reminder.due_at
    )
    return later.filter(due_at__lte=horizon, deliveries__channel=delivery.channel).exists()

"""Sending what is due: claim with a lease, look again, send, mark after (R9)."""

import logging
import time
import traceback
import uuid
from collections import Counter
from datetime import timedelta

import django.db
from django.db import transaction
from django.utils import timezone

from checklist import inviting
from checklist.channels import NotDelivered
from checklist.models import Delivery, Heartbeat, Reminder
from checklist.models.reasons import Reason
from checklist.pure import when
from checklist.pure.wishes import Wishes

log = logging.getLogger(__name__)
BATCH = 50
# Minutes until the next try; the last one repeats until the reminder is of no use any more.
BACKOFF = (1, 2, 5, 10, 20)
# A late reminder is left out when the next one for the same session follows this soon (R13).
SOON = timedelta(minutes=15)
BEAT = timedelta(seconds=10)
FRESH = 1  # seconds


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
        inviting.mail_codes_asked_for()
        claimed = False
        while not self.stop() and (batch := self._claim()):
            claimed, view = True, _View([delivery_id for delivery_id, _name in batch])
            for delivery_id, name in batch:
                self._beat()
                if not self.stop() and self._opens(name):
                    self._one(view.get(delivery_id), name)
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

    def _opens(self, name):
        """Return whether a channel is ready; one that is not is left alone for the rest of this look."""
        if name not in self.up:
            return False
        try:
            self.up[name].open()
        except NotDelivered as error:
            log.warning("channel %s is down: %s", name, error.reason)
            del self.up[name]
        return name in self.up

    def _one(self, delivery, name):
        """Settle one claimed delivery and count it, unless it was taken, moved, dropped or erased.

        One whose client has another address by now, or another wish, is let go: the next claim reads it anew (R9).
        """
        now = self.clock()
        if delivery and delivery.hold(self.holder, now):
            self.told[self._settle(delivery, self.up[name], now)] += 1
        elif delivery:
            delivery.let_go(self.holder)

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
        again = now + timedelta(minutes=BACKOFF[min(delivery.attempts, len(BACKOFF) - 1)])
        log.warning("delivery %s not delivered: %s", delivery.pk, error.reason)
        if error.permanent or again >= delivery.reminder.not_after:
            return delivery.end(error.reason, now)
        delivery.put_back(again, error.reason, self.holder)
        return "put back"


def _log_bug(delivery, error):
    """Log where the program failed. Its message stays out: it may quote an address."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    log.error("delivery %s: %s in %s:%s", delivery.pk, type(error).__name__, place.filename, place.lineno)


class _View:
    """The deliveries of a batch with all that decides whether they go out, never older than FRESH.

    Many are read at a time, because that costs a tenth; a slow mail server brings it down to one at a time.
    """

    def __init__(self, ids):
        self.left, self.rows, self.read_at = ids, {}, None

    def get(self, delivery_id):
        """Return that delivery; None when its client was erased. Asked for in the order of the ids."""
        if self.read_at is None or time.monotonic() - self.read_at > FRESH:
            self.left = self.left[self.left.index(delivery_id) :]
            self.rows, self.read_at = Delivery.objects.with_all().in_bulk(self.left), time.monotonic()
        return self.rows.get(delivery_id)


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
    if reminder.session is None:
        return False
    horizon = now + SOON if now - reminder.due_at > SOON else now
    times = when.times(reminder.session.starts_at, Wishes(zone=reminder.client.time_zone))
    later = [kind for kind, at in times.items() if reminder.due_at < at <= horizon]
    told = Reminder.objects.filter(client=reminder.client, occasion=reminder.occasion, kind__in=later)
    return bool(later) and told.filter(deliveries__channel=delivery.channel).exists()

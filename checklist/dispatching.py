"""Sending what is due: claim with a lease, look again, send, mark after (R9)."""

import logging
import random
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
from checklist.deciding import why_not
from checklist.models import Delivery, Heartbeat
from checklist.models.reasons import FAILURES, Reason
from checklist.pure.when import fallback

log = logging.getLogger(__name__)
EMAIL, PUSH = Delivery.Channel.EMAIL, Delivery.Channel.PUSH
BATCH = 50
# Minutes until the next try; the last one repeats until the reminder is of no use any more.
BACKOFF = (1, 2, 5, 10, 20)
# Why a push goes to no phone at all, so that the mail is all there is.
NO_WAY = FAILURES | {Reason.NO_PHONE, Reason.UNWANTED}
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
        if EMAIL in self.up:
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
                return self._end(delivery, reason)
            channel.send(delivery, now)
        except NotDelivered as error:
            return self._not_delivered(delivery, error)
        except django.db.Error:
            raise
        except Exception as error:
            _log_bug(delivery, error)
            return self._not_delivered(delivery, NotDelivered(Reason.ERROR))
        delivery.sent(self.clock())
        _after_sending(delivery, self.clock())
        return Delivery.State.SENT

    def _not_delivered(self, delivery, error):
        """Put it back for another try while that is of use, else mark it failed for the therapist to see."""
        now = self.clock()
        again = now + pause(delivery.attempts, error.retry_after)
        log.warning("delivery %s not delivered: %s", delivery.pk, error.reason)
        if error.permanent or again >= delivery.reminder.not_after:
            return self._end(delivery, error.reason)
        delivery.put_back(again, error.reason, self.holder)
        return "put back"

    def _end(self, delivery, reason):
        """End a delivery that won't be sent. The mail behind a push that found no phone need not wait any longer."""
        now = self.clock()
        state = delivery.end(reason, now)
        if delivery.channel == PUSH and reason in NO_WAY:
            Delivery.objects.beside(delivery).update(due_at=now)
        return state


def pause(attempts, retry_after=None):
    """Return how long to wait before the next try: longer each time, never in step, as long as the other side asks."""
    minutes = BACKOFF[min(attempts, len(BACKOFF) - 1)]
    spread = random.uniform(0.8, 1.2)  # noqa: S311 - no secret
    return max(timedelta(minutes=minutes * spread), timedelta(seconds=retry_after or 0))


def _after_sending(delivery, now):
    """Let the mail behind a push wait for the phone's word, and no push follow its mail (R15)."""
    others = Delivery.objects.beside(delivery)
    if delivery.channel == PUSH and (at := fallback(now, delivery.reminder.not_after)):
        others.update(due_at=at)
    if delivery.channel == EMAIL:
        others.finish(Delivery.State.DROPPED, Reason.BY_MAIL, now)


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

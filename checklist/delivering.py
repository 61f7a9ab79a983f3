"""Settling what was claimed: look again, send, mark after (R9)."""

import logging
import random
import time
import traceback
from collections import Counter
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

import django.db
from django.utils import timezone

from checklist import deciding, leasing, merging
from checklist.channels import NotDelivered
from checklist.channels.ways import WAYS
from checklist.models import Delivery, Heartbeat
from checklist.models.reasons import FAILURES, Reason
from checklist.pure.when import fallback

log = logging.getLogger(__name__)
PUSH = Delivery.Channel.PUSH
# Minutes until the next try; the last one repeats until the reminder is of no use any more.
BACKOFF = (1, 2, 5, 10, 20)
# Why a push goes to no phone at all, so that the mail is all there is.
NO_WAY = FAILURES | {Reason.NO_PHONE, Reason.UNWANTED}
BEAT = timedelta(seconds=10)
FRESH = 1  # seconds
AFTER_YOU = timedelta(seconds=5)
_at_work = ContextVar("sender", default=None)


@contextmanager
def at_work(sender):
    """Let tasks that run inside the block, in this thread, be done by this Sender."""
    token = _at_work.set(sender)
    try:
        yield sender
    finally:
        _at_work.reset(token)


@contextmanager
def sender_at_work(channel):
    """Give the Sender of this thread; in a worker that has none, one for this channel as long as the block lasts."""
    if sender := _at_work.get():
        yield sender
        return
    way = WAYS[channel]()
    try:
        yield Sender(timezone.now, {channel: way})
    finally:
        way.close()


class Sender:
    """Sends by a clock over some channels until it is told to stop. `up` are the channels that work so far."""

    def __init__(self, clock, channels, stop=lambda: False):
        self.clock, self.up, self.stop, self.beaten = clock, dict(channels), stop, {}

    def beat(self):
        """Show that the sender of each channel is alive, by the real clock, whatever `clock` says."""
        now = timezone.now()
        for name in self.up:
            if name not in self.beaten or now - self.beaten[name] >= BEAT:
                Heartbeat.beat(name, now)
                self.beaten[name] = now

    def settle(self, name, ids, holder):
        """Settle these deliveries of one channel, claimed by `holder`; return a Counter of what became of them."""
        told, view = Counter(), _View(ids, self.clock)
        with leasing.kept(holder, self.clock):
            for delivery_id in ids:
                self.beat()
                if not self.stop() and self._opens(name):
                    told.update(self._one(view.get(delivery_id), self.up[name], holder))
        Delivery.objects.give_back(holder, self.clock())
        return told

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

    def _one(self, delivery, channel, holder):
        """Settle one and return its fate in a list; an empty one if it was taken, moved, dropped or erased.

        One whose client has another address by now, or another wish, is let go: the next claim reads it anew (R9).
        """
        now = self.clock()
        if delivery and delivery.hold(holder, now):
            return [self._fate(delivery, channel, holder, now)]
        if delivery:
            delivery.let_go(holder)
        return []

    def _fate(self, delivery, channel, holder, now):
        """Send a held delivery unless something speaks against it; return what became of it."""
        try:
            if reason := deciding.why_not(delivery, now):
                return self._end(delivery, reason)
            if delivery.close and merging.waits_for_another(delivery, now):
                return delivery.wait(now + AFTER_YOU, holder)
            _send(channel, delivery, now)
        except NotDelivered as error:
            return self._not_delivered(delivery, error, holder)
        except django.db.Error:
            raise
        except Exception as error:
            _log_bug(delivery, error)
            return self._not_delivered(delivery, NotDelivered(Reason.ERROR), holder)
        delivery.sent(self.clock())
        _put_mail_behind(delivery, self.clock())
        return Delivery.State.SENT

    def _not_delivered(self, delivery, error, holder):
        """Put it back for another try while that is of use, else mark it failed for the therapist to see."""
        now = self.clock()
        again = now + pause(delivery.attempts, error.retry_after)
        log.warning("delivery %s not delivered: %s", delivery.pk, error.reason)
        if error.permanent or again >= delivery.reminder.not_after:
            return self._end(delivery, error.reason)
        delivery.put_back(again, error.reason, holder)
        return "put back"

    def _end(self, delivery, reason):
        """End a delivery that won't be sent. The mail behind a push that found no phone need not wait any longer."""
        now = self.clock()
        state = delivery.end(reason, now)
        if delivery.channel == PUSH and reason in NO_WAY:
            Delivery.objects.beside(delivery).update(due_at=now)
        return state


def pause(attempts, retry_after=None):
    """Return how long to wait before the next try: longer each time, never in step, as long as the other side asks.

    `retry_after` is in seconds, or None.
    """
    minutes = BACKOFF[min(attempts, len(BACKOFF) - 1)]
    spread = random.uniform(0.8, 1.2)  # noqa: S311 - no secret
    return max(timedelta(minutes=minutes * spread), timedelta(seconds=retry_after or 0))


def _send(channel, delivery, now):
    if delivery.close:
        delivery.reminder.sessions = merging.spoken_of(delivery.reminder)
    channel.send(delivery, now)


def _put_mail_behind(delivery, now):
    """Let the mail behind a push that was sent wait for the phone's word (R15)."""
    if delivery.channel == PUSH and (at := fallback(now, delivery.reminder.not_after)):
        Delivery.objects.beside(delivery).update(due_at=at)


def _log_bug(delivery, error):
    """Log where the program failed. Its message stays out: it may quote an address."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    log.error("delivery %s: %s in %s:%s", delivery.pk, type(error).__name__, place.filename, place.lineno)


class _View:
    """The deliveries of a batch with all that decides whether they go out, never older than FRESH.

    Many are read at a time, because that costs a tenth; a slow mail server brings it down to one at a time.
    """

    def __init__(self, ids, clock):
        self.left, self.clock, self.rows, self.read_at = ids, clock, {}, None

    def get(self, delivery_id):
        """Return that delivery; None when its client was erased. Asked for in the order of the ids."""
        if self.read_at is None or time.monotonic() - self.read_at > FRESH:
            self.left = self.left[self.left.index(delivery_id) :]
            self.rows = Delivery.objects.with_all(self.clock()).in_bulk(self.left)
            self.read_at = time.monotonic()
        return self.rows.get(delivery_id)

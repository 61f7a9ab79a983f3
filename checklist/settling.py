"""Settling a batch that was claimed: look again, send, mark after (R9)."""

import logging
import time
import traceback
from collections import Counter

import django.db

from checklist import carrying, deciding, fates, leasing, merging
from checklist.channels import CalledOff, NotDelivered
from checklist.models import Delivery
from checklist.models.reasons import Reason
from checklist.rereading import reread

log = logging.getLogger(__name__)
# What was read longer ago than this, in seconds, is read again before anything is sent on its account.
FRESH = 1
# So long, in seconds, what has landed waits for others to be marked with it: many cost little more than one.
TOGETHER = 0.01
TRIES = 3


class Batch:
    """The deliveries of one channel that `holder` has claimed, settled for a Sender (delivering.py)."""

    def __init__(self, sender, name, ids, holder):
        self.sender, self.name, self.left, self.holder = sender, name, list(ids), holder
        self.channel, self.clock = sender.up[name], sender.clock
        self.many, self.told, self.landed = self.channel.look, Counter(), []

    def settle(self):
        """Settle all of them, as long as the sender goes on; return a Counter of what became of them."""
        width = self.channel.width(len(self.left))
        self.holder = Delivery.objects.take_over(self.left, self.holder)
        try:
            with (
                leasing.kept(self.holder, self.clock),
                carrying.Way(self.channel, width, self.sender.stop, self._goes_still) as self.way,
            ):
                while self.left and self.sender.goes_on(self.name):
                    self._some()
                while self.way.going:
                    self._land()
                    self._mark()
        finally:
            Delivery.objects.give_back(self.holder, self.clock())
        return self.told

    def _some(self):
        """Read some, settle what is not to be sent, and put the others on their way as long as that is fresh."""
        read_at, ids = time.monotonic(), self.left[: self.many]
        going = [row for row in reread(ids, self.clock()) if self._goes(row)]
        self.left = self.left[len(ids) :]
        self.many = min(self.channel.look, self.many + self.many // 4 + 1)
        going = self._found(going)
        for place, row in enumerate(going):
            if not self.sender.goes_on(self.name):
                break
            message = self._tried(row, self._write)
            if (waited := self._make_room()) and self.sender.stop():
                break
            if (place or waited) and time.monotonic() - read_at > FRESH:
                self.left, self.many = [late.pk for late in going[place:]] + self.left, max(place, 1)
                break
            if message and self._stays(row):
                self.way.put(row, message, read_at + FRESH)
            self._mark_enough()
        self._mark()

    def _found(self, going):
        """Let the channel read what it needs for these; return those of which it could."""
        try:
            return self._looked_up(going)
        except django.db.Error:
            raise
        except Exception as error:
            for row in going:
                self._not_delivered(row, error)
            return []

    def _looked_up(self, going):
        """Return those for which the channel has read; not those whose client was erased in this very moment."""
        for left in reversed(range(TRIES)):
            try:
                self.channel.look_up(going)
                break
            except django.db.IntegrityError:
                if not left:
                    raise
                there = set(
                    Delivery.objects.filter(pk__in=[row.pk for row in going]).values_list("pk", flat=True)
                )
                going = [row for row in going if row.pk in there]
        return going

    def _goes(self, delivery):
        """Return whether it is still ours and may go now; one that may not is settled."""
        return delivery.hold(self.holder, self.clock()) and self._tried(delivery, self._is_clear)

    def _is_clear(self, delivery):
        now = self.clock()
        if reason := deciding.why_not(delivery, now):
            self._end(delivery, reason)
        elif until := deciding.waits_until(delivery, now):
            self.told[delivery.wait(until, self.holder)] += 1
        else:
            return True
        return False

    def _goes_still(self, delivery, message):
        """Return whether what was written a while ago may arrive still (R10); if not, it is settled or left again."""
        for row in reread([delivery.pk], self.clock()):
            if self._goes(row) and (anew := self._tried(row, self._write)):
                if self.channel.same(message, anew):
                    return True
                self.left.insert(0, row.pk)
        return False

    def _write(self, delivery):
        if delivery.close:
            delivery.reminder.sessions = merging.spoken_of(delivery.reminder, self.clock())
        return self.channel.write(delivery, self.clock())

    def _tried(self, delivery, step):
        """Return what a step with this delivery returns; None when it could not be taken, and then that is settled."""
        try:
            return step(delivery)
        except django.db.Error:
            raise
        except Exception as error:
            self._not_delivered(delivery, error)
            return None

    def _stays(self, delivery):
        """Return whether it is ours still: its client may have been erased, or its session moved (R10, R21)."""
        return not self.channel.lasting or delivery.is_held(self.holder)

    def _make_room(self):
        """Wait until another message may be put on its way; return whether that took any time."""
        waited = self.way.full
        while self.way.full:
            if not self._land(TOGETHER):
                self._mark()  # what has landed need not wait for one that takes its time
                self._land()
        return waited

    def _land(self, seconds=None):
        """Wait for something that is on its way, `seconds` at most if told so; return whether anything came."""
        landed = self.way.landed(seconds)
        self.landed += landed
        return bool(landed)

    def _mark_enough(self):
        """Mark what has landed, where many go at once only when those are as many as may be on their way."""
        if (
            len(self.landed) >= self.way.width
            or self.way.width < self.channel.in_haste
            or self.channel.lasting
        ):
            self._mark()

    def _mark(self):
        """Mark what has landed; only then may what was put on its way since arrive."""
        landed, self.landed = self.landed, []
        taken, now = [each.delivery for each in landed if each.error is None], self.clock()
        if landed:
            self.channel.note([each.message for each in landed], now)
            fates.sent(taken, now)
        self.way.all_marked()
        self.told += Counter({Delivery.State.SENT: len(taken)})
        for each in landed:
            if each.error is not None:
                self._not_delivered(each.delivery, each.error)

    def _not_delivered(self, delivery, error):
        if isinstance(error, CalledOff):
            return  # settled when it was looked at again
        if not isinstance(error, NotDelivered):
            _log_bug(delivery, error)
            error = NotDelivered(Reason.ERROR)
        self.told[fates.not_delivered(delivery, error, self.holder, self.clock())] += 1

    def _end(self, delivery, reason):
        self.told[fates.end(delivery, reason, self.clock())] += 1


def _log_bug(delivery, error):
    """Log where the program failed. Its message stays out: it may quote an address."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    log.error("delivery %s: %s in %s:%s", delivery.pk, type(error).__name__, place.filename, place.lineno)

"""The sender: settles what was claimed, channel by channel (R9)."""

import logging
from collections import Counter
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from django.utils import timezone

from checklist.channels import NotDelivered
from checklist.channels.ways import WAYS
from checklist.models import Heartbeat
from checklist.settling import Batch

log = logging.getLogger(__name__)
BEAT = timedelta(seconds=10)
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
        if name not in self.up:
            return Counter()
        return Batch(self, name, ids, holder).settle()

    def goes_on(self, name):
        """Return whether to send more: not told to stop, and the channel is ready.

        One that is not is left alone for the rest of this look.
        """
        self.beat()
        if self.stop() or name not in self.up:
            return False
        try:
            self.up[name].open()
        except NotDelivered as error:
            log.warning("channel %s is down: %s", name, error.reason)
            del self.up[name]
        except Exception as error:  # a password that can't be written down, say: the other channels go on
            log.error("channel %s is down: %s", name, type(error).__name__)
            del self.up[name]
        return name in self.up

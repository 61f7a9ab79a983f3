"""The ways out: each is a Channel."""


class NotDelivered(Exception):
    """A channel could not deliver. `reason` is a Reason; `permanent` says that trying again is no use.

    `retry_after` is how many seconds the other side wants us to wait, or None; `gone` says that this way to the
    person is dead and can be forgotten.
    """

    def __init__(self, reason, permanent=False, retry_after=None, gone=False):
        super().__init__(reason)
        self.reason, self.permanent = reason, permanent
        self.retry_after, self.gone = retry_after, gone


class CarryInstead(Exception):
    """A message that was started has to be carried: its connection had ended before it came."""


class CalledOff(Exception):
    """A message was not to arrive as it had been written; what becomes of its delivery is settled already."""


class Started:
    """A message that was handed over and whose answer is still to come."""

    def fileno(self):
        """Return what a selector watches: ask ended() once it can be read."""
        raise NotImplementedError

    def ended(self):
        """Return whether it was taken; False while nothing is known. Raises NotDelivered, or CarryInstead."""
        raise NotImplementedError

    def drop(self):
        """Break it off; never raises."""
        raise NotImplementedError


class Channel:
    """A way to people. All but carry() is called by one thread, which may read the database and write to it.

    `batch` deliveries are claimed together, `look` of them read at once, since that costs a tenth; where sending is
    slow it comes down to one, because what was read long ago is read again. `at_once` are on their way together,
    `in_haste` when a whole batch is due, and then as many may have landed and not be marked: all these may come twice
    when the sender is killed (R9). What is handed over is `lasting` where it stays for good: then each is looked for
    once more just before.
    """

    batch, look, at_once, in_haste, lasting = 50, 50, 1, 1, False

    def width(self, due):
        """Return how many of a batch of `due` are on their way together."""
        return self.in_haste if due >= self.batch else self.at_once

    def open(self):
        """Get ready to send; raise NotDelivered when the channel is down, for whatever delivery."""

    def look_up(self, deliveries):
        """Read at once what write() will need for each of these."""

    def write(self, delivery, now):
        """Return the message of a delivery as it should be at `now`; raise NotDelivered when there can't be one."""
        raise NotImplementedError

    def carry(self, message, clear):
        """Hand one message over; raise NotDelivered when it was not taken. In a thread of its own, without database.

        `clear()` waits until what was carried before is marked; call it before the word after which this one counts
        as taken, if no more than one may ever come twice. Where it took long to get there, what decides is looked at
        again meanwhile. It raises OSError when that word must not be said, CalledOff when it need not any more.
        """

    def same(self, message, other):
        """Return whether two messages of one delivery say the same to the same person; for who calls clear()."""
        return message == other

    def start(self, message):
        """Hand one message over without waiting for what comes of it; return its Started, or None: carry() it then.

        For channels whose messages need no clear(). What can be started costs no thread, and no wait for one.
        """

    def note(self, messages, now):
        """Keep what became of messages that were carried, whether they were taken or not."""

    def abandon(self):
        """Break off what is being carried, from another thread: the sender has to end; never raises."""

    def close(self):
        """Let go of what is open; never raises."""

"""What is on its way: messages that were started, or that threads of their own carry, while the sender goes on."""

import select
import threading
import time
from dataclasses import dataclass, field
from functools import partial
from math import inf
from queue import Empty, SimpleQueue

from checklist.channels import CalledOff, CarryInstead

GRACE = 8  # seconds that what is on its way gets once the sender has to end; a push service may take 10 more
LOOK = 0.5  # seconds between two looks whether it has
# The same where some were started and threads carry others: neither wakes who waits for the other.
GLANCE = 0.01


@dataclass(frozen=True)
class Landed:
    """One delivery whose message was carried: `error` is what came of it, None when it was taken."""

    delivery: object
    message: object
    error: Exception | None


@dataclass(eq=False)
class Carried:
    """A message that a thread carries. `fresh` is until when, by time.monotonic(), what decided about it counts.

    After that the thread asks before it lets it arrive, and waits for what it is `told`: whether it may.
    """

    delivery: object
    message: object
    fresh: float
    told: SimpleQueue = field(default_factory=SimpleQueue)


class Way:
    """The messages that are on their way over a channel, `width` at most. Used by one thread, as a context.

    `again(delivery, message)` is asked in that thread whether one may arrive that took its time to get there.
    What can be started needs no thread (channels/__init__.py): with thousands a second, handing each to a thread and
    back cost more than all else. Threads carry the others.
    """

    def __init__(self, channel, width, stop, again=None):
        self.channel, self.width, self.stop, self.again = channel, width, stop, again
        self.started, self.poll = {}, select.poll()
        self.carried, self.threads = set(), []
        self.leaving, self.arrived = SimpleQueue(), SimpleQueue()
        self.marked, self.broken = threading.Event(), False
        self.asked, self.end = time.monotonic(), None

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.broken = any(error)
        self.marked.set()
        for each in self.carried:
            each.told.put(False)
        for started, _delivery, _message in self.started.values():
            started.drop()
        for _thread in self.threads:
            self.leaving.put(None)
        for thread in self.threads:
            thread.join()

    @property
    def going(self):
        """How many are on their way."""
        return len(self.carried) + len(self.started)

    @property
    def full(self):
        """Whether no more may be put on their way before one has landed."""
        return self.going >= self.width

    def put(self, delivery, message, fresh=inf):
        """Put a message on its way. One that waits for clear() arrives once all_marked() says that what landed is.

        What decided about it counts until `fresh`, by time.monotonic().
        """
        self.marked.clear()
        if (started := self.channel.start(message)) is None:
            return self._hand(Carried(delivery, message, fresh))
        self.started[started.fileno()] = started, delivery, message
        self.poll.register(started.fileno(), select.POLLIN)

    def all_marked(self):
        """Let what is on its way arrive."""
        self.marked.set()

    def landed(self, seconds=None):
        """Wait until at least one has landed, `seconds` at most if told so; return those that have."""
        while not (found := self._landed(seconds or LOOK)) and not seconds:
            if self.stop():
                self.end = self.end or time.monotonic() + GRACE
            if self.end and time.monotonic() >= self.end:
                self.channel.abandon()
        return found

    def _landed(self, seconds):
        """Return what lands within so many seconds, as soon as anything does; answer who asks meanwhile."""
        found = self._heard(seconds) if self.started else []
        while self.carried:
            try:
                wait = 0 if self.started or found else seconds
                each, landed = self.arrived.get(block=bool(wait), timeout=wait or None)
            except Empty:
                break
            if landed is None:
                each.told.put(self.again(each.delivery, each.message))
                continue
            self.carried.remove(each)
            found.append(landed)
        return found

    def _heard(self, seconds):
        """Return those that were started of which is known what became. Now and then all are asked: time may be up."""
        wait = min(seconds, GLANCE) if self.carried else seconds
        numbers = [number for number, _event in self.poll.poll(wait * 1000)]
        if not numbers or time.monotonic() - self.asked > LOOK:
            numbers, self.asked = list(self.started), time.monotonic()
        return [landed for number in numbers if (landed := self._ended(number))]

    def _ended(self, number):
        started, delivery, message = self.started[number]
        error = None
        try:
            if not started.ended():
                return None
        except Exception as trouble:
            error = trouble
        del self.started[number]
        self.poll.unregister(number)
        if isinstance(error, CarryInstead):
            return self._hand(Carried(delivery, message, inf))
        return Landed(delivery, message, error)

    def _hand(self, each):
        """Let a thread carry it."""
        self.carried.add(each)
        if len(self.threads) < len(self.carried):
            self.threads.append(threading.Thread(target=self._carry, name=f"carry_{len(self.threads)}"))
            self.threads[-1].start()
        self.leaving.put(each)

    def _carry(self):
        """Carry one after the other, in a thread of its own, until there is none."""
        while (each := self.leaving.get()) is not None:
            error = None
            try:
                self.channel.carry(each.message, partial(self._clear, each))
            except Exception as trouble:
                error = trouble
            self.arrived.put((each, Landed(each.delivery, each.message, error)))

    def _clear(self, each):
        """Wait until it may arrive: what landed is marked, and what decided about it was looked at not long ago."""
        self.marked.wait()
        may = time.monotonic() <= each.fresh or self._asked(each)
        if self.broken:
            raise ConnectionAbortedError
        if not may:
            raise CalledOff

    def _asked(self, each):
        self.arrived.put((each, None))
        return each.told.get()

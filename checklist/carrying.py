"""What is on its way: messages that threads of their own carry, while the sender goes on with the database."""

import threading
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass

GRACE = 8  # seconds that what is on its way gets once the sender has to end; a push service may take 10 more
LOOK = 0.5  # seconds between two looks whether it has
TOGETHER = 0.01  # seconds that one waits for others that land, since marking many costs little more


@dataclass(frozen=True)
class Landed:
    """One delivery whose message was carried: `error` is what came of it, None when it was taken."""

    delivery: object
    message: object
    error: Exception | None


class Way:
    """The messages that are on their way over a channel, `width` at most. Used by one thread, as a context."""

    def __init__(self, channel, width, stop):
        self.channel, self.width, self.stop, self.going = channel, width, stop, {}
        self.marked, self.broken = threading.Event(), False
        self.pool = ThreadPoolExecutor(width, thread_name_prefix="carry")

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.broken = any(error)
        self.marked.set()
        self.pool.shutdown()

    @property
    def full(self):
        """Whether no more may be put on their way before one has landed."""
        return len(self.going) >= self.width

    def put(self, delivery, message):
        """Put a message on its way. It may not arrive before all_marked() says that what has landed is marked."""
        self.marked.clear()
        self.going[self.pool.submit(self.channel.carry, message, self._clear)] = delivery, message

    def all_marked(self):
        """Let what is on its way arrive."""
        self.marked.set()

    def _clear(self):
        self.marked.wait()
        if self.broken:
            raise ConnectionAbortedError

    def landed(self):
        """Wait until at least one has landed; return those that have."""
        done, grace = set(), GRACE
        while not done:
            done, _going = wait(self.going, LOOK, FIRST_COMPLETED)
            grace -= LOOK if self.stop() else 0
            if grace <= 0:
                self.channel.abandon()
        done, _going = wait(self.going, TOGETHER)
        return [Landed(*self.going.pop(each), each.exception()) for each in done]

"""Takes the body of a request in before anything is done with it: whole, not too large, and without all threads
waiting for slow ones (R29).

The web server hands a request over as soon as its headers are there, and a thread that reads the rest waits for as
long as it takes to come. So only some of the threads may wait at a time; the others go on answering. A refusal is
left in the environment, for checklist.views.errors.body_refused to put it into words.
"""

from contextlib import ExitStack, contextmanager
from io import BytesIO
from threading import BoundedSemaphore, Lock
from weakref import WeakValueDictionary

REFUSED = "settle.body_refused"  # 400, 413 or 503
SEATS = 24  # threads that may wait for bodies; bin/lib/serve.py starts more
# A connection check sends much, on lines that may be slow: of the seats, so many may be taken by those, and of these
# so many by one check, which sends one body at a time. Without a ticket nothing is waited for.
SLOW, SLOW_SEATS, EACH = "/tools/connection/up/", 16, 2
DIGITS = 18  # of a length; one with more is larger than any setting
PATIENCE = 0.5  # seconds until a thread stops waiting for a seat


def only_whole(application, most, holder=None, seats=SEATS, patience=PATIENCE):
    """Return the WSGI application, given bodies of at most `most` bytes that have come, or the reason why not.

    `holder` tells from a query string whose connection check sends, or None for nobody's: that body is left unread.
    """
    free, slow = BoundedSemaphore(seats), _Slow(min(seats, SLOW_SEATS), holder)

    def answer(environ, start_response):
        if length := _length(environ):
            wanted = [*slow.wanted(environ), free]
            body = b""
            if None not in wanted:
                body, environ[REFUSED] = _take(environ["wsgi.input"], length, most, wanted, patience)
            environ["wsgi.input"] = BytesIO(body)
        return application(environ, start_response)

    return answer


class _Slow:
    """The seats of connection checks, all together and of each."""

    def __init__(self, seats, holder):
        self.all, self.holder = BoundedSemaphore(seats), holder or (lambda _query: "")
        self.own, self.turn = WeakValueDictionary(), Lock()

    def wanted(self, environ):
        """Return the semaphores that a request needs one of each; None is among them where it gets none."""
        if environ.get("PATH_INFO") != SLOW:
            return []
        whose = self.holder(environ.get("QUERY_STRING", ""))
        if whose is None:
            return [None]
        with self.turn:
            return [self.own.setdefault(whose, BoundedSemaphore(EACH)), self.all]


def _length(environ):
    """Return how many bytes are announced; none is 0, and then Django reads nothing either."""
    announced = environ.get("CONTENT_LENGTH") or "0"
    if not (announced.isascii() and announced.isdigit()):
        return 0
    return int(announced[: DIGITS + 1])  # so many are too large in any case, and Python refuses thousands


def _take(stream, length, most, wanted, patience):
    """Return (the body, None), or (nothing, the status that says why it was not taken)."""
    if length > most:
        return b"", 413
    with _seated(wanted, patience) as seated:
        if not seated:
            return b"", 503
        body = stream.read(length)
    return (body, None) if len(body) == length else (b"", 400)


@contextmanager
def _seated(wanted, patience):
    """Hold a seat of each of these as long as the block lasts; say whether there was one in time."""
    with ExitStack() as held:
        for seats in wanted:
            if not seats.acquire(timeout=patience):
                yield False
                return
            held.callback(seats.release)
        yield True

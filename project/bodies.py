"""Takes the body of a request in before anything is done with it: whole, not too large, and without all threads
waiting for slow ones (R29).

The web server hands a request over as soon as its headers are there, and a thread that reads the rest waits for as
long as it takes to come. So only some of the threads may wait at a time; the others go on answering. A refusal is
left in the environment, for checklist.views.errors.body_refused to put it into words.
"""

from contextlib import ExitStack, contextmanager
from io import BytesIO
from threading import BoundedSemaphore

REFUSED = "settle.body_refused"  # 400, 413 or 503
SEATS = 24  # threads that may wait for bodies; bin/lib/serve.py starts more
# A connection check sends much, on lines that may be slow: of the seats, so many may be taken by those.
SLOW, SLOW_SEATS = "/tools/connection/up/", 16
DIGITS = 18  # of a length; one with more is larger than any setting
PATIENCE = 0.5  # seconds until a thread stops waiting for a seat


def only_whole(application, most, seats=SEATS, patience=PATIENCE):
    """Return the WSGI application, given bodies of at most `most` bytes that have come, or the reason why not."""
    free, slow = BoundedSemaphore(seats), BoundedSemaphore(min(seats, SLOW_SEATS))

    def answer(environ, start_response):
        if length := _length(environ):
            wanted = [slow, free] if environ.get("PATH_INFO") == SLOW else [free]
            body, environ[REFUSED] = _take(environ["wsgi.input"], length, most, wanted, patience)
            environ["wsgi.input"] = BytesIO(body)
        return application(environ, start_response)

    return answer


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

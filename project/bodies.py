"""Takes the body of a request in before anything is done with it: whole, not too large, and without all threads
waiting for slow ones (R29).

The web server hands a request over as soon as its headers are there, and a thread that reads the rest waits for as
long as it takes to come. So only some of the threads may wait at a time; the others go on answering. A refusal is
left in the environment, for checklist.views.errors.body_refused to put it into words.
"""

from io import BytesIO
from threading import BoundedSemaphore

REFUSED = "settle.body_refused"  # 400, 413 or 503
SEATS = 24  # threads that may wait for bodies; bin/lib/serve.py starts more
PATIENCE = 0.5  # seconds until a thread stops waiting for a seat


def only_whole(application, most, seats=SEATS, patience=PATIENCE):
    """Return the WSGI application, given bodies of at most `most` bytes that have come, or the reason why not."""
    free = BoundedSemaphore(seats)

    def answer(environ, start_response):
        if length := _length(environ):
            body, environ[REFUSED] = _take(environ["wsgi.input"], length, most, free, patience)
            environ["wsgi.input"] = BytesIO(body)
        return application(environ, start_response)

    return answer


def _length(environ):
    """Return how many bytes are announced; none is 0, and then Django reads nothing either."""
    announced = environ.get("CONTENT_LENGTH") or "0"
    return int(announced) if announced.isascii() and announced.isdigit() else 0


def _take(stream, length, most, free, patience):
    """Return (the body, None), or (nothing, the status that says why it was not taken)."""
    if length > most:
        return b"", 413
    if not free.acquire(timeout=patience):
        return b"", 503
    try:
        body = stream.read(length)
    finally:
        free.release()
    return (body, None) if len(body) == length else (b"", 400)

"""One TLS connection to a push service: a request goes out, its answer comes in, at once or bit by bit."""

import select
import ssl
import time

from checklist.channels.answers import BODY, HEAD, Garbled, Reader


class NotYet(Exception):
    """More has to come."""


class Line:
    """One connection to one service."""

    def __init__(self, sock):
        self.sock, self.since, self.heard, self.came = sock, time.monotonic(), False, b""
        self.poll = select.poll()
        self.poll.register(sock, select.POLLIN)

    def stirs(self):
        """Whether something came that nobody asked for, most likely the end."""
        return bool(self.sock.pending() or self.poll.poll(0))

    def talk(self, request, end):
        """Send a request; return its Answer and whether the connection is good for another."""
        self.send(request, left(end))
        return Reader(lambda: self._more(end)).answer()

    def send(self, request, seconds):
        """Send a request within so many seconds; of 0 it has to leave at once."""
        self.heard, self.came = False, b""
        self.sock.settimeout(seconds)
        self.sock.sendall(request)

    def hear(self, not_all):
        """Return what talk() returns, of what has come since send(seconds=0); raise `not_all` when more has to come."""
        none_left = Garbled()
        try:
            while len(self.came) <= HEAD + BODY:
                self.came += self._received()
        except (ssl.SSLWantReadError, BlockingIOError):
            none_left = not_all
        except OSError as error:
            none_left = error
        return Reader(lambda: _raise(none_left), self.came).answer()

    def _more(self, end):
        self.sock.settimeout(left(end))
        return self._received()

    def _received(self):
        found = self.sock.recv(4096)
        if not found:
            raise ConnectionResetError
        self.heard = True
        return found


def _raise(error):
    raise error


def left(end):
    """Return the seconds until `end` (time.monotonic()); raise TimeoutError when there are none."""
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left

"""Posts to push services: HTTP/1.1 over TLS connections that are kept, with an end to every wait.

Nothing is followed (no redirects), no proxy is asked, and of an answer no more is taken in than is needed to know
what became of the message.
"""

import contextlib
import select
import ssl
import time
from functools import cache

from checklist.channels import endpoints
from checklist.channels.answers import Garbled, Reader

CONNECT, TOTAL = 5, 10  # seconds
OLDEST = 300  # seconds; then a name is looked up again
MOST = 16  # connections


class Poster:
    """Keeps one connection per host. For one thread at a time. The arguments are for tests."""

    def __init__(self, dial=endpoints.dial, context=None, connect=CONNECT, total=TOTAL):
        self.dial, self.context = dial, context or _context()
        self.connect, self.total = connect, total
        self.lines = {}

    def post(self, host, request):
        """Send a whole request; return the Answer. Raises OSError when there was none: also for TLS and timeouts.

        A kept connection that turns out to be closed, without a word in answer, is replaced once. Should the service
        have taken the message all the same, its Topic lets it replace the first by the second.
        """
        end = time.monotonic() + self.total
        line = self._kept(host)
        if line is not None:
            with contextlib.suppress(ConnectionError, ssl.SSLEOFError):
                return self._talk(host, line, request, end)
            if line.heard:
                raise Garbled
        return self._talk(host, self._open(host, end), request, end)

    def close(self):
        """Close what is open; never raises."""
        for host in list(self.lines):
            self._drop(host)

    def _kept(self, host):
        """Return the open connection to a host, unless it is old or the other side has already ended it."""
        line = self.lines.get(host)
        if line is not None and (time.monotonic() - line.since > OLDEST or line.stirs()):
            self._drop(host)
        return self.lines.get(host)

    def _open(self, host, end):
        while len(self.lines) >= MOST:
            self._drop(next(iter(self.lines)))
        sock = self.dial(host, min(self.connect, end - time.monotonic()))
        try:
            sock.settimeout(_left(end))
            self.lines[host] = _Line(self.context.wrap_socket(sock, server_hostname=host))
        except BaseException:
            sock.close()
            raise
        return self.lines[host]

    def _talk(self, host, line, request, end):
        keep = False
        try:
            answer, keep = line.talk(request, end)
        finally:
            if not keep:
                self._drop(host)
        return answer

    def _drop(self, host):
        with contextlib.suppress(OSError):
            self.lines.pop(host).sock.close()


class _Line:
    """One connection to one service."""

    def __init__(self, sock):
        self.sock, self.since, self.heard = sock, time.monotonic(), False
        self.poll = select.poll()
        self.poll.register(sock, select.POLLIN)

    def stirs(self):
        """Whether something came that nobody asked for, most likely the end."""
        return bool(self.sock.pending() or self.poll.poll(0))

    def talk(self, request, end):
        """Send a request; return its Answer and whether the connection is good for another."""
        self.heard = False
        self.sock.settimeout(_left(end))
        self.sock.sendall(request)
        return Reader(lambda: self._more(end)).answer()

    def _more(self, end):
        self.sock.settimeout(_left(end))
        found = self.sock.recv(4096)
        if not found:
            raise ConnectionResetError
        self.heard = True
        return found


def _left(end):
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


@cache
def _context():
    context = ssl.create_default_context()  # checks certificate and host name
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context

"""Posts to push services: HTTP/1.1 over TLS connections that are kept, with an end to every wait.

Nothing is followed (no redirects), no proxy is asked, and of an answer no more is taken in than is needed to know
what became of the message.
"""

import contextlib
import ssl
import time
from functools import cache

from checklist.channels import endpoints
from checklist.channels.answers import Garbled
from checklist.channels.lines import Line, NotYet, left

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

    def send(self, host, request):
        """Send a whole request over a connection that is open; return the Posted that its answer is asked of.

        None when there is no such connection: a new one takes its time, which only post() does.
        """
        line = self._kept(host)
        if line is None:
            return None
        try:
            line.send(request, 0)
        except OSError:  # not all of it left, so the service has no message
            self._drop(host)
            return None
        return Posted(self, host, line, time.monotonic() + self.total)

    def has(self, host):
        """Return whether there is a connection to this host; send() looks whether it is still open."""
        return host in self.lines

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
            sock.settimeout(left(end))
            self.lines[host] = Line(self.context.wrap_socket(sock, server_hostname=host))
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
        line = self.lines.pop(host, None)
        with contextlib.suppress(OSError):
            if line:
                line.sock.close()


class Posted:
    """A request that was sent over a connection and whose answer nobody waits for."""

    def __init__(self, poster, host, line, end):
        self.poster, self.host, self.line, self.end = poster, host, line, end

    def fileno(self):
        """Return what a selector watches: something may have come once it can be read."""
        return self.line.sock.fileno()

    @property
    def heard(self):
        """Whether the service has said anything: if not, it has most likely not read the request either."""
        return self.line.heard

    def answer(self, last=False):
        """Return the Answer, or None while it has not all come. Raises OSError when there will be none.

        When time is up, or this is the `last` look, a status without all of what follows it will do.
        """
        last = last or time.monotonic() >= self.end
        try:
            answer, keep = self.line.hear(TimeoutError() if last else NotYet())
        except NotYet:
            return None
        except OSError:
            self.drop()
            raise
        if not keep:
            self.drop()
        return answer

    def drop(self):
        """Close the connection; never raises."""
        self.poster._drop(self.host)


@cache
def _context():
    context = ssl.create_default_context()  # checks certificate and host name
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context

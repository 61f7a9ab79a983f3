"""More hands when much is due: senders beside the first, each a process with a core to itself, until nothing is due.

They claim like any other sender (R9), so one that is lost loses nothing. Each is our own command, for one channel.
"""

import contextlib
import logging
import os
import subprocess
import sys
import threading
import time

from django.conf import settings

log = logging.getLogger(__name__)
COMMAND = (sys.executable, str(settings.BASE_DIR / "manage.py"), "sendreminders")
AGAIN = 30  # seconds after which those that have ended may be followed by others
GRACE = 20  # seconds that they get to end
LOOK = 0.2  # seconds between two looks whether they have


class Hands:
    """The senders beside this one, `most` with it on a channel; `options` are those of the command for all of them."""

    def __init__(self, most, options=()):
        self.most, self.command = most, (*COMMAND, "--once", "--beside", str(os.getpid()), *options)
        self.came, self.started, self.lock = {}, [], threading.Lock()
        self.left = False  # once all is over, nobody would wait for who comes

    @property
    def working(self):
        return [each for each in self.started if each.poll() is None]

    def come(self, channel):
        """Start senders for a channel, unless some were started a moment ago or still work. For any thread."""
        with self.lock:
            now = time.monotonic()
            if (
                self.left
                or now - self.came.get(channel, -AGAIN) < AGAIN
                or any(channel in each.args for each in self.working)
            ):
                return
            self.came[channel], self.started = now, self.working
            for _place in range(self.most - 1):
                self._start(channel)

    def finish(self, stop):
        """Wait until they have nothing to do any more, or `stop(seconds)` says that all is over; then end them."""
        while self.working and not stop(LOOK):
            pass
        self.leave()

    def leave(self):
        """Let them finish what is on its way, and wait; who takes too long is killed. Nobody comes any more."""
        with self.lock:
            self.left = True
            for each in self.working:
                each.terminate()
            end = time.monotonic() + GRACE
            for each in self.started:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    each.wait(max(0, end - time.monotonic()))
            for each in self.working:
                each.kill()
                each.wait()

    def _start(self, channel):
        try:
            self.started.append(subprocess.Popen([*self.command, "--channel", channel]))  # noqa: S603 - our own
        except OSError as error:  # no room for another: the first works alone
            log.warning("no more hands for channel %s: %s", channel, type(error).__name__)

"""The sender: sends what is due, once or for ever."""

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue

import django.db
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections, connection
from django.utils import timezone

from checklist import retaining
from checklist.channels.ways import WAYS
from checklist.dispatching import send_due
from checklist.hands import Hands
from checklist.models import Delivery
from project import sqlite

PAUSE = 2  # seconds between looks
# Between two looks for what may be forgotten: tries, and all else.
TIDY, DAY = timedelta(hours=1), timedelta(days=1)
# Between two times that the database's log is emptied: somebody who reads may have kept it from being so.
MINUTE = timedelta(minutes=1)
MOST = 500  # rows of a kind that one of them takes, so that what is due has not to wait for long


class Command(BaseCommand):
    help = "Send the reminders that are due. Runs for ever unless --once is given; SIGTERM ends it cleanly."
    tidied = forgotten = emptied = None

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="stop when nothing is due any more")
        parser.add_argument(
            "--now", type=instant, metavar="ISO", help="take this for the present, with its UTC offset"
        )
        parser.add_argument(
            "--channel", choices=[str(name) for name in WAYS], help="send on this channel only"
        )
        parser.add_argument("--beside", type=int, metavar="PID", help="help that sender, and end with it")

    def handle(self, *args, once=False, now=None, channel=None, beside=None, **options):
        clock, names = (lambda: now) if now else timezone.now, [channel] if channel else list(WAYS)
        self.hands = Hands(1 if beside else settings.SENDERS, [f"--now={now.isoformat()}"] if now else [])
        with stopped_by_signals(beside) as stop:
            if not once:
                return self._for_ever(clock, names, stop)
            for name in names:
                self._look(clock, {name: WAYS[name]()}, stop, once)
            self.hands.finish(stop)

    def _for_ever(self, clock, names, stop):
        """Let each channel work by itself, so that none waits for a provider of another, until we are stopped."""
        ended = threading.Event()
        with ThreadPoolExecutor(len(names)) as pool:
            work = [pool.submit(self._work, clock, name, ended) for name in names]
            while not stop(PAUSE) and not any(each.done() for each in work):
                pass
            ended.set()
            self.hands.leave()
        for each in work:
            each.result()

    def _work(self, clock, name, ended):
        def stop(seconds=0):
            return ended.wait(seconds)

        channels = {name: WAYS[name]()}
        try:
            while not stop():
                self._look(clock, channels, stop)
                stop(PAUSE)
        finally:
            connection.close()

    def _look(self, clock, channels, stop, once=False):
        """Send what is due. Neither a database that is away nor a bug ends a sender that runs for ever."""
        try:
            self._tell(send_due(clock, channels, stop, self.hands.come))
            if Delivery.Channel.EMAIL in channels:
                self._tidy(timezone.now())
                self._empty_log(timezone.now())
        except Exception as error:
            if once:
                raise
            away = isinstance(error, django.db.Error)
            trouble = "the database does not answer" if away else "a look failed"
            self.stderr.write(f"reminders: {trouble} ({type(error).__name__}), trying again")
            close_old_connections()
        finally:
            for channel in channels.values():
                channel.close()

    def _tell(self, told):
        if told:
            fates = ", ".join(f"{count} {word}" for word, count in sorted(told.items()))
            self.stdout.write(f"reminders: {fates}")

    def _empty_log(self, now):
        """Let nothing that was erased stay in the database's log for longer than somebody reads it (R21)."""
        if self.emptied is None or now - self.emptied >= MINUTE:
            self.emptied = now
            sqlite.empty_log(connection)

    def _tidy(self, now):
        """Forget old tries and, once a day, all that is kept no longer, by the real clock: a rehearsal forgets nothing.

        When there is more than one look takes, the next hour goes on with it.
        """
        if self.tidied is not None and now - self.tidied < TIDY:
            return
        self.tidied = now
        retaining.forget_tries(now)
        if self.forgotten is None or now - self.forgotten >= DAY:
            told = retaining.forget_old(now, MOST)
            self.forgotten = None if max(told.values(), default=0) >= MOST else now
            if told:
                self.stdout.write(f"forgotten: {retaining.told(told)}")


@contextmanager
def stopped_by_signals(parent=None):
    """Give a function that says whether SIGTERM or SIGINT came, waiting `seconds` for one when told to.

    With `parent`, the id of the process that started this one, its end counts as well.

    A queue carries the news: unlike an Event it may be used in a signal handler while its thread waits on it.
    """
    news, came = SimpleQueue(), []

    def stop(seconds=0):
        with suppress(Empty):
            came.append(news.get(timeout=seconds) if seconds else news.get_nowait())
        return bool(came) or parent not in (None, os.getppid())

    names = (signal.SIGTERM, signal.SIGINT)
    before = {name: signal.signal(name, lambda number, _frame: news.put(number)) for name in names}
    try:
        yield stop
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def instant(text):
    """Return the aware datetime of an ISO text; an offset has to be there, or nobody knows when it is."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--now: '{text}' is not a time like 2026-11-26T14:00:00+00:00.") from error
    if value.tzinfo is None:
        raise CommandError("--now: add the offset, like 2026-11-26T14:00:00-05:00.")
    return value

"""Keeping the leases of a batch while its sender is alive: one that was killed keeps nobody waiting for long (R9)."""

import logging
import threading
from contextlib import contextmanager
from datetime import timedelta

import django.db
from django.db import connection

from checklist.models import Delivery

log = logging.getLogger(__name__)
EVERY = timedelta(seconds=15)
NAME = "leases"


@contextmanager
def kept(holder, clock):
    """Lengthen what `holder` holds, every 15 s of real time, while the block lasts; `clock()` gives the instant."""
    ended = threading.Event()
    thread = threading.Thread(target=_keep, args=(holder, clock, ended), name=NAME, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _keep(holder, clock, ended):
    """A database that is away ends the leases, not the sender: what it is sending may then come once more."""
    try:
        while not ended.wait(EVERY.total_seconds()):
            Delivery.objects.lengthen(holder, clock())
    except django.db.Error as error:
        log.warning("leases are not lengthened: %s", type(error).__name__)
    finally:
        connection.close()

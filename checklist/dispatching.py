"""Sending what is due: claim a batch with a lease, hand it to the task `deliver`, until nothing is due (R9)."""

import logging
import uuid
from collections import Counter
from datetime import timedelta

import django.db
from django.db import transaction
from django_tasks import TaskResultStatus
from django_tasks.backends.immediate import ImmediateBackend

from checklist import inviting
from checklist.delivering import Sender, at_work
from checklist.models import Delivery, outbox
from checklist.tasks import deliver

log = logging.getLogger(__name__)
CAREFUL = 10  # batches, of which one is followed by what may end its sender
WAITS = timedelta(minutes=5)  # how long what is in a queue is held for its worker


def send_due(clock, channels, stop=lambda: False, much=lambda name: None):
    """Send until nothing is due or `stop()`; return a Counter of what became of them.

    `clock()` gives the present instant, `channels` is {channel name: channel}; what one that is down can't take stays
    planned. `much(name)` hears of one with more than a batch due. Raises django.db.Error when the database is away.
    """
    told = Counter()
    with at_work(Sender(clock, channels, stop)) as sender:
        sender.beat()
        if Delivery.Channel.EMAIL in channels:
            inviting.mail_codes_asked_for()
        for name in channels:
            full, turn, size = False, 0, channels[name].batch
            while name in sender.up and not stop() and (batch := _claim(name, clock(), size, turn)):
                if full:
                    much(name)
                told.update(fates := _delivered(name, *batch, clock))
                full = len(batch[0]) == size and "queued" not in fates
                turn += len(batch[0]) > 1
                sender.beat()
    return told


@transaction.atomic
def _claim(name, now, most, turn):
    """Claim what is due on a channel; return (ids, who holds them), or None when there is nothing.

    What may end its sender has its turn after the first batch, never before it, and again CAREFUL batches later.
    """
    inline = isinstance(deliver.get_backend(), ImmediateBackend)
    holder = ("" if inline else outbox.QUEUED) + uuid.uuid4().hex
    ids = Delivery.objects.claim(holder, now, most, name, careful=turn % CAREFUL == 1)
    return (ids, holder) if ids else None


def _delivered(name, ids, holder, clock):
    """Hand a batch to the task and return {fate: count}. A queue that loses it loses nothing: the leases end."""
    result = deliver.enqueue(name, [str(delivery_id) for delivery_id in ids], holder)
    if result.status == TaskResultStatus.SUCCESSFUL:
        return result.return_value
    if result.status != TaskResultStatus.FAILED:
        Delivery.objects.lengthen(holder, clock(), WAITS)
        return {"queued": len(ids)}
    error = result.errors[
        -1
    ].exception_class_path  # the backend keeps exceptions; that the database is away must show
    log.error("task deliver: %s", error)
    raise (django.db.OperationalError if error.startswith("django.db.") else RuntimeError)(error)

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
WAITS = timedelta(minutes=5)  # how long what is in a queue is held for its worker


def send_due(clock, channels, stop=lambda: False):
    """Send until nothing is due or `stop()`; return a Counter of what became of them.

    `clock()` gives the present instant, `channels` is {channel name: channel}, see checklist/channels. What a
    channel that is down can't take stays planned. Raises django.db.Error when the database does not answer.
    """
    told = Counter()
    with at_work(Sender(clock, channels, stop)) as sender:
        sender.beat()
        if Delivery.Channel.EMAIL in channels:
            inviting.mail_codes_asked_for()
        for name in channels:
            while name in sender.up and not stop() and (batch := _claim(name, clock(), channels[name].batch)):
                told.update(_delivered(name, *batch, clock))
                sender.beat()
    return told


@transaction.atomic
def _claim(name, now, most):
    """Claim what is due on a channel; return (ids, who holds them), or None when there is nothing."""
    inline = isinstance(deliver.get_backend(), ImmediateBackend)
    holder = ("" if inline else outbox.QUEUED) + uuid.uuid4().hex
    ids = Delivery.objects.claim(holder, now, most, name)
    return (ids, holder) if ids else None


def _delivered(name, ids, holder, clock):
    """Hand a batch to the task and return {fate: count}. A queue that loses it loses nothing: the leases end."""
    result = deliver.enqueue(name, [str(delivery_id) for delivery_id in ids], holder)
    if result.status == TaskResultStatus.SUCCESSFUL:
        return result.return_value
    if result.status != TaskResultStatus.FAILED:
        Delivery.objects.lengthen(holder, clock(), WAITS)
        return {"queued": len(ids)}
    # The backend has kept the exception to itself; that the database is away has to be seen by who waits for it.
    error = result.errors[-1].exception_class_path
    log.error("task deliver: %s", error)
    raise (django.db.OperationalError if error.startswith("django.db.") else RuntimeError)(error)

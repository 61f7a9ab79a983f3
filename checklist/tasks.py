"""What may run in another process: tasks of Django's Tasks API, inline unless TASKS names another backend."""

import uuid

from django_tasks import task

from checklist.delivering import sender_at_work


@task()
def deliver(channel, ids, holder):
    """Send the deliveries with these `ids`, which `holder` has claimed, on a channel; return {fate: how many}.

    Run twice, or after the lease has ended, it sends nothing that somebody else has taken (R9).
    """
    with sender_at_work(channel) as sender:
        return dict(sender.settle(channel, [uuid.UUID(text) for text in ids], holder))

"""What will be sent, as the page about reminders lists it."""

from collections import defaultdict

from checklist import wording
from checklist.models import Delivery
from checklist.pure import when


def coming(rows, told, now):
    """Return those that nothing stands against, each message once, with `times` where it will name several.

    `told` are the ids of clients whose phones take notifications.
    A mail behind a push is the same message, and so are the reminders of one kind of the sessions of an hour.
    """
    going = sorted((row for row in rows if _goes(row, told)), key=_in_order)
    hours, first, starts = _hours(going), {}, defaultdict(set)
    for row in going:
        message = row.reminder.kind, hours[row.reminder.session_id]
        first.setdefault(message, row)
        starts[message].add(row.reminder.session.starts_at)
    for message, row in first.items():
        row.times = wording.when(sorted(starts[message]), now) if len(starts[message]) > 1 else ""
    return list(first.values())


def _goes(row, told):
    by_mail = row.channel == Delivery.Channel.EMAIL
    return (by_mail or row.reminder.client_id in told) and not row.obstacle


def _in_order(row):
    return row.due_at, row.reminder.session.starts_at


def _hours(rows):
    """Return {session id: the first session of its hour}: what is said of these is one message (merging.py)."""
    starts = defaultdict(set)
    for row in rows:
        starts[row.reminder.client_id].add((row.reminder.session_id, row.reminder.session.starts_at))
    groups = [keys for some in starts.values() for keys in when.groups(some)]
    return {key: keys[0] for keys in groups for key in keys}

"""Planning the question that comes after a session as a notification, for who switched that on: how did it go?

It is off until a client chooses it, so nobody gets more than three reminders of a session unasked. It goes by push
alone: the first page asks the same, so no mail stands behind. Quiet hours put it off, to their end: before the session
is over there is nothing to ask.
"""

from datetime import timedelta

from django.db.models import OuterRef, Subquery

from checklist.models import Delivery, Reminder
from checklist.pure import quiet

AFTER, PUSH = Reminder.Kind.AFTER, Delivery.Channel.PUSH
LATER = timedelta(minutes=5)  # some sessions run over
USEFUL = timedelta(days=1)  # after the end


def due(session):
    """Return when a session's client is asked how it went: soon after its end, out of their quiet hours."""
    client = session.client
    return quiet.end(session.ends_at + LATER, client.quiet, client.time_zone)


def plan(sessions, now):
    """Make the questions of these sessions what they should be; again changes nothing more (R8).

    Fetch the sessions with their clients. Nothing is asked of the database where nobody wants it.
    """
    asked = [session for session in sessions if session.client.ask_after and due(session) > now]
    if not asked:
        return
    rows = [_question(session, now) for session in asked]
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)
    known = {row.occasion: row for row in Reminder.objects.filter(session__in=asked, kind=AFTER)}
    moved = [_moved(known[row.occasion], row) for row in rows if known[row.occasion].due_at != row.due_at]
    Reminder.objects.bulk_update(moved, ["due_at", "push_at", "fallback_at", "not_after"])
    _deliver([known[row.occasion] for row in rows])


def _question(session, now):
    at = due(session)
    times = {"due_at": at, "push_at": at, "fallback_at": at, "not_after": session.ends_at + USEFUL}
    about = {"client": session.client, "session": session, "occasion": session.occasion}
    return Reminder(kind=AFTER, created_at=now, **about, **times)


def _moved(row, fresh):
    row.due_at = row.push_at = row.fallback_at = fresh.due_at
    row.not_after = fresh.not_after
    return row


def _deliver(reminders):
    """Give each its one delivery, at its time."""
    rows = [Delivery(reminder=row, channel=PUSH, due_at=row.due_at) for row in reminders]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    its_time = Subquery(Reminder.objects.filter(pk=OuterRef("reminder")).values("due_at"))
    Delivery.objects.waiting().filter(reminder__in=reminders).exclude(due_at=its_time).update(due_at=its_time)

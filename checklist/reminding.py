"""Planning what is to be said: the outbox rows of sessions and invitations, in step with each change."""

from django.db import transaction
from django.db.models import Exists, OuterRef

from checklist.models import Delivery, Reminder, Session
from checklist.models.reasons import Reason
from checklist.pure import when


def plan(session, now):
    """Make the session's outbox rows what they should be at `now`; calling it again changes nothing more."""
    plan_all([session], now)


@transaction.atomic
def plan_client(client, now):
    """Plan every session ahead anew, after the client's address, zone or consent changed."""
    _try_again(client, now)
    sessions = Session.objects.live().filter(client=client).ahead(now)
    plan_all(list(sessions.select_related("client")), now)


@transaction.atomic
def plan_all(sessions, now):
    """Make the outbox rows of these sessions what they should be at `now`, in a fixed number of queries.

    What waits for an earlier revision or a cancelled session is dropped, what waits for another time of day
    moves, a kind whose time has passed is not made (R10); what was sent stays as it is. What was dropped because
    its time had passed waits again when that lies ahead after all: a zone may be set by mistake (R9).
    """
    live = [session for session in sessions if not session.cancelled]
    _drop_stale(sessions, live, now)
    rows = Reminder.objects.filter(session__in=live).annotate(past=_of_row(Delivery.objects.past()))
    known = {(row.occasion, row.kind): row for row in rows}
    fresh = []
    for session in live:
        for kind, due_at in when.times(session.starts_at, session.client.time_zone).items():
            row = known.get((session.occasion, kind))
            if row and (row.past or row.due_at != due_at):
                _move(row, due_at, now)
            elif not row and due_at > now:
                fresh.append(
                    _reminder(
                        session.client, kind, session.occasion, due_at, session.starts_at, session=session
                    )
                )
    _add(fresh)


def plan_invitation(invitation, now):
    """Plan the mail that carries an invitation or a code: due at once, useless when it has expired."""
    kind, occasion = Reminder.Kind.INVITATION, f"invitation:{invitation.id}"
    _add([_reminder(invitation.client, kind, occasion, now, invitation.expires_at, invitation=invitation)])


def _drop_stale(sessions, live, now):
    """Drop what still waits for a cancelled session or for an earlier time of a session."""
    waiting = Delivery.objects.waiting().filter(reminder__session__in=sessions)
    cancelled = [session for session in sessions if session.cancelled]
    waiting.filter(reminder__session__in=cancelled).finish(Delivery.State.DROPPED, Reason.CANCELLED, now)
    old = waiting.exclude(reminder__occasion__in=[session.occasion for session in live])
    old.finish(Delivery.State.DROPPED, Reason.MOVED, now)


def _move(reminder, due_at, now):
    """Give what still waits its new time of day; drop it when that has passed: nothing old comes at once."""
    rows = Delivery.objects.filter(reminder=reminder)
    if due_at <= now:
        rows.waiting().finish(Delivery.State.DROPPED, Reason.PAST, now)
    elif (rows.waiting() | rows.past()).plan(due_at):
        Reminder.objects.filter(pk=reminder.pk).update(due_at=due_at)


def _of_row(deliveries):
    """Return whether a reminder has one of these deliveries, for a query to ask of each row."""
    return Exists(deliveries.filter(reminder=OuterRef("pk")))


def _reminder(client, kind, occasion, due_at, not_after, **about):
    times = {"due_at": due_at, "not_after": not_after}
    return Reminder(client=client, kind=kind, occasion=occasion, **times, **about)


def _add(reminders):
    """Save these reminders, each with its delivery, unless somebody else just did (R8)."""
    Reminder.objects.bulk_create(reminders, ignore_conflicts=True)
    bare = Reminder.objects.filter(occasion__in={row.occasion for row in reminders}, deliveries=None)
    deliveries = [Delivery(reminder=row, due_at=row.due_at) for row in bare]
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)


def _try_again(client, now):
    """Plan anew what a mailbox refused, while it is of use: the address may have been put right."""
    refused = Delivery.objects.filter(state=Delivery.State.FAILED, reason=Reason.ADDRESS_REFUSED)
    useful = refused.filter(
        reminder__client=client, reminder__session__isnull=False, reminder__not_after__gt=now
    )
    useful.plan(now)

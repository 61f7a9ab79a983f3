"""Sessions of one client within the same hour: each reminder of theirs is one message that speaks of all (R8)."""

from datetime import timedelta

from checklist.models import Delivery, Session
from checklist.pure import when

AROUND = timedelta(hours=12)  # further away nothing decides which sessions belong together


def together(session):
    """Return the live sessions that are spoken of together with this one, itself included, the first first."""
    near = session.starts_at - AROUND, session.starts_at + AROUND
    rows = Session.objects.live().filter(client=session.client_id).starting(*near).with_lists()
    by_id = {row.id: row for row in rows}
    found = when.groups([(row.id, row.starts_at) for row in by_id.values()])
    return [by_id[key] for keys in found if session.id in keys for key in keys]


def spoken_of(reminder):
    """Return the sessions that a message of this Reminder names, the first first.

    One that asks to get ready leaves out the others of its hour that are ready.
    """

    def names(session):
        return session.id == reminder.session_id or not (reminder.preparing and session.readiness.ready)

    return [session for session in together(reminder.session) if names(session)]


def was_said_with_another(delivery):
    """Whether the same reminder of another session of the hour went out when this one was planned already."""
    sent = _same(delivery, _others(delivery), Delivery.State.SENT)
    return sent.filter(finished_at__gte=delivery.reminder.created_at).exists()


def waits_for_another(delivery, now):
    """Whether the same reminder of an earlier session of the hour is due and not settled yet."""
    rows = together(delivery.reminder.session)
    earlier = rows[: [row.id for row in rows].index(delivery.reminder.session_id)]
    return _same(delivery, earlier, Delivery.State.PLANNED).filter(due_at__lte=now).exists()


def _others(delivery):
    return [row for row in together(delivery.reminder.session) if row.id != delivery.reminder.session_id]


def _same(delivery, sessions, state):
    """Return the deliveries of the same kind and channel that are about these sessions at their present times."""
    occasions = [session.occasion for session in sessions]
    same = {"reminder__kind": delivery.reminder.kind, "channel": delivery.channel, "state": state}
    return Delivery.objects.filter(reminder__occasion__in=occasions, **same)

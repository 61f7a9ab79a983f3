"""Sessions of one client within the same hour: each reminder of theirs is one message that speaks of all (R8)."""

from datetime import timedelta

from checklist.models import Delivery, Session
from checklist.pure import when

AROUND = timedelta(hours=12)  # further away nothing decides which sessions belong together


def hour_of(reminder):
    """Return the live sessions that are spoken of together with this Reminder's, itself included, the first first.

    They are read once for each Reminder that was fetched.
    """
    if not hasattr(reminder, "hour"):
        reminder.hour = _together(reminder.session)
    return reminder.hour


def _together(session):
    rows = Session.objects.live().filter(client=session.client_id).with_lists()
    by_id = {row.id: row for row in rows.starting(session.starts_at - AROUND, session.starts_at + AROUND)}
    found = when.groups([(row.id, row.starts_at) for row in by_id.values()])
    return [by_id[key] for keys in found if session.id in keys for key in keys]


def spoken_of(reminder, now):
    """Return the sessions that a message of this Reminder names at `now`, the first first.

    One that has begun is left out, and by a message that asks to get ready those that are ready.
    """

    def names(session):
        needed = not (reminder.preparing and session.readiness.ready)
        return session.id == reminder.session_id or (needed and not session.has_begun(now))

    return [session for session in hour_of(reminder) if names(session)]


def was_said_with_another(delivery):
    """Whether a message about another session of the hour, on whatever channel, has named this one as well."""
    others = [row for row in hour_of(delivery.reminder) if row.id != delivery.reminder.session_id]
    sent = _same(delivery, others, Delivery.State.SENT)
    told = sent.filter(finished_at__gte=delivery.reminder.created_at).values_list("named", flat=True)
    return any(str(delivery.reminder.session_id) in named for named in told)


def waits_for_another(delivery, now):
    """Whether the same reminder of an earlier session of the hour is due and not settled yet."""
    rows = hour_of(delivery.reminder)
    earlier = rows[: [row.id for row in rows].index(delivery.reminder.session_id)]
    waiting = _same(delivery, earlier, Delivery.State.PLANNED)
    return waiting.filter(channel=delivery.channel, due_at__lte=now).exists()


def _same(delivery, sessions, state):
    """Return the deliveries of the same kind that are about these sessions at their present times."""
    rows = Delivery.objects.filter(reminder__kind=delivery.reminder.kind, state=state)
    return rows.filter(reminder__occasion__in=[session.occasion for session in sessions])

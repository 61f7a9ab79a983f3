"""How reminders look at the desk: what became of them, and what to do where one failed (R15)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from checklist.models import Delivery

ADVICE = {
    "address refused": _("This address takes no mail. Ask for the right one and change it."),
    "refused by the mail server": _("The mail server said no. Check the address with them."),
    "mail server not reached": _("The mail server did not answer in time. Reach them another way."),
}
OTHER_ADVICE = _("It could not be sent. Reach them another way.")
WHY_NOT = {
    "all done": _("Not needed, all was done"),
    "cancelled": _("Not sent, the session was cancelled"),
    "no address": _("Not sent, there was no e-mail address"),
    "superseded": _("Not sent, the next one was due"),
    "too late": _("Not sent, it was too late"),
    "unsubscribed": _("Not sent, they had stopped e-mails"),
    "used": _("Not needed, the invitation was used"),
}
NOT_SENT = _("Not sent")
PATIENCE = timedelta(minutes=5)  # a reminder this late has met with trouble


@dataclass(frozen=True)
class State:
    """Where a session's reminders stand: `word` picks the words in the template, `at` is their moment."""

    word: str
    at: datetime | None = None


def state(session, now):
    """Return the State of a session's reminders; prefetch `reminders__deliveries` for many sessions."""
    client, rows = session.client, deliveries(session)
    if session.cancelled or client.archived_at:
        return State("nothing")
    if not client.email:
        return State("no_mail")
    if not client.mail_reminders:
        return State("stopped")
    return _last_said(rows) or _next_planned(rows, session, now) or State("nothing")


def deliveries(session):
    """Return the deliveries of a session at its present time, not those of a time it was moved from."""
    reminders = (row for row in session.reminders.all() if row.occasion == session.occasion)
    return [delivery for reminder in reminders for delivery in reminder.deliveries.all()]


def _last_said(rows):
    """Return the State of the last one that went out or failed, if any did."""
    said = [row for row in rows if row.state in (Delivery.State.SENT, Delivery.State.FAILED)]
    last = max(said, key=lambda row: row.finished_at, default=None)
    return State(last.state, last.finished_at) if last else None


def _next_planned(rows, session, now):
    """Return the State of the next one to go out; one that is late or was tried in vain is told as such."""
    waiting = (row for row in rows if row.state == Delivery.State.PLANNED)
    planned = min(waiting, key=lambda row: row.due_at, default=None)
    if planned is None:
        return State("not_needed") if any(row.reason == "all done" for row in rows) else None
    if session.has_begun(now):
        return None
    late = planned.reason or planned.due_at < now - PATIENCE
    return State("late" if late else "planned", planned.due_at)


@dataclass(frozen=True)
class Line:
    """One delivery in a list: its reminder, its state, why it was not sent, and what to do."""

    reminder: object
    delivery: Delivery

    @property
    def why_not(self):
        return WHY_NOT.get(self.delivery.reason, NOT_SENT)

    @property
    def advice(self):
        return ADVICE.get(self.delivery.reason, OTHER_ADVICE)


def lines(reminders):
    """Return a Line for each delivery of these reminders, without those that a move put aside."""
    rows = [Line(reminder, delivery) for reminder in reminders for delivery in reminder.deliveries.all()]
    return [row for row in rows if row.delivery.reason != "moved"]

"""How reminders look at the desk: where those of a session stand, and what met with trouble (R15)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from checklist.models import Delivery
from checklist.models.outbox import LATE
from checklist.models.reasons import Reason

PUT_ASIDE = (Reason.MOVED, Reason.CANCELLED)
WEEK, MOST = timedelta(days=7), 50


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
    """Return the State of the next one to go out; one that should be out by now is told as late."""
    waiting = (row.reminder.due_at for row in rows if row.state == Delivery.State.PLANNED)
    due_at = min(waiting, default=None)
    if due_at is None:
        return State("not_needed") if any(row.reason == Reason.ALL_DONE for row in rows) else None
    if session.has_begun(now):
        return None
    return State("late" if due_at <= now - LATE else "planned", due_at)


def told(session):
    """Return the deliveries of a session in order, but not those that a move or cancelling put aside."""
    rows = Delivery.objects.filter(reminder__session=session).exclude(reason__in=PUT_ASIDE)
    return rows.select_related("reminder__client__practice").order_by("reminder__due_at", "due_at")


def trouble(therapist, now):
    """Return the week's deliveries that met with trouble which nothing has put right, as (failed, late).

    Of several for one client the latest is enough.
    """
    failed, late = {}, {}
    for row in _troubled(therapist, now)[:MOST]:
        kept = failed if row.state == Delivery.State.FAILED else late
        kept.setdefault(row.reminder.client_id, row)
    return list(failed.values()), list(late.values())


def _troubled(therapist, now):
    mine = Delivery.objects.in_trouble(now).filter(reminder__client__therapist=therapist)
    useful = Q(finished_at=None, reminder__not_after__gt=now) | Q(finished_at__gt=now - WEEK)
    recent = mine.filter(useful, reminder__client__archived_at=None)
    open_ones = recent.exclude(_put_right()).exclude(_nobody_to_tell()).exclude(_settled())
    return open_ones.select_related("reminder__client__practice").order_by("-reminder__due_at")


def _put_right():
    """What failed before a mail reached the same client."""
    same_client = Delivery.objects.filter(reminder__client=OuterRef("reminder__client"))
    return Q(Exists(same_client.filter(state=Delivery.State.SENT, finished_at__gt=OuterRef("finished_at"))))


def _nobody_to_tell():
    """What waits for somebody who takes no mail: the sender will drop it."""
    stopped = Q(reminder__client__mail_reminders=False, reminder__session__isnull=False)
    return Q(state=Delivery.State.PLANNED) & (Q(reminder__client__email="") | stopped)


def _settled():
    """The mail of an invitation that was used or taken back."""
    used = Q(reminder__invitation__used_at__isnull=False)
    return used | Q(reminder__invitation__revoked_at__isnull=False)

"""How reminders look at the desk: where those of a session stand, and what met with trouble (R15)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, Min, OuterRef, Q

from checklist.models import Delivery, Reminder
from checklist.models.outbox import LATE
from checklist.models.reasons import Reason

EMAIL, PUSH = Delivery.Channel.EMAIL, Delivery.Channel.PUSH
AFTER = Reminder.Kind.AFTER  # the client's own: how it fared would tell the therapist what they answered
PUT_ASIDE = (Reason.MOVED, Reason.CANCELLED)
# Why one was dropped that says nothing of the list: it was not looked at.
TELLS_NOTHING = (
    Reason.UNSUBSCRIBED, Reason.UNWANTED, Reason.PAUSED, Reason.SUSPENDED, Reason.NO_ADDRESS, Reason.ARCHIVED,
    Reason.PAST, *PUT_ASIDE,
)  # fmt: skip
WEEK, MOST = timedelta(days=7), 50


@dataclass(frozen=True)
class State:
    """Where a session's reminders stand: `word` picks the words in the template, `at` is their moment."""

    word: str
    at: datetime | None = None


def is_kept(delivery, client):
    """Whether what became of it would tell how far a list is that its client keeps to themselves (R20).

    Then it counts as settled, whether it went or was not needed. One that failed is told all the same (R15).
    """
    over = (
        delivery.state in (Delivery.State.SENT, Delivery.State.DROPPED)
        and delivery.reason not in TELLS_NOTHING
    )
    return over and delivery.reminder.preparing and not client.shares_whole_lists


def state(session, now):
    """Return the State of a session's reminders; prefetch `reminders__deliveries` for many sessions.

    Fetch the sessions by Subscription.objects.telling().
    """
    client = session.client
    if session.cancelled or client.archived_at:
        return State("nothing")
    if not has_way(session):
        return State("stopped" if client.email else "no_mail")
    rows = deliveries(session)
    return _last_said(rows, client) or _next_planned(rows, session, now) or State("nothing")


def has_way(session):
    """Return whether reminders reach the client of a session: by mail, or by a phone that takes notifications."""
    return session.told_by_phone or session.client.takes_mail


def deliveries(session):
    """Return the deliveries of a session at its present time, not those of a time it was moved from.

    What waits for a mailbox that takes none is left out: only the phone counts then.
    """
    reminders = [row for row in session.reminders.all() if row.occasion in session.occasions]
    reminders = [row for row in reminders if row.kind != AFTER]
    rows = [delivery for reminder in reminders for delivery in reminder.deliveries.all()]
    return [row for row in rows if row.channel == PUSH or row.finished_at or session.client.takes_mail]


def _last_said(rows, client):
    """Return the State of the last one that went out or failed, if any did; a mail makes up for a push that failed."""
    mailed = {row.reminder_id for row in rows if row.state == Delivery.State.SENT and row.channel == EMAIL}
    failed = [row for row in rows if row.state == Delivery.State.FAILED and row.reminder_id not in mailed]
    said = failed + [row for row in rows if row.state == Delivery.State.SENT or is_kept(row, client)]
    last = max(said, key=lambda row: row.finished_at, default=None)
    return State("settled" if is_kept(last, client) else last.state, last.finished_at) if last else None


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
    """Return the deliveries of a session in order, but not those that a move or cancelling put aside.

    Each has `arrived_at` and `opened_at`, as the phones themselves told it (R15); of a mail nothing is known. Of those
    that are `kept` neither is shown, nor when, nor whether they went.
    """
    rows = Delivery.objects.filter(reminder__session=session).exclude(reason__in=PUT_ASIDE)
    rows = rows.exclude(reminder__kind=AFTER)
    phones = {"arrived_at": Min("handovers__arrived_at"), "opened_at": Min("handovers__opened_at")}
    rows = rows.annotate(**phones).select_related("reminder__client__practice")
    rows = list(rows.order_by("reminder__due_at", "due_at"))
    for row in rows:
        row.kept = is_kept(row, session.client)
    return rows


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
    mine = mine.exclude(reminder__kind=AFTER)
    useful = Q(finished_at=None, reminder__not_after__gt=now) | Q(finished_at__gt=now - WEEK)
    recent = mine.filter(useful, reminder__client__archived_at=None)
    open_ones = recent.exclude(_put_right()).exclude(_nobody_to_tell()).exclude(_settled())
    return open_ones.select_related("reminder__client__practice").order_by("-reminder__due_at")


def _put_right():
    """What failed before a mail, or another on the same channel, left for the same client."""
    same_client = Delivery.objects.filter(reminder__client=OuterRef("reminder__client"))
    later = same_client.filter(state=Delivery.State.SENT, finished_at__gt=OuterRef("finished_at"))
    return Q(Exists(later.filter(Q(channel=EMAIL) | Q(channel=OuterRef("channel")))))


def _nobody_to_tell():
    """The mail that waits for somebody who takes none: the sender will drop it."""
    stopped = Q(reminder__client__mail_reminders=False, reminder__session__isnull=False)
    return Q(state=Delivery.State.PLANNED, channel=EMAIL) & (Q(reminder__client__email="") | stopped)


def _settled():
    """The mail of an invitation that was used or taken back."""
    used = Q(reminder__invitation__used_at__isnull=False)
    return used | Q(reminder__invitation__revoked_at__isnull=False)

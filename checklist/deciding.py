"""Whether a delivery may still go, looked at just before it would (R9, R10, R13, R15)."""

from datetime import timedelta

from django.utils import timezone

from checklist import merging
from checklist.models import Delivery, Heartbeat, Outcome, Reminder, Subscription
from checklist.models.reasons import Reason
from checklist.pure import quiet
from checklist.pure.wishes import KINDS

# A late reminder is left out when the next one for the same session follows this soon (R13).
SOON = timedelta(minutes=15)
AFTER_YOU = timedelta(seconds=5)
ALIVE = timedelta(minutes=1)  # a sender beats every ten seconds
COMING = {Delivery.State.PLANNED, Delivery.State.SENT}
ORDER = (Reminder.Kind.NUDGE, *KINDS)
# So often a sender may end without a word while it holds a delivery, before nobody tries that one any more.
MOST_CRASHES = 5


def why_not(delivery, now):
    """Return the Reason why this delivery must not be sent at `now`, or an empty string.

    Fetch it by rereading.reread().
    """
    reminder = delivery.reminder
    about = _why_not_invitation if reminder.invitation else _why_not_session
    if reason := delivery.obstacle or about(delivery, now):
        return reason
    if now >= reminder.not_after:
        return delivery.reason or Reason.TOO_LATE
    if delivery.crashes >= MOST_CRASHES:
        return Reason.ERROR
    if reason := _why_not_again(delivery, now):
        return reason
    return Reason.QUIET if (quiet_until(delivery, now) or now) >= reminder.not_after else ""


def waits_until(delivery, now):
    """Return when to look again at one that may go, but not at `now`: it would be quiet, or another comes before it.

    That is one of another session of the hour, and the push that a mail stands behind. None when it may go at once.
    """
    if until := quiet_until(delivery, now):
        return until
    if delivery.close and merging.waits_for_another(delivery, now):
        return now + AFTER_YOU
    return now + AFTER_YOU if stands_behind(delivery) else None


def quiet_until(delivery, now):
    """Return when the quiet hours end in which a session's delivery would go at `now`, or None (R12).

    Nothing is planned into them: it is late, tried again, or stands behind a push that was late.
    """
    client = delivery.reminder.client
    end = quiet.end(now, client.quiet, client.time_zone)
    return end if delivery.reminder.session and end != now else None


def stands_behind(delivery):
    """Whether this is a mail whose push is due and has not been tried, while somebody is there to send that (R15)."""
    if delivery.channel != Delivery.Channel.EMAIL or not delivery.pushing:
        return False
    last = Heartbeat.last(Delivery.Channel.PUSH)
    return last is not None and timezone.now() - last < ALIVE


def _why_not_invitation(delivery, _now):
    invitation = delivery.reminder.invitation
    if invitation.used_at:
        return Reason.USED
    return Reason.REPLACED if invitation.revoked_at else ""


def _why_not_session(delivery, now):
    reminder, session = delivery.reminder, delivery.reminder.session
    if session.cancelled:
        return Reason.CANCELLED
    if reminder.occasion not in session.occasions:
        return Reason.MOVED
    if reminder.kind == Reminder.Kind.AFTER and Outcome.objects.filter(session=session).exists():
        return Reason.ANSWERED
    return Reason.ALL_DONE if reminder.preparing and session.readiness.ready else ""


def _why_not_again(delivery, now):
    """Return the Reason when this was said already, or will be: on the other channel, of another session, later."""
    if delivery.arrived and delivery.channel == Delivery.Channel.EMAIL:
        return Reason.ARRIVED
    if delivery.mailed and delivery.channel == Delivery.Channel.PUSH:
        return Reason.BY_MAIL
    if delivery.close and merging.was_said_with_another(delivery):
        return Reason.MERGED
    followed = delivery.followed or delivery.close
    return Reason.SUPERSEDED if followed and _superseded(delivery, now) else ""


def _superseded(delivery, now):
    """Whether a later reminder of this hour's sessions is due as well, or soon when this one is late (R13).

    Of two that quiet hours have moved to the same minute the later kind stays. It may come on another channel, but one
    that this client does not want there does not count: nobody would be told then.
    """
    reminder = delivery.reminder
    if reminder.kind not in ORDER:
        return False
    horizon = now + SOON if now - reminder.due_at > SOON else now
    told = merging.hour_of(reminder) if delivery.close else [reminder.session]
    occasions = [occasion for session in told for occasion in session.occasions]
    same = {"reminder__client": reminder.client, "reminder__occasion__in": occasions}
    rows = Delivery.objects.filter(**same, reminder__kind__in=ORDER, state__in=COMING)
    rows = rows.filter(reminder__due_at__gte=reminder.due_at, reminder__due_at__lte=horizon)
    others = [row for row in rows.select_related("reminder") if _place(row.reminder) > _place(reminder)]
    return any(_may_go(row, reminder) for row in others)


def _may_go(delivery, reminder):
    """Whether nothing speaks against a delivery to the client of `reminder`."""
    client = delivery.reminder.client = reminder.client
    gone = delivery.channel == Delivery.Channel.PUSH and not Subscription.objects.of(client).exists()
    return not (gone or delivery.obstacle)


def _place(reminder):
    return reminder.due_at, ORDER.index(reminder.kind)

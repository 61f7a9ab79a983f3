"""What becomes of deliveries: sent, ended, or put back for another try (R9, R15)."""

import logging
import random
from datetime import timedelta

from checklist.models import Delivery
from checklist.models.reasons import FAILURES, Reason
from checklist.pure.when import mail_after

log = logging.getLogger(__name__)
PUSH, EMAIL = Delivery.Channel.PUSH, Delivery.Channel.EMAIL
BACKOFF = (1, 2, 5, 10, 20)  # minutes until the next try; the last one repeats while it is of use
# Why a push goes to no phone at all, so that the mail is all there is.
NO_WAY = FAILURES | {Reason.NO_PHONE, Reason.UNWANTED}


def pause(attempts, retry_after=None):
    """Return how long to wait before the next try: longer each time, never in step, `retry_after` seconds at least."""
    minutes = BACKOFF[min(attempts, len(BACKOFF) - 1)]
    spread = random.uniform(0.8, 1.2)  # noqa: S311 - no secret
    return max(timedelta(minutes=minutes * spread), timedelta(seconds=retry_after or 0))


def sent(deliveries, now):
    """Mark these as sent: that is a fact, whoever holds their leases by now. What stands behind a push waits anew."""
    Delivery.objects.filter(pk__in=[row.pk for row in deliveries]).finish(Delivery.State.SENT, "", now)
    for row in (row for row in deliveries if row.close):
        Delivery.objects.filter(pk=row.pk).update(named=[str(each.id) for each in row.reminder.sessions])
    if pushed := [row for row in deliveries if row.channel == PUSH and row.backed]:
        _put_mails_behind(pushed, now)


def end(delivery, reason, now):
    """End a delivery that won't be sent; return its state. The mail behind a push that found no phone goes at once."""
    state = delivery.end(reason, now)
    if delivery.channel == PUSH and reason in NO_WAY:
        Delivery.objects.beside(delivery).update(due_at=now)
    return state


def not_delivered(delivery, error, holder, now):
    """Put it back for another try while that is of use, else mark it failed for the therapist to see."""
    again = now + pause(delivery.attempts, error.retry_after)
    log.warning("delivery %s not delivered: %s", delivery.pk, error.reason)
    if error.permanent or again >= delivery.reminder.not_after:
        return end(delivery, error.reason, now)
    delivery.put_back(again, error.reason, holder)
    return "put back"


def _put_mails_behind(pushed, now):
    """Let the mail behind each push that was sent wait for the phone's word (R15), and for no quiet hour (R12)."""
    reminders = {row.reminder_id: row.reminder for row in pushed}
    mails = list(Delivery.objects.waiting().filter(reminder__in=reminders, channel=EMAIL))
    for mail in mails:
        reminder = reminders[mail.reminder_id]
        mail.due_at = mail_after(now, reminder.not_after, reminder.client.wishes) or mail.due_at
    if mails:
        Delivery.objects.bulk_update(mails, ["due_at"])

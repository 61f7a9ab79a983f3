"""The channel of notifications: one delivery, handed to each phone of the client that takes them."""

from django.utils import timezone

from checklist.channels import NotDelivered
from checklist.channels.notices import notice
from checklist.channels.push import Pusher, seconds_until, topic
from checklist.models import Handover, Subscription
from checklist.models.reasons import Reason
from checklist.models.reminders import Reminder

URGENT = {Reminder.Kind.JUST_BEFORE: "high"}


class PushChannel:
    """Hands deliveries over; a phone that has taken one is not told again when another phone's try is repeated."""

    def __init__(self, pusher=None):
        self.pusher = pusher or Pusher()

    def open(self):
        """Nothing has to be opened before the first phone."""

    def send(self, delivery, now):
        """Tell every phone of the client; raise NotDelivered when none has taken it."""
        handovers, troubles = Handover.objects.to_phones(delivery), []
        for handover in handovers:
            try:
                if not handover.handed_at:
                    self._tell(handover, delivery, now)
            except NotDelivered as error:
                troubles.append(error)
                if error.gone:
                    Subscription.objects.filter(pk=handover.subscription_id).lose(now)
        Handover.objects.bulk_update(handovers, ["handed_at"])
        if len(troubles) == len(handovers):
            raise _worst(troubles)

    def close(self):
        """Close the connections; never raises."""
        self.pusher.close()

    def _tell(self, handover, delivery, now):
        reminder = delivery.reminder
        self.pusher.hand_over(
            handover.subscription,
            notice(reminder, handover, now),
            ttl=seconds_until(reminder.not_after, now),
            urgency=URGENT.get(reminder.kind, "normal"),
            topic=topic(delivery.id),
            now=now,
        )
        handover.handed_at = timezone.now()


def _worst(troubles):
    """Return the trouble that decides: one that passes, so that it is tried again, or else the last."""
    if not troubles:
        return NotDelivered(Reason.NO_PHONE, permanent=True)
    return next((error for error in troubles if not error.permanent), troubles[-1])

"""The channel of notifications: one delivery, handed to each phone of the client that takes them."""

from dataclasses import dataclass, field
from datetime import datetime

from checklist.channels import Channel, NotDelivered
from checklist.channels.notices import notice
from checklist.channels.push import Pusher, seconds_until, topic
from checklist.models import Handover, Subscription
from checklist.models.reasons import Reason
from checklist.models.reminders import Reminder

URGENT = {Reminder.Kind.JUST_BEFORE: "high"}


@dataclass
class Round:
    """One delivery's way round the phones of its client: (Handover, payload) for each that has not taken it yet."""

    letters: list
    how: dict
    now: datetime
    some_have_it: bool
    taken: list = field(default_factory=list)
    gone: list = field(default_factory=list)


class PushChannel(Channel):
    """Hands deliveries over; a phone that has taken one is not told again when another phone's try is repeated."""

    batch, at_once = 200, 16

    def __init__(self, make=Pusher):
        self.make, self.idle, self.phones, self.abandoned = make, [], {}, False

    def look_up(self, deliveries):
        """Find the phones of these."""
        self.phones = Handover.objects.to_phones(deliveries)

    def write(self, delivery, now):
        """Return the Round of a delivery, in the words of `now`; raise NotDelivered when there is no phone."""
        phones, reminder = self.phones[delivery.pk], delivery.reminder
        if not phones:
            raise NotDelivered(Reason.NO_PHONE, permanent=True)
        left = [row for row in phones if not row.handed_at]
        how = {
            "ttl": seconds_until(reminder.not_after, now),
            "urgency": URGENT.get(reminder.kind, "normal"),
            "topic": topic(delivery.id),
        }
        letters = [(row, notice(reminder, row, now)) for row in left]
        return Round(letters, how, now, some_have_it=len(left) < len(phones))

    def carry(self, message, _clear):
        """Tell every phone of a Round; raise NotDelivered when none has it. What comes twice falls into one (Topic)."""
        pusher, troubles = self._pusher(), []
        try:
            for handover, payload in message.letters:
                troubles += self._tell(pusher, handover, payload, message)
        finally:
            self.idle.append(pusher)
        if not (message.taken or message.some_have_it):
            raise _worst(troubles)

    def note(self, messages, now):
        """Keep which phones have it, and forget those that are gone."""
        if taken := [pk for message in messages for pk in message.taken]:
            Handover.objects.filter(pk__in=taken).update(handed_at=now)
        if gone := [pk for message in messages for pk in message.gone]:
            Subscription.objects.filter(pk__in=gone).lose(now)

    def abandon(self):
        """Ask no more phones; the one that is being asked may take ten seconds (posting.py)."""
        self.abandoned = True

    def close(self):
        """Close the connections; never raises. Called when nothing is being carried."""
        while self.idle:
            self.idle.pop().close()

    def _tell(self, pusher, handover, payload, message):
        """Tell one phone and note in the Round how it went; return what went wrong in a list."""
        try:
            if self.abandoned:
                raise NotDelivered(Reason.PUSH_NOT_REACHED)
            pusher.hand_over(handover.subscription, payload, now=message.now, **message.how)
            message.taken.append(handover.pk)
        except NotDelivered as error:
            message.gone += [handover.subscription_id] if error.gone else []
            return [error]
        return []

    def _pusher(self):
        """Return a Pusher that no other thread uses, with its connections still open where there is one."""
        try:
            return self.idle.pop()
        except IndexError:
            return self.make()


def _worst(troubles):
    """Return the trouble that decides: one that passes, so that it is tried again, or else the last."""
    return next((error for error in troubles if not error.permanent), troubles[-1])

"""The channel of notifications: one delivery, handed to each phone of the client that takes them."""

import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from checklist.channels import Channel, NotDelivered
from checklist.channels.notices import notice
from checklist.channels.push import Pusher, seconds_until, topic
from checklist.models import Handover, Subscription
from checklist.models.reasons import Reason
from checklist.models.reminders import Reminder

# A service that has not answered so many times in a row is left alone for the rest of a look: others have phones too.
ENOUGH = 3
URGENT = {Reminder.Kind.JUST_BEFORE: "high"}


@dataclass
class Round:
    """One delivery's way round the phones of its client: (Handover, payload) for each, and which are gone."""

    letters: list
    how: dict
    now: datetime
    not_after: datetime
    written: float = field(default_factory=time.monotonic)
    gone: list = field(default_factory=list)

    def ttl(self):
        """Return the whole seconds until the session starts: another phone may have taken its time."""
        return seconds_until(
            self.not_after, self.now + timedelta(seconds=int(time.monotonic() - self.written))
        )


class PushChannel(Channel):
    """Hands deliveries over; one that any phone has taken is sent, and no phone is told again for another's sake."""

    batch, look, at_once, in_haste = 200, 200, 4, 16

    def __init__(self, make=Pusher):
        self.make, self.idle, self.phones = make, [], {}
        self.unheard, self.abandoned = Counter(), False

    def look_up(self, deliveries):
        """Find the phones of these."""
        self.phones = Handover.objects.to_phones(deliveries)

    def write(self, delivery, now):
        """Return the Round of a delivery, in the words of `now`; raise NotDelivered when there is no phone."""
        phones, reminder = self.phones[delivery.pk], delivery.reminder
        if not phones:
            raise NotDelivered(Reason.NO_PHONE, permanent=True)
        how = {
            "urgency": URGENT.get(reminder.kind, "normal"),
            "topic": topic(delivery.id),
        }
        return Round([(row, notice(reminder, row, now)) for row in phones], how, now, reminder.not_after)

    def carry(self, message, _clear):
        """Tell every phone of a Round; raise NotDelivered when none has it. What comes twice falls into one (Topic)."""
        pusher, troubles = self._pusher(), []
        try:
            for handover, payload in message.letters:
                troubles += self._tell(pusher, handover, payload, message)
        finally:
            self.idle.append(pusher)
        if len(troubles) == len(message.letters):
            raise _worst(troubles)

    def note(self, messages, now):
        """Forget the phones that are gone."""
        if gone := [pk for message in messages for pk in message.gone]:
            Subscription.objects.filter(pk__in=gone).lose(now)

    def abandon(self):
        """Ask no more phones; the one that is being asked may take ten seconds (posting.py)."""
        self.abandoned = True

    def close(self):
        """Close the connections; never raises. Called after each look, when nothing is being carried."""
        self.unheard.clear()
        while self.idle:
            self.idle.pop().close()

    def _tell(self, pusher, handover, payload, message):
        """Tell one phone and note in the Round how it went; return what went wrong in a list."""
        phone, service = handover.subscription, urlsplit(handover.subscription.endpoint).netloc
        try:
            if self.abandoned or self.unheard[service] >= ENOUGH:
                raise NotDelivered(Reason.PUSH_NOT_REACHED)
            pusher.hand_over(phone, payload, now=message.now, ttl=message.ttl(), **message.how)
        except NotDelivered as error:
            self.unheard[service] += error.reason == Reason.PUSH_NOT_REACHED
            message.gone += [phone.pk] if error.gone else []
            return [error]
        self.unheard[service] = 0
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

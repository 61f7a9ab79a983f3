"""The channel of notifications: one delivery, handed to each phone of the client that takes them."""

import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from checklist.channels import Channel, NotDelivered
from checklist.channels.notices import notice
from checklist.channels.push import Pusher, seconds_until, topic
from checklist.channels.told import Told
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

    @property
    def manner(self):
        """How it goes to a phone now; the TTL ends at the session's start, and other phones may have taken a while."""
        passed = timedelta(seconds=int(time.monotonic() - self.written))
        return {**self.how, "now": self.now, "ttl": seconds_until(self.not_after, self.now + passed)}


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

    def start(self, message):
        """Tell the one phone of a Round over a connection that is open; None where there are more, or none is open."""
        try:
            return self._started(message)
        except Exception:  # carry() meets the same, and says so of this delivery
            return None

    def _started(self, message):
        handover, payload = message.letters[0]
        if len(message.letters) > 1 or self._given_up(handover.subscription):
            return None
        for pusher in self._idle():
            posted = None
            try:
                posted = pusher.begin(handover.subscription, payload, **message.manner)
            finally:
                if posted is None:
                    self.idle.append(pusher)
            if posted:
                return Told(self, message, pusher, posted)
        return None

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
        phone = handover.subscription
        try:
            if self._given_up(phone):
                raise NotDelivered(Reason.PUSH_NOT_REACHED)
            pusher.hand_over(phone, payload, **message.manner)
        except NotDelivered as error:
            self.failed(phone, message, error)
            return [error]
        self.told(phone)
        return []

    def told(self, phone):
        """Note of the service that it answers."""
        self.unheard.pop(_service(phone), None)

    def failed(self, phone, message, error):
        """Note in the Round, and of the service, that a phone was not told."""
        self.unheard[_service(phone)] += error.reason == Reason.PUSH_NOT_REACHED
        message.gone += [phone.pk] if error.gone else []

    def _given_up(self, phone):
        return self.abandoned or self.unheard[_service(phone)] >= ENOUGH

    def _idle(self):
        """Give the Pushers that no other thread uses, each once, taken out."""
        for _each in range(len(self.idle)):
            with suppress(IndexError):
                yield self.idle.pop(0)

    def _pusher(self):
        """Return a Pusher that no other thread uses, with its connections still open where there is one."""
        try:
            return self.idle.pop()
        except IndexError:
            return self.make()


def _service(phone):
    return urlsplit(phone.endpoint).netloc


def _worst(troubles):
    """Return the trouble that decides: one that passes, so that it is tried again, or else the last."""
    return next((error for error in troubles if not error.permanent), troubles[-1])

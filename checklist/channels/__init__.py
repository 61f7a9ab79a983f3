"""The ways out. Each channel is an object with three verbs:

open()                 get ready to send; raise NotDelivered when the channel is down, for whatever delivery
send(delivery, now)    send one delivery at `now`; raise NotDelivered when this one can't go
close()                let go of what is open; never raises
"""


class NotDelivered(Exception):
    """A channel could not deliver. `reason` is a Reason; `permanent` says that trying again is no use.

    `retry_after` is how many seconds the other side wants us to wait, or None; `gone` says that this way to the
    person is dead and can be forgotten.
    """

    def __init__(self, reason, permanent=False, retry_after=None, gone=False):
        super().__init__(reason)
        self.reason, self.permanent = reason, permanent
        self.retry_after, self.gone = retry_after, gone

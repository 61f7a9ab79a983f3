"""A notification that was sent over an open connection, and what its service answers."""

import ssl
import time

from checklist.channels import CarryInstead, NotDelivered, Started
from checklist.channels.push import judge
from checklist.models.reasons import Reason

SOON = 5  # seconds; what was written before that has to be looked at again before it goes once more


class Told(Started):
    """The one phone of a Round, whose service has been sent the notification and has not answered yet."""

    def __init__(self, channel, message, pusher, posted):
        self.channel, self.message, self.pusher, self.posted = channel, message, pusher, posted
        self.phone = message.letters[0][0].subscription

    def fileno(self):
        return self.posted.fileno()

    def ended(self):
        try:
            answer = self.posted.answer(last=self.channel.abandoned)
            if answer is None:
                return False
            judge(answer, self.message.now)
        except (ConnectionError, ssl.SSLEOFError) as error:
            again = not self.posted.heard and time.monotonic() - self.message.written < SOON
            raise self._over(CarryInstead() if again else NotDelivered(Reason.PUSH_NOT_REACHED)) from error
        except OSError as error:
            raise self._over(NotDelivered(Reason.PUSH_NOT_REACHED)) from error
        except NotDelivered as error:
            raise self._over(error) from None
        except Exception:
            self.drop()
            raise
        self._over()
        self.channel.told(self.phone)
        return True

    def drop(self):
        self.posted.drop()
        self._over()

    def _over(self, error=None):
        """Let others use the Pusher, and note how it went; return the error."""
        self.channel.idle.append(self.pusher)
        if isinstance(error, NotDelivered):
            self.channel.failed(self.phone, self.message, error)
        return error

"""A notification that was sent over an open connection, and what its service answers."""

import ssl

from checklist.channels import CarryInstead, NotDelivered, Started
from checklist.channels.push import judge
from checklist.models.reasons import Reason


class Told(Started):
    """The one phone of a Round, whose service has been sent the notification and has not answered yet."""

    def __init__(self, channel, message, pusher, posted):
        self.channel, self.message, self.pusher, self.posted = channel, message, pusher, posted
        self.phone = message.letters[0][0].subscription

    def fileno(self):
        return self.posted.fileno()

    def ended(self):
        try:
            answer = self.posted.answer()
            if answer is None:
                return self._still_waited_for()
            judge(answer, self.message.now)
        except (ConnectionError, ssl.SSLEOFError) as error:
            trouble = NotDelivered(Reason.PUSH_NOT_REACHED) if self.posted.heard else CarryInstead()
            raise self._over(trouble) from error
        except OSError as error:
            raise self._over(NotDelivered(Reason.PUSH_NOT_REACHED)) from error
        except NotDelivered as error:
            raise self._over(error) from None
        self._over()
        self.channel.told(self.phone)
        return True

    def drop(self):
        self.posted.drop()
        self._over()

    def _still_waited_for(self):
        if self.channel.abandoned:
            self.posted.drop()
            raise NotDelivered(Reason.PUSH_NOT_REACHED)
        return False

    def _over(self, error=None):
        """Let others use the Pusher, and note how it went; return the error."""
        self.channel.idle.append(self.pusher)
        if isinstance(error, NotDelivered):
            self.channel.failed(self.phone, self.message, error)
        return error

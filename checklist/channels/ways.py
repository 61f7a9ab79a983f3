"""Which object carries each channel."""

from checklist.channels.email import EmailChannel
from checklist.channels.notifying import PushChannel
from checklist.models import Delivery

# Notifications first: what finds no phone leaves by mail in the same look.
WAYS = {Delivery.Channel.PUSH: PushChannel, Delivery.Channel.EMAIL: EmailChannel}

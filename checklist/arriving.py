"""What a phone says of a notification: that it was shown, or opened (R15)."""

from django.db import transaction

from checklist.models import Delivery, Handover
from checklist.models.reasons import Reason


@transaction.atomic
def arrived(handover_id, token, now, opened=False):
    """Note the phone's word and call the mail off that waits behind; return whether it may be heard.

    Its token has to be right, and the phone still let in. Said again it changes nothing.
    """
    handover = Handover.proven(handover_id, token)
    if handover is None or handover.subscription.device.revoked_at:
        return False
    handover.note(now, opened)
    mail = Delivery.objects.waiting().filter(reminder__deliveries=handover.delivery_id)
    mail.filter(channel=Delivery.Channel.EMAIL).finish(Delivery.State.DROPPED, Reason.ARRIVED, now)
    return True

"""A notification for a try: a person sees for themselves whether one reaches this phone."""

from checklist import subscribing
from checklist.channels import NotDelivered
from checklist.channels.notices import trial
from checklist.channels.push import Pusher, topic
from checklist.models import Subscription
from checklist.models.reasons import Reason

LASTS = 600  # seconds; nobody waits longer for it


def send_test(devices, now):
    """Send one to the browser of these devices; raise NotDelivered when its service did not take it.

    One that its service has forgotten is given up, so that mail takes its place. No transaction may be open (R27).
    """
    phone = Subscription.objects.live().filter(device__in=devices).order_by("-renewed_at", "id").first()
    if phone is None:
        raise NotDelivered(Reason.NO_PHONE, permanent=True)
    pusher = Pusher()
    try:
        pusher.hand_over(phone, trial(), ttl=LASTS, urgency="high", topic=topic(phone.id), now=now)
    except NotDelivered as error:
        if error.gone:
            subscribing.unsubscribe(devices, now)
        raise
    finally:
        pusher.close()

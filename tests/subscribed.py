"""Letting a browser take notifications."""

from checklist import subscribing
from checklist.models import Device, Subscription
from tests import factories


def takes_notifications(client, service, now, token="a-phone", **where):  # noqa: S107 - of no real phone
    """Enrol a browser as that client and let it take notifications from the service; return its Subscription."""
    if not Device.objects.holding(token).exists():
        factories.enrol(client, token, now)
    devices = list(Device.objects.holding(token).select_related("client__practice"))
    browser = service.subscribe(**where)
    subscribing.subscribe(devices, browser, "key", now)
    return Subscription.objects.get(device__client=client, endpoint=browser.endpoint)

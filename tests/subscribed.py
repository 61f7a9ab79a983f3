"""Letting a browser take notifications, and what its worker posts."""

import json

from checklist import subscribing
from checklist.models import Device, Subscription
from checklist.views.client.ours import HEADER
from tests import factories

OURS = {HEADER: "1", "Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}


def posted(browser, body, address, **headers):
    """Post JSON, or this text, as our own scripts do; return the answer."""
    text = body if isinstance(body, str) else json.dumps(body)
    return browser.post(address, text, "application/json", headers=OURS | headers)


def takes_notifications(client, service, now, token="a-phone", **where):  # noqa: S107 - of no real phone
    """Enrol a browser as that client and let it take notifications from the service; return its Subscription."""
    if not Device.objects.holding(token).exists():
        factories.enrol(client, token, now)
    devices = list(Device.objects.holding(token).select_related("client__practice"))
    browser = service.subscribe(**where)
    subscribing.subscribe(devices, browser, "key", now)
    return Subscription.objects.get(device__client=client, endpoint=browser.endpoint)

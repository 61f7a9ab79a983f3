"""A phone's notifications: taken on for each of its clients, renewed, given up."""

from django.db import transaction

from checklist import reminding
from checklist.models import Subscription, secret


def is_new(devices, browser):
    """Return whether `browser` was never where these devices take notifications: then there will be more rows."""
    known = Subscription.objects.filter(device__in=devices, endpoint_hash=secret.digest(browser.endpoint))
    return known.count() < len(devices)


@transaction.atomic
def subscribe(devices, browser, key_id, now):
    """Let notifications for the clients of these devices (one browser's) go to `browser`; plan them anew.

    `browser` has endpoint, p256dh and auth, looked at by channels.push.addressed. What it was to other devices before
    ends: the browser belongs to whoever is let in on it now. Called on each start; a repeat changes little.
    """
    mark = secret.digest(browser.endpoint)
    mine = [device.pk for device in devices]
    Subscription.objects.filter(endpoint_hash=mark).exclude(device__in=mine).lose(now)
    fields = {"endpoint": browser.endpoint, "p256dh": browser.p256dh, "auth": browser.auth, "key_id": key_id}
    for device in devices:
        known = device.subscriptions.filter(endpoint_hash=mark, gone_at=None).exists()
        device.subscriptions.exclude(endpoint_hash=mark).lose(now)
        Subscription.objects.update_or_create(
            device=device, endpoint_hash=mark, defaults=fields | {"renewed_at": now, "gone_at": None}
        )
        if not known:
            reminding.plan_client(device.client, now)


@transaction.atomic
def unsubscribe(devices, now):
    """Send no more notifications to the browser of these devices; its clients' mails take their place."""
    for device in devices:
        if device.subscriptions.all().lose(now):
            reminding.plan_client(device.client, now)

"""Many reminders at once: the rows that booking would make, in a few queries."""

from datetime import timedelta

from checklist.models import Client, Delivery, Device, Reminder, Session, Subscription, secret
from tests import factories

HOURS = timedelta(hours=2)
MANY = 500  # rows of one query


def by_mail(therapist, due):
    """Make a client with an address, and a reminder by mail, for each of these instants; return the delivery ids."""
    clients = _clients(therapist, len(due), "{}@example.org")
    return [row.id for row in _deliveries(therapist, clients, due, Delivery.Channel.EMAIL)]


def by_push(therapist, due, browsers):
    """Make a client with a phone, and a reminder by notification, for each of these instants; return delivery ids.

    `browsers` has an endpoint with keys for each. They have no address: no mail stands behind.
    """
    clients = _clients(therapist, len(due), "")
    devices = [Device(client=client, token_hash=secret.digest(str(client.id))) for client in clients]
    Device.objects.bulk_create(devices, MANY)
    rows = [_subscription(*pair) for pair in zip(devices, browsers, strict=True)]
    Subscription.objects.bulk_create(rows, MANY)
    return [row.id for row in _deliveries(therapist, clients, due, Delivery.Channel.PUSH)]


def _clients(therapist, count, address):
    fields = {"practice": therapist.practice, "therapist": therapist, "time_zone": "America/New_York"}
    made = Client.objects.count()
    names = [f"Client {made + number}" for number in range(count)]
    rows = [
        Client(nickname=name, email=address.format(name.replace(" ", "-").lower()), **fields)
        for name in names
    ]
    return Client.objects.bulk_create(rows, MANY)


def _subscription(device, browser):
    keys = {"endpoint": browser.endpoint, "p256dh": browser.p256dh, "auth": browser.auth}
    return Subscription(device=device, endpoint_hash=secret.digest(browser.endpoint), key_id="k", **keys)


def _deliveries(therapist, clients, due, channel):
    version = therapist.practice.checklists.first().current
    fields = {"therapist": therapist, "version": version, "time_zone": "America/New_York"}
    sessions = [
        Session(client=client, starts_at=at + HOURS, ends_at=at + 2 * HOURS, **fields)
        for client, at in zip(clients, due, strict=True)
    ]
    Session.objects.bulk_create(sessions, MANY)
    reminders = [_reminder(session) for session in sessions]
    Reminder.objects.bulk_create(reminders, MANY)
    rows = [Delivery(reminder=row, channel=channel, due_at=row.due_at) for row in reminders]
    return Delivery.objects.bulk_create(rows, MANY)


def _reminder(session):
    row = Reminder(
        client=session.client, session=session, occasion=session.occasion, not_after=session.starts_at
    )
    row.kind, row.created_at = Reminder.Kind.HOURS_BEFORE, session.starts_at - 2 * HOURS
    row.set_due(session.starts_at - HOURS, session.client.wishes)
    return row


def dana():
    """Return the therapist of all."""
    return factories.therapist("Dana Reyes", "dana.of.proofs@example.org")

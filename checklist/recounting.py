"""What a client's copy says first, in short: the rows that a person wants to read, in the order of time."""

from checklist.models import Delivery, Look, Reminder
from checklist.models.plans import sentence_of


def in_short(client):
    """Return the rows for the first page: sessions with what was said of them, looks, phones and what was sent."""
    return {
        "plan": sentence_of(client),
        "sessions": client.sessions.with_lists().prefetch_related("answers").order_by("starts_at", "id"),
        "looks": _looks(client),
        "phones": client.devices.order_by("created_at", "id"),
        "sent": _sent(client),
        "waiting": _deliveries(client).waiting().count(),
    }


def _looks(client):
    """Return [(therapist's name, day, kinds)]: one line for each day of each therapist."""
    days = {}
    for look in Look.objects.told(client).order_by("at", "id"):
        days.setdefault((look.therapist.name, look.day), []).append(look.get_kind_display())
    return [(name, day, list(dict.fromkeys(kinds))) for (name, day), kinds in days.items()]


def _sent(client):
    rows = _deliveries(client).filter(state=Delivery.State.SENT)
    return rows.select_related("reminder__session").order_by("finished_at", "id")


def _deliveries(client):
    about = Delivery.objects.filter(reminder__client=client)
    return about.exclude(reminder__kind=Reminder.Kind.INVITATION)

"""What the page about reminders lists: what will be sent, what was, on which channel, and whether it arrived."""

from django.db.models import Exists, OuterRef

from checklist.models import Delivery, Handover, Subscription
from checklist.views.client.coming import coming

SHOWN = 6
LOOKED_AT = 200  # of what waits; behind a long pause there may be many that will not go
OVER = (Delivery.State.SENT, Delivery.State.FAILED)


def outbox(clients, now):
    """Return who gets anything at all, the deliveries that will go out and those that went, or could not go."""
    told = set(_live(clients).values_list("device__client", flat=True))
    rows = Delivery.objects.filter(reminder__session__isnull=False, reminder__client__in=clients)
    rows = rows.select_related("reminder__session", "reminder__client__practice")
    return {
        "addresses": sorted({client.email for client in clients if client.email}),
        "by_mail": any(client.takes_mail for client in clients),
        "taking": any(client.takes_mail or client.pk in told for client in clients),
        "unreached": any(client.practice.kinds and not _is_reached(client, told) for client in clients),
        "coming": coming(rows.waiting().order_by("due_at", "id")[:LOOKED_AT], told, now)[:SHOWN],
        "sent": _with_word(rows.filter(state__in=OVER)).order_by("-finished_at", "id")[:SHOWN],
    }


def _live(clients):
    return Subscription.objects.live().filter(device__client__in=clients)


def _is_reached(client, told):
    """Whether any reminder that the practice sends by itself may reach this client, as they chose."""
    by_mail = client.takes_mail and client.wants_any(Delivery.Channel.EMAIL)
    return by_mail or (client.pk in told and client.wants_any(Delivery.Channel.PUSH))


def _with_word(rows):
    """Add what the phones said: `arrived`, `opened`."""
    mine = Handover.objects.filter(delivery=OuterRef("pk"))
    shown, opened = (Exists(mine.exclude(**{name: None})) for name in ("arrived_at", "opened_at"))
    return rows.annotate(arrived=shown, opened=opened)

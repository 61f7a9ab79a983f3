"""Other phones that were let in lately: whoever has a code or a link of a client gets in, so they are told (R20)."""

from datetime import timedelta

from checklist import access
from checklist.models import Device

TOLD = timedelta(days=7)
MOST = 3


def newcomers(request, now):
    """Return the devices, the latest first, that were let in within a week and after this phone; a phone once."""
    mine = access.devices(request)
    rows = Device.objects.live().filter(client__in=access.clients(request), created_at__gt=now - TOLD)
    rows = rows.filter(created_at__gt=mine[0].created_at).exclude(token_hash=mine[0].token_hash)
    found = {row.token_hash: row for row in rows.order_by("created_at", "id")}
    return sorted(found.values(), key=lambda row: row.created_at, reverse=True)[:MOST]

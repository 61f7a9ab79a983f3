"""A client says what their therapist sees; what is switched off is hidden from then on, old and new (R20)."""

from django.db import transaction

from checklist.models import Client, Item


def items_of(client):
    """Return the items of this client's lists, each key once and in its newest words, in the order of the lists."""
    rows = Item.objects.filter(version__sessions__client=client).distinct()
    newest = {item.key: item for item in rows.order_by("version_id", "position")}
    return sorted(newest.values(), key=lambda item: item.position)


@transaction.atomic
def share(client, kinds, listed, shown):
    """Let the therapist see these kinds, and of the items that were `listed` (keys) only those that are `shown`.

    What was hidden and not listed, like an item of a list of long ago, stays hidden.
    """
    client.refresh_from_db(fields=["hidden_items"], from_queryset=Client.objects.select_for_update())
    client.sharing = sorted(kinds)
    client.hidden_items = sorted((set(client.hidden_items) - set(listed)) | (set(listed) - set(shown)))
    client.save(update_fields=["sharing", "hidden_items"])

"""What a client means to do: their if-then sentence, made, changed, taken away, or not wanted at all."""

from django.db import transaction

from checklist.models import Client, Plan
from checklist.models.plans import plan_of, sentence_of

PARTS = ("cue", "deed", "place")


@transaction.atomic
def intend(clients, parts, now):
    """Keep the three parts of the sentence for each of these clients."""
    for client in _held(clients):
        Plan.objects.update_or_create(client=client, defaults={**parts, "skipped": False, "changed_at": now})


@transaction.atomic
def delete(clients, now):
    """Take the sentence of these clients away; one is offered again."""
    _empty(clients, now, skipped=False)


@transaction.atomic
def without(clients, now):
    """Take the sentence of these clients away, and don't offer one again."""
    _empty(clients, now, skipped=True)


@transaction.atomic
def skip(clients, now):
    """Don't offer a sentence again to those of these clients who have none."""
    _empty([client for client in _held(clients) if not sentence_of(client)], now, skipped=True)


def _empty(clients, now, skipped):
    nothing = dict.fromkeys(PARTS, "") | {"skipped": skipped, "changed_at": now}
    for client in _held(clients):
        Plan.objects.update_or_create(client=client, defaults=nothing)


def _held(clients):
    """Lock the clients' rows, in one order, so that two pages of one phone write one after the other; return them.

    Raises Client.DoesNotExist when one was erased: nothing is said to be kept that is not.
    """
    ids = [client.pk for client in clients]
    held = Client.objects.select_for_update(of=["self"]).filter(pk__in=ids)
    rows = list(held.select_related("plan").order_by("pk"))
    if len(rows) < len(ids):
        raise Client.DoesNotExist
    return rows


def offers_plan(session):
    """Return whether the page of a session offers its client a plan: before the first one, until they decided, and
    after they deleted theirs.
    """
    plan = plan_of(session.client)
    return session.first if plan is None else not (plan.sentence or plan.skipped)

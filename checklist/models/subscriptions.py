"""Subscription: where a client's phone takes notifications. Handover: one notification on its way to one phone."""

from collections import defaultdict

from django.db import models
from django.utils import timezone

from checklist.models import secret
from checklist.models.deliveries import Delivery
from checklist.models.devices import Device
from checklist.models.fields import UnguessableModel

MOST = 5  # phones of one client that are told at once


class SubscriptionQuerySet(models.QuerySet):
    """Sets of subscriptions."""

    def live(self):
        """Return those that may be told: still taken by their service, on a phone that is still let in."""
        return self.filter(gone_at=None, device__revoked_at=None)

    def of(self, client):
        """Return the live ones of a client, the newest first, no more than MOST."""
        return self.live().filter(device__client=client).order_by("-renewed_at", "id")[:MOST]

    def by_client(self, clients):
        """Return {client id: the live ones of that client, as of() gives them} in one query."""
        found = defaultdict(list)
        rows = self.live().filter(device__client__in=clients).annotate(client=models.F("device__client"))
        for row in rows.order_by("-renewed_at", "id").only("endpoint", "p256dh", "auth"):
            if len(found[row.client]) < MOST:
                found[row.client].append(row)
        return found

    def telling(self, sessions):
        """Add `told_by_phone` to a set of sessions: whether a phone of the client takes notifications."""
        phones = self.live().filter(device__client=models.OuterRef("client"))
        return sessions.annotate(told_by_phone=models.Exists(phones))

    def lose(self, now):
        """Tell these phones nothing any more, until they subscribe anew; return how many were told before."""
        return self.filter(gone_at=None).update(gone_at=now)


class Subscription(UnguessableModel):
    """What a browser gave us to reach it by. A phone that stands for two clients has a row for each.

    `endpoint` is a secret: who has it and our key can write to that phone. `key_id` names the key it was made with.
    """

    device = models.ForeignKey(Device, models.CASCADE, related_name="subscriptions")
    endpoint = models.TextField()
    endpoint_hash = models.CharField(max_length=64)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=40)
    key_id = models.CharField(max_length=16)
    created_at = models.DateTimeField(default=timezone.now)
    renewed_at = models.DateTimeField(default=timezone.now)
    gone_at = models.DateTimeField(null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device", "endpoint_hash"], name="one_subscription_per_device")
        ]

    def __str__(self):
        return str(self.id)


class HandoverQuerySet(models.QuerySet):
    """Sets of handovers."""

    def to_phones(self, deliveries):
        """Return {delivery id: [a Handover to each phone that takes it now, and its subscription]} in three queries."""
        phones = Subscription.objects.by_client({row.reminder.client_id for row in deliveries})
        pairs = [(row.pk, phone) for row in deliveries for phone in phones[row.reminder.client_id]]
        rows = self.filter(delivery__in=[row.pk for row in deliveries])
        known = {(row.delivery_id, row.subscription_id): row for row in rows}
        fresh = [(pk, phone.pk) for pk, phone in pairs if (pk, phone.pk) not in known]
        # By ids: what hangs on a row that is made is looked at once more for each, a tenth of the time of it all.
        made = self.bulk_create(Handover(delivery_id=pk, subscription_id=phone) for pk, phone in fresh)
        known |= zip(fresh, made, strict=True)
        found = {row.pk: [] for row in deliveries}
        for pk, phone in pairs:
            known[pk, phone.pk].subscription = phone
            found[pk].append(known[pk, phone.pk])
        return found


class Handover(UnguessableModel):
    """A delivery's notification to one phone: shown by the phone, then opened."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="handovers")
    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="handovers")
    arrived_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery", "subscription"], name="one_handover_per_phone")
        ]

    def __str__(self):
        return str(self.id)

    def token(self):
        """Return what the phone proves with that this notification reached it."""
        return secret.derived_token("handover", self.id)

    @classmethod
    def proven(cls, handover_id, token):
        """Return the Handover when the token is its own, else None."""
        if not secret.is_derived_token(token, "handover", handover_id):
            return None
        rows = cls.objects.select_related("delivery__reminder__session", "subscription__device__client")
        return rows.filter(pk=handover_id).first()

    def note(self, now, opened=False):
        """Note that it was shown, or opened and so shown as well; the first time counts."""
        row = Handover.objects.filter(pk=self.pk)
        row.filter(arrived_at=None).update(arrived_at=now)
        if opened:
            row.filter(opened_at=None).update(opened_at=now)

"""Delivery: a reminder on one channel. The outbox is these."""

from datetime import timedelta

from django.db import connection, models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checklist.models.fields import UnguessableModel
from checklist.models.reasons import FAILURES, Reason, sentence
from checklist.models.reminders import Reminder

# As long as one message can take, and a bit: the connection is open by then, and each of the four answers
# that it still waits for comes within EMAIL_TIMEOUT (20 s) or not at all.
SENDING = timedelta(seconds=90)
LEASE = timedelta(minutes=2)
# What waits longer than this is shown as late.
LATE = timedelta(minutes=5)


class DeliveryQuerySet(models.QuerySet):
    """Sets of deliveries."""

    def waiting(self):
        """Return those that are still to be sent."""
        return self.filter(state=Delivery.State.PLANNED)

    def past(self):
        """Return those that were dropped only because their time of day had passed, by the zone of that moment."""
        return self.filter(state=Delivery.State.DROPPED, reason=Reason.PAST)

    def movable(self):
        """Return those that a new time of day concerns: still to be sent, or dropped only because theirs had passed."""
        return self.waiting() | self.past()

    def due(self, now):
        """Return those that are due at `now` and that no sender holds, the oldest first."""
        free = Q(lease_until=None) | Q(lease_until__lte=now)
        return self.waiting().filter(free, due_at__lte=now).order_by("due_at", "id")

    def in_trouble(self, now):
        """Return what a therapist should look at: failed, or not gone although it is past its time (R15)."""
        late = Q(state=Delivery.State.PLANNED, reminder__due_at__lte=now - LATE)
        return self.filter(late | Q(state=Delivery.State.FAILED))

    def with_all(self):
        """Fetch all that decides whether and how a delivery goes out, however many, in three queries."""
        rows = self.select_related(
            "reminder__client__practice", "reminder__session__version", "reminder__invitation"
        )
        arrived = Delivery.objects.filter(reminder=OuterRef("reminder"), handovers__arrived_at__isnull=False)
        rows = rows.annotate(arrived=Exists(arrived))
        return rows.prefetch_related("reminder__session__version__items", "reminder__session__ticks")

    def claim(self, holder, now, most, channels):
        """Lease up to `most` due deliveries on these channels to `holder`; return [(id, channel)].

        Two senders never get the same one (R9). Called inside a transaction.
        """
        rows = self.due(now).filter(channel__in=channels)
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        found = list(rows.values_list("id", "channel")[:most])
        ids = [delivery_id for delivery_id, _channel in found]
        self.filter(id__in=ids).update(lease_holder=holder, lease_until=now + LEASE)
        return found

    def give_back(self, holder, now):
        """Free what `holder` has claimed and not sent, so that nobody has to wait for the lease to end."""
        mine = self.waiting().filter(lease_holder=holder, due_at__lte=now)
        return mine.update(lease_until=None, lease_holder="")

    def plan(self, due_at):
        """Let these deliveries wait for `due_at` (an instant, or an expression), as if nothing had been tried."""
        fresh = {"attempts": 0, "reason": "", "finished_at": None, "lease_until": None, "lease_holder": ""}
        return self.update(state=Delivery.State.PLANNED, due_at=due_at, **fresh)

    def beside(self, delivery):
        """Return what the other channels still have to send of the same reminder."""
        return self.waiting().filter(reminder=delivery.reminder_id).exclude(pk=delivery.pk)

    def finish(self, state, reason, now):
        """Put these deliveries into their last state; return how many."""
        return self.update(state=state, reason=reason, finished_at=now, lease_until=None, lease_holder="")


class Delivery(UnguessableModel):
    """A reminder on one channel: planned, then sent, dropped with the reason, or failed with what to do."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        SENT = "sent", _("Sent")
        DROPPED = "dropped", _("Not needed")
        FAILED = "failed", _("Failed")

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        PUSH = "push", _("Notification")

    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=5, choices=Channel, default=Channel.EMAIL)
    state = models.CharField(max_length=7, choices=State, default=State.PLANNED)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_holder = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reminder", "channel"], name="one_delivery_per_channel")
        ]
        indexes = [models.Index(fields=["due_at", "id"], condition=Q(state="planned"), name="what_is_due")]

    def __str__(self):
        return str(self.id)

    @property
    def obstacle(self):
        """The Reason why this may not go to this person this way; empty when it may. Invitations are asked for."""
        client, kind = self.reminder.client, self.reminder.kind
        if client.archived_at:
            return Reason.ARCHIVED
        if kind == Reminder.Kind.INVITATION:
            return "" if client.email else Reason.NO_ADDRESS
        if client.practice.suspended_at:
            return Reason.SUSPENDED
        if client.is_paused(self.reminder.due_at):
            return Reason.PAUSED
        return self._unwanted(client, kind)

    def _unwanted(self, client, kind):
        allowed = kind == Reminder.Kind.NUDGE or kind in client.practice.kinds
        if not allowed or not client.wants(kind, self.channel):
            return Reason.UNWANTED
        if self.channel == self.Channel.PUSH:
            return ""  # which phones take it is looked at when it leaves
        if not client.email:
            return Reason.NO_ADDRESS
        return "" if client.mail_reminders else Reason.UNSUBSCRIBED

    @property
    def explanation(self):
        """What the desk says about this delivery just now, with what to do; empty when all is well (R15)."""
        if self.state != self.State.PLANNED:
            return sentence(self.reason)
        late = self.reminder.due_at <= timezone.now() - LATE
        return sentence(self.obstacle or (late and (self.reason or Reason.LATE)))

    def hold(self, holder, now):
        """Return whether `holder` may still send it as it was read; lengthen a lease that ends soon.

        The client is asked in a subquery: PostgreSQL rechecks the conditions on the row itself after waiting.
        """
        mine = self._held_by(holder, due_at__lte=now).filter(Exists(self.reminder.client.as_read()))
        if self.lease_until and self.lease_until >= now + SENDING:
            return mine.exists()
        return bool(mine.update(lease_until=now + LEASE))

    def let_go(self, holder):
        """Give the lease back, if `holder` still has it, so that it can be claimed and read anew."""
        self._held_by(holder).update(lease_until=None, lease_holder="")

    def sent(self, now):
        """Mark it as sent. That is a fact, whoever holds the lease by now."""
        Delivery.objects.filter(pk=self.pk).finish(self.State.SENT, "", now)

    def end(self, reason, now):
        """Mark that it won't be sent and why; return the state: failed if somebody must act, or dropped."""
        state = self.State.FAILED if reason in FAILURES else self.State.DROPPED
        Delivery.objects.waiting().filter(pk=self.pk).finish(state, reason, now)
        return state

    def put_back(self, due_at, reason, holder):
        """Count a try and give the lease back, to be tried again at `due_at`."""
        fields = {"due_at": due_at, "reason": reason, "attempts": F("attempts") + 1}
        return bool(self._held_by(holder).update(lease_until=None, lease_holder="", **fields))

    def _held_by(self, holder, **conditions):
        state = self.State.PLANNED
        return Delivery.objects.filter(pk=self.pk, state=state, lease_holder=holder, **conditions)

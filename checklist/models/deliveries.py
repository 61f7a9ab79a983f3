"""Delivery: a reminder on one channel. The outbox is these."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from checklist.models.fields import UnguessableModel
from checklist.models.outbox import LATE, LEASE, Channel, DeliveryQuerySet, State
from checklist.models.reasons import FAILURES, Reason, sentence
from checklist.models.reminders import Reminder

# So much of a lease has to be left when sending begins: until leasing.py lengthens it, twice over.
SENDING = timedelta(seconds=30)


class Delivery(UnguessableModel):
    """A reminder on one channel: planned, then sent, dropped with the reason, or failed with what to do."""

    State, Channel = State, Channel

    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=5, choices=Channel, default=Channel.EMAIL)
    state = models.CharField(max_length=7, choices=State, default=State.PLANNED)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    crashes = models.PositiveSmallIntegerField(
        default=0
    )  # leases that ran out: their senders ended without a word
    lease_holder = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    named = models.JSONField(default=list, blank=True)  # ids of the sessions of one hour that it spoke of

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reminder", "channel"], name="one_delivery_per_channel")
        ]
        indexes = [
            models.Index(fields=["channel", "due_at", "id"], condition=Q(state="planned"), name="what_is_due")
        ]

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
        if kind == Reminder.Kind.AFTER:
            return "" if client.ask_after else Reason.UNWANTED
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
        due_at = self.reminder.due_at if self.attempts else self.due_at
        late = due_at <= timezone.now() - LATE
        return sentence(self.obstacle or (late and (self.reason or Reason.LATE)))

    def hold(self, holder, now):
        """Return whether `holder` may send it, as it was just read; a lease that ends soon is lengthened first."""
        if (self.state, self.lease_holder) != (self.State.PLANNED, holder) or self.due_at > now:
            return False
        if self.lease_until >= now + SENDING:
            return True
        return bool(self._held_by(holder, due_at__lte=now).update(lease_until=now + LEASE))

    def is_held(self, holder):
        """Return whether `holder` has it still, as the row says now."""
        return self._held_by(holder).exists()

    def end(self, reason, now):
        """Mark that it won't be sent and why; return the state: failed if somebody must act, or dropped."""
        state = self.State.FAILED if reason in FAILURES else self.State.DROPPED
        Delivery.objects.waiting().filter(pk=self.pk).finish(state, reason, now)
        return state

    def wait(self, due_at, holder):
        """Give the lease back, to be looked at again at `due_at`; that is no try. Return what became of it."""
        self._held_by(holder).update(lease_until=None, lease_holder="", due_at=due_at)
        return "put back"

    def put_back(self, due_at, reason, holder):
        """Count a try and give the lease back, to be tried again at `due_at`."""
        fields = {"due_at": due_at, "reason": reason, "attempts": F("attempts") + 1}
        return bool(self._held_by(holder).update(lease_until=None, lease_holder="", **fields))

    def _held_by(self, holder, **conditions):
        state = self.State.PLANNED
        return Delivery.objects.filter(pk=self.pk, state=state, lease_holder=holder, **conditions)

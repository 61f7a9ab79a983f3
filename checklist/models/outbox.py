"""The outbox as sets: what is due, who may send it, what stands beside it, what went wrong."""

import uuid
from datetime import timedelta

from django.db import connection, models, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.utils.translation import gettext_lazy as _

from checklist.models.marks import IDLE, marks
from checklist.models.reasons import Reason

# How long a sender that was killed keeps others waiting; leasing.py lengthens it while its holder is alive.
LEASE = timedelta(minutes=1)
# What waits longer than this is shown as late.
LATE = timedelta(minutes=5)
# Leases of one delivery that may run out before it is claimed by itself.
CAREFUL = 2
QUEUED = "queued."  # begins a holder that is no sender yet: a queue that loses its work is no crash


class State(models.TextChoices):
    """What became of a delivery."""

    PLANNED = "planned", _("Planned")
    SENT = "sent", _("Sent")
    DROPPED = "dropped", _("Not needed")
    FAILED = "failed", _("Failed")


class Channel(models.TextChoices):
    """A way to a person."""

    EMAIL = "email", _("E-mail")
    PUSH = "push", _("Notification")


class DeliveryQuerySet(models.QuerySet):
    """Sets of deliveries."""

    def waiting(self):
        """Return those that are still to be sent."""
        return self.filter(state=State.PLANNED)

    def past(self):
        """Return those that were dropped only because their time of day had passed, by the zone of that moment."""
        return self.filter(state=State.DROPPED, reason=Reason.PAST)

    def movable(self):
        """Return those that a new time of day concerns: still to be sent, or dropped only because theirs had passed."""
        return self.waiting() | self.past()

    def due(self, now):
        """Return those that are due at `now` and that no sender holds, the oldest first."""
        free = Q(lease_until=None) | Q(lease_until__lte=now)
        return self.waiting().filter(free, due_at__lte=now).order_by("due_at", "id")

    def oldest(self, channel):
        """Return when what waits longest on a channel is or was due (an aware instant), or None."""
        rows = self.waiting().filter(channel=channel).order_by("due_at")
        return rows.values_list("due_at", flat=True).first()

    def in_trouble(self, now):
        """Return what a therapist should look at: failed or late, and said on no channel that is known to arrive (R15).

        A push that its phone has said nothing of is not known to.
        """
        tried = Q(attempts__gt=0, reminder__due_at__lte=now - LATE)
        late = Q(state=State.PLANNED) & (tried | Q(due_at__lte=now - LATE))
        heard = Q(channel=Channel.EMAIL) | Q(handovers__arrived_at__isnull=False)
        beside = self.model.objects.filter(heard, reminder=OuterRef("reminder"), state=State.SENT)
        return self.filter(late | Q(state=State.FAILED)).exclude(Exists(beside))

    def with_marks(self, now):
        """Fetch what decides whether and how each goes out at `now`, but for what many share (rereading.py)."""
        rows = self.select_related("reminder__client", "reminder__session", "reminder__invitation")
        return rows.annotate(**marks(self.model, now)).defer(*IDLE)

    def claim(self, holder, now, most, channel, careful=False):
        """Lease up to `most` due deliveries of a channel to `holder`; return their ids, the oldest first.

        Two senders never get the same one (R9). One that a lease ran out on CAREFUL times may be what ends its sender,
        so it comes alone: first where the caller is `careful`, else when nothing else is due. Called inside a
        transaction.
        """
        rows = self.due(now).filter(channel=channel)
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        suspect = rows.filter(crashes__gte=CAREFUL).values_list("id", flat=True)[:1]
        others = rows.filter(crashes__lt=CAREFUL).values_list("id", flat=True)[:most]
        first, then = (suspect, others) if careful else (others, suspect)
        ids = list(first) or list(then)
        calm = Q(lease_until=None) | Q(lease_holder__startswith=QUEUED)
        crashes = Case(When(calm, then=F("crashes")), default=F("crashes") + 1)
        self.filter(id__in=ids).update(lease_holder=holder, lease_until=now + LEASE, crashes=crashes)
        return ids

    def lengthen(self, holder, now, lease=None):
        """Let what `holder` has claimed and not settled be its own for another `lease`, or LEASE."""
        mine = self.waiting().filter(lease_holder=holder, lease_until__gt=now)
        with transaction.atomic():
            if connection.features.has_select_for_update_skip_locked:
                # What is being marked just now needs no lease, and waiting for it could end in a deadlock.
                free = mine.select_for_update(skip_locked=True)
                mine = self.filter(id__in=list(free.values_list("id", flat=True)))
            return mine.update(lease_until=now + (lease or LEASE))

    def take_over(self, ids, holder):
        """Give what `holder` has claimed of these a holder of its own, and return that: a second run finds nothing."""
        fresh = uuid.uuid4().hex
        self.waiting().filter(id__in=ids, lease_holder=holder).update(lease_holder=fresh)
        return fresh

    def give_back(self, holder, now):
        """Free what `holder` has claimed and not sent, so that nobody has to wait for the lease to end."""
        mine = self.waiting().filter(lease_holder=holder, due_at__lte=now)
        return mine.update(lease_until=None, lease_holder="")

    def plan(self, due_at):
        """Let these deliveries wait for `due_at` (an instant, or an expression), as if nothing had been tried."""
        fresh = {
            "attempts": 0,
            "crashes": 0,
            "reason": "",
            "finished_at": None,
            "lease_until": None,
            "lease_holder": "",
        }
        return self.update(state=State.PLANNED, due_at=due_at, **fresh)

    def beside(self, delivery):
        """Return what the other channels still have to send of the same reminder."""
        return self.waiting().filter(reminder=delivery.reminder_id).exclude(pk=delivery.pk)

    def finish(self, state, reason, now):
        """Put these deliveries into their last state; return how many."""
        return self.update(state=state, reason=reason, finished_at=now, lease_until=None, lease_holder="")

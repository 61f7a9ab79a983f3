"""Reminder: one thing to say to one person, on whatever channel (deliveries.py)."""

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from checklist.models.devices import Invitation
from checklist.models.fields import UnguessableModel
from checklist.models.people import Client
from checklist.models.sessions import Session
from checklist.pure import wishes
from checklist.pure.when import PREPARING, behind


class Reminder(UnguessableModel):
    """One thing to be said about one occasion to one person, due at a moment and useless after another."""

    class Kind(models.TextChoices):
        DAY_BEFORE = wishes.DAY_BEFORE, _("The evening before")
        HOURS_BEFORE = wishes.HOURS_BEFORE, _("Hours before")
        JUST_BEFORE = wishes.JUST_BEFORE, _("Just before")
        NUDGE = "nudge", _("A nudge")
        AFTER = "after", _("After the session")
        INVITATION = "invitation", _("Invitation")

    client = models.ForeignKey(Client, models.CASCADE, related_name="reminders")
    session = models.ForeignKey(Session, models.CASCADE, null=True, blank=True, related_name="reminders")
    invitation = models.ForeignKey(
        Invitation, models.CASCADE, null=True, blank=True, related_name="reminders"
    )
    kind = models.CharField(max_length=12, choices=Kind)
    occasion = models.CharField(max_length=60)
    due_at = models.DateTimeField()
    push_at = models.DateTimeField(default=timezone.now)  # when a push goes that has a mail behind it
    fallback_at = models.DateTimeField(default=timezone.now)  # and when that mail goes
    not_after = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["occasion", "client", "kind"], name="one_reminder_per_occasion"),
        ]

    def __str__(self):
        return str(self.id)

    @cached_property
    def sessions(self):
        """The sessions that it speaks of, the first first; merging.py puts those of the same hour here."""
        return [self.session]

    @property
    def preparing(self):
        """Whether it asks to get ready, and so falls silent once all is done (R10)."""
        return self.kind in (*PREPARING, self.Kind.NUDGE)

    def set_due(self, due_at, wishes):
        """Set when it is due, and with that when a push and the mail behind it are, by these Wishes of its client.

        Return whether that changes anything.
        """
        before = self.due_at, self.push_at, self.fallback_at
        self.due_at, (self.push_at, self.fallback_at) = due_at, behind(due_at, self.not_after, wishes)
        return before != (self.due_at, self.push_at, self.fallback_at)

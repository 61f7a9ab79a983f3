"""What a client lets their therapist see, kind by kind and item by item (R20)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Share(models.TextChoices):
    """A kind of what a client can share."""

    ITEMS = "items", _("What is done and what is open")
    CONNECTION = "connection", _("Connection checks that I keep")
    OUTCOME = "outcome", _("How a session went")
    FIT = "fit", _("How well it fits me")
    PLAN = "plan", _("My plan")


def at_first():
    """Return the kinds that a new practice proposes, and that a client starts with who was asked nothing yet."""
    return [Share.ITEMS.value, Share.CONNECTION.value]


class Sharing(models.Model):
    """The part of a client that says what their therapist sees. What is switched off hides what was seen before."""

    sharing = models.JSONField(default=at_first)  # kinds
    hidden_items = models.JSONField(default=list)  # keys of items that stay with the client

    class Meta:
        abstract = True

    def shares(self, kind):
        """Return whether the therapist may see this Share of the client."""
        return kind in self.sharing

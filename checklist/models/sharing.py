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


# A practice's proposal turns these on for a new client. The others start when the client says so, and so does each
# connection check: it stays on the phone until the client keeps it.
STARTED_BY_PRACTICE = (Share.ITEMS, Share.CONNECTION)


def at_first():
    """Return the kinds that a new practice proposes, and that a client starts with who was asked nothing yet."""
    return [Share.ITEMS.value, Share.CONNECTION.value]


def started_by(proposed):
    """Return the kinds that a new client starts with where the practice proposes these."""
    return [kind.value for kind in STARTED_BY_PRACTICE if kind in proposed]


class Sharing(models.Model):
    """The part of a client that says what their therapist sees. What is switched off hides what was seen before."""

    sharing = models.JSONField(default=at_first)  # kinds
    hidden_items = models.JSONField(default=list)  # keys of items that stay with the client

    class Meta:
        abstract = True

    def shares(self, kind):
        """Return whether the therapist may see this Share: none while archived, when the client could not stop it."""
        return self.archived_at is None and kind in self.sharing

    @property
    def shares_whole_lists(self):
        """Whether nothing on a list is kept back; only then may the fate of reminders tell how far a list is."""
        return self.shares(Share.ITEMS) and not self.hidden_items

    def shown(self, readiness):
        """Return the part of a Readiness that the therapist may see, or None where that is nothing."""
        kept = readiness.without(self.hidden_items)
        nothing = not kept.lines and bool(readiness.lines)
        return kept if self.shares(Share.ITEMS) and not nothing else None

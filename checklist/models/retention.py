"""How long a practice keeps what is over, as fields of the Practice row."""

from django.db import models
from django.utils.translation import gettext_lazy as _

SESSIONS = [(3, _("3 months")), (6, _("6 months")), (12, _("1 year")), (24, _("2 years")), (84, _("7 years"))]
SESSIONS += [(120, _("10 years"))]
ARCHIVED = [(1, _("1 month")), (3, _("3 months")), (6, _("6 months")), (12, _("1 year")), (24, _("2 years"))]

PERIODS = ("keep_sessions", "keep_archived")


class Retention(models.Model):
    """Months that sessions are kept after their end, and clients after they were archived.

    `forgotten_until` is the latest end up to which sessions went: it stays when they are then kept for longer.
    """

    keep_sessions = models.PositiveSmallIntegerField(default=24, choices=SESSIONS)
    keep_archived = models.PositiveSmallIntegerField(default=12, choices=ARCHIVED)
    forgotten_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def forget_until(self, ended):
        """Note that sessions which ended by then are going, before the first of them does."""
        if self.forgotten_until is None or self.forgotten_until < ended:
            self.forgotten_until = ended
            self.save(update_fields=["forgotten_until"])

"""Plan: the client's own if-then sentence, one for each client."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from checklist.models.people import Client


class Plan(models.Model):
    """Three short parts of one sentence; none of them, with `skipped`, where the client wants no plan for good."""

    client = models.OneToOneField(Client, models.CASCADE, related_name="plan", primary_key=True)
    cue = models.CharField(max_length=60, blank=True)
    deed = models.CharField(max_length=100, blank=True)
    place = models.CharField(max_length=60, blank=True)
    skipped = models.BooleanField(default=False)
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return str(self.pk)

    @property
    def sentence(self):
        """The whole sentence in the active language; empty without one."""
        parts = {"cue": self.cue, "deed": self.deed, "place": self.place}
        if not self.deed:
            return ""
        if not self.place:
            return _("If it is %(cue)s, then I will %(deed)s.") % parts
        return _("If it is %(cue)s, then I will %(deed)s in %(place)s.") % parts


def plan_of(client):
    """Return the client's Plan, or None where nothing was said of one; fetch the client with it."""
    return getattr(client, "plan", None)


def sentence_of(client):
    """Return the client's sentence in the active language, or an empty string."""
    plan = plan_of(client)
    return plan.sentence if plan else ""

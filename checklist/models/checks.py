"""Check: the figures of a connection check that a client chose to keep with a session."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checklist.models.checklists import Way
from checklist.models.devices import Device
from checklist.models.fields import UnguessableModel
from checklist.models.sessions import Session


class CheckQuerySet(models.QuerySet):
    """Sets of checks."""

    def keep(self, session, device, way, verdict, figures, now):
        """Keep the figures of this device's check with the session, in place of those it kept before."""
        fields = {"way": way, "verdict": verdict, "created_at": now, **figures}
        return self.update_or_create(session=session, device=device, defaults=fields)[0]


class Check(UnguessableModel):
    """What one phone measured, in ms, kbit/s and percent; None where it was not measured."""

    class Verdict(models.TextChoices):
        GOOD = "good", _("Good")
        FAIR = "fair", _("Fair")
        POOR = "poor", _("Weak")
        NO_ANSWER = "no_answer", _("No answer")

    session = models.ForeignKey(Session, models.CASCADE, related_name="checks")
    device = models.ForeignKey(Device, models.CASCADE, related_name="checks")
    way = models.CharField(max_length=9, choices=Way)
    verdict = models.CharField(max_length=9, choices=Verdict)
    rtt = models.FloatField(null=True, blank=True)
    jitter = models.FloatField(null=True, blank=True)
    late = models.PositiveSmallIntegerField()
    probes = models.PositiveSmallIntegerField()
    down = models.FloatField(null=True, blank=True)
    up = models.FloatField(null=True, blank=True)
    loss = models.FloatField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = CheckQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["session", "device"], name="one_check_per_device")]

    def __str__(self):
        return str(self.id)

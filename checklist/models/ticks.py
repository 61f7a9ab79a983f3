"""Tick: one operation of the log. Rows are added, never changed; the state is their fold (R4)."""

from django.db import models
from django.utils import timezone

from checklist.models.devices import Device
from checklist.models.sessions import Session
from checklist.pure.fold import DONE, NOT_APPLICABLE, OPEN, Operation


class Tick(models.Model):
    """This device set this item of this session to this state, at this clock."""

    class State(models.TextChoices):
        OPEN = OPEN
        DONE = DONE
        NOT_APPLICABLE = NOT_APPLICABLE

    session = models.ForeignKey(Session, models.CASCADE, related_name="ticks")
    device = models.ForeignKey(Device, models.SET_NULL, null=True, related_name="ticks")
    uid = models.UUIDField()
    item = models.SlugField(max_length=60)
    state = models.CharField(max_length=4, choices=State)
    ms = models.BigIntegerField()
    count = models.BigIntegerField(default=0)
    seq = models.BigIntegerField(default=0)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "uid"], name="an_operation_counts_once")]

    def __str__(self):
        return str(self.uid)

    @property
    def operation(self):
        """The pure operation that the fold takes."""
        return Operation(str(self.uid), self.item, self.state, self.ms, self.count, self.seq)

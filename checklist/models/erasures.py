"""Erasure: that somebody was erased, for the therapist. Tombstone: that a phone's client was, for the phone.

Neither says who it was, and nothing leads from one to the other.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import models

from checklist.models import secret
from checklist.models.fields import UnguessableModel
from checklist.models.people import User

RECENT = timedelta(days=7)


class ErasureQuerySet(models.QuerySet):
    """Sets of erasures."""

    def tell(self, therapist, by, now):
        """Keep for the therapist that a client of theirs is erased at `now`: the day by their clock, and no finer."""
        return self.create(
            therapist=therapist, by=by, day=now.astimezone(ZoneInfo(therapist.time_zone)).date()
        )

    def of(self, therapist):
        """Return those of this therapist's clients, the newest first."""
        return self.filter(therapist=therapist).order_by("-day", "id")

    def recent(self, therapist, today):
        """Return those of the last days that clients did themselves: the desk's day tells them."""
        return self.of(therapist).filter(by=Erasure.By.CLIENT, day__gt=today - RECENT)


class Erasure(UnguessableModel):
    """One client of this therapist was erased on this day, by the therapist's clock."""

    class By(models.TextChoices):
        CLIENT = "client"
        THERAPIST = "therapist"
        TIME = "time"  # the practice keeps archived clients no longer

    therapist = models.ForeignKey(User, models.CASCADE, related_name="erasures")
    by = models.CharField(max_length=9, choices=By)
    day = models.DateField()

    objects = ErasureQuerySet.as_manager()

    def __str__(self):
        return str(self.id)


class TombstoneQuerySet(models.QuerySet):
    """Sets of tombstones."""

    def has(self, token):
        """Return whether the browser that holds `token` stood for somebody who was erased."""
        return bool(token) and self.filter(token_hash=secret.digest(token)).exists()


class Tombstone(models.Model):
    """A browser that stood for somebody who was erased, by the hash of a token that opens nothing any more."""

    token_hash = models.CharField(max_length=64, primary_key=True)
    day = models.DateField()

    objects = TombstoneQuerySet.as_manager()

    def __str__(self):
        return self.token_hash[:8]

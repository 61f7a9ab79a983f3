"""Limit: how often something may be tried in a stretch of time, counted by one atomic update."""

from datetime import UTC, datetime

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone

from checklist.models import secret


class Limit(models.Model):
    """One counter: who tried what in which window. Who is kept as a hash."""

    key = models.CharField(max_length=64)
    window = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="one_counter_per_window")]
        indexes = [models.Index(fields=["window"])]

    def __str__(self):
        return self.key

    @classmethod
    def take(cls, what, who, most, seconds, now=None):
        """Count one try and return whether it was within `most` tries in `seconds`; parallel tries count exactly."""
        row = _counter(what, who, seconds, now)
        try:
            with transaction.atomic():
                cls.objects.get_or_create(**row)
        except IntegrityError:  # another request made the row in this moment
            pass
        return bool(cls.objects.filter(**row, count__lt=most).update(count=F("count") + 1))

    @classmethod
    def give_back(cls, what, who, seconds, now=None):
        """Take back one try that turned out not to be one."""
        row = _counter(what, who, seconds, now)
        cls.objects.filter(**row, count__gt=0).update(count=F("count") - 1)

    @classmethod
    def forget_who(cls, what, who):
        """Delete the counters of what that one tried."""
        cls.objects.filter(key=_key(what, who)).delete()

    @classmethod
    def forget(cls, before):
        """Delete the counters of windows that began before `before`; return how many."""
        return cls.objects.filter(window__lt=before).delete()[0]


def _counter(what, who, seconds, now):
    """Return the key and the window of a counter at `now`, or at this moment."""
    now = now or timezone.now()
    window = datetime.fromtimestamp(now.timestamp() // seconds * seconds, UTC)
    return {"key": _key(what, who), "window": window}


def _key(what, who):
    return secret.digest(f"{what}:{who}")

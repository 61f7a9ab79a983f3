"""Heartbeat: when the sender was last alive."""

from django.db import models


class Heartbeat(models.Model):
    """When the sender last looked for what is due. One row."""

    at = models.DateTimeField()

    def __str__(self):
        return str(self.at)

    @classmethod
    def beat(cls, now):
        """Note that the sender is alive at `now`."""
        cls.objects.update_or_create(pk=1, defaults={"at": now})

    @classmethod
    def last(cls):
        """Return when the sender last looked (an aware instant), or None."""
        return cls.objects.values_list("at", flat=True).filter(pk=1).first()

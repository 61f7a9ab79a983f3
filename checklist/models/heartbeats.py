"""Heartbeat: when the sender of a channel was last alive."""

from django.db import models


class Heartbeat(models.Model):
    """When the sender of a channel last looked for what is due. One row for each channel."""

    channel = models.CharField(max_length=5, primary_key=True)
    at = models.DateTimeField()

    def __str__(self):
        return f"{self.channel} {self.at}"

    @classmethod
    def beat(cls, channel, now):
        """Note that the sender of a channel is alive at `now`."""
        cls.objects.update_or_create(pk=channel, defaults={"at": now})

    @classmethod
    def last(cls, channel):
        """Return when the sender of a channel last looked (an aware instant), or None."""
        return cls.objects.values_list("at", flat=True).filter(pk=channel).first()

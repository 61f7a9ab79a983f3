"""What a client decides about reminders, as fields of the Client row (R20)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from checklist.pure import when
from checklist.pure.wishes import EVENING, HOURS, KINDS, MINUTES, Wishes


def _within(values):
    return [MinValueValidator(min(values)), MaxValueValidator(max(values))]


class Wishing(models.Model):
    """The times and kinds of a client's reminders, quiet hours, a pause, and which channel carries which kind."""

    evening = models.TimeField(default=EVENING)
    hours_before = models.PositiveSmallIntegerField(default=2, validators=_within(HOURS))
    minutes_before = models.PositiveSmallIntegerField(default=10, validators=_within(MINUTES))
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
    paused_until = models.DateField(null=True, blank=True)
    unwanted = models.JSONField(default=list, blank=True)  # "kind channel", like "day_before email"
    open_items_in_mail = models.BooleanField(default=False)
    ask_after = models.BooleanField(default=False)  # how it went, by a notification
    ask_fit = models.BooleanField(default=True)  # every few sessions, in the app

    class Meta:
        abstract = True

    @property
    def quiet(self):
        """The quiet hours as pure/quiet.py takes them: two wall clock times, or None."""
        return None if self.quiet_from is None else (self.quiet_from, self.quiet_to)

    @property
    def wishes(self):
        """The Wishes of this client for all that the practice allows; fetch the client with its practice."""
        kinds = frozenset(self.practice.kinds) & set(KINDS)
        times = {"evening": self.evening, "hours": self.hours_before, "minutes": self.minutes_before}
        return Wishes(zone=self.time_zone, kinds=kinds, quiet=self.quiet, **times)

    def wants(self, kind, channel):
        """Return whether this channel may carry reminders of this kind."""
        return f"{kind} {channel}" not in self.unwanted

    def wants_any(self, channel):
        """Return whether this channel may carry any kind that the practice sends by itself."""
        return any(self.wants(kind, channel) for kind in self.practice.kinds)

    def want(self, ways, channels):
        """Let each kind in `ways` come by its channels there, and by no other of `channels`; the rest stays."""
        asked = {f"{kind} {channel}" for kind in ways for channel in channels}
        chosen = {f"{kind} {channel}" for kind in ways for channel in ways[kind]}
        self.unwanted = sorted(set(self.unwanted) - asked | asked - chosen)

    def is_paused(self, instant):
        """Return whether all reminders rest at this instant, by the client's own calendar."""
        return when.paused(instant, self.paused_until, self.time_zone)

"""Series: the rule from which sessions are made, by a wall clock."""

import hashlib

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property

from checklist.models.checklists import Checklist, Way
from checklist.models.fields import UnguessableModel, ZoneField
from checklist.models.people import Client, User
from checklist.pure.series import Rule

OF_RULE = ("begins_on", "clock", "weeks", "way", "opening", "every")
SAID = (*OF_RULE, "time_zone", "minutes", "link", "map_link")


class SeriesQuerySet(models.QuerySet):
    """Sets of series."""

    def of(self, therapist):
        """Return this therapist's series with clients they still look after: nobody else's, not even a colleague's."""
        whose = {"client__therapist": therapist, "client__practice": therapist.practice}
        return self.filter(therapist=therapist, **whose)


class Series(UnguessableModel):
    """The weekly (or other) rule of a client's sessions, with what all of them have alike."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="series")
    therapist = models.ForeignKey(User, models.PROTECT, related_name="series")
    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="series")
    begins_on = models.DateField()
    clock = models.TimeField()
    time_zone = ZoneField()
    weeks = models.PositiveSmallIntegerField(default=1)
    minutes = models.PositiveSmallIntegerField(default=50)
    way = models.CharField(max_length=9, choices=Way, default=Way.VIDEO)
    opening = models.PositiveSmallIntegerField(default=0)  # so many in person first
    every = models.PositiveSmallIntegerField(default=0)  # then each one of so many, 0 for none
    link = models.URLField(max_length=500, blank=True)
    map_link = models.URLField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = SeriesQuerySet.as_manager()

    def __str__(self):
        return str(self.id)

    @cached_property
    def rule(self):
        """The Rule by which its sessions start and meet."""
        return Rule(zone=self.time_zone, **{name: getattr(self, name) for name in OF_RULE})

    @property
    def mark(self):
        """A short word for all that it says, by which a page that shows it tells that it was changed since."""
        said = "\n".join(str(getattr(self, name)) for name in SAID)
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def follow(self, rule):
        """Go by another Rule from now on."""
        for name in OF_RULE:
            setattr(self, name, getattr(rule, name))
        self.time_zone, self.rule = rule.zone, rule

    def link_for(self, way):
        """Return where a session joins that meets this way: a map for a visit."""
        return self.map_link if way == Way.IN_PERSON else self.link

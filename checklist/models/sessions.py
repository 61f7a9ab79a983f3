"""Session: one meeting, kept in UTC together with the zone it was arranged in."""

from datetime import timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from checklist.models.checklists import Version, Way
from checklist.models.fields import UnguessableModel, ZoneField
from checklist.models.people import Client, User
from checklist.models.series import Series
from checklist.models.session_sets import SessionQuerySet
from checklist.models.sharing import Share
from checklist.pure.fold import fold
from checklist.pure.readiness import readiness

JOIN_OPENS = timedelta(minutes=15)
MOST_NUDGES = 2


class Session(UnguessableModel):
    """One meeting of a client with a therapist."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        CANCELLED = "cancelled", _("Cancelled")

    client = models.ForeignKey(Client, models.CASCADE, related_name="sessions")
    therapist = models.ForeignKey(User, models.PROTECT, related_name="sessions")
    version = models.ForeignKey(Version, models.PROTECT, related_name="sessions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    time_zone = ZoneField()
    way = models.CharField(max_length=9, choices=Way, default=Way.VIDEO)
    arranged_way = models.CharField(max_length=9, choices=Way, blank=True)  # before the client switched it
    switched_at = models.DateTimeField(null=True, blank=True)
    link = models.URLField(max_length=500, blank=True)
    first = models.BooleanField(default=False)
    status = models.CharField(max_length=9, choices=Status, default=Status.PLANNED)
    revision = models.PositiveIntegerField(default=1)
    sequence = models.PositiveIntegerField(default=0)
    moved_from = models.DateTimeField(null=True, blank=True)
    series = models.ForeignKey(Series, models.SET_NULL, null=True, blank=True, related_name="sessions")
    series_number = models.PositiveSmallIntegerField(null=True, blank=True)  # from 0
    series_at = models.DateTimeField(
        null=True, blank=True
    )  # what its series last said for it: when it starts,
    series_minutes = models.PositiveSmallIntegerField(null=True, blank=True)  # how long it lasts,
    series_way = models.CharField(max_length=9, choices=Way, blank=True)  # how it meets,
    series_link = models.URLField(max_length=500, blank=True)  # and where
    cursor = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    objects = SessionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["therapist", "starts_at"]),
            models.Index(fields=["client", "ends_at"]),
            models.Index(fields=["client", "cursor"]),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="ends_after_start")
        ]

    def __str__(self):
        return str(self.id)

    def hold(self):
        """Lock the row and read it anew, so that nothing is undone or missed that happened meanwhile.

        The client's row comes first, as in ticking: whoever gives the next cursor waits there, and nobody in a ring.
        """
        list(Client.objects.select_for_update().filter(pk=self.client_id).values_list("pk"))
        self.refresh_from_db(from_queryset=Session.objects.select_for_update())

    @property
    def minutes(self):
        """The length in minutes."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def zone(self):
        """The zone it was arranged in, for reckoning."""
        return ZoneInfo(self.time_zone)

    @property
    def host(self):
        """The host of the link, to be shown beside it; empty without one."""
        return urlsplit(self.link).hostname or ""

    @property
    def cancelled(self):
        return self.status == self.Status.CANCELLED

    @property
    def arranged(self):
        """The way of meeting that the therapist arranged, whatever the client switched to."""
        return self.arranged_way or self.way

    def arrange(self, way):
        """Arrange another way. What the client switched to stays, unless that is the same or there is a visit now:
        a visit is not switched, so there would be no way back to it.
        """
        if self.switched and way not in (self.way, Way.IN_PERSON):
            self.arranged_way = way
        else:
            self.way, self.arranged_way, self.switched_at = way, "", None

    @property
    def switched(self):
        """Whether its client has switched it to another way than the therapist arranged."""
        return self.switched_at is not None and self.way != self.arranged_way

    @property
    def occasion(self):
        """What a reminder is about: this session at this revision of its time (R8)."""
        return f"session:{self.id}:{self.revision}"

    def nudge_occasion(self, number):
        """Return what the nudge of that number, from 1 to MOST_NUDGES, is about."""
        return f"{self.occasion}:nudge:{number}"

    @property
    def occasions(self):
        """All that may be said about this session at its present time: its occasion and those of its nudges."""
        return [self.occasion, *(self.nudge_occasion(number + 1) for number in range(MOST_NUDGES))]

    @property
    def join_opens_at(self):
        return self.starts_at - JOIN_OPENS

    def has_begun(self, now):
        return self.starts_at <= now

    def has_ended(self, now):
        return self.ends_at <= now

    def may_join(self, now):
        """Whether the join button is live: from 15 minutes before the start until the end."""
        return bool(self.link) and not self.cancelled and self.join_opens_at <= now < self.ends_at

    @property
    def clock(self):
        """The greatest clock of its log, (ms, count); (0, 0) when nothing was ticked. Prefetch `ticks` for many."""
        return max(((tick.ms, tick.count) for tick in self.ticks.all()), default=(0, 0))

    @cached_property
    def readiness(self):
        """The Readiness of this session from its ticks; prefetch `version__items` and `ticks` for many sessions."""
        states = fold(tick.operation for tick in self.ticks.all())
        return readiness(self.version.items.all(), states, self.way, self.first)

    @cached_property
    def seen(self):
        """What the therapist sees of the readiness, or None where that is not shared; all that the desk asks (R20)."""
        return self.client.shown(self.readiness)

    @property
    def seen_checks(self):
        """The connection checks that the therapist sees; prefetch `checks` for many sessions."""
        return self.checks.all() if self.client.shares(Share.CONNECTION) else []

"""Checklist, its versions and their items. A version that a session uses never changes (R1)."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from checklist.models.fields import UnguessableModel
from checklist.models.people import Practice
from checklist.models.saying import Saying


class Way(models.TextChoices):
    """The way of meeting, a property of each session."""

    VIDEO = "video", _("Video")
    VOICE = "voice", _("Voice")
    TEXT = "text", _("Text")
    IN_PERSON = "in_person", _("In person")


class Phase(models.TextChoices):
    """When an item wants doing."""

    AHEAD = "ahead", _("Ahead of time")
    HOUR = "hour", _("Within the hour")
    JUST_BEFORE = "just_before", _("Just before")


class Checklist(UnguessableModel):
    """A named list owned by a practice."""

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="checklists")
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return gettext(self.name)

    @property
    def current(self):
        """The newest version: the one that a session made now will use."""
        return self.versions.order_by("-number").first()

    @transaction.atomic
    def edit(self, items):
        """Give the list these unsaved items, as a new version; older versions stay for the sessions that use them."""
        newest = Checklist.objects.select_for_update().get(pk=self.pk).current
        version = Version.objects.create(checklist=self, number=newest.number + 1 if newest else 1)
        for position, item in enumerate(items):
            item.version, item.position = version, position
        Item.objects.bulk_create(items)
        return version

    @transaction.atomic
    def reword(self, key, original, texts):
        """Give one item these words (see Item.reword), as a new version (R1)."""
        items = list(Checklist.objects.select_for_update().get(pk=self.pk).current.items.all())
        for item in items:
            item.pk, item._state.adding = None, True
            if item.key == key:
                item.reword(original, texts)
        return self.edit(items)


class Version(models.Model):
    """One state of a checklist."""

    checklist = models.ForeignKey(Checklist, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["checklist", "number"], name="one_number_per_version")]

    def __str__(self):
        return f"{self.checklist_id} v{self.number}"

    @property
    def in_use(self):
        """Whether a session was made with it."""
        return self.sessions.exists()


def refuse_if_used(versions):
    """Raise ValidationError when a session was made with one of these versions (R1)."""
    if Version.objects.filter(pk__in=versions, sessions__isnull=False).exists():
        raise ValidationError(_("A session uses this list. Edit the checklist to get a new version."))


class ItemQuerySet(models.QuerySet):
    """Sets of items; what would change a version in use is refused."""

    def bulk_create(self, items, *args, **kwargs):
        refuse_if_used({item.version_id for item in items})
        return super().bulk_create(items, *args, **kwargs)

    def update(self, **fields):
        refuse_if_used(self.values("version"))
        return super().update(**fields)

    def delete(self):
        refuse_if_used(self.values("version"))
        return super().delete()


class Item(Saying):
    """One thing to do. `key` stays the same across versions, so that ticks find it."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="items")
    key = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    phase = models.CharField(max_length=11, choices=Phase)
    tip = models.CharField(max_length=20, blank=True)
    tool = models.CharField(max_length=20, blank=True)
    ways = models.JSONField(default=list)
    first_session_only = models.BooleanField(default=False)

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="one_key_per_version")]

    def __str__(self):
        return self.key

    def save(self, *args, **kwargs):
        refuse_if_used([self.version_id, *self._kept_in()])
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        refuse_if_used(self._kept_in())
        return super().delete(*args, **kwargs)

    def _kept_in(self):
        """Return the version that the row is in, whatever version it is being moved to."""
        return Item.objects.filter(pk=self.pk).values_list("version", flat=True)

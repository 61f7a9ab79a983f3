"""What several models share: unguessable ids and time zones."""

import uuid
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

ZONES = frozenset(zone for zone in available_timezones() if "/" in zone or zone == "UTC")


def known_zone(value):
    """Raise ValidationError unless `value` names an IANA time zone."""
    if value not in ZONES:
        raise ValidationError(_("Choose a time zone from the list."), code="zone")


class UnguessableModel(models.Model):
    """A row whose id may stand in an address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class ZoneField(models.CharField):
    """An IANA time zone's name, like America/New_York."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 64)
        kwargs.setdefault("default", "UTC")
        kwargs["validators"] = [known_zone]
        super().__init__(*args, **kwargs)

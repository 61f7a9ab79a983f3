"""A time zone chosen from a list that names each place once; a phone may still report an old name."""

from collections import defaultdict
from functools import cache

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from checklist.models.fields import ZONES
from checklist.pure.zones import OFFERED, today


class ZoneSelect(forms.Select):
    """A list of some hundred zones, drawn once for all pages: a template for each of them takes 60 ms a page."""

    def render(self, name, value, attrs=None, renderer=None):
        own = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        return format_html("<select{}>{}</select>", flatatt(own), _options(value))


class ZoneChoice(forms.ChoiceField):
    """A time zone, by its IANA name; an old name becomes the one of today."""

    widget = ZoneSelect
    default_error_messages = dict.fromkeys(
        ("required", "invalid_choice"), _("Choose a time zone from the list.")
    )

    def __init__(self, **kwargs):
        super().__init__(choices=zone_choices, **kwargs)

    def prepare_value(self, value):
        return today(value)

    def to_python(self, value):
        return today(super().to_python(value))

    def valid_value(self, value):
        return value in ZONES


def _options(value):
    """Return the options with this one selected; one that is not offered is added, or saving would change it."""
    drawn = _drawn(frozenset([value]) if value in ZONES - OFFERED else frozenset())
    begin = format_html('<option value="{}"', value or "")
    return mark_safe(drawn.replace(begin, f"{begin} selected", 1))  # noqa: S308 - both are escaped


@cache
def _drawn(more):
    rows = [
        *((zone, "", zone) for zone in more),
        *((zone, _also(zone), label) for zone, label in zone_choices()),
    ]
    return format_html_join("\n", '<option value="{}"{}>{}</option>', rows)


def zone_choices():
    """Return the zones for a list, with spaces for underscores."""
    return [(zone, zone.replace("_", " ")) for zone in sorted(OFFERED)]


@cache
def _also(zone):
    """Return the old names of a zone as an attribute, for js/places.js: phones go on reporting them for years."""
    names = _old_names()[zone]
    return format_html(' data-also="{}"', " ".join(names)) if names else ""


@cache
def _old_names():
    found = defaultdict(list)
    for name in sorted(ZONES - OFFERED):
        found[today(name)].append(name)
    return found

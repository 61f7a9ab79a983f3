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

SELECTED = mark_safe(" selected")


class ZoneSelect(forms.Select):
    """A list of some hundred zones, drawn in one go: a template for each of them takes 60 ms a page."""

    def render(self, name, value, attrs=None, renderer=None):
        # Or saving the form would change it unasked.
        kept = [(value, value)] if value in ZONES - OFFERED else []
        rows = [
            (zone, SELECTED if zone == value else "", _also(zone), label)
            for zone, label in [*kept, *self.choices]
        ]
        options = format_html_join("\n", '<option value="{}"{}{}>{}</option>', rows)
        own = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        return format_html("<select{}>{}</select>", flatatt(own), options)


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

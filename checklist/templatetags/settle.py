"""Filters and tags for every template. Write {% load settle %}; instants are aware, the active zone decides.

    {{ at|clock }}          3:00 pm
    {{ time|wall }}         10:00 pm, of a time without a date
    {{ at|day }}            Today, Tomorrow, Yesterday, Thursday 26 November (and the year if it is another)
    {{ at|day_within }}     the same in the middle of a line: in Spanish without a capital
    {{ at|whole_day }}      Thursday 26 November 2026, of an instant or a date, for what is read much later
    {{ at|in_words }}       now, in 42 minutes, in 3 hours, tomorrow, in 5 days
    {{ kbps|speed }}        980 kb/s, 5.3 Mb/s
    {% languages as rows %} [(code, its own name, whether the page is in it)]
    {% tick_fields %}       the hidden fields that every tick form of a page has; takes `back` from the context

`day` and `in_words` take the page's own present: {{ at|day:now }}, {{ at|in_words:now }}.
A missing instant gives an empty string.
"""

import uuid
from datetime import datetime

from django import template
from django.conf import settings
from django.template.defaultfilters import floatformat
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext

from checklist.channels import wording

register = template.Library()


@register.filter
def clock(at):
    """Return the time of day of an instant, like '3:00 pm'."""
    return wording.clock(at) if at else ""


@register.filter
def wall(time):
    """Return a time of day that is of no date, like '10:00 pm'."""
    return wording.wall(time) if time else ""


@register.filter
def day(at, now=None):
    """Return the day of an instant seen from `now` (the present when left out), like 'Tomorrow'."""
    return wording.day(at, now or timezone.now()) if at else ""


@register.filter
def day_within(at, now=None):
    """Return the same for the middle of a line: 'Tomorrow', in Spanish 'mañana'."""
    return wording.day_within(at, now or timezone.now()) if at else ""


@register.filter
def whole_day(at):
    """Return the day of an instant or a date, always with its year, like 'Thursday 26 November 2026'."""
    if not at:
        return ""
    date = timezone.localtime(at).date() if isinstance(at, datetime) else at
    return capfirst(wording.whole_date(date))


@register.filter
def in_words(at, now=None):
    """Return how far off an instant is at `now` (the present when left out), like 'in 42 minutes'."""
    return wording.in_words(at, now or timezone.now()) if at else ""


@register.filter
def speed(kbps):
    """Return a speed, given in kilobits a second, as the phone shows it: in megabits from one on."""
    if kbps < 1000:
        return gettext("%(rate)s kb/s") % {"rate": floatformat(kbps, "0g")}
    return gettext("%(rate)s Mb/s") % {"rate": floatformat(kbps / 1000, "-1")}


@register.simple_tag
def languages():
    """Return each language that Settle speaks, as (code, the name its people give it, whether it is the active one)."""
    return [(code, name, code == get_language()) for code, name in settings.LANGUAGES]


@register.simple_tag(takes_context=True)
def tick_fields(context):
    """Return the hidden fields of a tick form, with a fresh operation id: a form sent twice then counts once (R4)."""
    fields = {
        "csrfmiddlewaretoken": context.get("csrf_token", ""),
        "operation": uuid.uuid4(),
        "back": context.get("back", ""),
    }
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', fields.items())

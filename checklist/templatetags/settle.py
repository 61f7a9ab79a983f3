"""Filters and tags for every template. Write {% load settle %}; instants are aware, the active zone decides.

    {{ at|clock }}          3:00 pm
    {{ at|day }}            Today, Tomorrow, Yesterday, Thursday 26 November (and the year if it is another)
    {{ at|in_words }}       now, in 42 minutes, in 3 hours, tomorrow, in 5 days
    {% operation_id %}      a fresh UUID for a tick form's hidden field; `{% operation_id as id %}` keeps it

`day` and `in_words` take the page's own present: {{ at|day:now }}, {{ at|in_words:now }}.
A missing instant gives an empty string.
"""

import uuid

from django import template
from django.utils import timezone

from checklist.channels import wording

register = template.Library()


@register.filter
def clock(at):
    """Return the time of day of an instant, like '3:00 pm'."""
    return wording.clock(at) if at else ""


@register.filter
def day(at, now=None):
    """Return the day of an instant seen from `now` (the present when left out), like 'Tomorrow'."""
    return wording.day(at, now or timezone.now()) if at else ""


@register.filter
def in_words(at, now=None):
    """Return how far off an instant is at `now` (the present when left out), like 'in 42 minutes'."""
    return wording.in_words(at, now or timezone.now()) if at else ""


@register.simple_tag
def operation_id():
    """Return a fresh operation id: a form sent twice then counts once (R4)."""
    return str(uuid.uuid4())

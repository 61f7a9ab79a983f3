"""Sets of sessions that are over: those that took place, and those that a client may be asked about."""

from datetime import timedelta

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from checklist.models.outcomes import Outcome
from checklist.models.sessions import Session

MOST = 30
ASKED = timedelta(days=7)  # so long after its end a session is asked about on the first page


def took_place(sessions, now):
    """Return those that ended, were not cancelled, and of which nobody said that they did not happen."""
    return sessions.live().filter(ends_at__lte=now).exclude(outcome__kind=Outcome.Kind.NOT_HELD)


def counted(sessions):
    """Add `kept`: which of its client's sessions that took place each one is, from one, forgotten ones with them."""
    earlier = Session.objects.live().filter(client=OuterRef("client"), starts_at__lte=OuterRef("starts_at"))
    earlier = earlier.exclude(outcome__kind=Outcome.Kind.NOT_HELD)
    count = earlier.order_by().values("client").annotate(count=Count("pk")).values("count")
    return sessions.annotate(kept=Coalesce(Subquery(count), 0) + F("client__forgotten_kept"))


def to_mention(sessions, now):
    """Return what the first page mentions, in one query: sessions ahead that were cancelled, and those just over."""
    cancelled = Q(status=Session.Status.CANCELLED, ends_at__gt=now)
    over = Q(status=Session.Status.PLANNED, ends_at__lte=now, ends_at__gt=now - ASKED)
    rows = counted(sessions.filter(cancelled | over)).with_clients()
    return rows.select_related("therapist", "outcome", "fit").order_by("starts_at", "id")[:MOST]


def fetched(session):
    """Return one session anew, with what said.py looks at."""
    rows = counted(Session.objects.filter(pk=session.pk))
    return rows.select_related("client", "therapist", "outcome", "fit").get()

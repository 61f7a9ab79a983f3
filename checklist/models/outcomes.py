"""Outcome: what a client said of a session that is over, by one tap. Whether it is shared is theirs to say (R20)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checklist.models.fields import UnguessableModel
from checklist.models.sessions import Session
from checklist.pure.fold import fold
from checklist.pure.readiness import readiness


class Kind(models.TextChoices):
    """How it went, in the client's own words. None of them is about the client."""

    WELL = "well", _("It went well")
    TECHNICAL = "technical", _("Technical trouble")
    INTERRUPTED = "interrupted", _("We were interrupted")
    NOT_HELD = "not_held", _("It did not happen")


# What a notification offers: browsers show two buttons, and the page that it leads to has all four.
ON_NOTIFICATIONS = (Kind.WELL, Kind.TECHNICAL)
# The same in the therapist's words.
TOLD = {
    Kind.WELL: _("Went well"),
    Kind.TECHNICAL: _("Technical trouble"),
    Kind.INTERRUPTED: _("Interrupted"),
    Kind.NOT_HELD: _("Did not happen"),
}
NOT_SAID = ""  # the question was put aside


class OutcomeQuerySet(models.QuerySet):
    """Sets of outcomes."""

    def said(self):
        """Return those that say something."""
        return self.exclude(kind=NOT_SAID)

    def say(self, session, kind, now):
        """Keep what was said of a session, in place of what was said before; said again it changes nothing."""
        list_then = at_start(session)
        fields = {"kind": kind, "done": list_then.done, "applicable": list_then.applicable}
        known = self.filter(session=session, kind=kind)
        return known.first() or self.update_or_create(session=session, defaults=fields | {"said_at": now})[0]


class Outcome(UnguessableModel):
    """How one session went. `done` and `applicable` are its list as it stood when the session began."""

    Kind = Kind

    session = models.OneToOneField(Session, models.CASCADE, related_name="outcome")
    kind = models.CharField(max_length=11, choices=Kind, blank=True)
    done = models.PositiveSmallIntegerField(default=0)
    applicable = models.PositiveSmallIntegerField(default=0)
    said_at = models.DateTimeField(default=timezone.now)

    objects = OutcomeQuerySet.as_manager()

    def __str__(self):
        return str(self.id)

    @property
    def told(self):
        """What the therapist reads."""
        return TOLD[self.kind]


def at_start(session):
    """Return the Readiness of a session when it began: what was ticked later got nobody ready."""
    start = session.starts_at.timestamp() * 1000
    states = fold(tick.operation for tick in session.ticks.all() if tick.ms < start)
    return readiness(session.version.items.all(), states, session.way, session.first)

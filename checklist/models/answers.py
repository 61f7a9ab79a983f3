"""Answer: what a client said of a session ahead, by one tap in the app, on the notification or from a mail."""

import re
import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checklist.models import secret
from checklist.models.devices import Device
from checklist.models.fields import UnguessableModel
from checklist.models.sessions import Session

_TOKEN = re.compile(r"([0-9a-f]{32})\.([0-9]{1,9})\.([\w-]{43})", re.ASCII)


class Kind(models.TextChoices):
    """What may be said, in the client's own words."""

    CONFIRM = "confirm", _("I'll be there")
    MOVE = "move", _("I'd like another time")
    VOICE = "voice", _("Rather by voice")
    TEXT = "text", _("Rather by text chat")
    NO_PLACE = "no_place", _("No private place this time")


# What a notification offers: browsers show two buttons. Both fit every way of meeting.
ON_NOTIFICATIONS = (Kind.CONFIRM, Kind.MOVE)
# The same in the therapist's words.
TOLD = {
    Kind.CONFIRM: _("Confirmed"),
    Kind.MOVE: _("Asks to move"),
    Kind.VOICE: _("Asks for voice"),
    Kind.TEXT: _("Asks for text chat"),
    Kind.NO_PLACE: _("No private place this time"),
}
# Nobody means both: the later one takes the place of the other.
INSTEAD = {Kind.CONFIRM: Kind.MOVE, Kind.MOVE: Kind.CONFIRM, Kind.VOICE: Kind.TEXT, Kind.TEXT: Kind.VOICE}
# What has no sense for a way of meeting.
SENSELESS = {"voice": {Kind.VOICE}, "text": {Kind.TEXT}, "in_person": {Kind.NO_PLACE}}


class AnswerQuerySet(models.QuerySet):
    """Sets of answers."""

    def give(self, session, kind, device, now):
        """Keep an answer to the session at its present time; said again it changes nothing."""
        about = {"session": session, "occasion": session.occasion}
        self.bulk_create([Answer(kind=kind, device=device, created_at=now, **about)], ignore_conflicts=True)
        self.filter(kind=INSTEAD.get(kind, ""), **about).delete()

    def take_back(self, session, kind):
        """Forget an answer to the session at its present time."""
        self.filter(session=session, occasion=session.occasion, kind=kind).delete()


class Answer(UnguessableModel):
    """One thing that was said of a session at one revision of its time. No device means that it came from a mail."""

    Kind = Kind

    session = models.ForeignKey(Session, models.CASCADE, related_name="answers")
    kind = models.CharField(max_length=8, choices=Kind)
    occasion = models.CharField(max_length=60)
    device = models.ForeignKey(Device, models.SET_NULL, null=True, blank=True, related_name="answers")
    created_at = models.DateTimeField(default=timezone.now)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "occasion", "kind"], name="one_answer_per_kind")
        ]

    def __str__(self):
        return str(self.id)

    @property
    def told(self):
        """What the therapist reads."""
        return TOLD[self.kind]

    @property
    def asks(self):
        """Whether the therapist has something to do about it."""
        return self.kind != Kind.CONFIRM


def kinds_for(way):
    """Return the kinds that have a sense for this way of meeting, in order."""
    return [kind for kind in Kind if kind not in SENSELESS.get(way, ())]


def present(session):
    """Return the answers to a session at its present time, the newest first; prefetch `answers` for many sessions.

    One that the session meets by now, like voice once it is by voice, is left out.
    """
    kinds = kinds_for(session.way)
    rows = [row for row in session.answers.all() if row.occasion == session.occasion and row.kind in kinds]
    return sorted(rows, key=lambda row: row.created_at, reverse=True)


def token_of(session, client):
    """Return what a mail carries to answer from: for this session, at this time, from this client's present mailbox."""
    mac = secret.derived_token("answer", _about(session.id, session.revision, client))
    return f"{session.id.hex}.{session.revision}.{mac}"


def read(token):
    """Return (session id, revision, proof) as a token names them, or None; what it says is not proven yet."""
    if not (found := _TOKEN.fullmatch(token)):
        return None
    return uuid.UUID(found[1]), int(found[2]), found[3]


def is_proof(proof, session, revision):
    """Return whether a mail to the present mailbox of the session's client carried it, about that revision."""
    return secret.is_derived_token(proof, "answer", _about(session.id, revision, session.client))


def _about(session_id, revision, client):
    return f"{session_id}:{revision}:{client.mailbox}"

"""Sentences to start from, for the if-then plan: a few for each way of meeting, with the time of the next session."""

from datetime import timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklist import wording
from checklist.models import Plan
from checklist.models.checklists import Way
from checklist.pure.spoken import NO_BREAK

EARLIER = timedelta(minutes=15)
SOONER = timedelta(minutes=60)  # for who has a way to go
# fmt: off
DEEDS = {
    Way.VIDEO: (
        (gettext_lazy("sit down with my headphones on"), gettext_lazy("the room with the door shut")),
        (gettext_lazy("put the phone on a stand and drink some water"), gettext_lazy("my corner")),
    ),
    Way.VOICE: (
        (gettext_lazy("put my headphones on and turn off alerts"), gettext_lazy("the parked car")),
        (gettext_lazy("sit down with a glass of water"), gettext_lazy("the room with the door shut")),
    ),
    Way.TEXT: (
        (gettext_lazy("open the chat and turn off alerts"), gettext_lazy("my corner")),
        (gettext_lazy("write down my first line"), gettext_lazy("the kitchen")),
    ),
    Way.IN_PERSON: (
        (gettext_lazy("put on my coat and set off"), ""),
        (gettext_lazy("look up the way and pack my things"), gettext_lazy("the hall")),
    ),
}
# fmt: on


def ready_at(session):
    """Return when it is time to get ready for a session: a quarter of an hour before, for a visit an hour."""
    return session.starts_at - (SOONER if session.way == Way.IN_PERSON else EARLIER)


def suggestions(session, way):
    """Return [(name for an address, unsaved Plan)] for a way of meeting, with the time of a session if there is one."""
    cue = _cue(session, way)
    plans = [Plan(cue=cue, deed=str(deed), place=str(place)) for deed, place in DEEDS[way]]
    return [(f"{way}-{number}", plan) for number, plan in enumerate(plans)]


def suggested(name, session, way):
    """Return the parts of the suggestion of that name, or nothing."""
    plan = dict(suggestions(session, way)).get(name)
    return {"cue": plan.cue, "deed": plan.deed, "place": plan.place} if plan else {}


def _cue(session, way):
    """Return when it is time to get ready, as a weekday and a clock time; in words without a session."""
    if not session:
        return (
            _("an hour before we meet") if way == Way.IN_PERSON else _("a quarter of an hour before we meet")
        )
    at = ready_at(session)
    words = {"weekday": date_format(localtime(at), "l"), "time": wording.clock(at).replace(NO_BREAK, " ")}
    return _("%(weekday)s, %(time)s") % words

"""What a client says of a session that is over: how it went, and now and then how well it fits."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext

from checklist.models import Client, Fit, Outcome

WHILE = timedelta(days=30)  # after its end; then what was said stays as it is


@transaction.atomic
def say(session, kind, now):
    """Keep how a session went, in place of what was said before; return why not in words, or an empty string."""
    session.hold()
    if why := why_not(session, now):
        return why
    Outcome.objects.say(session, kind, now)
    return ""


@transaction.atomic
def take_back(session, model, now):
    """Forget the session's Outcome or Fit, whichever `model` is; return why not in words, or an empty string."""
    session.hold()
    if why := why_not(session, now):
        return why
    model.objects.filter(session=session).delete()
    return ""


@transaction.atomic
def reply(session, changes, now):
    """Keep these fields of a session's Fit: a reply to a question, or that the rest is skipped; return why not."""
    session.hold()
    if why := why_not(session, now):
        return why
    Fit.objects.update_or_create(session=session, defaults={**changes, "said_at": now})
    return ""


@transaction.atomic
def never_ask(session, now):
    """Skip the questions for good; return why not in words, or an empty string."""
    why = reply(session, {"skipped": True}, now)
    if not why:
        Client.objects.filter(pk=session.client_id).update(ask_fit=False)
    return why


def may_still(session, now):
    """Whether something may be said of a session, changed or taken back at `now`."""
    return not why_not(session, now)


def why_not(session, now):
    """Return in words why nothing may be said of a session at `now`, or an empty string."""
    if session.cancelled:
        return gettext("This was cancelled, so there is nothing to say about it.")
    if not session.has_ended(now):
        return gettext("It is not over yet. You can say how it went once it is.")
    if now > session.ends_at + WHILE:
        return gettext("That was a while ago, so it stays as it is.")
    return ""

"""A client's answer to a session ahead: from the app, from a notification, or from a mail."""

from django.db import transaction
from django.utils.translation import gettext

from checklist.models import Answer, Handover, Session, answers


def by_token(token):
    """Return (session, revision) for the token of a mail, or (None, None).

    It is good for one session at one time, and only from the client's present mailbox.
    """
    if not (said := answers.read(token)):
        return None, None
    session_id, revision, proof = said
    rows = Session.objects.select_related("client__practice", "therapist")
    session = rows.filter(pk=session_id, client__archived_at=None).first()
    if session is None or not answers.is_proof(proof, session, revision):
        return None, None
    return session, revision


def by_notification(handover_id, token):
    """Return (session, revision, device) of the notification that carried this token, or None three times.

    The revision is None when the session is at another time by now. A phone that was shut out answers nothing,
    and one tap never answers for two.
    """
    handover = Handover.proven(handover_id, token)
    device = handover and handover.subscription.device
    several = handover and len(handover.delivery.named) > 1
    if handover is None or several or device.revoked_at or device.client.archived_at:
        return None, None, None
    reminder = handover.delivery.reminder
    session = reminder.session
    return session, session.revision if reminder.occasion in session.occasions else None, device


@transaction.atomic
def give(session, kind, revision, now, device=None):
    """Keep this answer to the session as it was at that revision; return why not in words, or an empty string.

    `device` is the phone it came from, None for a mail. Said again it changes nothing.
    """
    session.hold()
    if why := why_not(session, revision, now):
        return why
    Answer.objects.give(session, kind, device, now)
    return ""


@transaction.atomic
def take_back(session, kind, revision, now):
    """Forget this answer; return why not in words, or an empty string."""
    session.hold()
    if why := why_not(session, revision, now):
        return why
    Answer.objects.take_back(session, kind)
    return ""


def why_not(session, revision, now):
    """Return in words why the session can't be answered any more as it was at that revision, or an empty string."""
    if session.cancelled:
        return gettext("This was cancelled, so there is nothing to answer.")
    if session.revision != revision:
        return gettext("The time has changed since. Look at the new time first.")
    if session.has_begun(now):
        return gettext("It has begun, so it is too late to answer here.")
    return ""

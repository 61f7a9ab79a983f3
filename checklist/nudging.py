"""A nudge: one more reminder that the therapist sends by hand, when it is of use and at a decent hour."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext

from checklist import reminding
from checklist.channels import wording
from checklist.models import Delivery, Reminder, Subscription
from checklist.models.sessions import MOST_NUDGES
from checklist.pure.quiet import is_quiet

APART = timedelta(minutes=30)
NUDGE = Reminder.Kind.NUDGE


@transaction.atomic
def nudge(session, now):
    """Plan a nudge for the session, to leave at once; return why not in words, or an empty string.

    Of two presses at once the second finds the first one's row (R8).
    """
    session.hold()
    if why := why_not(session, now):
        return why
    reminding.plan_nudge(session, len(_sent(session)) + 1, now)
    return ""


def why_not(session, now):
    """Return in words why no nudge may go to the client of this session at `now`, or an empty string."""
    return _about_session(session, now) or _about_client(session.client, now) or _about_limit(session, now)


def _about_session(session, now):
    if session.cancelled:
        return gettext("It was cancelled.")
    if session.has_begun(now):
        return gettext("It has begun.")
    if session.seen and session.seen.ready:  # nothing that they may see; more would tell what is hidden (R20)
        return gettext("Nothing on the list is open.")
    return ""


def _about_client(client, now):
    if client.archived_at:
        return gettext("They are archived.")
    if client.is_paused(now):
        return gettext("They have paused reminders.")
    if is_quiet(now, client.quiet, client.time_zone):
        return gettext("They have quiet hours just now.")
    if client.practice.suspended_at or not _reaches(client):
        return gettext("Neither e-mail nor a notification would reach them.")
    return ""


def _reaches(client):
    """Return whether a channel may carry a nudge to this client."""
    if client.takes_mail and client.wants(NUDGE, Delivery.Channel.EMAIL):
        return True
    return client.wants(NUDGE, Delivery.Channel.PUSH) and Subscription.objects.of(client).exists()


def _about_limit(session, now):
    sent = _sent(session)
    if len(sent) >= MOST_NUDGES:
        return gettext("You have sent two for this session. That is the most.")
    if sent and now < sent[-1] + APART:
        words = {"last": wording.clock(sent[-1]), "next": wording.clock(sent[-1] + APART)}
        if session.has_begun(sent[-1] + APART):
            return gettext("You sent one at %(last)s. There is no time for another.") % words
        return gettext("You sent one at %(last)s. The next can go at %(next)s.") % words
    return ""


def _sent(session):
    """Return when the nudges of this session were sent, whatever its time was then."""
    rows = Reminder.objects.filter(session=session, kind=NUDGE)
    return list(rows.order_by("created_at").values_list("created_at", flat=True))

"""The words of a notification, true at one moment. They show on lock screens: no person, practice or purpose (R3)."""

from functools import lru_cache

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from checklist.channels import wording
from checklist.channels.addresses import session_url
from checklist.channels.push import payload
from checklist.models import Answer, Reminder, answers, outcomes


def notice(reminder, handover, now):
    """Return the push payload of a session's Reminder for one phone, by the client's wall clock at `now`.

    `data` holds what our service worker proves with that it was shown.
    """
    if reminder.kind == Reminder.Kind.AFTER:
        return _question(reminder, handover)
    first, starts = reminder.sessions[0], tuple(session.starts_at for session in reminder.sessions)
    url = session_url(first.id)
    language, zone = reminder.client.speaks, reminder.client.time_zone
    title, body, answered = _words(language, zone, starts, now.replace(second=0, microsecond=0))
    data = {"handover": str(handover.id), "token": handover.token()}
    actions = _actions(url, answered) if len(starts) == 1 else []
    return payload(title, body, url, str(first.id), language, data, actions)


def _question(reminder, handover):
    """Return the payload that asks how a session went. Browsers show two answers; the page behind it has all four."""
    url = f"{session_url(reminder.session_id)}#outcome"
    data = {"handover": str(handover.id), "token": handover.token()}
    language = reminder.client.speaks
    with translation.override(language):
        offered = [
            {"action": kind.value, "title": str(kind.label), "navigate": url}
            for kind in outcomes.ON_NOTIFICATIONS
        ]
        body = gettext("How did it go? One tap is enough.")
        tag = str(reminder.session_id)
        return payload(gettext("Reminder"), body, url, tag, language, data, offered)


@lru_cache(maxsize=1000)
def _words(language, zone, starts, minute):
    """Return title, body and what the answers are called; within a minute many people get the same words."""
    with translation.override(language), timezone.override(zone):
        titles = {Answer.Kind.CONFIRM: gettext("I'll be there"), Answer.Kind.MOVE: gettext("Another time")}
        return gettext("Reminder"), wording.when(starts, minute), titles


def _actions(url, titles):
    """Return the answers that a notification offers; without our worker (notices.js) each leads to a page that asks."""
    return [
        {"action": kind.value, "title": titles[kind], "navigate": f"{url}?answer={kind.value}"}
        for kind in answers.ON_NOTIFICATIONS
    ]


def trial():
    """Return the push payload by which a person tries if notifications reach this phone, in the page's language."""
    return payload(
        title=gettext("Reminder"),
        body=gettext("This is a test. It reached your phone."),
        navigate=settings.BASE_URL + reverse("client:reminders"),
        tag="test",
        lang=translation.get_language(),
        data={},
        actions=[],
    )

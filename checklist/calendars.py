"""A session as a calendar entry that says nothing private (R3)."""

from datetime import UTC, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext
from icalendar import Alarm, Calendar, Event

from checklist.channels.addresses import session_url

ALARMS = (timedelta(minutes=-60), timedelta(minutes=-10))


def calendar(session, now):
    """Return the .ics bytes of one session: UTC times, an id that stays, a sequence that grows."""
    book = Calendar()
    book.add("prodid", "-//Settle//EN")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add_component(_event(session, now))
    return book.to_ical()


def _event(session, now):
    event = Event()
    event.add("uid", f"{session.id}@{urlsplit(settings.BASE_URL).hostname}")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", session.starts_at.astimezone(UTC))
    event.add("dtend", session.ends_at.astimezone(UTC))
    event.add("sequence", session.sequence)
    event.add("status", "CANCELLED" if session.cancelled else "CONFIRMED")
    event.add("summary", gettext("Time set aside"))
    event.add("url", session_url(session.id))
    event.add("class", "PRIVATE")
    if not session.cancelled:
        for before in ALARMS:
            event.add_component(_alarm(before))
    return event


def _alarm(before):
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", gettext("Time set aside"))
    alarm.add("trigger", before)
    return alarm

"""Sessions as calendar entries that say nothing private (R3): the time set aside, and some before it to get ready."""

from datetime import UTC, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import get_language, gettext
from icalendar import Alarm, Calendar, Event

from checklist.channels.addresses import session_url

KEPT = timedelta(days=90)  # so long after its end a session stays in the feed
AGAIN = timedelta(hours=4)  # how often a calendar is asked to look
ALARMS = (timedelta(minutes=-60), timedelta(minutes=-10))
READY = timedelta(minutes=15)  # to get ready in, before the session
READY_ALARMS = (timedelta(0),)


def calendar(session, now):
    """Return the .ics bytes of one session: UTC times, ids that stay, a sequence that grows."""
    return _book([session], now).to_ical()


def feed(client, now):
    """Return the .ics bytes of all sessions of a client, for a calendar that looks again and again."""
    book = _book(client.sessions.filter(ends_at__gt=now - KEPT).order_by("starts_at", "id"), now)
    book.add("x-wr-calname", gettext("Time set aside"))
    book.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
    return book.to_ical()


def _book(sessions, now):
    book = Calendar()
    book.add("prodid", f"-//Settle//{get_language().upper()}")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    for session in sessions:
        starts_at = session.starts_at.astimezone(UTC)  # first: on a wall clock 15 minutes may be an hour more
        before = (starts_at - READY, starts_at)
        within = (starts_at, session.ends_at.astimezone(UTC))
        book.add_component(_event(session, now, "", within, gettext("Time set aside"), ALARMS))
        book.add_component(_event(session, now, "-ready", before, gettext("Time to get ready"), READY_ALARMS))
    return book


def _event(session, now, part, times, summary, alarms):
    event = Event()
    event.add("uid", f"{session.id}{part}@{urlsplit(settings.BASE_URL).hostname}")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", times[0])
    event.add("dtend", times[1])
    event.add("sequence", session.sequence)
    event.add("status", "CANCELLED" if session.cancelled else "CONFIRMED")
    event.add("summary", summary)
    event.add("url", session_url(session.id))
    event.add("class", "PRIVATE")
    if not session.cancelled:
        for before in alarms:
            event.add_component(_alarm(before, summary))
    return event


def _alarm(before, summary):
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", before)
    return alarm

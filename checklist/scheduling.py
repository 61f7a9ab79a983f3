"""Making, moving, changing and cancelling a session; each plans its reminders anew."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext

from checklist import reminding
from checklist.models import Client, Session
from checklist.pure.connection import DOWN_FROM


def _touch(session):
    """Give the session the client's next cursor, so that phones fetch it, and calendars a higher sequence."""
    session.sequence += 1
    session.cursor = session.client.next_cursor()


@transaction.atomic
def book(client, therapist, version, starts_at, minutes, now, **fields):
    """Make a session of `minutes` from `starts_at` (aware) and plan its reminders; `fields`: time_zone, way, link."""
    session = Session(client=client, therapist=therapist, version=version, starts_at=starts_at, **fields)
    session.ends_at = starts_at + timedelta(minutes=minutes)
    session.cursor = client.next_cursor()
    session.client = Client.objects.select_related("practice").get(pk=client.pk)  # what it wishes by now
    session.save()
    renumber(client)
    session.refresh_from_db(fields=["first"])
    reminding.plan(session, now)
    return session


@transaction.atomic
def book_once(session_id, client, therapist, version, starts_at, minutes, now, **fields):
    """Book as book() does; return None where the form that made up this id was sent before: it has its session.

    What was booked with it for another client or time was another booking, from a page that came back.
    """
    client.next_cursor()  # locks the client: of two at once the second waits here, and then finds the first
    made = Session.objects.filter(pk=session_id).first()
    if made and (made.client_id, made.starts_at) == (client.pk, starts_at):
        return None
    fields["id"] = uuid.uuid4() if made else session_id
    return book(client, therapist, version, starts_at, minutes, now, **fields)


@transaction.atomic
def change(session, now, starts_at, minutes, seen=None, **fields):
    """Change a session. A new start counts as a move: a new revision, so that nothing old is sent (R10).

    `seen` is the sequence of the session as the therapist saw it. Return None, with nothing done, where somebody was
    quicker: where it is another by now, or the session was cancelled or is over (R2).
    """
    session.hold()
    if seen is not None and (session.sequence != seen or session.cancelled or session.has_ended(now)):
        return None
    if starts_at != session.starts_at:
        session.moved_from, session.revision = session.starts_at, session.revision + 1
    session.starts_at, session.ends_at = starts_at, starts_at + timedelta(minutes=minutes)
    if fields.get("way", session.way) != session.way:  # arranged anew: what the client switched is settled
        session.arranged_way, session.switched_at = "", None
    for name, value in fields.items():
        setattr(session, name, value)
    _touch(session)
    session.save()
    renumber(session.client)
    session.refresh_from_db(fields=["first"])
    reminding.plan(session, now)
    return session


@transaction.atomic
def switch(session, way, sequence, now):
    """Let the client switch to another way of meeting, or back; return why not in words, or an empty string.

    `sequence` is that of the session as the client saw it. Ticks stay, and count where they still apply (R2).
    """
    session.hold()
    if why := _why_no_switch(session, way, sequence, now):
        return why
    if way != session.way:
        session.arranged_way = session.arranged
        session.way, session.switched_at = way, now
        _touch(session)
        session.save()
        reminding.plan(session, now)
    return ""


def _why_no_switch(session, way, sequence, now):
    arranged = session.arranged
    if session.cancelled or session.has_ended(now):
        return gettext("This session is over, so it can't be switched.")
    if arranged not in DOWN_FROM:
        return gettext("You meet in person. Ask your therapist to change that.")
    if way != session.way and session.sequence != sequence:
        return gettext("This session has changed since. Look at it again first.")
    if way != session.way and way not in (arranged, *DOWN_FROM[arranged]):
        return gettext("Ask your therapist for this way of meeting.")
    if session.has_begun(now) and way not in (session.way, *DOWN_FROM[session.way]):
        return gettext("It has begun, so it is too late to switch back here.")
    return ""


@transaction.atomic
def cancel(session, now):
    """Cancel a session: its ticks stay, its reminders go."""
    session.hold()
    session.status = Session.Status.CANCELLED
    _touch(session)
    session.save()
    renumber(session.client)
    reminding.plan(session, now)
    return session


def renumber(client):
    """Mark the earliest live session of the client as the first, and no other; none once earlier ones are forgotten."""
    live = Session.objects.live().filter(client=client, client__forgotten_sessions=0)
    live = live.order_by("starts_at", "id")
    earliest = live.values_list("pk", flat=True).first()
    for session in Session.objects.filter(client=client, first=True).exclude(pk=earliest):
        _mark(session, first=False)
    for session in Session.objects.filter(pk=earliest, first=False):
        _mark(session, first=True)


def _mark(session, first):
    cursor = Client.objects.get(pk=session.client_id).next_cursor()
    Session.objects.filter(pk=session.pk).update(first=first, cursor=cursor)

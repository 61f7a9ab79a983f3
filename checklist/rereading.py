"""What decides about deliveries, read just before they would go (R9): many at once, what they share only once.

Practices and lists are attached by hand: Django's own prefetching took as long as all the rest of the reading.
"""

from collections import defaultdict
from contextlib import suppress
from functools import cache

from checklist.models import Delivery, Practice, Tick, Version
from checklist.pure.fold import fold
from checklist.pure.readiness import readiness


def reread(ids, now):
    """Return the deliveries of these ids, in that order, with all that decides about each at `now`, in five queries.

    One that was erased in this very moment is left out.
    """
    rows = Delivery.objects.with_marks(now).in_bulk(ids)
    return _with_lists(_with_practices([rows[pk] for pk in ids if pk in rows]))


def _with_practices(rows):
    practices = Practice.objects.in_bulk({row.reminder.client.practice_id for row in rows})
    there = [row for row in rows if row.reminder.client.practice_id in practices]
    for row in there:
        row.reminder.client.practice = practices[row.reminder.client.practice_id]
    return there


def _with_lists(rows):
    """Let each session know how ready it is; those of one list that nobody has touched are all the same."""
    sessions = [row.reminder.session for row in rows if row.reminder.session_id]
    versions = Version.objects.prefetch_related("items").in_bulk({session.version_id for session in sessions})
    states = _states(sessions)

    @cache
    def untouched(version_id, way, first):
        return readiness(versions[version_id].items.all(), {}, way, first)

    there = [session for session in sessions if session.version_id in versions]
    for session in there:
        about = session.way, session.first
        with suppress(Exception):  # met again by who asks for it, as the trouble of that one
            if done := states.get(session.pk):
                session.readiness = readiness(versions[session.version_id].items.all(), done, *about)
            else:
                session.readiness = untouched(session.version_id, *about)
    gone = {session.pk for session in sessions} - {session.pk for session in there}
    return [row for row in rows if row.reminder.session_id not in gone]


def _states(sessions):
    """Return {session id: {item: state}}, without the sessions that nobody has touched."""
    operations = defaultdict(list)
    for tick in Tick.objects.filter(session__in=[session.pk for session in sessions]):
        operations[tick.session_id].append(tick.operation)
    return {session_id: fold(log) for session_id, log in operations.items()}

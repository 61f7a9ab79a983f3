"""What a page shows of one session at one moment."""

import json
from urllib.parse import urlsplit

from checklist.models.checklists import Phase
from checklist.pure.phases import order


def showing(session, now, clients):
    """Return the context of the parts hero.html and phases.html; fetch the session with its list.

    `clients` are all that the phone stands for: its log counts for each of them apart.
    """
    phases = _phases(session, now)
    open_lines = [line for _label, part in phases for line in part.open_lines]
    return {
        "session": session,
        "now": now,
        "state": _state(session, now),
        "may_join": session.may_join(now),
        "host": urlsplit(session.link).hostname,
        "phases": phases,
        "next": open_lines[0] if open_lines else None,
        "clock": max(((tick.ms, tick.count) for tick in session.ticks.all()), default=(0, 0)),
        "cursor": json.dumps({str(client.id): client.cursor for client in clients}),
    }


def _phases(session, now):
    """Return [(label, Readiness of that phase)] in the order for this moment."""
    parts = dict(session.readiness.phases())
    return [(Phase(name).label, parts[name]) for name in order(session.starts_at - now) if name in parts]


def _state(session, now):
    if session.cancelled:
        return "cancelled"
    if session.has_ended(now):
        return "ended"
    return "begun" if session.has_begun(now) else "ahead"

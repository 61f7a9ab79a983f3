"""What a page shows of a session at one moment, as words: templates take them, and so does the phone's own page."""

from functools import lru_cache

from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import mark_safe

from checklist.channels import wording
from checklist.models import answers
from checklist.models.checklists import Phase
from checklist.models.plans import sentence_of
from checklist.pure import spoken
from checklist.pure.phases import order
from checklist.views.client.toolbox import CHIPS

OF_SESSION = '#{session}"'  # the end of a tool's address; no words of a person can have a bare quote in them


class Slots(dict):
    """Stands in for the words of a row: each name gives itself in braces, for the phone to fill in (slots.js)."""

    def __missing__(self, name):
        return f"{{{name}}}"


def showing(session, now, asked=None):
    """Return the context of the parts hero.html, answers.html and phases.html; fetch the session with its list.

    `asked` is the kind of answer that a notification led here for, as its address says it.
    """
    readiness, words = session.readiness, _words(session, now)
    phases = _phases(session, now, words)
    open_keys = [row["key"] for _label, _part, rows in phases for row in rows if row["state"] == "open"]
    return {
        "session": session,
        "state": _state(session, now),
        **_answers(session, now, asked),
        "show": words,
        "plan": "" if session.cancelled or session.has_ended(now) else sentence_of(session.client),
        "ring": {"done": readiness.done, "total": readiness.applicable},
        "all_set": bool(readiness.applicable and not open_keys),
        "phases": phases,
        "next": open_keys[0] if open_keys else None,
    }


def _answers(session, now, asked):
    """Return `answers`, what may be said of a session ahead, with what was; `asked` waits for one more tap."""
    if _state(session, now) != "ahead":
        return {}
    given = {row.kind for row in answers.present(session)}
    rows = [
        {"kind": kind.value, "label": kind.label, "given": kind in given}
        for kind in answers.kinds_for(session.way)
    ]
    waiting = next((row for row in rows if row["kind"] == asked and not row["given"]), None)
    return {"answers": rows, "answered": bool(given), "asked": waiting, "no_place": "no_place" in given}


def _phases(session, now, words):
    """Return [(label, Readiness of that phase, its rows)] in the order for this moment."""
    parts = dict(session.readiness.phases())
    found = [(name, parts[name]) for name in order(session.starts_at - now) if name in parts]
    template, language = get_template("client/item_parts.html").template, translation.get_language()
    return [
        (Phase(name).label, part, [_row(line, words, template, language) for line in part.lines])
        for name, part in found
    ]


def _row(line, shown, template, language):
    """Return the words of an item as it stands, and its `parts` as markup; the name of its tool is true."""
    item = line.item
    words = item.words | {
        "done": line.done,
        item.tool: shown["calendar"] if item.tool == "calendar" else True,
    }
    words |= {"chips": CHIPS.get(item.tool, ()), "session": "{session}"}
    parts = _parts(template, language, tuple(words.items()))
    if words["chips"]:
        parts = mark_safe(parts.replace(OF_SESSION, f'#{shown["id"]}"'))  # noqa: S308 - an id of ours
    return {"key": item.key, "state": line.state, "done": line.done, "parts": parts}


# A third of a page's time went into these, and hardly any differ from one client to the next.
@lru_cache(maxsize=4096)
def _parts(template, language, words):
    """Return the markup of an item in the active `language`, which is here only to tell one language from another."""
    return template.render(Context({"row": dict(words)}))


def _words(session, now):
    """Return the words of a session's head: when, how, with whom, and the way in."""
    visit = session.way == "in_person"
    return {
        "id": str(session.id),
        "client": str(session.client_id),
        "seen": "{},{}".format(*session.clock),
        "day": wording.day(session.starts_at, now),
        "clock": wording.clock(session.starts_at),
        "left": wording.in_words(session.starts_at, now),
        "starts_at": session.starts_at.isoformat(),
        "zone": timezone.get_current_timezone_name(),
        "wall": f"{timezone.localtime(session.starts_at):%H:%M}",
        "place": spoken.place(timezone.get_current_timezone_name()),
        "sequence": session.sequence,
        "way": session.get_way_display().lower(),
        "minutes": session.minutes,
        "name": session.therapist.name,
        "moved": moment(session.moved_from, now) if session.moved_from else "",
        "directions": session.link if visit else "",
        "join": "" if visit else session.link,
        "opens": wording.clock(session.join_opens_at),
        "opens_at": session.join_opens_at.isoformat(),
        "may_join": session.may_join(now),
        "host": session.host,
        "no_link": not session.link and session.way in ("video", "text"),
        "calendar": reverse("client:calendar", args=[session.id]),
    }


def moment(at, now):
    """Return an instant in words, like 'Tomorrow, 3:00 pm'."""
    return f"{wording.day(at, now)}, {wording.clock(at)}"


def entry(session, now, over=False):
    """Return the words of one session as a line of a list; `over` leaves out what only matters beforehand."""
    readiness = None if over or session.cancelled else session.readiness
    return {
        "url": reverse("client:session", args=[session.id]),
        "when": moment(session.starts_at, now),
        "way": session.get_way_display(),
        "name": session.therapist.name,
        "cancelled": session.cancelled,
        "moved": bool(readiness and session.moved_from),
        "done": readiness.done if readiness else 0,
        "total": readiness.applicable if readiness else 0,
    }


def _state(session, now):
    if session.cancelled:
        return "cancelled"
    if session.has_ended(now):
        return "ended"
    return "begun" if session.has_begun(now) else "ahead"

"""How ready somebody was for each session: the bars of a drawing, the same as a table, and a sentence that says it."""

from django.utils.translation import gettext, ngettext

from checklist import wording

SHOWN = 12  # sessions
WIDE, HIGH, BAR = 20, 60, 14  # in the drawing's own units: a step, a whole list, a bar


def plot(sessions, now):
    """Return the bars, the same as rows of a table, and a sentence that says what they show."""
    rows = [_row(place, session, now) for place, session in enumerate(sessions)]
    summary = ngettext(
        "Your last list: %(last)s done.",
        "Your last %(count)d lists: from %(first)s to %(last)s done.",
        len(rows),
    )
    figures = [row["figure"] for row in rows] or [""]
    summary = summary % {"count": len(rows), "first": figures[0], "last": figures[-1]}
    return {"bars": rows, "summary": summary if rows else "", "wide": WIDE * max(len(rows), 6)}


def _row(place, session, now):
    done, total = session.readiness.done, session.readiness.applicable
    high = round(HIGH * done / total, 1)
    figure = gettext("%(done)d of %(total)d") % {"done": done, "total": total}
    bar = {"x": place * WIDE + (WIDE - BAR) // 2, "y": HIGH - high, "high": high}
    return {**bar, "day": wording.full_day(session.starts_at, now), "figure": figure}

"""How ready somebody was for each session: the bars of a drawing, the same as a table, and a sentence that says it."""

from django.utils.translation import gettext, ngettext

from checklist import wording

SHOWN = 12  # sessions
WIDE, HIGH, BAR = 20, 60, 14  # in the drawing's own units: a step, a whole list, a bar


def plot(sessions, now):
    """Return the bars, the same as rows of a table, and a sentence that says what they show."""
    rows = [_row(place, session, now) for place, session in enumerate(sessions)]
    summary = ngettext(
        "Of your last list, %(percent)d %% was done.",
        "Of your last %(count)d lists, %(percent)d %% was done.",
        len(rows),
    )
    done = sum(session.readiness.done for session in sessions)
    total = sum(session.readiness.applicable for session in sessions) or 1
    summary = summary % {"count": len(rows), "percent": round(100 * done / total)}
    return {"bars": rows, "summary": summary if rows else "", "wide": WIDE * max(len(rows), 6)}


def _row(place, session, now):
    """Return one bar. Its figures are text: a page in another language would write them with a comma."""
    done, total = session.readiness.done, session.readiness.applicable
    high = round(HIGH * done / total, 1)
    figure = gettext("%(done)d of %(total)d") % {"done": done, "total": total}
    bar = {"x": place * WIDE + (WIDE - BAR) // 2, "y": f"{HIGH - high:.1f}", "high": f"{high:.1f}"}
    return {**bar, "day": wording.full_day(session.starts_at, now), "figure": figure}

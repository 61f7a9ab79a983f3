"""A client's Journey as words and figures: for the page, and as plain data for the phone's copy of it."""

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from checklist import wording
from checklist.pure import consistency
from checklist.views.client.plot import SHOWN, plot

LEVELS = (_("Taking root"), _("Growing"), _("Steady"), _("Strong"))
SAYINGS = (
    _("Each time you get ready, it grows a little."),
    _("Getting ready is turning into a habit."),
    _("You get ready again and again."),
    _("Getting ready is a firm part of how you meet."),
)
MILESTONES = {
    1: _("Your first session"),
    5: _("Your fifth session"),
    10: _("Your tenth session"),
    20: _("Your twentieth session"),
    30: _("Your thirtieth session"),
    50: _("Your fiftieth session"),
    75: _("Your seventy-fifth session"),
    100: _("Your hundredth session"),
}
VERDICTS = {
    "video": _("%(verdict)s for video"),
    "voice": _("%(verdict)s for voice"),
    "text": _("%(verdict)s for text"),
}


def words(client, journey, now):
    """Return what the page says of a Journey, as plain data."""
    reached, count = journey.strength, journey.count
    level = consistency.level(reached)
    kept = ngettext("You have kept %(count)d session.", "You have kept %(count)d sessions.", count)
    return {
        "name": client.therapist.name,
        "zone": client.time_zone,
        "any": bool(count),
        "strength": round(reached * 100),
        "word": str(LEVELS[level]),
        "saying": str(SAYINGS[level]),
        "count": count,
        "kept": kept % {"count": count},
        "since": _day(next(iter(journey.starts), None), now) if not journey.forgotten else "",
        **plot(journey.measured[-SHOWN:], now),
        "checks": [_check(check, now) for check in reversed(journey.checks)],
        "milestones": [
            {"title": str(MILESTONES[number]), "day": _day(at, now)}
            for number, at in reversed(journey.milestones)
        ],
    }


def _day(at, now):
    return wording.full_day(at, now) if at else ""


def _check(check, now):
    said = gettext("No answer from the server")
    if check.verdict != check.Verdict.NO_ANSWER:
        said = str(VERDICTS.get(check.way, VERDICTS["video"])) % {"verdict": check.get_verdict_display()}
    return {"day": wording.full_day(check.created_at, now), "said": said}

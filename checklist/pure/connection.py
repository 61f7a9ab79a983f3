"""What the figures of a connection mean for a way of meeting. static/js/verdict.js is its twin (R22).

Figures by name: `rtt` and `jitter` in ms, `late` replies, `down` and `up` in kbps, `loss` in percent; None is unknown.
"""

from dataclasses import dataclass, field

GOOD, FAIR, POOR, NO_ANSWER = ORDER = ("good", "fair", "poor", "no_answer")
MORE_IS_BETTER = ("down", "up")
# Not measured over HTTPS, so that its absence lowers nothing (R23); all others that are unknown cap at fair.
OPTIONAL = ("loss",)
DOWN_FROM = {"video": ("voice", "text"), "voice": ("text",), "text": ()}

# The one place for what is good and what is fair: (good, fair). Less than that, or for kbps at least that much.
_LINE = {"rtt": (250, 400), "jitter": (30, 60), "late": (1, 2), "loss": (1, 5)}
LIMITS = {
    "video": {**_LINE, "down": (1100, 500), "up": (1100, 500)},
    "voice": {**_LINE, "down": (100, 50), "up": (100, 50)},
    "text": {},  # needs only a server that answers
}


@dataclass(frozen=True)
class Verdict:
    """One of ORDER, the figures that decided it, those that are missing, and a way of meeting that would work."""

    verdict: str
    worst: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    offer: str | None = None


def verdict(figures, way):
    """Return the Verdict on figures ({name: number or None}) for a way of meeting by video, voice or text."""
    limits = LIMITS[way]
    missing = [name for name in limits if figures.get(name) is None and name not in OPTIONAL]
    if not answered(figures):
        return Verdict(NO_ANSWER, missing=missing)
    known = {
        name: level(name, figures[name], limits[name]) for name in limits if figures.get(name) is not None
    }
    found = max([*known.values(), FAIR if missing else GOOD], key=ORDER.index)
    worst = [name for name, its in known.items() if its == found != GOOD]
    return Verdict(found, worst, missing, _offer(figures, way) if found == POOR else None)


def answered(figures):
    """Return whether the server answered at all: a probe came back, or some of the data arrived."""
    timed = any(figures.get(name) is not None for name in ("rtt", "jitter"))
    return timed or any((figures.get(name) or 0) > 0 for name in MORE_IS_BETTER)


def level(name, value, limits):
    """Return what one known figure says by itself: good, fair or poor."""
    good, fair = limits
    if name in MORE_IS_BETTER:
        return GOOD if value >= good else FAIR if value >= fair else POOR
    return GOOD if value < good else FAIR if value < fair else POOR


def _offer(figures, way):
    """Return the first simpler way that these figures do not make poor, or None."""
    return next((other for other in DOWN_FROM[way] if verdict(figures, other).verdict != POOR), None)

"""How ready a session is: done over applicable, with what is still open."""

from dataclasses import dataclass

from checklist.pure.fold import DONE, NOT_APPLICABLE, OPEN

PHASES = ("ahead", "hour", "just_before")


@dataclass(frozen=True)
class Line:
    """One item as it stands for one session."""

    item: object
    state: str = OPEN

    @property
    def done(self):
        return self.state == DONE

    @property
    def open(self):
        return self.state == OPEN

    @property
    def skipped(self):
        return self.state == NOT_APPLICABLE


@dataclass(frozen=True)
class Readiness:
    """The lines of one session, in the checklist's order."""

    lines: tuple[Line, ...]

    @property
    def done(self):
        return sum(line.done for line in self.lines)

    @property
    def applicable(self):
        return sum(not line.skipped for line in self.lines)

    @property
    def open_lines(self):
        return [line for line in self.lines if line.open]

    @property
    def ready(self):
        """Nothing applicable is open. A list without any item to do is ready as well."""
        return not self.open_lines

    @property
    def started(self):
        return any(not line.open for line in self.lines)

    @property
    def next(self):
        """The first open line, or None when all is done."""
        return next(iter(self.open_lines), None)

    def without(self, keys):
        """Return the Readiness of the same list without the items of these keys."""
        return Readiness(tuple(line for line in self.lines if line.item.key not in keys))

    def phases(self):
        """Return [(phase, Readiness of that phase)], without empty phases."""
        parts = ((phase, tuple(line for line in self.lines if line.item.phase == phase)) for phase in PHASES)
        return [(phase, Readiness(lines)) for phase, lines in parts if lines]


def applies(item, way, first):
    """Return whether `item` is on the list of a session met this way, first or later."""
    return way in item.ways and (first or not item.first_session_only)


def readiness(items, states, way, first):
    """Return the Readiness of a session: `items` in order, `states` folded; ticks of hidden items wait unseen (R2)."""
    return Readiness(
        tuple(Line(item, states.get(item.key, OPEN)) for item in items if applies(item, way, first))
    )

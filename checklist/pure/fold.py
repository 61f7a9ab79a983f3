"""Folds tick operations to one state per item: the last writer by hybrid logical clock wins (R4).

The same fold exists in JavaScript for the phone; both are held to tests/data/fold_vectors.json. The clock is the hybrid
logical clock of Kulkarni and others, 2014: milliseconds since 1970 UTC, and a count that orders what one of them saw.
"""

from dataclasses import dataclass

OPEN, DONE, NOT_APPLICABLE = "open", "done", "na"
STATES = (OPEN, DONE, NOT_APPLICABLE)
MOST_COUNT = 2**31 - 1  # far below 2**53, beyond which JavaScript holds no number exactly


@dataclass(frozen=True)
class Operation:
    """One device's wish that `item` be in `state`. `id` is a UUID as text; `seq` counts the device's operations."""

    id: str
    item: str
    state: str
    ms: int
    count: int = 0
    seq: int = 0

    @property
    def order(self):
        """A total order that every device and the server agree on; the id breaks ties."""
        return (self.ms, self.count, self.id)


def winners(operations):
    """Return {item: its greatest Operation}, in whatever order they come. They stand for the whole log."""
    latest = {}
    for operation in operations:
        kept = latest.get(operation.item)
        if kept is None or operation.order > kept.order:
            latest[operation.item] = operation
    return latest


def fold(operations):
    """Return {item: state}: for each item the state of its greatest operation."""
    return {item: operation.state for item, operation in winners(operations).items()}


def next_clock(now_ms, last):
    """Return the clock (ms, count) for a new operation at `now_ms`, after every clock seen so far (`last` or None).

    A count that is used up, which only somebody's own program brings about, goes on with the next millisecond.
    """
    if last is None or now_ms > last[0]:
        return (now_ms, 0)
    return (last[0], last[1] + 1) if last[1] < MOST_COUNT else (last[0] + 1, 0)


def clamp(clock, now_ms, last):
    """Return the clock, or where it runs ahead of the server's `now_ms`, the server's next one, if that is less.

    `last` is the greatest clock that the session has so far (or None): whatever the device had seen when it made
    the operation is part of that, so the operation still comes after it. Where `last` itself is ahead of `now_ms`,
    because the server read its clock and then waited for its turn, or because another server is ahead, its next one
    may be greater than the operation's own: that would put it after what its device made later.
    """
    return clock if clock[0] <= now_ms else min(clock, next_clock(now_ms, last))

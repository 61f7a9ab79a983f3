"""How steadily somebody gets ready: one number from 0 to 1 that each session moves a little.

    s' = s * m + x * (1 - m), m = 0.5 ** (1 / 4)

x is the share of a session's list that was done, 0 to 1. So the latest count most, four sessions weigh half, nothing is
ever lost at once, and half a list counts for half. It starts at 0 and grows: after one whole list 0.16, after four 0.5,
after eight 0.75. These figures are proposals that nobody has validated; they stand here and nowhere else.

A skip is None, and changes nothing: a session that was cancelled, one that its client says did not happen (whoever's
doing that was), and one with nothing on its list that applies.
"""

HALF_LIFE = 4  # sessions
M = 0.5 ** (1 / HALF_LIFE)
START = 0.0
LEVELS = (0.25, 0.5, 0.75)  # where one word ends and the next begins


def part(done, applicable):
    """Return how much of a list was done, 0 to 1, or None where there was nothing to do."""
    return done / applicable if applicable else None


def strength(parts, start=START):
    """Return the strength after these parts (0 to 1, or None for a skip), the earliest first."""
    reached = start
    for done in parts:
        if done is not None:
            reached = reached * M + done * (1 - M)
    return reached


def level(reached):
    """Return which of four words fits a strength: 0 for the lowest to 3."""
    return sum(reached >= border for border in LEVELS)

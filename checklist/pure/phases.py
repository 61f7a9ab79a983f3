"""In which order the phases of a list are shown: the one whose time it is comes first."""

from datetime import timedelta

from checklist.pure.readiness import PHASES

# How long before the start a phase's time ends, in the order of PHASES; the last one's never does.
ENDS = (timedelta(minutes=60), timedelta(minutes=15))


def order(left):
    """Return PHASES as they are shown with `left` (a timedelta) to the start.

    First the phase whose time it is, then those that follow, then the earlier ones, the nearest first.
    """
    current = sum(left < end for end in ENDS)
    return PHASES[current:] + PHASES[:current][::-1]

"""Which groups of a table are too small to be shown, so that nothing about few people can be read or reckoned from it.

A group under FEWEST is hidden. If what is hidden, taken together, is still under FEWEST, the next smallest goes too:
whoever subtracts what is shown from a total then learns of ten or more, which could have been shown anyway. So the
total may stand there, unless it is too small itself.

Of somebody else's clients, `others`, the same holds, and they have to be at least PERSONS: ten sessions of one person
are that person's. A reader who knows their own clients subtracts those first.
"""

from collections import Counter
from dataclasses import dataclass, field

FEWEST, PERSONS = 10, 3


@dataclass
class Group:
    """How often each kind was said in a group, and how many of these {client: count} are of somebody else's clients."""

    kinds: Counter = field(default_factory=Counter)
    others: Counter = field(default_factory=Counter)

    @property
    def total(self):
        return self.kinds.total()

    @property
    def small(self):
        """Whether this is too small to be told; nothing at all is not."""
        few_others = 0 < self.others.total() < FEWEST or 0 < len(self.others) < PERSONS
        return 0 < self.total < FEWEST or few_others

    def add(self, kind, count, other=None):
        """Count a kind, of another's client where `other` says whose."""
        self.kinds[kind] += count
        if other is not None:
            self.others[other] += count


def together(groups):
    """Return one Group of all of these."""
    whole = Group()
    for group in groups:
        whole.kinds.update(group.kinds)
        whole.others.update(group.others)
    return whole


def hidden(groups):
    """Return the names of those of {name: Group} that must not be shown, empty ones included: they look the same."""
    names = {name for name, group in groups.items() if group.small or not group.total}
    rest = sorted(set(groups) - names, key=lambda name: (groups[name].total, str(name)))
    while rest and together(groups[name] for name in names).small:
        names.add(rest.pop(0))
    return names

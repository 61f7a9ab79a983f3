"""Whether every reminder is due at the right minute: ten zones, two years, all kinds, any wishes and quiet hours.

Where clocks change, half of the sessions are within three days of a change. Each is held against _oracle.py, which
shares nothing with checklist/pure; so are the times of a push with a mail behind it. A tenth more is from years that
have what 2026 and 2027 lack: Samoa leaves a day out, Sao Paulo changes at midnight. Case 17 of a seed is the same
however many there are, and a wrong one is printed as something to type.
"""

import json
import secrets
import time
from collections import Counter
from datetime import time as Clock
from random import Random

from checklist.pure import when
from checklist.pure.wishes import KINDS, Wishes
from tests.proofs import _oracle
from tests.proofs._options import options
from tests.proofs._oracle import DAY, Walls, instant, minute

ZONES = (
    "America/New_York",
    "Europe/London",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Pacific/Apia",
    "UTC",
)
YEARS = minute(2026, 1, 1), minute(2028, 1, 1)
PAST = (
    ("Pacific/Apia", minute(2011, 9, 1), minute(2012, 5, 1)),
    ("America/Sao_Paulo", minute(2017, 10, 1), minute(2018, 4, 1)),
)
NEAR, CLOSE = 3 * DAY, 3 * 60
SHORT = "five hundred cases", {"cases": 500}
SHOWN = 20


def tables():
    """Return the Walls of the ten zones, and those of the past."""
    return [Walls(zone, *YEARS) for zone in ZONES], [Walls(*past) for past in PAST]


def case(walls, random):
    """Return a random case: the minute of the start, and wishes as the oracle takes them."""
    wishes = {
        "evening": random.choice((18 * 60, random.randrange(DAY))),
        "hours": random.randint(1, 24),
        "minutes": random.randint(5, 60),
        "kinds": [kind for kind in KINDS if random.random() < 0.9],
        "quiet": (begin := random.randrange(DAY), (begin + random.randint(0, 16 * 60)) % DAY),
    }
    start = random.randrange(walls.first, walls.last)
    if walls.changes and random.random() < 0.5:
        change = random.choice(walls.changes)
        start = change + random.randint(-CLOSE, NEAR)
        _aim(wishes, walls.at(change - random.randint(0, 1)), random)
    if random.random() < 0.1:
        wishes["quiet"] = None
    return min(max(start, walls.first), walls.last - 1), wishes


def _aim(wishes, wall, random):
    """Let the evening or a border of the quiet hours be at that reading of a change, or close to it."""
    near, long = (wall + random.randint(-90, 90)) % DAY, random.randint(1, 16 * 60)
    name, value = random.choice(
        [("evening", near), ("quiet", (near, (near + long) % DAY)), ("quiet", ((near - long) % DAY, near))]
    )
    wishes[name] = value


def ours(zone, wishes):
    """Return the same wishes as checklist/pure takes them."""
    clocks = {"evening": reading(wishes["evening"]), "kinds": frozenset(wishes["kinds"])}
    quiet = wishes["quiet"] and tuple(map(reading, wishes["quiet"]))
    return Wishes(zone, **{**wishes, **clocks, "quiet": quiet})


def reading(minutes):
    """Return the clock time of so many minutes after midnight."""
    return Clock(*divmod(minutes, 60))


def judge(walls, start, wishes, told, behind):
    """Hold one case against the oracle; return its figures and, when it is wrong, the case as one would type it."""
    plain = _oracle.plain(walls, start, wishes)
    right = _oracle.shifted(walls, plain, wishes)
    begin, wanted = instant(start), ours(walls.zone, wishes)
    marks = _oracle.dial(wishes["quiet"])
    pairs = {kind: _oracle.both(walls, at, start, marks) for kind, at in right.items()}
    figures = {"reminders": len(right), "shifted": sum(right[kind] != plain[kind] for kind in right)}
    figures["pairs_shifted"] = sum(pairs[kind][0] != right[kind] for kind in pairs)
    wrong = _differ("when.times", (begin, wanted), told, {kind: instant(at) for kind, at in right.items()})
    for kind, at in right.items():
        wrong = wrong or _differ(
            "when.behind", (instant(at), begin, wanted), behind, tuple(map(instant, pairs[kind]))
        )
    return {**figures, "wrong": bool(wrong)}, wrong


def _differ(name, asked, answer, right):
    """Return an empty string, or what was asked, given and right."""
    given = answer(*asked)
    return "" if given == right else f"{name}{asked!r}\n  gives     {given}\n  should be {right}"


def prove(cases, seed, told, places, behind=when.behind):
    """Judge that many cases of `told` and `behind`, in these tables; print the first wrong ones; return a Counter."""
    total = Counter(cases=0, reminders=0, shifted=0, pairs_shifted=0, wrong=0)
    for number in range(1, cases + 1):
        random = Random(f"{seed} {number}")  # noqa: S311 - no secret
        walls = random.choice(places)
        figures, wrong = judge(walls, *case(walls, random), told, behind)
        total.update(cases=1, **figures)
        if wrong and total["wrong"] <= SHOWN:
            print(f"Case {number}: {wrong}", flush=True)
    return total


def main(arguments):
    """Judge the cases; return 1 when one of them is wrong."""
    numbers = {"cases": (10**6, None), "seed": (secrets.randbelow(10**6), None)}
    chosen, began = options("times", __doc__, arguments, numbers, SHORT), time.monotonic()
    print(f"Seed {chosen.seed}", flush=True)
    total, past = (
        prove(cases, chosen.seed, when.times, places)
        for cases, places in zip((chosen.cases, chosen.cases // 10), tables(), strict=True)
    )
    how = {"zones": len(ZONES), "seconds": round(time.monotonic() - began, 1), "seed": chosen.seed}
    print("times", json.dumps({**total, "past": past, **how}))
    return 1 if total["wrong"] or past["wrong"] else 0

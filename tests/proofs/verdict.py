"""The verdict on a line never gets better by a worse figure, has no gap, and no missing figure improves it (R22).

Random points in Python; then the same points and their neighbours by the phone's module in Chromium, which has to say
word for word the same.
"""

import json
import shutil
from base64 import b64encode
from contextlib import contextmanager
from itertools import islice
from random import Random

from playwright.sync_api import sync_playwright

from checklist.pure.connection import FAIR, LIMITS, MORE_IS_BETTER, OPTIONAL, ORDER, verdict
from tests.proofs._options import options
from tests.proofs._server import TOP

NUMBERS = {"points": (100_000, None), "seed": (22, None)}
SHORT = "1,000 points", {"points": 1000}
NAMES = ("rtt", "jitter", "late", "down", "up", "loss")
HIGHEST = {"rtt": 2000, "jitter": 400, "late": 12, "down": 9000, "up": 9000, "loss": 100}
EDGES = {name: sorted({edge for way in LIMITS.values() for edge in way.get(name, ())}) for name in NAMES}
BATCH = 2000
IN_THE_BROWSER = """async ([address, cases]) => {
  const { verdict } = await import(address);
  return JSON.stringify(JSON.parse(cases).map(([figures, way]) => verdict(figures, way)));
}"""


def value(name, random):
    """Return a figure: unknown, at or beside a limit, or anything."""
    kind = random.random()
    if kind < 0.12:
        return None
    if kind < 0.4:
        return max(random.choice(EDGES[name]) + random.choice([-1, 0, 0, 1]), 0)
    if name == "late":
        return random.randint(0, 12)
    highest = HIGHEST[name] if kind < 0.7 else 1.3 * EDGES[name][-1]
    return round(random.uniform(0, highest), random.choice([0, 3]))


def points(count, seed):
    """Give that many (figures, way), always the same for a seed."""
    random = Random(seed)  # noqa: S311 - no secret
    ways = list(LIMITS)
    return (({name: value(name, random) for name in NAMES}, ways[number % 3]) for number in range(count))


def worse(name, known, random):
    """Return a value of that figure that is worse than a known one, or the same."""
    if name in MORE_IS_BETTER:
        return random.choice([0, known * random.random(), max(known - 1, 0)])
    return random.choice([known + 1, known * (1 + random.random()), HIGHEST[name] * 2])


def neighbours(point, name, random):
    """Return the point with a worse value of one figure (as it is, when unknown), without it, and with the best."""
    figures, way = point
    best = HIGHEST[name] if name in MORE_IS_BETTER else 0
    down = None if figures[name] is None else worse(name, figures[name], random)
    return [({**figures, name: other}, way) for other in (down, None, best)]


def rank(result):
    return ORDER.index(result["verdict"])


def fault(name, here, around, way):
    """Return which part of R22 these four results break, or an empty string."""
    lower, without, best = around
    if here["verdict"] not in ORDER or not set(here["worst"]) <= set(LIMITS[way]):
        return "gap"
    if rank(lower) < rank(here):
        return "a worse figure made it better"
    if rank(without) < rank(best):
        return "a missing figure made it better"
    if name in LIMITS[way] and name not in OPTIONAL:
        capped = rank(without) >= ORDER.index(FAIR) and name in without["missing"]
        return "" if capped else "a missing figure was not named, or counted as good"
    return ""


def cases(chosen):
    """Give (point, [(figure, its neighbours)]) for each point."""
    random = Random(chosen.seed + 1)  # noqa: S311 - no secret
    for point in points(chosen.points, chosen.seed):
        yield point, [(name, neighbours(point, name, random)) for name in NAMES]


def flat(batch):
    """Return all points of a batch of cases, one after the other."""
    return [
        each
        for point, around in batch
        for each in (point, *(one for _name, three in around for one in three))
    ]


def faults(batch, said):
    """Return [(point, figure, what is wrong)] of a batch of cases, whose verdicts were said in the order of flat()."""
    said, found = iter(said), []
    for point, around in batch:
        here = next(said)
        for name, _three in around:
            if why := fault(name, here, [next(said), next(said), next(said)], point[1]):
                found.append((point, name, why))
    return found


def in_python(points):
    return [vars(verdict(figures, way)) for figures, way in points]


@contextmanager
def chromium():
    """Return what says the verdicts of points by the phone's module, in a page of nobody."""
    source = b64encode((TOP / "static/js/verdict.js").read_bytes()).decode()
    address = f"data:text/javascript;base64,{source}"
    with sync_playwright() as play:
        program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
        page = play.chromium.launch(executable_path=program, args=["--no-sandbox"]).new_page()
        yield lambda points: json.loads(page.evaluate(IN_THE_BROWSER, [address, json.dumps(points)]))


def main(arguments):
    """Try the points in both languages and print the figures; return 1 when one breaks R22 or they differ."""
    chosen = options("verdict", __doc__, arguments, NUMBERS, SHORT)
    every, wrong, differ, count = cases(chosen), [], 0, 0
    with chromium() as in_chromium:
        while batch := list(islice(every, BATCH)):  # all at once would take gigabytes
            ours, theirs = in_python(flat(batch)), in_chromium(flat(batch))
            count += len(ours)
            wrong += faults(batch, ours) + faults(batch, theirs)
            differ += sum(one != other for one, other in zip(ours, theirs, strict=True))
    print("\n".join(f"{why}: {name} of {point}" for point, name, why in wrong[:5]))
    figures = {"points": chosen.points, "verdicts": count, "faults": len(wrong)}
    print("verdict", json.dumps({**figures, "differ": differ}))
    return 1 if wrong or differ else 0

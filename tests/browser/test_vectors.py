"""The fold and the clock of the phone, held to the vectors of those in Python and to logs of whole trials (R4)."""

import json
from pathlib import Path
from random import Random

import pytest
from django.templatetags.static import static

from checklist.pure.fold import Operation, fold
from tests.proofs.convergence import logs, trials

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "fold_vectors.json").read_text())
RUNS, EVENTS, SEED = 15, 40, 7

# As JSON text: what carries values out of a page would leave an item called __proto__ behind.
FOLD = """async ([address, logs]) => {
  const { fold } = await import(address);
  return JSON.stringify(logs.map((log) => fold(log)));
}"""

NEXT_CLOCK = """async ([address, cases]) => {
  const { nextClock } = await import(address);
  return cases.map(([now, last]) => nextClock(now, last));
}"""

GREATEST = """async ([address, lists]) => {
  const { greatest } = await import(address);
  return lists.map((clocks) => greatest(...clocks));
}"""


def written(operation, clock=None):
    """Return an Operation as the phone writes it."""
    row = {"id": operation.id, "item": operation.item, "state": operation.state}
    return row | {"clock": clock or [operation.ms, operation.count]}


def read(rows):
    return [written(Operation(**row)) for row in rows]


def in_orders(log):
    """Return a log as it is, reversed and shuffled."""
    return [log, log[::-1], Random(SEED).sample(log, len(log))]  # noqa: S311 - no secret


def folded(page, *kept):
    """Return what the phone's fold says of each log in each order: [[state, state, state], …]."""
    ordered = [order for log in kept for order in in_orders(log)]
    states = json.loads(page.evaluate(FOLD, [static("js/fold.js"), ordered]))
    return [states[place : place + 3] for place in range(0, len(states), 3)]


@pytest.fixture
def page(phone):
    """A page of ours, so that it may import our modules."""
    phone.goto("/")
    return phone


def test_r4_each_vector_folds_on_the_phone_to_its_state_in_any_order(page):
    names = [vector["name"] for vector in VECTORS["fold"]]
    states = folded(page, *(read(vector["operations"]) for vector in VECTORS["fold"]))
    right = {vector["name"]: [vector["state"]] * 3 for vector in VECTORS["fold"]}
    assert dict(zip(names, states, strict=True)) == right


def test_r4_the_next_clock_of_the_phone_is_what_its_vector_says(page):
    cases = [[vector["now"], vector["last"]] for vector in VECTORS["next_clock"]]
    clocks = page.evaluate(NEXT_CLOCK, [static("js/clock.js"), cases])
    names = [vector["name"] for vector in VECTORS["next_clock"]]
    right = {vector["name"]: vector["next"] for vector in VECTORS["next_clock"]}
    assert dict(zip(names, clocks, strict=True)) == right


def arrived(vector):
    """Return the operations of a vector with the clocks under which the server keeps them."""
    return [written(Operation(**row["operation"]), row["kept"]) for row in vector["arrivals"]]


def test_r4_what_the_server_kept_folds_on_the_phone_to_the_state_of_its_vector(page):
    names = [vector["name"] for vector in VECTORS["received"]]
    states = folded(page, *map(arrived, VECTORS["received"]))
    right = {vector["name"]: [vector["state"]] * 3 for vector in VECTORS["received"]}
    assert dict(zip(names, states, strict=True)) == right


def test_r4_the_greatest_clock_that_the_phone_finds_is_the_one_the_server_finds(page):
    lists = [[row["kept"] for row in vector["arrivals"]] for vector in VECTORS["received"]]
    found = page.evaluate(GREATEST, [static("js/clock.js"), [[None, *clocks] for clocks in lists]])
    assert found == [max(clocks) for clocks in lists]


def at_moments(log):
    """Return a log as it was each time when another eighth of it had arrived."""
    return [log[: len(log) * part // 8] for part in range(1, 9)]


def test_r4_logs_of_phones_with_wrong_clocks_fold_on_the_phone_as_on_the_server(page):
    whole = [log for trial in trials(RUNS, SEED, EVENTS) for log in logs(trial).values()]
    kept = [log for each in whole for log in at_moments(each)]
    states = folded(page, *([written(operation) for operation in log] for log in kept))
    assert len(kept) >= 200
    assert sum(len(log) > 3 for log in kept) > 80
    assert states == [[fold(log)] * 3 for log in kept]

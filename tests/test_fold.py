"""The fold of ticks is the same in any order, held to the vectors that JavaScript is held to as well (R4)."""

import json
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from checklist.pure.fold import STATES, Operation, clamp, fold, next_clock

VECTORS = json.loads((Path(__file__).parent / "data" / "fold_vectors.json").read_text())
MOST = 2**53 - 1


def vectors(kind):
    return pytest.mark.parametrize("vector", VECTORS[kind], ids=lambda vector: vector["name"])


def read(operations):
    return [Operation(**operation) for operation in operations]


def held_back(arrivals):
    """Return the operations as the server keeps them; `arrivals` is [(its own milliseconds, Operation)]."""
    kept = []
    for now, operation in arrivals:
        last = max(((row.ms, row.count) for row in kept), default=None)
        ms, count = clamp((operation.ms, operation.count), now, last)
        kept.append(replace(operation, ms=ms, count=count))
    return kept


# The shared vectors


def test_there_are_enough_vectors_and_no_two_have_one_name():
    names = [
        vector["name"] for kind in ("fold", "clamp", "next_clock", "received") for vector in VECTORS[kind]
    ]
    assert len(names) == len(set(names)) >= 40


@vectors("fold")
def test_a_vector_folds_to_its_state(vector):
    assert fold(read(vector["operations"])) == vector["state"]


@vectors("fold")
def test_a_vector_folds_to_its_state_in_the_opposite_order(vector):
    assert fold(reversed(read(vector["operations"]))) == vector["state"]


@pytest.mark.parametrize(
    "vector", [v for v in VECTORS["fold"] if len(v["operations"]) in (3, 4)], ids=lambda v: v["name"]
)
def test_a_short_vector_folds_to_its_state_in_every_order(vector):
    assert all(fold(order) == vector["state"] for order in permutations(read(vector["operations"])))


@vectors("clamp")
def test_a_clock_is_held_back_as_its_vector_says(vector):
    last = vector["last"] and tuple(vector["last"])
    assert list(clamp(tuple(vector["clock"]), vector["now"], last)) == vector["clamped"]


@vectors("next_clock")
def test_the_next_clock_is_what_its_vector_says(vector):
    last = vector["last"] and tuple(vector["last"])
    assert list(next_clock(vector["now"], last)) == vector["next"]


@vectors("received")
def test_what_arrived_folds_to_the_state_of_its_vector(vector):
    kept = held_back((arrival["now"], Operation(**arrival["operation"])) for arrival in vector["arrivals"])
    assert fold(kept) == fold(reversed(kept)) == vector["state"]
    assert [[row.ms, row.count] for row in kept] == [arrival["kept"] for arrival in vector["arrivals"]]


# Whatever people tick


clocks = some.integers(0, 3) | some.integers(0, MOST)
operations = some.builds(
    Operation,
    id=some.uuids().map(str),
    item=some.sampled_from(["light", "noise", "seat"]),
    state=some.sampled_from(STATES),
    ms=clocks,
    count=clocks,
    seq=clocks,
)
logs = some.lists(operations, unique_by=lambda operation: operation.id, max_size=12)


@given(logs, some.randoms(use_true_random=False))
def test_any_order_gives_the_same_state(log, random):
    shuffled = random.sample(log, len(log))
    assert fold(shuffled) == fold(log)


@given(logs, some.data())
def test_a_repeated_operation_changes_nothing(log, data):
    again = data.draw(some.lists(some.sampled_from(log), max_size=8)) if log else []
    assert fold(log + again) == fold(log)


@given(logs, logs)
def test_later_news_never_depends_on_what_was_folded_before(known, news):
    """What a phone keeps of a log is enough: the greatest operation of each item stands for all of them."""
    kept = [
        max((row for row in known if row.item == item), key=lambda row: row.order) for item in fold(known)
    ]
    ids = {row.id for row in known}
    news = [row for row in news if row.id not in ids]
    assert fold(kept + news) == fold(known + news)


@given(logs)
def test_only_what_was_ticked_has_a_state(log):
    assert fold(log).keys() == {operation.item for operation in log}


# What one phone ticks, one after the other, with a clock that may run ahead or be set back


@some.composite
def phones(draw):
    """Return [(arrival, Operation)] of one phone: its clock jumps about, the server's only goes forward."""
    arrival, last, sent = 10_000, None, []
    for seq in range(1, draw(some.integers(1, 10)) + 1):
        arrival += draw(some.sampled_from([0, 0, 1, 700]))
        last = next_clock(arrival + draw(some.sampled_from([-9000, -1, 0, 1, 2, 5000])), last)
        state, item = draw(some.sampled_from(STATES)), draw(some.sampled_from(["light", "noise"]))
        sent.append((arrival, Operation(f"{draw(some.integers(0, 10**9)):032}", item, state, *last, seq)))
    return sent


@given(phones())
def test_operations_held_back_keep_the_order_in_which_the_phone_made_them(sent):
    last_of_each_item = {operation.item: operation.state for _, operation in sent}
    assert fold(held_back(sent)) == last_of_each_item


@given(phones())
def test_a_phone_sees_its_own_last_tick_before_it_is_sent(sent):
    assert fold(operation for _, operation in sent) == {row.item: row.state for _, row in sent}


@given(phones())
def test_nothing_held_back_is_ahead_of_its_arrival(sent):
    arrivals = [arrival for arrival, _ in sent]
    assert all(row.ms <= arrival for row, arrival in zip(held_back(sent), arrivals, strict=True))


@given(now=clocks, last=some.none() | some.tuples(clocks, clocks))
def test_the_next_clock_is_after_the_last_and_never_before_now(now, last):
    following = next_clock(now, last)
    assert following[0] >= now
    assert last is None or following > last


@given(clock=some.tuples(clocks, clocks), now=clocks, last=some.none() | some.tuples(clocks, clocks))
def test_no_clock_is_held_back_to_later_than_it_was(clock, now, last):
    assert clamp(clock, now, last) <= clock


@given(now=clocks, last=some.none() | some.tuples(clocks, clocks), later=some.tuples(clocks, clocks))
def test_what_is_held_back_still_comes_after_all_that_its_device_had_seen(now, last, later):
    clock = max(later, next_clock(0, last))
    assert last is None or clamp(clock, now, last) > last

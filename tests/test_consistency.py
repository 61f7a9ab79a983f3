"""How steadily somebody gets ready: golden series, and what must hold for every series."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.pure import consistency
from checklist.pure.consistency import level, part, strength

parts = st.floats(0, 1)
sessions = st.one_of(st.none(), parts)


# Reckoned apart from the program, with thirty digits, by the closed form of the sum.
GOLDEN = {
    "whole lists": ([1] * 8, [0.159104, 0.292893, 0.405396, 0.5, 0.579552, 0.646447, 0.702698, 0.75]),
    "half lists": ([0.5] * 4, [0.079552, 0.146447, 0.202698, 0.25]),
    "a pause in the middle of life": (
        [1] * 4 + [0] * 4,
        [0.159104, 0.292893, 0.405396, 0.5, 0.420448, 0.353553, 0.297302, 0.25],
    ),
    "a start from nothing": ([0, 0, 1], [0, 0, 0.159104]),
    "more each time": ([0.25, 0.5, 0.75, 1], [0.039776, 0.112999, 0.214348, 0.339348]),
    "skips between": (
        [1, None, 1, None, None, 0.4],
        [0.159104, 0.159104, 0.292893, 0.292893, 0.292893, 0.309934],
    ),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_the_golden_series(name):
    done, expected = GOLDEN[name]
    assert [strength(done[: count + 1]) for count in range(len(done))] == pytest.approx(expected, abs=1e-6)


def test_it_starts_at_nothing_and_four_sessions_weigh_half():
    assert strength([]) == consistency.START == 0
    assert strength([1] * 4) == pytest.approx(0.5)
    assert strength([0] * 4, start=1) == pytest.approx(0.5)


@given(st.lists(sessions), st.data())
def test_more_readiness_in_any_session_never_lowers_it(series, data):
    place = data.draw(st.integers(0, max(len(series) - 1, 0)))
    more = [
        data.draw(st.floats(done, 1)) if n == place and done is not None else done
        for n, done in enumerate(series)
    ]
    assert strength(more) >= strength(series) - 1e-12


@given(st.lists(parts), st.lists(st.integers(0, 30)))
def test_skips_in_any_place_change_nothing(series, places):
    skipping = list(series)
    for place in places:
        skipping.insert(place, None)
    assert strength(skipping) == strength(series)


@given(st.lists(sessions, max_size=200))
def test_it_stays_between_nothing_and_one(series):
    assert 0 <= strength(series) <= 1


@given(st.lists(sessions), parts)
def test_one_more_session_moves_it_towards_that_session_and_not_beyond(series, done):
    before, after = strength(series), strength([*series, done])
    assert min(before, done) - 1e-12 <= after <= max(before, done) + 1e-12


def test_a_list_with_nothing_to_do_is_a_skip():
    assert part(0, 0) is None
    assert part(3, 4) == 0.75


@given(parts, parts)
def test_the_words_only_rise_with_it(one, other):
    low, high = sorted((one, other))
    assert 0 <= level(low) <= level(high) <= 3

"""Which groups of a table are hidden, so that no few people can be read or reckoned from it."""

from collections import Counter
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from checklist.pure.disclosure import FEWEST, PERSONS, Group, hidden, together
from checklist.pure.spreadsheets import cell


def group(well, technical=0, **others):
    return Group(Counter(well=well, technical=technical), Counter(others))


def test_a_group_of_ten_is_told_and_one_of_nine_is_not():
    assert hidden({"all": group(FEWEST)}) == set()
    assert hidden({"all": group(FEWEST - 1)}) == {"all"}


def test_what_a_total_would_give_away_is_hidden_with_another_group():
    """Of 12, 40 and 4 the 4 would follow from their sum, so the 12 is hidden as well."""
    assert hidden({"video": group(40), "voice": group(12), "text": group(4)}) == {"voice", "text"}


def test_two_small_groups_that_are_enough_together_hide_no_third():
    assert hidden({"video": group(40), "voice": group(7), "text": group(6)}) == {"voice", "text"}


def test_an_empty_group_looks_like_a_hidden_one_and_hides_no_other():
    assert hidden({"video": group(40), "voice": group(0)}) == {"voice"}


def test_ten_sessions_of_two_people_are_not_told_to_who_does_not_look_after_them():
    assert hidden({"all": group(30, kim=8, jo=8)}) == {"all"}
    assert hidden({"all": group(30, kim=5, jo=5, lee=2)}) == set()


def test_few_sessions_of_others_are_not_told_beside_many_of_ones_own():
    """Whoever knows their own forty subtracts them."""
    assert hidden({"all": group(43, kim=1, jo=1, lee=1)}) == {"all"}


sizes = st.integers(0, 40)
groups = st.lists(st.tuples(sizes, st.lists(st.integers(1, 15), max_size=5)), min_size=1, max_size=5).map(
    lambda drawn: {
        place: group(own + sum(others), **{f"{place}-{n}": count for n, count in enumerate(others)})
        for place, (own, others) in enumerate(drawn)
    }
)


@given(groups)
def test_nothing_that_is_told_and_no_difference_of_sums_is_of_few(table):
    gone = hidden(table)
    shown = [each for name, each in table.items() if name not in gone]
    rest = together(table[name] for name in gone)
    whole = together(table.values())
    assert not any(each.small for each in shown)
    assert not rest.small or whole.small or not shown
    for count in range(len(shown) + 1):
        for some in combinations(shown, count):
            left = whole.total - together(some).total
            assert whole.small or not shown or left == 0 or left >= FEWEST


@given(groups)
def test_of_other_peoples_clients_the_rest_is_of_enough_people_as_well(table):
    gone = hidden(table)
    rest, whole = together(table[name] for name in gone), together(table.values())
    assert whole.small or not rest.others or len(rest.others) >= PERSONS or gone == set(table)


def test_no_cell_is_run_as_a_formula():
    for begin in ("=", "+", "-", "@", "\t", "\r"):
        assert cell(f"{begin}1+1") == f"'{begin}1+1"
    assert [cell(value) for value in ("Video", 12, "", "a=1")] == ["Video", "12", "", "a=1"]

"""Readiness: done over applicable, what is still open, and what another way of meeting does to it (R2)."""

from dataclasses import dataclass

from checklist.pure.readiness import applies, readiness


@dataclass(frozen=True)
class Thing:
    key: str
    phase: str = "ahead"
    ways: tuple = ("video", "voice")
    first_session_only: bool = False


SEAT, LIGHT = Thing("seat"), Thing("light", phase="hour", ways=("video",))
ALERTS, LINK = Thing("alerts", phase="just_before"), Thing("link", first_session_only=True)
LIST = [LINK, SEAT, LIGHT, ALERTS]


def ready(states, way="video", first=False):
    return readiness(LIST, states, way, first)


def keys(lines):
    return [line.item.key for line in lines]


def test_what_nobody_ticked_is_open():
    assert keys(ready({}).open_lines) == ["seat", "light", "alerts"]


def test_done_counts_over_what_applies():
    result = ready({"seat": "done", "light": "na"})
    assert (result.done, result.applicable) == (1, 2)


def test_what_does_not_apply_is_neither_done_nor_open():
    result = ready({"light": "na"})
    assert (result.done, keys(result.open_lines)) == (0, ["seat", "alerts"])


def test_ready_means_that_nothing_is_open():
    assert ready({"seat": "done", "light": "na", "alerts": "done"}).ready


def test_one_open_item_is_not_ready():
    assert not ready({"seat": "done", "light": "done"}).ready


def test_a_list_on_which_nothing_applies_is_ready():
    assert ready(dict.fromkeys(["seat", "light", "alerts"], "na")).ready


def test_a_list_without_items_is_ready():
    result = readiness([], {}, "video", True)
    assert (result.ready, result.done, result.applicable, result.next) == (True, 0, 0, None)


def test_the_next_item_is_the_first_open_one():
    assert ready({"seat": "done"}).next.item is LIGHT


def test_when_all_is_done_nothing_comes_next():
    assert ready({"seat": "done", "light": "done", "alerts": "done"}).next is None


def test_a_list_is_started_by_the_first_tick():
    assert not ready({}).started
    assert ready({"light": "na"}).started


def test_an_item_that_was_opened_again_does_not_count_as_started():
    assert not ready({"seat": "open"}).started


def test_the_phases_come_in_the_order_of_time_and_only_where_there_is_something_to_do():
    parts = readiness([ALERTS, SEAT], {}, "voice", False).phases()
    assert [(phase, keys(part.lines)) for phase, part in parts] == [
        ("ahead", ["seat"]),
        ("just_before", ["alerts"]),
    ]


def test_each_phase_counts_for_itself():
    parts = dict(ready({"seat": "done"}).phases())
    assert (parts["ahead"].ready, parts["hour"].ready) == (True, False)


def test_a_first_session_has_its_own_items():
    assert keys(ready({}, first=True).lines) == ["link", "seat", "light", "alerts"]


def test_a_later_session_leaves_them_out():
    assert not applies(LINK, "video", False)


def test_r2_another_way_of_meeting_shows_what_applies_to_it():
    assert keys(ready({}, way="voice").lines) == ["seat", "alerts"]


def test_r2_another_way_of_meeting_keeps_the_ticks_that_still_apply():
    assert keys(
        line for line in ready({"seat": "done", "light": "done"}, way="voice").lines if line.done
    ) == ["seat"]


def test_r2_a_tick_on_a_hidden_item_waits_unseen_until_the_way_is_switched_back():
    states = {"light": "done"}
    assert ready(states, way="voice").done == 0
    assert ready(states, way="video").done == 1


def test_a_tick_for_an_item_that_the_list_never_had_is_passed_over():
    assert (ready({"gone": "done"}).done, ready({"gone": "done"}).started) == (0, False)

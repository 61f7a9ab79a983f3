"""The verdict on a line, held to the vectors that JavaScript is held to as well, and to R22 at any point."""

import json
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace

import pytest

from checklist.pure import connection
from checklist.pure.connection import LIMITS, verdict
from tests.proofs.verdict import NAMES, cases, faults, flat, in_python

VECTORS = json.loads((Path(__file__).parent / "data" / "verdict_vectors.json").read_text())
FEW = SimpleNamespace(points=5000, seed=22)
FINE = {"rtt": 80, "jitter": 8, "late": 0, "down": 5000, "up": 2000, "loss": None}


def test_there_are_enough_vectors_and_no_two_have_one_name():
    names = [vector["name"] for vector in VECTORS]
    assert len(names) == len(set(names)) >= 50


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_r22_a_vector_has_its_verdict(vector):
    assert asdict(verdict(vector["figures"], vector["way"])) == vector["result"]


def test_r22_every_limit_of_video_has_a_vector_at_it_and_one_just_beside_it():
    seen = {(n, v["figures"][n]) for v in VECTORS if v["way"] == "video" for n in NAMES}
    known = [(name, at) for name, at in seen if at is not None]
    for name, limits in LIMITS["video"].items():
        for edge in limits:
            assert (name, edge) in known or name == "up"
            assert any(n == name and edge - 1 <= at < edge for n, at in known) or name == "up"


def test_r22_at_any_point_a_worse_figure_makes_it_no_better_and_a_missing_one_neither():
    every = list(cases(FEW))
    assert faults(every, in_python(flat(every))) == []


@pytest.mark.parametrize("name", ["rtt", "jitter", "late", "down", "up"])
def test_r22_a_figure_that_is_left_out_is_missing_like_one_that_is_none(name):
    found = verdict({key: value for key, value in FINE.items() if key != name}, "video")
    assert (found.verdict, found.missing) == ("fair", [name])


def test_r22_the_proof_sees_an_unknown_figure_that_counts_as_good(monkeypatch):
    monkeypatch.setattr(connection, "OPTIONAL", NAMES)
    few = list(cases(SimpleNamespace(points=60, seed=1)))
    assert faults(few, in_python(flat(few)))


def test_r22_the_proof_sees_a_verdict_that_gets_better_by_a_worse_figure(monkeypatch):
    monkeypatch.setitem(connection.LIMITS["video"], "rtt", (400, 250))
    monkeypatch.setattr(
        connection, "level", lambda name, value, limits: "good" if value > limits[0] else "poor"
    )
    few = list(cases(SimpleNamespace(points=60, seed=1)))
    assert faults(few, in_python(flat(few)))


@pytest.mark.parametrize("way", ["video", "voice"])
@pytest.mark.parametrize("name", NAMES)
def test_r22_each_figure_can_decide_alone(way, name):
    worst = {**FINE, name: 0 if name in connection.MORE_IS_BETTER else 10**6}
    found = verdict(worst, way)
    assert (found.verdict, found.worst) == ("poor", [name])


def test_no_offer_is_made_that_would_be_poor_as_well():
    for figures, way in (point for point, _around in cases(FEW)):
        found = verdict(figures, way)
        assert (found.offer is not None) == (found.verdict == "poor" and way != "text")
        assert found.offer is None or verdict(figures, found.offer).verdict in ("good", "fair")


@pytest.mark.parametrize("nothing", [None, 0, -1, float("nan")])
def test_r22_a_figure_that_is_nothing_or_less_is_no_answer_as_in_javascript(nothing):
    assert verdict({"down": nothing, "up": nothing}, "text").verdict == "no_answer"
    assert verdict({"down": nothing, "up": 0.1}, "text").verdict == "good"

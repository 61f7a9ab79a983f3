"""The rules of the checks that a phone makes alone, held to their vectors (R22, R23)."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from django.templatetags.static import static

from tests.browser import devices

DATA = Path(__file__).parents[1] / "data"
ROOM, PICTURE, REFUSAL = (
    json.loads((DATA / f"{name}_vectors.json").read_text()) for name in ("room", "picture", "refusal")
)
# What a function of a module answers to each of these lists of arguments; null for nothing.
CALL = """async ([address, name, calls]) => {
  const module = await import(address);
  return calls.map((values) => module[name](...values) ?? null);
}"""
# The verdicts on voices from 10 under the room to 60 over it and on bursts up to 60, in half steps: [[verdict, …], …].
GRID = """async (address) => {
  const { judge } = await import(address);
  const steps = (from, to) => Array.from({ length: 2 * (to - from) + 1 }, (_, at) => from + at / 2);
  return steps(-10, 60).map((over) => steps(0, 60).map((burst) => judge({ over, burst })));
}"""
RANKS = ["unheard", "loud", "near", "headphones", "quiet"]


@pytest.fixture
def ask(phone):
    """Call a function of one of our modules, in a page of ours."""
    phone.goto("/")
    return lambda module, name, *calls: phone.evaluate(CALL, [static(f"js/{module}.js"), name, calls])


def names(vectors, answers, key="is"):
    """Return what was answered where it is not what the vector says, by the vector's name."""
    pairs = zip(vectors, answers, strict=True)
    return {vector["name"]: answer for vector, answer in pairs if answer != vector[key]}


def heard(vector):
    parts = {
        name: devices.loud(*map(tuple, vector[name])) for name in ("silence", "speech") if name in vector
    }
    return parts | {name: vector[name] for name in ("cleaned", "muted") if name in vector}


def test_r23_the_verdict_on_a_room_is_what_its_vector_says(ask):
    vectors = ROOM["verdict"]
    assert names(vectors, ask("room-verdict", "verdict", *([heard(vector)] for vector in vectors))) == {}


def test_r22_what_the_browser_does_to_the_sound_is_named_and_never_taken_for_nothing(ask):
    vectors = ROOM["cleaning"]
    calls = ([vector["settings"], vector["supported"]] for vector in vectors)
    assert names(vectors, ask("room-verdict", "cleaning", *calls)) == {}


def test_r22_a_louder_voice_and_softer_bursts_never_make_a_room_worse(phone):
    phone.goto("/")
    grid = [
        [RANKS.index(verdict) for verdict in row]
        for row in phone.evaluate(GRID, static("js/room-verdict.js"))
    ]
    assert {rank for row in grid for rank in row} == set(range(len(RANKS)))
    assert all(less <= more for rows in pairwise(grid) for less, more in zip(*rows, strict=True))
    assert all(softer >= louder for row in grid for softer, louder in pairwise(row))


@pytest.mark.parametrize(("name", "values"), [("verdict", ["figures"]), ("steady", ["last", "shown"])])
def test_the_verdict_on_the_light_is_what_its_vector_says(ask, name, values):
    vectors = PICTURE[name]
    calls = ([vector[value] for value in values] for vector in vectors)
    assert names(vectors, ask("picture-verdict", name, *calls)) == {}


def test_a_small_picture_is_measured_in_its_parts(ask):
    figures = ask("picture-verdict", "measure", *([devices.picture(name)] for name in devices.PICTURES))
    measured = dict(zip(devices.PICTURES, figures, strict=True))
    assert [measured["backlit"][part] for part in ("border", "centre")] == pytest.approx([200, 60])
    assert measured["covered"]["spread"] == pytest.approx(0)
    assert 30 < measured["dark"]["whole"] < 40
    verdicts = ask("picture-verdict", "verdict", *([row] for row in figures))
    assert verdicts == list(devices.PICTURES)


def test_brightness_is_that_of_rec_709(ask):
    colours = ([255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 255])
    rows = ask("picture-verdict", "measure", *([colour * (64 * 48)] for colour in colours))
    assert [row["whole"] / 255 for row in rows] == pytest.approx([0.2126, 0.7152, 0.0722])


def test_r24_why_there_is_no_device_is_what_its_vector_says(ask):
    vectors = REFUSAL["reason"]
    assert names(vectors, ask("refusal", "reason", *([vector["error"]] for vector in vectors))) == {}


def test_r24_a_person_may_take_their_time_and_a_device_that_hangs_may_not(ask):
    vectors = REFUSAL["pending"]
    assert names(vectors, ask("refusal", "pending", *([vector["now"]] for vector in vectors))) == {}


@pytest.mark.parametrize("name", ["browser", "system"])
def test_r24_each_browser_is_known_by_its_way_to_permissions(ask, name):
    vectors = REFUSAL["browser"]
    assert names(vectors, ask("refusal", name, *([vector["agent"]] for vector in vectors)), name) == {}

"""The phone's verdict on a line, held to the vectors of the one in Python and to the same limits (R22)."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from django.templatetags.static import static

from checklist.pure.connection import LIMITS, verdict
from tests.proofs.verdict import IN_THE_BROWSER, points

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "verdict_vectors.json").read_text())
TABLE = "async (address) => (await import(address)).LIMITS"


@pytest.fixture
def page(phone):
    """A page of ours, so that it may import our modules."""
    phone.goto("/")
    return phone


def said(page, cases):
    return json.loads(page.evaluate(IN_THE_BROWSER, [static("js/verdict.js"), json.dumps(cases)]))


def test_r22_each_vector_has_its_verdict_on_the_phone(page):
    found = said(page, [[vector["figures"], vector["way"]] for vector in VECTORS])
    names = [vector["name"] for vector in VECTORS]
    right = {vector["name"]: vector["result"] for vector in VECTORS}
    assert dict(zip(names, found, strict=True)) == right


def test_r22_the_phone_knows_the_limits_of_the_server(page):
    written = {way: {name: list(pair) for name, pair in limits.items()} for way, limits in LIMITS.items()}
    assert page.evaluate(TABLE, static("js/verdict.js")) == written


def test_r22_the_phone_says_what_the_server_says_at_any_point(page):
    some = list(points(5000, 22))
    assert said(page, some) == [asdict(verdict(figures, way)) for figures, way in some]

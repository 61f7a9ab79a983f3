"""The proofs in their short form, so that none of them has stopped working when someone wants to know."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.proofs.__main__ import proofs

TOP = Path(__file__).parent.parent


def prove(*arguments):
    """Run a proof in a process of its own."""
    command = [sys.executable, "-m", "tests.proofs", *arguments]
    return subprocess.run(command, cwd=TOP, capture_output=True, text=True, timeout=110)


@pytest.mark.parametrize("name", proofs())
def test_a_proof_in_short_ends_in_a_line_of_figures(name):
    result = prove(name, "--short")
    assert result.returncode == 0, result.stdout + result.stderr
    word, _, figures = result.stdout.splitlines()[-1].partition(" ")
    assert word == name
    assert json.loads(figures)


def test_every_proof_says_what_it_shows():
    listed = prove().stdout
    assert all(name in listed and words in listed for name, words in proofs().items())
    assert all(proofs().values())


def test_a_proof_that_does_not_exist_is_an_error_with_the_list():
    result = prove("nothing")
    assert result.returncode == 2
    assert "There is no proof called 'nothing'." in result.stdout
    assert "servers" in result.stdout

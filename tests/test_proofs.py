"""The proofs in their short form, so that none of them has stopped working when someone wants to know."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.proofs.__main__ import proofs

TOP = Path(__file__).parent.parent


def prove(*arguments, **environment):
    """Run a proof in a process of its own."""
    command, around = [sys.executable, "-m", "tests.proofs", *arguments], os.environ | environment
    return subprocess.run(command, cwd=TOP, env=around, capture_output=True, text=True, timeout=110)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """Return a folder with empty tables for all proofs: making them takes as long as most of these."""
    folder = tmp_path_factory.mktemp("prepared")
    command, around = [sys.executable, "manage.py", "migrate"], os.environ | {"SETTLE_DATA": str(folder)}
    subprocess.run(command, cwd=TOP, env=around, capture_output=True, check=True, timeout=110)
    return folder


@pytest.mark.parametrize("name", proofs())
def test_a_proof_in_short_ends_in_a_line_of_figures(name, prepared):
    result = prove(name, "--short", PROVE_START=str(prepared))
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

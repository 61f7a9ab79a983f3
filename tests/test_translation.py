"""R30: every text of the source has its Spanish, the compiled file is the written one, and placeholders agree."""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from tests import catalogue

ROOT = Path(settings.BASE_DIR)
WRITTEN = ROOT / "locale" / "es" / "LC_MESSAGES" / "django.po"
COMPILED = WRITTEN.with_suffix(".mo")
SOURCE = ("checklist", "project", "templates", "locale", "manage.py")
SPANISH = catalogue.read(COMPILED)
HOLES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}|</?\w+[^>]*>")
# Texts that are the same in both languages.
ALIKE = {"Settle", "Video", "Windows", "Mac", "PIN", "%(rate)s kbit/s"}
# Latin American and Castilian readers are spoken to as "tú", and by no gender where that can be.
STIFF = re.compile(r"\b(usted(es)?|vosotr[oa]s|vuestr[oa]s?|su terapeuta|os/as|o/a|@s)\b", re.IGNORECASE)


def run(*command, **options):
    missing = shutil.which(command[0]) is None
    assert not missing, f"{command[0]} is missing: install Debian's gettext, or use bin/test"
    return subprocess.run(command, check=True, capture_output=True, text=True, **options)


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    """Return the keys of all texts of the source, collected in a copy of it as bin/translate does."""
    folder = tmp_path_factory.mktemp("source")
    for name in SOURCE:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    collect = re.search(
        r'"\$PY" (manage\.py makemessages) .*?--extension(.*?)\n\n', bin_translate(), re.DOTALL
    )
    options = ["--extension", *collect[2].replace("\\\n", " ").split()]
    command = [sys.executable, *collect[1].split(), "--locale", "es", *options, "--keep-pot"]
    run(*command, cwd=folder, env={**os.environ, "SETTLE_DATA": str(folder / "var")})
    run("msgen", "locale/django.pot", "--output-file", "all.po", cwd=folder)
    run("msgfmt", "all.po", "--output-file", "all.mo", cwd=folder)
    return catalogue.read(folder / "all.mo").keys() - {""}


def bin_translate():
    return (ROOT / "bin" / "translate").read_text()


def entries():
    """Return [(text of the source, its Spanish)], each form of a plural by itself."""
    found = []
    for key, value in SPANISH.items():
        parts, said = key.rpartition("\x04")[2].split("\0"), value.split("\0")
        found += (
            [(parts[min(number, len(parts) - 1)], text) for number, text in enumerate(said)] if key else []
        )
    return found


def test_r30_every_text_of_the_source_is_there_in_spanish(texts):
    assert len(texts) > 700
    assert sorted(texts - SPANISH.keys()) == [], "bin/translate says what waits for words"


def test_r30_nothing_in_the_catalogue_is_of_no_use_any_more(texts):
    assert sorted(SPANISH.keys() - texts - {""}) == []
    assert "\n#~ " not in WRITTEN.read_text()


def test_r30_the_compiled_catalogue_is_the_written_one(tmp_path):
    """The compiled one is kept, because a fresh machine has no tools to make it."""
    run("msgfmt", "--check", str(WRITTEN), "--output-file", str(tmp_path / "now.mo"))
    assert catalogue.read(tmp_path / "now.mo") == SPANISH


def test_r30_nothing_is_guessed():
    assert [
        line for line in WRITTEN.read_text().splitlines() if line.startswith("#,") and "fuzzy" in line
    ] == []


def test_r30_each_translation_has_the_holes_of_its_source():
    assert {source: said for source, said in entries() if holes(source) != holes(said)} == {}


def holes(text):
    return Counter(HOLES.findall(text))


def test_r30_each_translation_begins_and_ends_like_its_source():
    """A space at an end, the mark that ends a sentence and a capital in front belong to the page."""
    wrong = {
        source: said
        for source, said in entries()
        if (source[:1].isspace(), source[-1:].isspace(), source[-1:] in ".:", source[-1:] == "?")
        != (said[:1].isspace(), said[-1:].isspace(), said[-1:] in ".:", said[-1:] == "?")
    }
    assert wrong == {}


def test_r30_what_is_asked_or_called_out_is_marked_at_both_ends():
    assert [said for _source, said in entries() if said.count("?") != said.count("¿")] == []
    assert [said for _source, said in entries() if said.count("!") != said.count("¡")] == []


def test_r30_spanish_speaks_plainly_to_one_person():
    assert [said for _source, said in entries() if STIFF.search(said)] == []


def test_r30_little_is_the_same_in_both_languages():
    same = {
        source
        for source, said in entries()
        if source == said and re.search("[a-z]{3}", HOLES.sub("", source))
    }
    assert same <= ALIKE

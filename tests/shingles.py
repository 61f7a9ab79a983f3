"""Finds words taken over from the two articles that Settle began from, without keeping the articles here.

tests/data/article_shingles.txt holds a hash of every run of seven words in them. It was made, and can be made
again, from the articles themselves:

    python -m tests.shingles ../shared/seeds/*.txt > tests/data/article_shingles.txt
"""

import re
import sys
from functools import cache
from hashlib import blake2b
from pathlib import Path

RUN = 7
KNOWN = Path(__file__).parent / "data" / "article_shingles.txt"


def runs(text):
    """Return every run of seven words in `text`, in lower case and without punctuation."""
    words = re.findall(r"[a-z0-9]+(?:'[a-z]+)*", text.lower().replace("\u2019", "'"))
    return [" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1)]


def copied(text):
    """Return the runs of seven words in `text` that stand in one of the articles as well."""
    return [run for run in runs(text) if _hashed(run) in _known()]


def _hashed(run):
    return blake2b(run.encode(), digest_size=6).hexdigest()


@cache
def _known():
    return frozenset(KNOWN.read_text(encoding="ascii").split())


if __name__ == "__main__":
    articles = [Path(name).read_text(encoding="utf-8") for name in sys.argv[1:]]
    print("\n".join(sorted({_hashed(run) for article in articles for run in runs(article)})))

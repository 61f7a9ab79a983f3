"""Adds up pytest's result files: what passed, failed and was skipped.

tally.py FILE... [--again FILE]  ends with 1 when a test failed, a file is missing or CI skipped a test. Of what failed
                                 in the first one and is in the last one too, which may be missing, that outcome counts.
tally.py --few FILE              names the tests of a file that failed; ends with 1 when there are none, or over FEW.
"""

import argparse
import os
import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

FEW = 10


def outcome(case):
    """Return passed, failed, skipped or expected (a failure that its test expects) for one test."""
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    skipped = case.find("skipped")
    if skipped is None:
        return "passed"
    return "expected" if skipped.get("type") == "pytest.xfail" else "skipped"


def outcomes(path):
    """Return {test: its outcome} of one file."""
    cases = ET.parse(path).iter("testcase")  # noqa: S314  (pytest wrote it a moment ago)
    found = {}
    for case in cases:  # one that failed in its end as well is there twice
        place, test = case.get("classname", "").replace(".", "/"), re.sub(r"@\w+$", "", case.get("name"))
        name = f"{place}.py::{test}"  # xdist adds @group to the names of a group
        found[name] = "failed" if found.get(name) == "failed" else outcome(case)
    return found


def few(path):
    """Print which tests of a file failed; return 0 when there are some, and few."""
    failed = [name for name, how in outcomes(path).items() if how == "failed"] if path.exists() else []
    print(*failed, sep="\n")
    return 0 if 0 < len(failed) <= FEW else 1


def tally(paths, again=None):
    """Return (how many tests of these files had each outcome, the tests that passed only in the file `again`)."""
    second = outcomes(again) if again and again.exists() else {}
    found, mended = [], []
    for path in paths:
        first, second = outcomes(path), second if path == paths[0] else {}
        mended += [name for name in first if (first[name], second.get(name)) == ("failed", "passed")]
        found += [second.get(name, was) if was == "failed" else was for name, was in first.items()]
    return {name: found.count(name) for name in ("passed", "failed", "skipped", "expected")}, mended


def main(paths, again):
    """Print the counts on the line that closes a test run."""
    there = [path for path in paths if path.exists()]
    counts, mended = tally(there, again)
    trouble = []
    if len(there) < len(paths):
        trouble.append("A pytest run ended without its result file, so this count is not complete.")
    if counts["skipped"] and os.environ.get("CI") == "true":
        trouble.append("In CI nothing may be skipped; the reasons are printed above.")
    print(
        *(f"Failed beside others, passed by itself: {name}" for name in mended),
        sep="\n",
        end="\n" * bool(mended),
    )
    if counts["expected"]:
        print(f"{counts['expected']} failed as expected")
    print("{passed} passed, {failed} failed, {skipped} skipped".format(**counts))
    print(*trouble, sep="\n", end="\n" if trouble else "")
    return 1 if trouble or counts["failed"] else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--again", type=Path)
    parser.add_argument("--few", action="store_true")
    given = parser.parse_args()
    sys.exit(few(given.files[0]) if given.few else main(given.files, given.again))

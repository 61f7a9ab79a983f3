"""Adds up pytest's result files: what passed, failed and was skipped.

Ends with 1 when a file is missing or CI skipped a test.
"""

import os
import sys
import xml.etree.ElementTree as ET
from pathlib import Path


def outcome(case):
    """Return passed, failed, skipped or expected (a failure that its test expects) for one test."""
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    skipped = case.find("skipped")
    if skipped is None:
        return "passed"
    return "expected" if skipped.get("type") == "pytest.xfail" else "skipped"


def tally(paths):
    """Return how many tests of these files had each outcome."""
    trees = [ET.parse(path) for path in paths]  # noqa: S314  (pytest wrote these files a moment ago)
    outcomes = [outcome(case) for tree in trees for case in tree.iter("testcase")]
    return {name: outcomes.count(name) for name in ("passed", "failed", "skipped", "expected")}


def main(paths):
    """Print the counts on the line that closes a test run."""
    there = [path for path in paths if Path(path).exists()]
    counts = tally(there)
    trouble = []
    if len(there) < len(paths):
        trouble.append("A pytest run ended without its result file, so this count is not complete.")
    if counts["skipped"] and os.environ.get("CI") == "true":
        trouble.append("In CI nothing may be skipped; the reasons are printed above.")
    if counts["expected"]:
        print(f"{counts['expected']} failed as expected")
    print("{passed} passed, {failed} failed, {skipped} skipped".format(**counts))
    print(*trouble, sep="\n", end="\n" if trouble else "")
    return 1 if trouble else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

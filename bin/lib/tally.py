"""Adds up pytest's result files: what passed, failed and was skipped. Ends with 1 when CI skipped a test."""

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
    counts = tally(path for path in paths if Path(path).exists())
    if counts["expected"]:
        print(f"{counts['expected']} failed as expected")
    print("{passed} passed, {failed} failed, {skipped} skipped".format(**counts))
    if counts["skipped"] and os.environ.get("CI") == "true":
        print("In CI nothing may be skipped; the reasons are printed above.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

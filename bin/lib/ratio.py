"""Compares the size of the tests with the source, in lines that are not blank and not a migration's."""

import sys
from pathlib import Path

LEAST = 1.2


def lines(folder, suffix, leave_out=()):
    """Return how many lines with text the files under a folder have."""
    files = (path for path in Path(folder).rglob(f"*{suffix}") if not set(leave_out) & set(path.parts))
    return sum(1 for path in files for line in path.read_text().splitlines() if line.strip())


def main():
    """Print the ratios; end with 1 when there is too little Python in the tests."""
    source = lines("project", ".py") + lines("checklist", ".py", leave_out=["migrations"])
    tests = lines("tests", ".py")
    ratio = tests / max(source, 1)
    print(f"{tests} lines of tests / {source} lines of source = {ratio:.2f} (at least {LEAST})")
    scripts, browser = lines("static/js", ".js", leave_out=["vendor"]), lines("tests/browser", ".py")
    print(f"Note: {browser} lines of browser tests / {scripts} lines of JavaScript")
    return 0 if ratio >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())

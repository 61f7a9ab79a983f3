"""The locks hold what was asked for, and the count at the end of bin/test is honest."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent


def pins(path):
    """Return the {package: version} that a requirements file or a lock asks for."""
    found = re.findall(r"^([\w.-]+)(?:\[\w+\])?==([\w.]+)", path.read_text(), re.MULTILINE)
    return dict(found)


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_a_lock_holds_what_was_asked_for_with_hashes_and_no_address(name):
    lock = TOP / f"{name}.lock"
    asked, locked = pins(TOP / f"{name}.txt"), pins(lock)
    assert asked
    assert asked.items() <= locked.items(), "write the locks anew: bin/lock"
    text = lock.read_text()
    assert not re.search(r"://|--(?!hash=)| @ ", text)
    without = [
        entry.partition("=")[0] for entry in re.split(r"\n(?=\w)", text) if "--hash=sha256:" not in entry
    ]
    assert without == []


def test_both_locks_agree():
    assert pins(TOP / "requirements.lock").items() <= pins(TOP / "requirements-dev.lock").items()


RESULTS = """<testsuites><testsuite>
<testcase name="a"/><testcase name="b"><failure/></testcase><testcase name="c"><error/></testcase>
<testcase name="d"><skipped type="pytest.skip"/></testcase>
<testcase name="e"><skipped type="pytest.xfail"/></testcase>
</testsuite></testsuites>"""


FINE = """<testsuites><testsuite>
<testcase name="a"/><testcase name="d"><skipped type="pytest.skip"/></testcase>
</testsuite></testsuites>"""


def tally(tmp_path, text, *more, **environment):
    """Run the count over a result file with this text, and over `more` files."""
    (tmp_path / "results.xml").write_text(text)
    command = [sys.executable, TOP / "bin/lib/tally.py", tmp_path / "results.xml", *more]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)


def test_the_count_names_every_outcome(tmp_path):
    result = tally(tmp_path, RESULTS)
    assert result.stdout.splitlines() == ["1 failed as expected", "1 passed, 2 failed, 1 skipped"]
    assert result.returncode == 1


def test_a_count_without_failures_is_fine(tmp_path):
    assert tally(tmp_path, FINE).returncode == 0


def test_in_ci_a_skipped_test_is_a_failure(tmp_path):
    assert tally(tmp_path, FINE, CI="true").returncode == 1
    assert tally(tmp_path, FINE.replace("pytest.skip", "pytest.xfail"), CI="true").returncode == 0


def test_a_run_that_left_no_result_is_a_failure(tmp_path):
    result = tally(tmp_path, RESULTS, tmp_path / "never-written.xml")
    assert "1 passed, 2 failed, 1 skipped" in result.stdout
    assert "not complete" in result.stdout
    assert result.returncode == 1


def test_what_passed_when_it_was_tried_again_is_counted_so_and_named(tmp_path):
    again = tmp_path / "again.xml"
    again.write_text('<testsuite><testcase name="b"/><testcase name="c"><failure/></testcase></testsuite>')
    result = tally(tmp_path, RESULTS, "--again", again)
    assert "2 passed, 1 failed, 1 skipped" in result.stdout
    assert "Failed beside others, passed by itself: .py::b" in result.stdout


def test_what_failed_in_another_file_stays_failed(tmp_path):
    again, other = tmp_path / "again.xml", tmp_path / "other.xml"
    again.write_text('<testsuite><testcase name="a"/></testsuite>')
    other.write_text('<testsuite><testcase name="a"><failure/></testcase></testsuite>')
    assert "1 passed, 1 failed, 1 skipped" in tally(tmp_path, FINE, other, "--again", again).stdout


def test_nothing_tried_again_changes_no_count(tmp_path):
    assert "1 passed, 2 failed" in tally(tmp_path, RESULTS, "--again", tmp_path / "never-written.xml").stdout


FAILED = "".join(f'<testcase name="{number}"><failure/></testcase>' for number in range(11))


@pytest.mark.parametrize(("text", "status"), [("", 1), (RESULTS, 0), (f"<testsuite>{FAILED}</testsuite>", 1)])
def test_a_few_failures_are_worth_a_second_try_and_many_are_none(tmp_path, text, status):
    assert tally(tmp_path, text or "<testsuite/>", "--few").returncode == status


def test_a_test_of_a_group_is_named_as_pytest_finds_it(tmp_path):
    case = '<testcase classname="tests.browser.test_line" name="test_it[a@b]@group"><failure/></testcase>'
    named = tally(tmp_path, f"<testsuite>{case}</testsuite>", "--few").stdout
    assert named == "tests/browser/test_line.py::test_it[a@b]\n"

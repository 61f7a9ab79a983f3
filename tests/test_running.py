"""bin/run: two programs that start and stop together and leave nothing behind."""

import os
import runpy
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from tests.proofs._server import free_port

TOP = Path(__file__).parent.parent
SERVE = TOP / "bin/lib/serve.py"
FOR_EVER = "import time; time.sleep(600)"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {FOR_EVER}"
POLITE = f"import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit(print('told'))); {FOR_EVER}"
WITH_CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {FOR_EVER!r}])"
SERVES = """if True:
    import http.server, sys
    at = "127.0.0.1", int(sys.argv[1])
    http.server.HTTPServer(at, http.server.BaseHTTPRequestHandler).serve_forever()
"""
ENDS = "import sys, time; time.sleep(0.5); sys.exit(3)"


@pytest.fixture
def start():
    """Start a stand-in web server and a stand-in sender together; end whatever a test leaves."""
    started = []

    def begin(sender, web=SERVES, port=None):
        port = port or free_port()
        commands = {"web server": ["-c", web, str(port)], "sender": ["-c", sender]}
        script = f"""
            import runpy, sys
            run = runpy.run_path({str(SERVE)!r})["run_together"]
            run.__globals__["STOP_SECONDS"] = 1
            commands = {{name: [sys.executable, *words] for name, words in {commands!r}.items()}}
            sys.exit(run(commands, {port}, "http://here"))
        """
        command = [sys.executable, "-c", textwrap.dedent(script)]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        for pid in family(process):
            os.kill(pid, signal.SIGKILL)
        process.kill()
        process.communicate()


def family(process):
    """Return the pids of the living processes of the session that `process` began, without itself."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, rest = stat.parent.name, stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(rest[3]) == process.pid and int(pid) != process.pid and rest[0] != "Z":
            found.append(int(pid))
    return found


def said_until(process, words):
    """Return what the process printed up to the line with these words."""
    lines = []
    for line in process.stdout:
        lines.append(line)
        if words in line:
            break
    return "".join(lines)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_both_programs_and_counts_as_a_good_end(start, number):
    process = start(FOR_EVER)
    assert "Settle answers at http://here" in said_until(process, "answers")
    assert len(family(process)) == 2
    process.send_signal(number)
    assert process.wait(20) == 0
    assert family(process) == []


def test_when_the_sender_ends_the_web_server_is_stopped_and_the_end_is_named(start):
    process = start(ENDS)
    assert "The sender ended by itself (status 3)." in process.communicate(timeout=30)[0]
    assert process.returncode == 1
    assert family(process) == []


def test_when_the_web_server_ends_the_sender_is_stopped_and_the_end_is_named(start):
    process = start(FOR_EVER, web=ENDS)
    assert "The web server ended by itself (status 3)." in process.communicate(timeout=30)[0]
    assert process.returncode == 1
    assert family(process) == []


def test_a_program_is_told_and_may_finish_what_it_does(start):
    process = start(POLITE)
    said_until(process, "answers")
    process.send_signal(signal.SIGTERM)
    assert "told" in process.communicate(timeout=20)[0]


@pytest.mark.parametrize("sender", [DEAF, WITH_CHILD], ids=["deaf", "with a child"])
def test_a_program_that_does_not_listen_and_a_child_of_a_program_are_ended_too(start, sender):
    process = start(sender)
    said_until(process, "answers")
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0
    assert family(process) == []


def test_when_we_are_killed_without_a_word_the_programs_end_as_well(start):
    process = start(FOR_EVER)
    said_until(process, "answers")
    process.kill()
    process.wait()
    deadline = time.monotonic() + 20
    while family(process) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert family(process) == []


def test_the_web_server_listens_on_this_machine_only():
    command = " ".join(runpy.run_path(str(SERVE))["web_server"](8123))
    assert "--host 127.0.0.1 --port 8123" in command
    assert "--workers 1" in command, "SQLite has one writer (R27)"


def bin_run(tmp_path, **environment):
    """Start bin/run where it cannot get further than its first checks."""
    environment = {"PATH": os.environ["PATH"], "SETTLE_DATA": str(tmp_path)} | environment
    return subprocess.run(
        [TOP / "bin/run"], env=environment, capture_output=True, text=True, timeout=60, cwd=tmp_path
    )


@pytest.mark.parametrize("port", ["0", "65536", "80a", "-1", "8000; true"])
def test_a_port_that_is_none_is_refused_with_words(tmp_path, port):
    result = bin_run(tmp_path, PORT=port)
    assert result.returncode == 1
    assert f"PORT is '{port}'. Write a number from 1 to 65535." in result.stderr


def test_a_port_that_is_taken_is_said_plainly(tmp_path, start):
    port = free_port()
    said_until(start(FOR_EVER, port=port), "answers")
    result = bin_run(tmp_path, PORT=str(port))
    assert result.returncode == 1
    assert f"Something already listens on port {port}." in result.stderr
    assert len(result.stderr.splitlines()) == 1

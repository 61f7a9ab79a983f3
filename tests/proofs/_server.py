"""Web servers that a proof starts on loopback, waits for and ends."""

import contextlib
import http.client
import os
import runpy
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

TOP = Path(__file__).parents[2]
HOST = "127.0.0.1"
START_SECONDS, STOP_SECONDS = 60, 10


def as_bin_run_starts_it(port):
    """Return the command of the web server that bin/run starts."""
    return runpy.run_path(str(TOP / "bin/lib/serve.py"))["web_server"](port)


def free_port():
    """Return a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def on_core(number):
    """Return the words that pin a command to a core, where the machine has two and the tool for it."""
    return ["taskset", "-c", str(number)] if shutil.which("taskset") and os.cpu_count() > 1 else []


@contextlib.contextmanager
def running(command, page, log, **environment):
    """Run a server on core 0 as long as the block lasts; it begins when `page` is answered with 200."""
    with log.open("ab") as out:
        process = subprocess.Popen(
            on_core(0) + command,
            cwd=TOP,
            env=os.environ | environment | {"PORT": str(page.port)},
            stdout=out,
            stderr=out,
            process_group=0,
        )
    try:
        _wait_until_ready(process, page, log)
        yield
    finally:
        _end(process)


def _wait_until_ready(process, page, log):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with (
            contextlib.suppress(OSError, http.client.HTTPException),
            contextlib.closing(page.connect()) as asking,
        ):
            status = page.fetch(asking)
            if status == 200:
                return
            sys.exit(f"{page.path} is answered with {status}, not 200. Is the cookie right?")
        time.sleep(0.05)
    sys.exit(f"The server did not answer within {START_SECONDS} s, or ended:\n{log.read_text()[-2000:]}")


def _end(process):
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()

"""Prepares Settle, then runs its two programs side by side, the web server and the reminder sender.

They run until we are told to stop; when one of them ends by itself, the other is stopped too. bin/run starts
this from the top folder.
"""

import contextlib
import fcntl
import http.client
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

HOST = "127.0.0.1"
START_SECONDS = 60
STOP_SECONDS = 10  # for requests and mails that are under way
STOP_EARLY_SECONDS = (
    1  # before the first answer nothing is under way, and granian may miss a signal while it starts
)


def web_server(port):
    """Return the command of the web server: this is the one place to change it."""
    # More threads than project/bodies.py lets wait for slow bodies.
    options = "--interface wsgi --http 1 --no-ws --workers 1 --blocking-threads 32 --log-level warning"
    where = f"--host {HOST} --port {port} project.wsgi:application"
    return [sys.executable, "-m", "granian", *options.split(), *where.split()]


def sender():
    """Return the command of the reminder sender."""
    return [sys.executable, "manage.py", "sendreminders"]


def say(words):
    """Print at once. A terminal that has gone away must not keep us from stopping what we started."""
    with contextlib.suppress(OSError):
        print(words, flush=True)


def prepare():
    """Bring tables, static files and demo people up to date; return the exit status.

    Of two starts at once, the second waits here for the first.
    """
    with Path("requirements.lock").open() as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        return subprocess.run([sys.executable, "manage.py", "prepare"], stdin=subprocess.DEVNULL).returncode


class Program:
    """A command in a process group of its own, so that stopping it leaves none of its children behind."""

    def __init__(self, name, command):
        self.name = name
        # Where the system can, ask it to end the program even if we are killed without a word.
        guard = ["setpriv", "--pdeathsig", "TERM", "--"] if shutil.which("setpriv") else []
        self.process = subprocess.Popen(guard + command, stdin=subprocess.DEVNULL, process_group=0)

    def has_ended(self):
        """Tell whether the program is gone."""
        return self.process.poll() is not None

    def end(self, deadline):
        """Wait for the program until the deadline, then end what is left of it and of its children."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0, deadline - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def answers(port):
    """Tell whether the web server answers a request, whatever it says."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/livez")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


class Watch:
    """Waits while the programs run, and says when the web server answers for the first time."""

    def __init__(self, programs, port, address):
        self.programs, self.port, self.address = programs, port, address
        self.told_to_stop = threading.Event()
        self.ready = False

    def wait(self):
        """Return None when we were told to stop, else a sentence about what went wrong."""
        late = time.monotonic() + START_SECONDS
        while not self.told_to_stop.wait(0.2 if self.ready else 0.05):
            for program in self.programs:
                if program.has_ended():
                    return f"The {program.name} ended by itself (status {program.process.returncode})."
            if not self.ready and answers(self.port):
                self.ready = True
                say(f"Settle answers at {self.address} - Ctrl-C stops it.")
            if not self.ready and time.monotonic() > late:
                return f"The web server did not answer within {START_SECONDS} s."
        return None


def run_together(commands, port, address):
    """Run the named commands until a signal or an end; return our exit status."""
    programs = []
    watch = Watch(programs, port, address)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: watch.told_to_stop.set())
    programs += [Program(name, command) for name, command in commands.items()]
    trouble = watch.wait()
    say(f"{trouble} Stopping the rest." if trouble else "Stopping.")
    for program in programs:
        program.process.terminate()
    deadline = time.monotonic() + (STOP_SECONDS if watch.ready else STOP_EARLY_SECONDS)
    for program in programs:
        program.end(deadline)
    return 1 if trouble else 0


def main():
    """Prepare, then serve on the port that the environment names."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        status = prepare()
    except KeyboardInterrupt:
        return 130
    if status:
        return status
    port = int(os.environ["PORT"])
    address = os.environ.get("BASE_URL") or f"http://{HOST}:{port}"
    return run_together({"web server": web_server(port), "reminder sender": sender()}, port, address)


if __name__ == "__main__":
    sys.exit(main())

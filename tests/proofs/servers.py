"""Which web server shows a session page fastest: granian as bin/run starts it, or gunicorn with threads.

Every round starts each server anew on core 0, waits until the page answers, warms it up and loads it from
core 1.
"""

import json
import secrets
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from django.core.management import call_command
from django.utils import timezone

from checklist.device_cookie import DEVICE_COOKIE
from checklist.models import Client
from checklist.seeding import seed
from tests import factories
from tests.proofs._load import Page, client, load
from tests.proofs._options import options
from tests.proofs._server import HOST, as_bin_run_starts_it, free_port, running

GUNICORN = "gunicorn==23.0.0"
NUMBERS = {"rounds": (5, None), "seconds": (8, "of load in each round")}
SHORT = "our own server only, one round of a moment", {"rounds": 1, "seconds": 0.3}
MORE = {
    "--path": {"help": "another page, like /livez; the default is a demo client's session"},
    "--cookie": {"default": "", "help": "the Cookie header that goes with --path"},
}


def demo_page():
    """Make demo people and enrol a phone; return the path of the client's session and the phone's cookie."""
    with Path("/dev/null").open("w") as nowhere:
        call_command("prepare", stdout=nowhere)
    now, token = timezone.now(), secrets.token_urlsafe(32)
    url = seed(now)["session"]["url"]
    factories.enrol(Client.objects.get(), token, now)
    return urlsplit(url).path, f"{DEVICE_COOKIE}={token}"


def contenders(port, folder, short):
    """Return the command of each server and where its modules are; the short form does without gunicorn."""
    ours = {"granian": (as_bin_run_starts_it(port), "")}
    if short:
        return ours
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", folder, GUNICORN]
    subprocess.run(pip, check=True)  # into a folder of its own: it is no part of our environment
    gunicorn = f"-m gunicorn --worker-class gthread --workers 1 --threads 4 --bind {HOST}:{port}"
    return ours | {"gunicorn": ([sys.executable, *gunicorn.split(), "project.wsgi:application"], folder)}


def measure(name, command, page, seconds, folder, **environment):
    """Start one server, load its page, end it; return what was measured."""
    with running(command, page, Path(folder) / f"{name}.log", **environment):
        load(page, min(seconds, 2))
        figures = load(page, seconds)
    words = "{rate:8.1f} pages/s   p99 {p99:7.1f} ms   {failures} failed".format(**figures)
    print(f"  {name:10}{words}", flush=True)
    return figures


def main(arguments):
    """Measure in rounds, print the figures; return 1 when a request failed."""
    chosen = options("servers", __doc__, arguments, NUMBERS, SHORT, MORE)
    path, cookie = (chosen.path, chosen.cookie) if chosen.path else demo_page()
    page = Page(free_port(), path, cookie)
    with tempfile.TemporaryDirectory() as folder:
        servers = contenders(page.port, folder, chosen.short)
        results = {name: [] for name in servers}
        for number in range(chosen.rounds):
            print(f"Round {number + 1} of {chosen.rounds}", flush=True)
            for name, (command, modules) in servers.items():
                results[name].append(measure(name, command, page, chosen.seconds, folder, PYTHONPATH=modules))
    return conclude(results, chosen, path)


def conclude(results, chosen, path):
    """Print the medians as one line of figures."""
    figures = {
        name: {key: round(statistics.median(run[key] for run in runs), 1) for key in ("rate", "p99")}
        for name, runs in results.items()
    }
    failures = sum(run["failures"] for runs in results.values() for run in runs)
    how = {"rounds": chosen.rounds, "seconds": chosen.seconds, "client": client(), "path": path}
    if "gunicorn" in figures:
        how["ratio"] = round(figures["granian"]["rate"] / figures["gunicorn"]["rate"], 2)
    print("servers", json.dumps({**figures, "failures": failures, **how}))
    return 1 if failures else 0

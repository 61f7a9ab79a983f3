"""Loads one page of a server on loopback from core 1, with wrk where it is installed, else with threads."""

import http.client
import re
import shutil
import subprocess
import threading
import time

from tests.proofs._server import HOST, on_core

CONNECTIONS = 16
MILLISECONDS = {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}


class Page:
    """One page of one server, asked for as a browser would."""

    def __init__(self, port, path, cookie=""):
        self.port, self.path = port, path
        self.headers = {"Accept-Encoding": "gzip, br"} | ({"Cookie": cookie} if cookie else {})

    def connect(self):
        """Return a connection that can be used many times."""
        return http.client.HTTPConnection(HOST, self.port, timeout=10)

    def fetch(self, connection):
        """Ask for the page once; return the status of the answer."""
        connection.request("GET", self.path, headers=self.headers)
        response = connection.getresponse()
        response.read()
        return response.status


def client():
    """Return the name of what loads the page."""
    return "wrk" if shutil.which("wrk") else "python"


def load(page, seconds):
    """Return the `rate` in pages a second, the 99th percentile `p99` in ms, and how many `failures`."""
    return _with_wrk(page, seconds) if client() == "wrk" else _with_threads(page, seconds)


def _with_wrk(page, seconds):
    words = [
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{max(round(seconds), 1)}s",
        "--timeout",
        "10s",
        "--latency",
    ]
    for name, value in page.headers.items():
        words += ["-H", f"{name}: {value}"]
    words.append(f"http://{HOST}:{page.port}{page.path}")
    said = subprocess.run(on_core(1) + words, capture_output=True, text=True, check=True).stdout
    slow = re.search(r"99%\s+([\d.]+)(us|ms|s|m)\b", said)
    status = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    sockets = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", said)
    return {
        "rate": float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]),
        "p99": float(slow[1]) * MILLISECONDS[slow[2]],
        "failures": sum(int(count) for found in (status, sockets) if found for count in found.groups()),
    }


def _with_threads(page, seconds):
    took, failures, deadline = [], [], time.monotonic() + seconds

    def visit():
        connection = page.connect()
        while (began := time.monotonic()) < deadline:
            try:
                good = page.fetch(connection) == 200
            except (OSError, http.client.HTTPException):
                good = False
                connection.close()
            (took if good else failures).append(time.monotonic() - began)

    visitors = [threading.Thread(target=visit) for _ in range(CONNECTIONS)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    p99 = sorted(took)[int(len(took) * 0.99)] * 1000 if took else float("inf")
    return {"rate": len(took) / seconds, "p99": p99, "failures": len(failures)}

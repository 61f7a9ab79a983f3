"""Fifty connection checks at once, while the checklist page is asked for; then tries beyond the limit, and slow phones.

The server as bin/run starts it, on core 0; phones on core 1. Each check is what the page does: a start, 14 probes with
`every` ms between them, 1 MB down and 1 MB up. The page is asked for `rate` times a second.
"""

import http.client
import json
import socket
import tempfile
import threading
import time
from contextlib import ExitStack, closing
from pathlib import Path

from checklist.checking import PER_DEVICE, TURN_SECONDS
from tests.proofs._load import Page
from tests.proofs._options import options
from tests.proofs._server import HOST, as_bin_run_starts_it, free_port, running
from tests.proofs.servers import demo_page

NUMBERS = {
    "checks": (50, "at once"),
    "rounds": (5, None),
    "rate": (10, "pages a second"),
    "every": (250, "ms from one probe to the next, as the page sends them"),
    "tries": (200, "at the limit, by one phone"),
    "slow": (40, "phones that read or send next to nothing"),
}
SHORT = "three checks, one round", {"checks": 3, "rounds": 1, "every": 1, "tries": 16, "slow": 4, "rate": 20}
PROBES, DOWN, PART, PARTS = 14, 1_000_000, 250_000, 4
ADDRESS = "/tools/connection"
HEAD = " HTTP/1.1\r\nHost: localhost\r\n"
REQUESTS = {
    "down": f"GET {ADDRESS}/down/?ticket={{ticket}}&bytes={DOWN}{HEAD}\r\n",
    "up": f"POST {ADDRESS}/up/?ticket={{ticket}}{HEAD}Content-Length: 9999\r\n\r\na",
}


class Phone:
    """One phone at an address of its own, with one connection to the server."""

    def __init__(self, port, number, cookie=""):
        self.port, self.headers = port, {"X-Forwarded-For": f"198.18.{number // 250}.{number % 250 + 1}"}
        if cookie:
            self.headers["Cookie"] = cookie
        self.line = http.client.HTTPConnection(HOST, port, timeout=30)

    def ask(self, method, path, body=None, **headers):
        """Return (status, body) of one request."""
        self.line.request(method, f"{ADDRESS}/{path}", body, self.headers | headers)
        response = self.line.getresponse()
        return response.status, response.read()

    def start(self):
        """Return the ticket, or an empty string when there was none."""
        json_headers = {"Content-Type": "application/json", "X-Settle": "1"}
        status, body = self.ask("POST", "start/", "{}", **json_headers)
        return json.loads(body)["ticket"] if status == 200 else ""

    def check(self, pause):
        """Do one whole check; return how many of its requests went wrong."""
        ticket, wrong = self.start(), 0
        for number in range(PROBES):
            wrong += self.ask("GET", f"probe/?ticket={ticket}&n={number}")[0] != 204
            time.sleep(pause)
        status, body = self.ask("GET", f"down/?ticket={ticket}&bytes={DOWN}")
        wrong += status != 200 or len(body) != DOWN
        for _part in range(PARTS):
            wrong += self.ask("POST", f"up/?ticket={ticket}", b"\0" * PART)[0] != 204
        self.line.close()
        return wrong


class Visits:
    """Asks for a page so many times a second, whether the one before was answered or not, until it is ended."""

    def __init__(self, page, rate):
        self.page, self.rate, self.took, self.failed = page, rate, [], 0
        self.ended, self.threads = threading.Event(), []

    def __enter__(self):
        self.clock = threading.Thread(target=self._tick)
        self.clock.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.clock.join()
        for thread in self.threads:
            thread.join()

    def _tick(self):
        while not self.ended.wait(1 / self.rate):
            self.threads.append(threading.Thread(target=self._visit))
            self.threads[-1].start()

    def _visit(self):
        began = time.perf_counter()
        try:
            with closing(self.page.connect()) as connection:
                self.failed += self.page.fetch(connection) != 200
        except (OSError, http.client.HTTPException):
            self.failed += 1
        self.took.append((time.perf_counter() - began) * 1000)

    @property
    def p99(self):
        return round(sorted(self.took)[int(len(self.took) * 0.99)]) if self.took else 0


def at_once(jobs):
    """Run these functions at the same moment; return what they returned."""
    start, results = threading.Barrier(len(jobs)), []

    def run(job):
        start.wait()
        results.append(job())

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def crowd(page, chosen):
    """Return (p99 of the page without checks and with them, requests of checks that went wrong, seconds a round)."""
    with Visits(page, chosen.rate) as before:
        time.sleep(0.5 if chosen.short else 5)
    wrong, took = 0, []
    with Visits(page, chosen.rate) as visits:
        for number in range(chosen.rounds):
            phones = [Phone(page.port, number * chosen.checks + each) for each in range(chosen.checks)]
            began = time.perf_counter()
            wrong += sum(at_once([lambda phone=phone: phone.check(chosen.every / 1000) for phone in phones]))
            took.append(time.perf_counter() - began)
            time.sleep(0 if chosen.short else TURN_SECONDS)
    failed = before.failed + visits.failed
    return before.p99, visits.p99, wrong + failed, round(max(took), 1)


def limit(page, tries):
    """Return how many of so many tries at once by one enrolled phone were given a ticket, at as many addresses."""
    phones = [Phone(page.port, 5000 + number, page.headers["Cookie"]) for number in range(tries)]
    return sum(map(bool, at_once([phone.start for phone in phones])))


def slow(page, chosen):
    """Return the p99 of the page while phones take in 1 MB as slowly as they can, and while others send as slowly."""
    found = []
    for what in REQUESTS:
        time.sleep(0 if chosen.short else TURN_SECONDS)  # until as many strangers may begin again
        with ExitStack() as lines:
            tickets = [Phone(page.port, 9000 + number).start() for number in range(chosen.slow)]
            for ticket in tickets:
                line = lines.enter_context(socket.create_connection((HOST, page.port)))
                line.sendall(REQUESTS[what].format(ticket=ticket).encode())
            with Visits(page, chosen.rate) as visits:
                time.sleep(0.5 if chosen.short else 5)
            found.append(visits.p99 if all(tickets) and not visits.failed else None)
    return found


def main(arguments):
    """Measure and print the figures; return 1 when a request failed or the limit let another number through."""
    chosen = options("checks", __doc__, arguments, NUMBERS, SHORT)
    path, cookie = demo_page()
    page = Page(free_port(), path, cookie)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with running(as_bin_run_starts_it(page.port), page, log, TRUSTED_PROXY_COUNT="1"):
            alone, p99, wrong, took = crowd(page, chosen)
            through = limit(page, chosen.tries)
            slow_down, slow_up = slow(page, chosen)
    figures = {"page_p99": alone, "page_p99_with_checks": p99, "wrong": wrong, "round_s": took}
    figures |= {"through": through, "of": chosen.tries, "limit": PER_DEVICE}
    figures |= {"page_p99_slow_down": slow_down, "page_p99_slow_up": slow_up}
    print("checks", json.dumps({**figures, "checks": chosen.checks}))
    return 1 if wrong or through != PER_DEVICE or None in (slow_down, slow_up) else 0

"""What a browser test stands on: a server, a browser, a clock for both, a watch over what goes wrong."""

import os
import shutil
import threading
from asyncio import events
from collections import namedtuple
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import time_machine
from django.conf import settings
from django.test.testcases import LiveServerThread
from playwright.sync_api import Error, expect, sync_playwright

from project.bodies import only_whole

PATIENCE = 15_000  # milliseconds that a busy machine may take for what is instant on a quiet one

MOBILE = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/140.0.0.0 Mobile Safari/537.36"
)
# Without a service worker, which would cost each test a fifth more time; INSTALLED has it.
ANYBODY = {"locale": "en-US", "reduced_motion": "reduce", "service_workers": "block"}
PHONE = {
    **ANYBODY,
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "user_agent": MOBILE,
    "timezone_id": "America/Los_Angeles",
}
INSTALLED = {**PHONE, "service_workers": "allow"}


class Settled(dict):
    """A kind of profile whose worker may stay from an earlier test, with what it keeps: files, and pages of nobody."""


SETTLED = Settled(INSTALLED)
OLD_PHONE = {**PHONE, "java_script_enabled": False}
NEW_YORK = ZoneInfo("America/New_York")
DESK = {**ANYBODY, "viewport": {"width": 1280, "height": 800}, "timezone_id": NEW_YORK.key}

FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # One process draws all pages: the first page of each test would start another one.
    "--disable-site-isolation-trials",
    "--renderer-process-limit=1",
    "--in-process-gpu",
    # Pages live for a second here: what V8 would compile once more, to run faster later, is not run again.
    "--js-flags=--no-opt --no-maglev",
]

Seen = namedtuple("Seen", "method address referer status")


class Server:
    """Django in a thread, with the real static files; remembers what it was asked, waits until it is idle."""

    def __init__(self):
        self.seen, self._busy, self._idle = [], 0, threading.Condition()
        self._thread = LiveServerThread("127.0.0.1", self._noting)
        self._thread.daemon = True
        self._thread.start()
        self._thread.is_ready.wait()
        if self._thread.error:
            raise self._thread.error
        self.host, self.url = "127.0.0.1", f"http://127.0.0.1:{self._thread.port}"

    def _noting(self, media):
        """Wrap the application itself, past the handler for uploads, which would answer every address."""
        application = only_whole(media.application, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)  # as project.wsgi

        def noting(environ, start_response):
            with self._idle:
                self._busy += 1
            said = []

            def start(status, headers, exc_info=None):
                said.append(int(status[:3]))
                return start_response(status, headers, exc_info)

            try:
                return application(environ, start)
            finally:
                self._note(environ, said)

        return noting

    def _note(self, environ, said):
        query = f"?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") else ""
        row = Seen(
            environ["REQUEST_METHOD"],
            environ["PATH_INFO"] + query,
            environ.get("HTTP_REFERER", ""),
            *said or [500],
        )
        with self._idle:
            self.seen.append(row)
            self._busy -= 1
            self._idle.notify_all()

    def wait(self):
        """Return when every request has been answered."""
        with self._idle:
            assert self._idle.wait_for(lambda: self._busy == 0, timeout=20), "the server is still busy"

    def stop(self):
        self._thread.terminate()


def start(*programs):
    """Return how to start the first of these programs that this machine has."""
    program = next(filter(None, map(shutil.which, programs)), None)
    assert program, "Browser tests need Chromium on PATH: apt-get install chromium"
    root = os.geteuid() == 0
    flags = [*FLAGS, *["--no-sandbox"] * root]
    return {"executable_path": program, "chromium_sandbox": not root, "args": flags}


class Chromium:
    """This machine's Chromium. Its event loop is seen only while a browser test runs, not by others.

    `browser` is the one without windows where it is there: it takes a third less work for each page.
    """

    def __init__(self):
        whole = ("chromium", "chromium-browser", "google-chrome")
        self._whole, self._shell = start(*whole), start("chromium-headless-shell", *whole)
        self._play = sync_playwright().start()
        self.browser = self._play.chromium.launch(**self._shell)
        self._windows = None
        expect.set_options(timeout=PATIENCE)
        self._loop = events._get_running_loop()
        events._set_running_loop(None)

    @property
    def whole(self):
        """All of Chromium, started when first asked for: the one without windows shows no notifications."""
        self._windows = self._windows or self._play.chromium.launch(**self._whole)
        return self._windows

    @contextmanager
    def awake(self):
        """Let playwright's calls work inside."""
        events._set_running_loop(self._loop)
        try:
            yield
        finally:
            events._set_running_loop(None)

    @contextmanager
    def profile(self, folder, whole=True, **options):
        """Give a browser profile that is kept in a folder, as a person's own is; of all of Chromium or of `browser`."""
        program = self._whole if whole else self._shell
        context = self._play.chromium.launch_persistent_context(folder, **program, **options)
        try:
            yield context
        finally:
            context.close()

    @contextmanager
    def own(self, *flags):
        """Give a browser of one's own, started with these flags besides: other devices, say."""
        browser = self._play.chromium.launch(**{**self._shell, "args": [*self._shell["args"], *flags]})
        try:
            yield browser
        finally:
            browser.close()

    def stop(self):
        with self.awake():
            self.browser.close()
            if self._windows:
                self._windows.close()
            self._play.stop()


class Clock:
    """The server's clock and the clock of every page, moved together. Both go on ticking by themselves."""

    def __init__(self, start):
        self._contexts, self._travel = [], time_machine.travel(start, tick=True)
        self._server = self._travel.start()

    @property
    def now(self):
        return datetime.now(UTC)

    def give(self, context):
        """Let the pages of a browser profile live by this clock."""
        context.clock.install(time=self.now)
        self._contexts.append(context)

    def forward(self, **delta):
        """Move on; in the pages whatever was due meanwhile happens, once."""
        self._server.shift(timedelta(**delta))
        for context in self._contexts:
            context.clock.fast_forward(int(timedelta(**delta).total_seconds() * 1000))

    def stop(self):
        self._travel.stop()


class Watch:
    """Collects what must not happen in any page; a test says beforehand what it means to provoke."""

    def __init__(self, server):
        self._server, self._contexts = server, []
        self._complaints, self._excused = [], []
        self._heard = {"console": self._console, "weberror": self._thrown, "request": self._request}

    def over(self, context):
        """Watch a browser profile until `leave`."""
        self._contexts.append(context)
        for event, handler in self._heard.items():
            context.on(event, handler)

    def leave(self):
        """Hear what is still on its way, then stop listening."""
        for context in self._contexts:
            with suppress(Error):  # a page that the test closed
                for page in context.pages:
                    page.title()
            for event, handler in self._heard.items():
                context.remove_listener(event, handler)

    def _console(self, message):
        if message.type == "error":
            self.note(f"console: {message.text}")

    def _thrown(self, error):
        self.note(f"page error: {error.error}")

    def _request(self, request):
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and f"{parts.scheme}://{parts.netloc}" != self._server.url:
            self.note(f"another origin: {request.url}")

    def note(self, complaint):
        self._complaints.append(complaint)

    def excuse(self, *words):
        """Say what is provoked on purpose: each a part of the complaint."""
        self._excused += words

    def verdict(self):
        broken = [f"server: {row}" for row in self._server.seen if row.status >= 500]
        return [
            line for line in [*self._complaints, *broken] if not any(words in line for words in self._excused)
        ]

"""Whether a sender that is killed again and again misses nothing, is late with nothing and repeats hardly anything.

Half of the deliveries are mails to a real SMTP server, half notifications to a push service that opens each. They
fall due one after the other, by the real clock, while the sender is killed (-9) at random moments and started anew.
One in a hundred meets with trouble: the mail server puts off, refuses, is slow, and is down for a while; the push
service says 410, 429, 500, 307. "late" is what left more than five minutes after it was due, "repeats" what came
more than once.
"""

import asyncio
import contextlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from checklist.models import Delivery
from checklist.models.outbox import LATE
from project import pushkeys
from tests.mailbox import MailServer
from tests.proofs import _outbox
from tests.proofs._options import options
from tests.proofs._server import TOP
from tests.pushes import PushService, Says

# What goes wrong, once or always, and what has to become of the delivery. A phone that was found to be gone just before
# a kill is not there any more at the next try.
SENT = {("sent", "")}
MAIL_TROUBLE = {
    "451 later": SENT,
    "data 451 later": SENT,
    "slow": SENT,
    "550 nobody": {("failed", "address refused")},
    "data 554 no": {("failed", "message refused")},
}
PUSH_TROUBLE = {
    410: {("failed", "push gone"), ("dropped", "no phone")},
    307: {("failed", "push refused")},
    429: SENT,
    500: SENT,
}
ALWAYS = 20  # tries
EVERY = 100  # so many go well beside one of each kind of trouble
SLOW, DOWN = 2, 5  # seconds
START = 1  # seconds until a sender looks for the first time
NUMBERS = {
    "deliveries": (20_000, None),
    "kills": (200, None),
    "rate": (25, "deliveries that fall due in a second"),
    "seed": (secrets.randbelow(10**6), None),
}
SHORT = "forty deliveries, two kills", {"deliveries": 40, "kills": 2, "rate": 20}


class Hangup(asyncio.Protocol):
    """What a server that is down looks like from outside."""

    def connection_made(self, transport):
        transport.abort()


class Post(MailServer):
    """A mail server that may be slow or down."""

    down = False

    def factory(self):
        return Hangup() if self.down else super().factory()

    def fail(self, after, stop):
        """Be down for DOWN seconds, `after` seconds from now."""
        self.down = not stop.wait(after)
        stop.wait(DOWN)
        self.down = False

    async def handle_DATA(self, server, session, envelope):
        waiting = self.answers[envelope.rcpt_tos[0]]
        if waiting and waiting[0] == "slow":
            waiting.pop(0)
            await asyncio.sleep(SLOW)
        return await super().handle_DATA(server, session, envelope)

    async def handle_RCPT(self, server, session, envelope, address, options):
        waiting = self.answers[address]
        if waiting and waiting[0] == "slow":
            envelope.rcpt_tos.append(address)
            return "250 yes"
        return await super().handle_RCPT(server, session, envelope, address, options)


def spread(ids, kinds):
    """Return {delivery id: trouble} for every EVERYth, each kind in turn."""
    step = max(EVERY // len(kinds), 5)
    return {
        row: list(kinds)[place // step % len(kinds)] for place, row in enumerate(ids) if place % step == 0
    }


def times(fates):
    """Return how often a trouble is met with: what passes only once."""
    return 1 if fates == SENT else ALWAYS


def prepare(chosen, post, service):
    """Make the rows; let the services know their troubles. Return ({mail id: trouble}, {push id: trouble})."""
    half, dana = chosen.deliveries // 2, _outbox.dana()
    start = timezone.now() + timedelta(seconds=5)
    due = [start + timedelta(seconds=2 * number / chosen.rate) for number in range(half)]
    mails = spread(_outbox.by_mail(dana, due), MAIL_TROUBLE)
    for row in Delivery.objects.filter(pk__in=mails).select_related("reminder__client"):
        trouble = mails[row.id]
        post.answers[row.reminder.client.email] = [trouble] * times(MAIL_TROUBLE[trouble])
    browsers = [service.subscribe() for _ in range(half)]
    ids = _outbox.by_push(dana, due, browsers)
    pushes = spread(ids, PUSH_TROUBLE)
    for row, browser in zip(ids, browsers, strict=True):
        if row in pushes:
            headers = {"Retry-After": "3"} if pushes[row] == 429 else {}
            service.answers[browser.endpoint] = [Says(pushes[row], headers)] * times(
                PUSH_TROUBLE[pushes[row]]
            )
    return mails, pushes


@contextlib.contextmanager
def sender(post, service, lease):
    """Run the sender as long as the block lasts; it is killed, if it still is alive then."""
    where = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(post.port)}
    where |= {"PROVE_PUSH_PORT": str(service.port), "PROVE_PUSH_CA": str(service.ca), **lease}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    command = [sys.executable, "-m", "tests.proofs._sender"]
    process = subprocess.Popen(command, cwd=TOP, env=os.environ | where, **quiet)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def open_ones():
    return Delivery.objects.waiting().count()


def torment(chosen, post, service, lease, random):
    """Kill the sender at random moments while there is work, then let one end it; return how often it was killed."""
    kills, life = 0, 0.85 * chosen.deliveries / chosen.rate / chosen.kills
    while kills < chosen.kills and open_ones():
        with sender(post, service, lease):
            time.sleep(START + random.uniform(0, 2 * max(life - START, START)))
        kills += 1
    with sender(post, service, lease):
        deadline = time.monotonic() + 900
        while open_ones() and time.monotonic() < deadline:
            time.sleep(0.5)
    return kills


def verdict(post, service, mails, pushes):
    """Return what became of all, against what should have."""
    expected = {row: MAIL_TROUBLE[trouble] for row, trouble in mails.items()}
    expected |= {row: PUSH_TROUBLE[trouble] for row, trouble in pushes.items()}
    found, late, worst = Counter(), 0, timedelta(0)
    for row in Delivery.objects.select_related("reminder").iterator():
        fate = (row.state, row.reason)
        found["right" if fate in expected.get(row.id, SENT) else "wrong"] += 1
        found["missed"] += row.state == "planned"
        if row.id not in expected:
            took = row.finished_at - row.reminder.due_at if row.finished_at else LATE * 9
            late, worst = late + (took > LATE), max(worst, took)
    topics = Counter(message.headers["topic"] for message in service.messages)
    return {
        **found,
        "never_came": Delivery.objects.filter(state="sent").count() - len(post.ids()) - len(topics),
        "late": late,
        "longest_wait": round(worst.total_seconds(), 1),
        "mail_repeats": sum(post.ids().values()) - len(post.ids()),
        "push_repeats": sum(topics.values()) - len(topics),
    }


def main(arguments):
    """Run the trial; return 1 when something was missed, late, wrong, or repeated more often than killed."""
    chosen = options("faults", __doc__, arguments, NUMBERS, SHORT)
    lease, began = {"PROVE_LEASE": "4"} if chosen.short else {}, time.monotonic()
    call_command("migrate", verbosity=0)
    pushkeys.make(settings.PUSH_KEY_FILE)
    post, stop = Post(), threading.Event()
    post.start()
    with tempfile.TemporaryDirectory() as folder:
        service = PushService(Path(folder))
        mails, pushes = prepare(chosen, post, service)
        middle = 0.4 * chosen.deliveries / chosen.rate
        threading.Thread(target=post.fail, args=(middle, stop), daemon=True).start()
        kills = torment(chosen, post, service, lease, Random(chosen.seed))  # noqa: S311 - no secret
        figures = verdict(post, service, mails, pushes)
        service.stop()
    post.stop()
    stop.set()
    how = {"deliveries": chosen.deliveries, "kills": kills, "seed": chosen.seed}
    figures = {**how, **figures, "refused_by_the_service": len(service.problems)}
    print("faults", json.dumps({**figures, "seconds": round(time.monotonic() - began)}))
    bad = ("wrong", "missed", "never_came", "late")
    repeats = max(figures["mail_repeats"], figures["push_repeats"])
    return 1 if any(figures.get(name) for name in bad) or repeats > kills else 0

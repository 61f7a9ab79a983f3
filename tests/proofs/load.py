"""How fast ten thousand mails and as many notifications leave that are due at once, and what finding them costs.

Mails against bare Django over one kept connection, notifications against nothing but their encryption, each in the same
run; "ours" is the command sendreminders as it runs: claim, look again, words, hand over, mark, with the processes that
help it when much is due (--senders 1: alone). Its start is not counted, that of its help is. Then a claim with a
thousand planned deliveries and with a million, with the plan of its query; then how long after it was due each of some
reminders was handed over while the sender has nothing else to do. Services on core 1. --postgres: on PostgreSQL.
"""

import json
import os
import statistics
import subprocess
import sys
import threading
import time
import uuid
from datetime import timedelta

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test import override_settings
from django.utils import timezone

from checklist.channels.email import EmailChannel
from checklist.dispatching import send_due
from checklist.models import Delivery
from project import pushkeys
from tests.proofs import _outbox, _planned, mail, push
from tests.proofs._options import options
from tests.proofs._sender import COMMAND
from tests.proofs._server import HOST, TOP
from tests.pushes import FCM, Subscription

NUMBERS = {
    "messages": (10_000, "of each kind"),
    "planned": (1_000_000, "deliveries, against a thousand"),
    "idle": (200, "reminders, three a second, while the sender is idle"),
    "senders": (settings.SENDERS, "processes at most on a channel"),
}
SHORT = "thirty messages, two thousand planned, six when idle", {"messages": 30, "planned": 2000, "idle": 6}
MORE = {"--postgres": {"action": "store_true", "help": "on PostgreSQL, which bin/prove starts"}}
TIMES = 30
SMTP = {
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "EMAIL_HOST": HOST,
    "EMAIL_USE_TLS": False,
}


def rate(name, count, now, where):
    """Let the command hand over what is due on a channel; return how many a second.

    `where` is what the environment has to say of the services. The first mark is told from the outbox: starting Python
    and Django is no part of a sender that runs for ever.
    """
    command = [*COMMAND, "--once", "--channel", name, f"--now={now.isoformat()}"]
    left = Delivery.objects.waiting().filter(channel=name, due_at__lte=now)
    with subprocess.Popen(command, cwd=TOP, env=os.environ | where, stdout=subprocess.DEVNULL) as process:
        while left.filter(lease_until=None).count() == count:
            time.sleep(0.005)
        began = time.perf_counter()
        process.wait()
        took = time.perf_counter() - began
    sent = Delivery.objects.filter(channel=name, state=Delivery.State.SENT, finished_at=now).count()
    return count / took if sent == count and not left.exists() else sys.exit(f"Not every {name} left.")


def between(bare, ours):
    """Return (ours, bare) a second, the bare one measured half before and half after: machines change their pace."""
    before, found, after = bare(), ours(), bare()
    return found, statistics.harmonic_mean([before, after])


def mails(dana, count, now):
    """Return how many mails a second leave by the sender and by bare Django."""
    _outbox.by_mail(dana, [now] * count)
    with mail.sink() as port, override_settings(**SMTP, EMAIL_PORT=port):
        where = {"EMAIL_HOST": HOST, "EMAIL_PORT": str(port)}
        return between(lambda: mail.bare(count // 2), lambda: rate("email", count, now, where))


def notifications(dana, count, now):
    """Return how many notifications a second leave by the sender, and how many are only encrypted."""
    keys = push.phones()
    browsers = [
        Subscription(
            f"https://{FCM}/fcm/send/load-{number}",
            keys[number % len(keys)].p256dh,
            keys[number % len(keys)].auth,
        )
        for number in range(count)
    ]
    _outbox.by_push(dana, [now] * count, browsers)
    with push.service() as service:
        where = {"PROVE_PUSH_PORT": str(service.port), "PROVE_PUSH_CA": service.ca}
        return between(lambda: push.bare(keys, count // 2)[0], lambda: rate("push", count, now, where))


def costs(now):
    """Return the median milliseconds of finding fifty that are due, and of claiming them, given back after each."""
    find = median_ms(lambda _holder: list(due(now).values_list("id", flat=True)), now)
    claim = transaction.atomic(lambda holder: Delivery.objects.claim(holder, now, 50, "email"))
    return find, median_ms(claim, now)


def median_ms(find, now):
    """Return the median milliseconds in which `find(holder)` finds fifty."""
    took = []
    for _time in range(TIMES):
        holder, began = uuid.uuid4().hex, time.perf_counter()
        found = find(holder)
        took.append(time.perf_counter() - began)
        Delivery.objects.give_back(holder, now)
        if len(found) != 50:
            sys.exit(f"{len(found)} of 50 were found")
    return round(statistics.median(took) * 1000, 2)


def due(now):
    """Return the query by which the sender finds what is due."""
    return Delivery.objects.due(now).filter(channel="email", crashes__lt=2)[:50]


def plan(now):
    """Return the lines of the plan by which the database finds what is due."""
    return due(now).explain().splitlines()


def waits(dana, count):
    """Return the seconds from due to handed over while a sender runs that has nothing else to do."""
    start, ended = timezone.now() + timedelta(seconds=2), threading.Event()
    ids = _outbox.by_mail(dana, [start + timedelta(seconds=number / 3) for number in range(count)])

    def send():
        channel = EmailChannel()
        while not ended.wait(2):
            send_due(timezone.now, {"email": channel})
            channel.close()
        connections.close_all()

    with mail.sink() as port, override_settings(**SMTP, EMAIL_PORT=port):
        sender = threading.Thread(target=send)
        sender.start()
        deadline = time.monotonic() + count / 3 + 60
        while Delivery.objects.filter(pk__in=ids).waiting().exists() and time.monotonic() < deadline:
            time.sleep(0.5)
        ended.set()
        sender.join()
    rows = Delivery.objects.filter(pk__in=ids).exclude(finished_at=None).values_list("due_at", "finished_at")
    took = sorted((finished - due).total_seconds() for due, finished in rows)
    return took if len(took) == count else sys.exit("Not all were handed over.")


def main(arguments):
    """Measure and print the figures; return 0."""
    chosen = options("load", __doc__, arguments, NUMBERS, SHORT, MORE)
    call_command("migrate", verbosity=0)
    pushkeys.make(settings.PUSH_KEY_FILE)
    dana, now = _outbox.dana(), timezone.now()
    idle = waits(dana, chosen.idle)
    os.environ["SENDERS"] = str(chosen.senders)
    ours, bare = mails(dana, chosen.messages, now)
    pushed, sealed = notifications(dana, chosen.messages, now)
    found = []
    for count in (1000, chosen.planned):
        _planned.fill(dana, count, now + timedelta(days=30))
        _planned.due(dana, now)
        found.append(costs(now))
    print("\n".join(plan(now)))
    figures = {
        "database": connection.vendor,
        "senders": chosen.senders,
        "mails": round(ours),
        "bare_mails": round(bare),
        "mail_ratio": round(ours / bare, 2),
        "pushes": round(pushed),
        "bare_encryption": round(sealed),
        "push_ratio": round(pushed / sealed, 2),
        "find_ms": [find for find, _claim in found],
        "claim_ms": [claim for _find, claim in found],
        "planned": [1000, chosen.planned],
        "idle_p99": round(idle[int(len(idle) * 0.99)], 1),
    }
    print("load", json.dumps({**figures, "messages": chosen.messages}))
    return 0

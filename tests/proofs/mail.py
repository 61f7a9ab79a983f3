"""How fast reminders leave by mail, next to the same mail sent by bare Django over one kept connection.

The sender runs on core 0 and the mail server, which keeps nothing, on core 1. Each round sends the same number
of mails both ways. "ours" holds all that a reminder needs: claim, look again, words, send, mark.
"""

import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.management import call_command
from django.test import override_settings

from checklist.channels.email import EmailChannel, message
from checklist.dispatching import send_due
from checklist.models import Delivery
from tests import factories
from tests.proofs._options import options
from tests.proofs._server import HOST, TOP, on_core

AHEAD = timedelta(hours=3)
NUMBERS = {"rounds": (5, None), "mails": (300, "each way, each round")}
SHORT = "one round of twenty mails", {"rounds": 1, "mails": 20}


@contextlib.contextmanager
def sink():
    """Run the mail server as long as the block lasts; give its port."""
    command = [*on_core(1), sys.executable, "-m", "tests.proofs._sink"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=TOP, **pipes) as process:
        yield int(process.stdout.readline())
        process.stdin.close()


def plan(count, round_number):
    """Make `count` clients with a reminder due; return the instant at which all are."""
    dana = factories.therapist("Dana Reyes", f"dana{round_number}@example.org")
    for number in range(count):
        client = factories.client(dana, f"Client {number}", f"c{round_number}.{number}@example.org")
        factories.session(client, AHEAD)
    return factories.NOW + AHEAD - timedelta(hours=2)


def ours(count, round_number):
    """Send `count` reminders by the sender; return how many a second."""
    now = plan(count, round_number)
    channel, began = EmailChannel(), time.perf_counter()
    told = send_due(lambda: now, {Delivery.Channel.EMAIL: channel})
    took = time.perf_counter() - began
    channel.close()
    if told[Delivery.State.SENT] != count:
        sys.exit(f"Not every reminder left: {dict(told)}")
    return count / took


def bare(count):
    """Send the same mail `count` times by nothing but Django; return how many a second."""
    sample = message(Delivery.objects.with_marks(factories.NOW).first(), factories.NOW)
    html, headers = sample.alternatives[0].content, sample.extra_headers
    connection = get_connection()
    connection.open()
    began = time.perf_counter()
    for number in range(count):
        to = [f"c{number}@example.org"]
        mail = EmailMultiAlternatives(sample.subject, sample.body, sample.from_email, to, headers=headers)
        mail.attach_alternative(html, "text/html")
        connection.send_messages([mail])
    took = time.perf_counter() - began
    connection.close()
    return count / took


def main(arguments):
    """Measure in rounds and print the medians; return 0."""
    chosen, rates = options("mail", __doc__, arguments, NUMBERS, SHORT), {"ours": [], "bare": []}
    with Path(os.devnull).open("w") as nowhere:
        call_command("prepare", stdout=nowhere)
    if on_core(0):
        os.sched_setaffinity(0, {0})
    smtp = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": HOST}
    with sink() as port, override_settings(**smtp, EMAIL_PORT=port, EMAIL_USE_TLS=False, EMAIL_USE_SSL=False):
        for number in range(chosen.rounds):
            rates["ours"].append(ours(chosen.mails, number))
            rates["bare"].append(bare(chosen.mails))
            print(
                f"Round {number + 1}: ours {rates['ours'][-1]:.0f}, bare {rates['bare'][-1]:.0f} a second",
                flush=True,
            )
    figures = {name: round(statistics.median(found)) for name, found in rates.items()}
    ratio = round(statistics.median(a / b for a, b in zip(rates["ours"], rates["bare"], strict=True)), 2)
    print("mail", json.dumps({**figures, "ratio": ratio, "rounds": chosen.rounds, "mails": chosen.mails}))
    return 0

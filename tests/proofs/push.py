"""How fast pushes are handed over, next to nothing but their encryption, the token's signature reused in both.

The sender runs on core 0 and the push service, which keeps nothing, on core 1. "bare" does what pywebpush does to
encrypt: it reads the phone's keys, makes one of its own, and encrypts by http_ece. "ours" holds all that a message
needs: its words written out, the endpoint looked at, the phone's keys read, sealing, headers, one TLS request and its
answer. "processor" is the same ratio in seconds of the sender's own work, without its waits for the service, which
other programs on the machine make longer.
"""

import argparse
import contextlib
import json
import os
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from checklist.channels.posting import Poster
from checklist.channels.push import Pusher, payload, topic
from project import pushkeys
from tests.factories import NOW
from tests.proofs._server import HOST, TOP, on_core
from tests.pushes import FCM, Subscription, raw, text

PHONES = 200
URL = "https://settle.example/sessions/00000000-0000-4000-8000-000000000000/"
WORDS = payload("Reminder", "Today at 3:00 pm", URL, "t" * 32, "en", {"id": "d" * 32}, [])


@dataclass(frozen=True)
class Service:
    """A push service on loopback, and the file with the authority that its certificate is from."""

    port: int
    ca: str

    def make(self):
        """Return a Poster that reaches it."""
        context = ssl.create_default_context(cafile=self.ca)
        return Poster(lambda host, seconds: socket.create_connection((HOST, self.port), seconds), context)


@contextlib.contextmanager
def service():
    """Run the push service as long as the block lasts; give its Service."""
    with tempfile.TemporaryDirectory() as folder:
        command = [*on_core(1), sys.executable, "-m", "tests.proofs._pushsink", folder]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with subprocess.Popen(command, cwd=TOP, **pipes) as process:
            port = int(process.stdout.readline())
            yield Service(port, f"{folder}/ca.pem")
            process.stdin.close()


def phones():
    """Return the subscriptions of many phones."""
    keys = [ec.generate_private_key(ec.SECP256R1()).public_key() for _ in range(PHONES)]
    points = [key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint) for key in keys]
    return [
        Subscription(f"https://{FCM}/fcm/send/{number}", text(point), text(os.urandom(16)))
        for number, point in enumerate(points)
    ]


def ours(pusher, to, count):
    """Hand `count` messages over; return how many a second, by the clock and of the processor."""
    began = clocks()
    for number in range(count):
        pusher.hand_over(to[number % PHONES], WORDS, 3600, "high", topic(number), NOW)
    return per_second(count, began)


def bare(to, count):
    """Encrypt `count` messages; return the same."""
    words, began = json.dumps(WORDS).encode(), clocks()
    for number in range(count):
        phone, private = to[number % PHONES], ec.generate_private_key(ec.SECP256R1())
        private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"dh": raw(phone.p256dh), "auth_secret": raw(phone.auth)}
        http_ece.encrypt(words, private_key=private, version="aes128gcm", **keys)
    return per_second(count, began)


def clocks():
    """Return the seconds by the clock, and those for which this process has worked."""
    return time.perf_counter(), time.process_time()


def per_second(count, began):
    """Return how many of `count` were done in a second since then, by each of the clocks."""
    return [count / (now - then) for now, then in zip(clocks(), began, strict=True)]


def options(arguments):
    """Return the options."""
    parser = argparse.ArgumentParser(prog="bin/prove push", description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--messages", type=int, default=2000, help="each way, each round")
    parser.add_argument("--short", action="store_true", help="one round of fifty messages")
    chosen = parser.parse_args(arguments)
    if chosen.short:
        chosen.rounds, chosen.messages = 1, 50
    return chosen


def main(arguments):
    """Measure in rounds and print the medians; return 0."""
    chosen, rates, to = options(arguments), {"ours": [], "bare": []}, phones()
    pushkeys.make(settings.PUSH_KEY_FILE)
    if on_core(0):
        os.sched_setaffinity(0, {0})
    with service() as there:
        pusher = Pusher(there.make())
        for number in range(chosen.rounds):
            rates["ours"].append(ours(pusher, to, chosen.messages))
            rates["bare"].append(bare(to, chosen.messages))
            (our_rate, _), (bare_rate, _) = rates["ours"][-1], rates["bare"][-1]
            print(f"Round {number + 1}: ours {our_rate:.0f}, bare {bare_rate:.0f} a second", flush=True)
        pusher.close()
    figures = {name: round(statistics.median(rate for rate, _work in found)) for name, found in rates.items()}
    pairs = list(zip(rates["ours"], rates["bare"], strict=True))
    for clock, name in enumerate(("ratio", "processor")):
        figures[name] = round(statistics.median(a[clock] / b[clock] for a, b in pairs), 2)
    print("push", json.dumps({**figures, "rounds": chosen.rounds, "messages": chosen.messages}))
    return 0

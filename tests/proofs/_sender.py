"""The command sendreminders, its messages to services on loopback: python -m tests.proofs._sender [OPTION...].

The environment names them: PROVE_PUSH_PORT and PROVE_PUSH_CA the push service, EMAIL_PORT the mail server. PROVE_LEASE
is how many seconds a lease lasts, for trials that have no time to wait a minute for one. What helps it is this again.
"""

import os
import socket
import ssl
import sys
from datetime import timedelta

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "project.settings"
django.setup()

from django.conf import settings  # noqa: E402 - Django had to be set up first
from django.core.management import call_command  # noqa: E402

from checklist import fates, hands  # noqa: E402
from checklist.channels.notifying import PushChannel  # noqa: E402
from checklist.channels.posting import Poster  # noqa: E402
from checklist.channels.push import Pusher  # noqa: E402
from checklist.channels.ways import WAYS  # noqa: E402
from checklist.models import deliveries, outbox  # noqa: E402

COMMAND = (sys.executable, "-m", "tests.proofs._sender")


def shorten(lease):
    """Let leases last for `lease` (a timedelta), and a second try come as soon."""
    outbox.LEASE = deliveries.LEASE = lease
    deliveries.SENDING = lease / 2
    fates.BACKOFF = (lease / timedelta(minutes=2),)


def main(arguments):
    """Run the command with these arguments."""
    if lease := os.environ.get("PROVE_LEASE"):
        shorten(timedelta(seconds=float(lease)))
    if port := os.environ.get("PROVE_PUSH_PORT"):
        context = ssl.create_default_context(cafile=os.environ["PROVE_PUSH_CA"])

        def dial(_host, seconds):
            return socket.create_connection(("127.0.0.1", int(port)), seconds)

        WAYS["push"] = lambda: PushChannel(lambda: Pusher(Poster(dial, context)))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    hands.COMMAND = COMMAND
    call_command("sendreminders", *arguments)


if __name__ == "__main__":
    main(sys.argv[1:])

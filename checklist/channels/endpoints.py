"""Where a push may go: the browser makers' services, out on the internet, and nowhere else.

An endpoint is what a stranger's browser tells us to connect to, so nothing about it is believed. Its host has to be
on the list, and what its name stands for has to be public. We connect to the very address that was looked at: a name
that answers differently a moment later changes nothing.
"""

import re
import socket
import time
from dataclasses import dataclass

from django.conf import settings

from checklist.pure.public import is_public

HOSTS = (
    "fcm.googleapis.com",
    "jmt17.google.com",
    "updates.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)
LONGEST = 2048  # characters
PORT = 443
MOST_ADDRESSES = 4
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = rf"{_LABEL}(?:\.{_LABEL})+"
# As browsers write it: small letters, no user, no fragment, nothing outside ASCII.
_ENDPOINT = re.compile(rf"https://({_HOST})(?::443)?(/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)")


class Refused(Exception):
    """This is no endpoint that we send to."""


class NotPublic(OSError):
    """A name on the list stands for an address that is not out on the internet: our network's fault, or a trick."""


@dataclass(frozen=True, repr=False)
class Endpoint:
    """An endpoint whose form and host are fine. The path is a secret: who has it can send to that phone."""

    host: str
    path: str

    @property
    def origin(self):
        """Return what a token for this service names as its audience."""
        return f"https://{self.host}"


def parse(text):
    """Return the Endpoint that a text stands for; raise Refused."""
    found = _ENDPOINT.fullmatch(text) if isinstance(text, str) and len(text) <= LONGEST else None
    if found is None or len(found[1]) > 253 or not _is_listed(found[1]):
        raise Refused
    return Endpoint(found[1], found[2])


def _is_listed(host):
    """Whether a host is on the list, by its whole name or as one label in front of `*.name`."""
    anything_before = "*." + host.partition(".")[2]
    return any(entry in (host, anything_before) for entry in (*HOSTS, *settings.PUSH_HOSTS))


def dial(host, seconds, port=PORT, resolve=socket.getaddrinfo, connect=socket.create_connection):
    """Return a socket that is connected to `host` within so many seconds, at an address that was checked.

    Raises OSError; NotPublic, before any connection, when even one of its addresses is not public. The other
    arguments are for tests.
    """
    addresses, end = _checked(host, port, resolve), time.monotonic() + seconds
    trouble = TimeoutError()
    for address in addresses[:MOST_ADDRESSES]:
        left = end - time.monotonic()
        if left <= 0:
            break
        try:
            return connect((address, port), timeout=left)
        except OSError as error:
            trouble = error
    raise trouble


def _checked(host, port, resolve):
    found = resolve(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    addresses = list(dict.fromkeys(sockaddr[0] for *_kind, sockaddr in found))
    if not addresses or not all(map(is_public, addresses)):
        raise NotPublic
    return addresses

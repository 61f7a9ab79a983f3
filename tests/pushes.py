"""A push service on this machine that opens every message, checks every token, and answers as a test wants."""

import base64
import json
import os
import socket
import ssl
import struct
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

import http_ece
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from checklist.channels.posting import Poster
from tests.certificates import certify

FCM, APPLE = "fcm.googleapis.com", "web.push.apple.com"
LONGEST = 4096  # bytes of a request's body


def text(raw):
    """Return bytes as base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(words):
    """Return the bytes of base64url without padding."""
    return base64.urlsafe_b64decode(words + "=" * (-len(words) % 4))


@dataclass(frozen=True)
class Subscription:
    """What a browser would give us."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True)
class Message:
    """One message that was taken: who for, what it said when opened, the headers, and the token's claims."""

    endpoint: str
    payload: dict
    headers: dict
    claims: dict


@dataclass(frozen=True)
class Says:
    """One answer. `raw` is written in its place; after it `how` may be 'reset', 'close', 'hang' or 'trickle'.

    `unasked` is said once the answer, or `raw`, is out and the test has set the service's `cue`.
    """

    status: int = 201
    headers: dict = field(default_factory=dict)
    body: bytes = b""
    how: str = "answer"
    raw: bytes = b""
    unasked: bytes = b""


class PushService:
    """Listens on a free loopback port. `messages` is what it took, in order; `answers[endpoint]` are used up first.

    `problems` says why it refused a message that nobody asked it to refuse.
    """

    def __init__(self, folder, names=(FCM, "*.push.apple.com")):
        self.ca, server = certify(folder, names)
        self.server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.server_context.load_cert_chain(server)
        self.messages, self.answers, self.phones = [], defaultdict(list), {}
        self.problems, self.connections, self.requests = [], 0, 0
        self.clock, self.numbers = time.time, count(1)
        self.over, self.cue = threading.Event(), threading.Event()
        self.server = _Server(("127.0.0.1", 0), _Handler)
        self.server.service, self.port = self, self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self):
        """Stop listening, end what hangs."""
        self.over.set()
        self.server.shutdown()
        self.server.server_close()

    def dial(self, host, seconds):
        """Connect to this service, whatever the host is called."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=seconds)

    def poster(self, **options):
        """Return a Poster that reaches this service and knows its authority."""
        return Poster(**{"dial": self.dial, "context": ssl.create_default_context(cafile=self.ca), **options})

    def subscribe(self, host=FCM):
        """Return a new phone's subscription."""
        key, auth = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
        endpoint = f"https://{host}/send/{next(self.numbers)}:secret-part"
        self.phones[endpoint] = key, auth
        point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return Subscription(endpoint, text(point), text(auth))

    def take(self, endpoint, headers, body):
        """Open a message as its phone would, keep it and return 201; else note why and return the status."""
        try:
            claims = self._claims(headers["authorization"], endpoint)
        except (InvalidSignature, AssertionError, ValueError, KeyError) as error:
            return self._refuse(403, error)
        if len(body) > LONGEST:
            return self._refuse(413, "too long")
        try:
            key, auth = self.phones[endpoint]
            opened = http_ece.decrypt(body, private_key=key, auth_secret=auth, version="aes128gcm")
            assert headers["content-encoding"] == "aes128gcm" and int(headers["ttl"]) >= 0
        except (http_ece.ECEException, AssertionError, ValueError, KeyError) as error:
            return self._refuse(400, error)
        self.messages.append(Message(endpoint, json.loads(opened), headers, claims))
        return 201

    def _refuse(self, status, why):
        self.problems.append(f"{status}: {why!r}")
        return status

    def _claims(self, header, endpoint):
        """Return the claims of a token that is signed by its `k`, meant for this service, and good now."""
        scheme, _, rest = header.partition(" ")
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        signed, _, signature = parts["t"].rpartition(".")
        r, s = (int.from_bytes(raw(signature)[at : at + 32], "big") for at in (0, 32))
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(parts["k"]))
        key.verify(utils.encode_dss_signature(r, s), signed.encode(), ec.ECDSA(hashes.SHA256()))
        head, claims = (json.loads(raw(part)) for part in signed.split("."))
        assert scheme == "vapid" and head["alg"] == "ES256", "not our kind of token"
        assert claims["aud"] == "/".join(endpoint.split("/")[:3]), "for another service"
        assert 0 < claims["exp"] - self.clock() <= 24 * 3600, "expired, or for too long"
        assert claims["sub"].startswith(("mailto:", "https://")), "nobody to write to"
        return {**claims, "k": parts["k"]}


class _Server(ThreadingHTTPServer):
    block_on_close = False

    def get_request(self):
        self.service.connections += 1
        return super().get_request()

    def handle_error(self, request, client_address):
        """A client that hangs up is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self):
        self.request = self.server.service.server_context.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self):
        super().finish()
        self.request.close()

    def do_POST(self):
        service, headers = self.server.service, {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers["content-length"]))
        endpoint = f"https://{headers['host']}{self.path}"
        service.requests += 1
        waiting = service.answers[endpoint]
        self._say(waiting.pop(0) if waiting else Says(service.take(endpoint, headers, body)))

    def _say(self, says):
        self.wfile.write(says.raw)
        if says.how != "answer":
            self.close_connection = True
            return getattr(self, f"_{says.how}")()
        if not says.raw:
            self._answer(says)
        if says.unasked:
            self.server.service.cue.wait(20)
            self.wfile.write(says.unasked)

    def _answer(self, says):
        self.send_response(says.status)
        for name, value in {"Content-Length": len(says.body), **says.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(says.body)

    def _close(self):
        """Say nothing."""

    def _reset(self):
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _hang(self):
        self.server.service.over.wait(20)

    def _trickle(self):
        """Send a byte now and then, for ever: each comes well before a wait for the next would end."""
        while not self.server.service.over.wait(0.02):
            self.wfile.write(b"H")

    def log_message(self, format, *args):
        """Print nothing."""

"""The key pair by which push services know us (VAPID): made once, kept in one file, never replaced.

Phones subscribe with the public half. With another pair each falls silent until it is opened and subscribes anew.
"""

import base64
import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from project import environment


class Unusable(Exception):
    """The file can't be read, or holds no key pair of ours. Its words say which, and nothing of the key."""


@dataclass(frozen=True)
class Keys:
    """A key pair. `public` is the applicationServerKey for browsers; `key_id` is kept with a subscription."""

    private: ec.EllipticCurvePrivateKey = field(repr=False)
    public: str
    key_id: str


def make(path: Path):
    """Make a key pair in a new file; return whether this call did. One that is there stays as it is."""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return environment.keep_once(path, pem.decode())


@lru_cache(maxsize=4)
def load(path: Path):
    """Return the Keys in a file, read once per process; raise Unusable."""
    try:
        private = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise Unusable(f"it can't be read ({error.strerror})") from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise Unusable("it holds no key") from None
    if not isinstance(private, ec.EllipticCurvePrivateKey) or private.curve.name != "secp256r1":
        raise Unusable("its key is not of the kind that push needs (P-256)")
    return _keys(private)


def _keys(private):
    point = private.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    public = base64.urlsafe_b64encode(point).rstrip(b"=").decode()
    return Keys(private, public, hashlib.sha256(point).hexdigest()[:16])

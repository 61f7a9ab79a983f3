"""Closes a message so that one browser alone can read it: RFC 8291 in one aes128gcm record (RFC 8188)."""

import base64
import os
import re
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD = 4096  # bytes that every service takes: header 86, mark 1, tag 16
LONGEST = RECORD - 86 - 1 - 16  # bytes of message
POINT, AUTH, SALT = 65, 16, 16  # bytes
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+={0,2}")


@dataclass(frozen=True, repr=False)
class Receiver:
    """A browser's public key, the same as bytes, and the secret that it shares with us."""

    key: ec.EllipticCurvePublicKey
    point: bytes
    auth: bytes


def receiver(p256dh, auth):
    """Return the Receiver for the two texts of a subscription; raise ValueError when they are none."""
    point, secret = _bytes(p256dh, POINT), _bytes(auth, AUTH)
    return Receiver(ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point), point, secret)


def seal(message, to):
    """Return the body of the request that carries `message` (bytes, at most LONGEST) to a Receiver."""
    return _seal(message, to, ec.generate_private_key(ec.SECP256R1()), os.urandom(SALT))


def _seal(message, to, private, salt):
    """Seal with this throw-away key and salt, which no other message may ever have; names as in RFC 8291."""
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    info = b"WebPush: info\0" + to.point + point
    ikm = _derive(to.auth, private.exchange(ec.ECDH(), to.key), info, 32)
    cek = _derive(salt, ikm, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derive(salt, ikm, b"Content-Encoding: nonce\0", 12)
    header = salt + RECORD.to_bytes(4, "big") + bytes([POINT]) + point
    return header + AESGCM(cek).encrypt(nonce, message + b"\x02", None)  # 2: the last record


def _derive(salt, secret, info, length):
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def _bytes(text, length):
    """Return the bytes that a base64url text stands for; Python's own decoder would skip what it can't read."""
    if not isinstance(text, str) or not _BASE64URL.fullmatch(text):
        raise ValueError("no base64url")
    bare = text.rstrip("=")
    found = base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    if len(found) != length:
        raise ValueError("wrong length")
    return found

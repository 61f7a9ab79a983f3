"""Tokens and codes: given to a person once, kept only as a hash.

A long token carries 256 bits, so a plain SHA-256 keeps it. A typed code carries about 39 bits, so its hash is keyed
with SECRET_KEY: who has only the database can't try codes against it.
"""

import base64
import hashlib
import secrets

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

# No 0 O 1 I L U: they are misread, misheard, or make words.
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8


def new_token():
    """Return a fresh token of 43 letters, for a cookie or an address."""
    return secrets.token_urlsafe(32)


def digest(token):
    """Return the hash under which a long token is kept, 64 hexadecimal digits."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def derived_token(purpose, row_id, key=None):
    """Return the token that belongs to a row: rebuilt when it has to be said again, never stored."""
    mac = salted_hmac(f"settle.{purpose}", str(row_id), key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def is_derived_token(token, purpose, row_id, length=None):
    """Return whether `token` is the row's, or its first `length` letters, by SECRET_KEY or one of its fallbacks."""
    return any(constant_time_compare(token, each[:length]) for each in _derived_tokens(purpose, row_id))


def kept_token(purpose, row_id, kept):
    """Return the row's token whose hash was kept; the one of SECRET_KEY where no fallback's has that hash."""
    tokens = list(_derived_tokens(purpose, row_id))
    return next((token for token in tokens if digest(token) == kept), tokens[0])


def _derived_tokens(purpose, row_id):
    """Return the row's token by SECRET_KEY, then by each of its fallbacks."""
    return (
        derived_token(purpose, row_id, key) for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    )


def derived_code(row_id):
    """Return the typed code that belongs to a row: eight letters and digits that can be read out."""
    mac = salted_hmac("settle.code", str(row_id), algorithm="sha256").digest()
    return "".join(LETTERS[byte % len(LETTERS)] for byte in mac[:CODE_LENGTH])


def code_digest(code):
    """Return the keyed hash of a typed code, whatever case, spaces and dashes it was typed with."""
    return salted_hmac("settle.code_digest", plain_code(code), algorithm="sha256").hexdigest()


def plain_code(typed):
    """Return the code without spaces and dashes, in capitals."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())

"""Reads the answer of a push service: its status and Retry-After, and no more than 2 kB of what follows."""

import re
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

HEAD, BODY = 16 * 1024, 2 * 1024  # bytes
LONGEST_WAIT = 24 * 3600  # seconds
_STATUS = re.compile(rb"HTTP/1\.([01]) ([1-5][0-9][0-9])(?: [^\r\n]*)?")


class Garbled(OSError):
    """What came is no answer in HTTP."""


@dataclass(frozen=True)
class Answer:
    """A status and the text of Retry-After, or None."""

    status: int
    retry_after: str | None = None


class Reader:
    """Reads one answer. `more()` returns what follows `first`, and raises OSError when there is none to come."""

    def __init__(self, more, first=b""):
        self.more, self.rest = more, first

    def answer(self):
        """Return the Answer, and whether the connection stands right after it and may be used again."""
        status, plain, headers = self._head()
        while status < 200:  # an interim answer; the wait for the real one ends like any other
            status, plain, headers = self._head()
        wait = headers.get(b"retry-after")
        keep = plain and headers.get(b"connection", b"").lower() != b"close" and self._skip_body(headers)
        return Answer(status, wait.decode("latin-1") if wait else None), keep

    def _head(self):
        while (length := self.rest.find(b"\r\n\r\n")) < 0:
            if len(self.rest) > HEAD:
                raise Garbled
            self.rest += self.more()
        first, *lines = self.rest[:length].split(b"\r\n")
        self.rest = self.rest[length + 4 :]
        found = _STATUS.fullmatch(first)
        if not found:
            raise Garbled
        pairs = (line.partition(b":") for line in lines)
        headers = {name.lower(): value.strip() for name, _colon, value in pairs}
        return int(found[2]), found[1] == b"1", headers

    def _skip_body(self, headers):
        """Take in a body of known and modest length; return whether nothing is left over or missing."""
        length = headers.get(b"content-length", b"")
        if b"transfer-encoding" in headers or not re.fullmatch(rb"[0-9]{1,4}", length) or int(length) > BODY:
            return False
        try:
            while len(self.rest) < int(length):
                self.rest += self.more()
        except OSError:
            return False  # the status is known, and that is all we need
        return len(self.rest) == int(length)


def seconds_to_wait(text, now):
    """Return how many seconds after `now` Retry-After asks for, from 0 to a day; None when it can't be read."""
    text = (text or "").strip()
    if text.isascii() and text.isdigit():
        return min(int(text.lstrip("0")[:9] or 0), LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)  # "-0000": a time in UTC
    return min(max(round((at - now).total_seconds()), 0), LONGEST_WAIT)

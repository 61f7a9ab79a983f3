"""Mail that lands in files, as it does on a local machine: taking out what was written to one address."""

from pathlib import Path

from django.conf import settings

BETWEEN = b"-" * 79 + b"\n"  # as Django's file backend writes it after each mail


def forget(address):
    """Take all mail to this address out of the files; real mail has left, and lies in its mailbox."""
    if not address or not settings.EMAIL_BACKEND.endswith(".filebased.EmailBackend"):
        return
    for path in Path(settings.EMAIL_FILE_PATH).glob("*.log"):
        mails = path.read_bytes().split(BETWEEN)
        kept = [mail for mail in mails if address.lower().encode() not in mail.lower()]
        if not b"".join(kept).strip():
            path.unlink()
        elif len(kept) < len(mails):
            path.write_bytes(BETWEEN.join(kept))

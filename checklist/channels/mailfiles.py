"""Mail that lands in files, as it does on a local machine: taking out what was written to one address."""

from email.parser import BytesHeaderParser
from email.policy import default
from pathlib import Path

from django.conf import settings
from django.core.mail.message import sanitize_address

BETWEEN = b"-" * 79 + b"\n"  # as Django's file backend writes it after each mail


def forget(address):
    """Take all mail to this address out of the files; real mail has left, and lies in its mailbox.

    A file of which nothing is left stays, empty: a sender may hold it open, and goes on writing into it.
    """
    if not address or not settings.EMAIL_BACKEND.endswith(".filebased.EmailBackend"):
        return
    names = {address.lower(), sanitize_address(address, "utf-8").lower()}
    for path in Path(settings.EMAIL_FILE_PATH).glob("*.log"):
        with path.open("r+b") as file:
            _take_out(file, names)


def _take_out(file, names):
    """Write the file anew where it holds mail to one of the names, with what came in while it was being read."""
    written = file.read()
    kept = BETWEEN.join(mail for mail in written.split(BETWEEN) if not _goes_to(mail, names))
    if len(kept) < len(written):
        kept += file.read()
        file.seek(0)
        file.write(kept)
        file.truncate()


def _goes_to(mail, names):
    head = BytesHeaderParser(policy=default).parsebytes(mail)
    to = [each for field in head.get_all("To", ()) for each in field.addresses]
    return any(each.addr_spec.lower() in names for each in to)

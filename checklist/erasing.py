"""Erasing a client: every row, counter and file that is about them goes, and what is left says nothing of who (R21)."""

from django.db import IntegrityError, connection, transaction

from checklist import reminding
from checklist.channels import mailfiles
from checklist.models import Client, Erasure, Invitation, Limit, LostPhone, Tombstone, secret
from checklist.models.devices import CODE_LASTS
from project import sqlite

SURE = Invitation.Kind.SURE
TRIES = 3
OF_A_PHONE = (
    "test",
    "check device",
    "sync",
    "notifications",
    "add device",
)  # what is counted under its token


@transaction.atomic
def mail_code(client, now):
    """Mail a code to the client's address that proves who wants all erased; it opens nothing, and ends earlier ones."""
    for earlier in client.invitations.filter(kind=SURE).open(now):
        earlier.revoke(now)
    code = Invitation(client=client, kind=SURE, to_mailbox=True, expires_at=now + CODE_LASTS)
    code.token_hash = secret.code_digest(code.code())
    code.save()
    reminding.plan_invitation(code, now)


def awaits_code(client, now):
    """Return whether a code that was mailed to the client is still good."""
    return client.invitations.filter(kind=SURE).open(now).exists()


def is_proven(client, typed, now):
    """Return whether this is the open code that was mailed to the client, and use it up."""
    codes = client.invitations.filter(kind=SURE, token_hash=secret.code_digest(typed))
    code = codes.open(now).first()
    return bool(code and code.use(now))


def erase(client, by, now):
    """Erase the client for good; `by` is an Erasure.By. Calling it for one who is gone changes nothing.

    What is left is that it happened, for the therapist, and hashes of the phones' tokens, so that these can be told.
    """
    for left in reversed(range(TRIES)):
        try:
            return _erase(client, by, now)
        except IntegrityError:  # something of theirs was written in this very moment
            if not left:
                raise


@transaction.atomic
def _erase(client, by, now):
    client = Client.objects.select_for_update().filter(pk=client.pk).first()
    if client is None:
        return
    _bury(client, now)
    _forget_tries(client)
    client.delete()
    Erasure.objects.tell(client.therapist, by, now)
    _forget_address(client.email)
    transaction.on_commit(lambda: sqlite.empty_log(connection))


def _bury(client, now):
    """Keep by which hashes its phones are known, and nothing else."""
    hashes = set(client.devices.values_list("token_hash", flat=True))
    graves = [Tombstone(token_hash=each, day=now.date()) for each in hashes]
    Tombstone.objects.bulk_create(graves, ignore_conflicts=True)


def _forget_tries(client):
    """Delete the counters that are kept under a hash of something of theirs."""
    tries = [("erase", client.id), ("code to erase", client.id), ("invitation by mail", client.id)]
    for token_hash in client.devices.values_list("token_hash", flat=True):
        tries += [(what, token_hash) for what in OF_A_PHONE]
    for what, who in tries:
        Limit.forget_who(what, who)


def forget_old_address(address):
    """Forget what is kept under an address that was a client's, unless it is somebody's still."""
    if not Client.objects.filter(email__iexact=address).exists():
        _forget_address(address)


def _forget_address(address):
    if not address:
        return
    LostPhone.objects.filter(email__iexact=address).delete()
    Limit.forget_who("code by mail", address.lower())
    transaction.on_commit(lambda: mailfiles.forget(address))

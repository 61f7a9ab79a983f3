"""Letting a client's phone in: links, typed codes, passes for a home screen; what happens when one is accepted."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from checklist import beginning, reminding
from checklist.models import Client, Device, Invitation, LostPhone, secret
from checklist.models.devices import CODE_LASTS, INVITATION_LASTS, PASS_LASTS

# How many of those who asked for a code one look of the sender takes: what is due has to leave as well.
AT_ONCE = 50
# A browser may ask for its manifest several times in a row: so long it is given the same pass.
SAME_PASS = timedelta(minutes=5)


@transaction.atomic
def invite(client, now, by_mail=False):
    """Make the client's one open link, good for seven days, and revoke the earlier ones; mail it when asked to."""
    _hold(client)
    for earlier in client.invitations.links().open(now):
        earlier.revoke(now)
    invitation = Invitation(client=client, expires_at=now + INVITATION_LASTS, to_mailbox=by_mail)
    invitation.token_hash = secret.digest(invitation.token())
    invitation.save()
    if by_mail:
        reminding.plan_invitation(invitation, now)
    return invitation


@transaction.atomic
def make_code(client, now, made_from=None, to_mailbox=False, device=None):
    """Make a typed code for `client`, good for ten minutes; return its Invitation.

    It revokes the earlier codes that went the same way: read out, or shown by the phone of `device`. What goes by mail
    revokes nothing: whoever knows an address can have a code mailed to it, and that must end no code that somebody is
    about to type (R18). What a phone shows ends with its device, and is nobody else's to see (R20).
    """
    expires_at = min(now + CODE_LASTS, made_from.expires_at) if made_from else now + CODE_LASTS
    _hold(client)
    if not to_mailbox:
        for earlier in _codes(client, to_mailbox=False).filter(device=device).open(now):
            earlier.revoke(now)
    code = Invitation(
        client=client,
        kind=Invitation.Kind.CODE,
        made_from=made_from,
        to_mailbox=to_mailbox,
        device=device,
        expires_at=expires_at,
    )
    code.token_hash = secret.code_digest(code.code())
    code.save()
    return code


@transaction.atomic
def make_pass(device, now):
    """Return a pass for the app that `device`'s phone puts on its home screen, good for half an hour (R18).

    It revokes nothing: it is asked for by looking at a page. A phone has few of them at a time all the same.
    """
    passes = device.invitations.filter(kind=Invitation.Kind.PASS)
    passes.filter(expires_at__lte=now).delete()
    made = passes.open(now).filter(expires_at__gt=now + PASS_LASTS - SAME_PASS).first()
    if made:
        return made
    made = Invitation(
        client=device.client, kind=Invitation.Kind.PASS, device=device, expires_at=now + PASS_LASTS
    )
    made.token_hash = secret.digest(made.token())
    made.save()
    return made


def _hold(client):
    """Lock the client's row, so that of two invitations made at once the later one revokes the other."""
    Client.objects.select_for_update().values_list("pk").get(pk=client.pk)


def ask_for_code(email, now):
    """Note that somebody wants a code at that address: the same work for every address, known or not (R16)."""
    LostPhone.objects.create(email=email, asked_at=now)


def mail_codes_asked_for():
    """Mail the codes that were asked for, as of then: found too late, they fail where the therapist sees it (R15)."""
    for asked in LostPhone.objects.order_by("pk")[:AT_ONCE]:
        with transaction.atomic():
            if LostPhone.objects.filter(pk=asked.pk).delete()[0]:  # and no other sender was first
                mail_code(asked.email, asked.asked_at)


def mail_code(email, now):
    """Mail a typed code to each client with that address; say nothing of whether there is one."""
    for client in Client.objects.active().filter(email__iexact=email):
        with transaction.atomic():
            reminding.plan_invitation(make_code(client, now, to_mailbox=True), now)


def revoke_mailed(client, now):
    """Revoke what was mailed to the client's old address: a code from a mailbox opens all that its address may see."""
    for mailed in client.invitations.filter(Q(to_mailbox=True) | Q(reminders__isnull=False)).open(now):
        mailed.revoke(now)


def by_token(token, now):
    """Return the open link or pass with that token, or None."""
    return Invitation.objects.open(now).with_token(token).first()


def by_code(code, now):
    """Return the open typed code, or None."""
    return Invitation.objects.open(now).filter(kind="code", token_hash=secret.code_digest(code)).first()


@transaction.atomic
def accept(invitation, now, label, token=None):
    """Use the invitation up and enrol a browser; return its token, or None when somebody else was first (R17).

    `token` is the one that this browser holds already, when it is the same person's: the new client joins it.
    """
    if not _use(invitation, now):
        return None
    clients, steps = clients_let_in(invitation), None
    if token is None:
        token, steps = secret.new_token(), beginning.steps_for(invitation, clients)
    for client in clients:
        enrol(client, token, label, now, steps)
        if invitation.kind == Invitation.Kind.CODE:
            _close(client, now)
    return token if clients else None


def _close(client, now):
    """Revoke the links and mailed codes still open when their client is in by a code: who finds one gets in too."""
    for rest in (client.invitations.links() | _codes(client, to_mailbox=True)).open(now):
        rest.revoke(now)


def _codes(client, to_mailbox):
    """Return the codes of a client that went by mail, or those that were read out."""
    return client.invitations.filter(kind=Invitation.Kind.CODE, to_mailbox=to_mailbox)


def _use(invitation, now):
    """Use it up, and the link that a code was made from: of a link and its codes one lets somebody in."""
    return invitation.use(now) and (invitation.made_from is None or invitation.made_from.use(now))


def clients_let_in(invitation):
    """Return the clients that an invitation lets in.

    A code read in a mailbox is for all clients of the same therapist who use that mailbox: another therapist may have
    written the address down without asking, and mails a code of their own. A pass is for all whom the phone that asked
    stands for now.
    """
    if invitation.kind == Invitation.Kind.PASS:
        phone = Device.objects.live().filter(token_hash=invitation.device.token_hash)
        return [device.client for device in phone.select_related("client").order_by("created_at", "id")]
    if invitation.kind == Invitation.Kind.CODE and invitation.to_mailbox and invitation.client.email:
        same = Client.objects.active().filter(therapist=invitation.client.therapist_id)
        return same.filter(email__iexact=invitation.client.email)
    return [invitation.client]


def enrol(client, token, label, now, steps=None):
    """Let the browser that holds `token` in as `client`, again if it had been revoked.

    `steps` are the first ones of a new phone; None leaves them as they are.
    """
    fields = {"label": label, "revoked_at": None, "created_at": now, "last_seen_on": now.date()}
    fields |= {} if steps is None else {"first_steps": steps}
    Device.objects.update_or_create(client=client, token_hash=secret.digest(token), defaults=fields)


def leave(devices, now):
    """Shut these devices out; ticks they have sent stay."""
    return devices.revoke(now)

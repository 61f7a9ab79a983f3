"""Device: a browser that has been let in. Invitation: the one way in. LostPhone: a code asked for."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from checklist.models import feeds, secret
from checklist.models.fields import UnguessableModel
from checklist.models.people import Client

INVITATION_LASTS = timedelta(days=7)
CODE_LASTS = timedelta(minutes=10)
PASS_LASTS = timedelta(minutes=30)


class DeviceQuerySet(models.QuerySet):
    """Sets of devices."""

    def live(self):
        """Return the devices that may still come in: not revoked, and their client not archived."""
        return self.filter(revoked_at=None, client__archived_at=None)

    def holding(self, token):
        """Return the rows of the browser that holds `token`: one for each client it was enrolled for."""
        return self.filter(token_hash=secret.digest(token))

    def feeding(self, given):
        """Return the one whose calendar address carries this secret, with its client, or None."""
        row = self.filter(pk=feeds.whose(given)).select_related("client").first()
        return row if row and row.is_feed_secret(given) else None

    def revoke(self, now=None):
        """Shut these devices out from now on, and make worthless what their phones asked for: passes and codes."""
        now = now or timezone.now()
        asked = Invitation.objects.filter(device__token_hash__in=self.values("token_hash"))
        asked.filter(used_at=None, revoked_at=None).update(revoked_at=now)
        return self.filter(revoked_at=None).update(revoked_at=now, feed="")


class Device(feeds.Feeding, UnguessableModel):
    """One browser of one client. A phone used with two practices has two rows with the same token."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="devices")
    token_hash = models.CharField(max_length=64)
    label = models.CharField(max_length=60)
    created_at = models.DateTimeField(default=timezone.now)
    last_seen_on = models.DateField(default=timezone.localdate)
    revoked_at = models.DateTimeField(null=True, blank=True)
    first_steps = models.JSONField(default=list, blank=True)  # of beginning.STEPS, those still to be shown

    objects = DeviceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token_hash", "client"], name="one_device_per_client")]

    def __str__(self):
        return str(self.id)

    def revoke(self, now=None):
        """Shut this device out from now on."""
        self.revoked_at = now or timezone.now()
        Device.objects.filter(pk=self.pk).revoke(self.revoked_at)


class InvitationQuerySet(models.QuerySet):
    """Sets of invitations."""

    def open(self, now):
        """Return those that would still let somebody in at `now`."""
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=now, client__archived_at=None)

    def links(self):
        """Return the invitations that are a link: no typed code, no pass."""
        return self.filter(kind=Invitation.Kind.LINK)

    def with_token(self, token):
        """Return the link or the pass with that token, a code being found by what is typed."""
        return self.exclude(kind=Invitation.Kind.CODE).filter(token_hash=secret.digest(token))


class Invitation(UnguessableModel):
    """A single-use, expiring, revocable way in: a link for seven days, a typed code for ten minutes, or a pass.

    A pass is good for half an hour and lets the app on a home screen in as what `device`'s phone stands for (R18).
    A code of the kind `sure` lets nobody in: it proves that who wants all erased reads the client's mail (R19).
    """

    class Kind(models.TextChoices):
        LINK = "link"
        CODE = "code"
        PASS = "pass"  # noqa: S105 - the name of a kind
        SURE = "sure"

    client = models.ForeignKey(Client, models.CASCADE, related_name="invitations")
    kind = models.CharField(max_length=4, choices=Kind, default=Kind.LINK)
    token_hash = models.CharField(max_length=64, unique=True)
    made_from = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="codes")
    # The phone that asked for a pass, or that shows a code.
    device = models.ForeignKey(Device, models.CASCADE, null=True, blank=True, related_name="invitations")
    to_mailbox = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    def __str__(self):
        return str(self.id)

    def token(self):
        """Return the token of the link or the pass. It is rebuilt from the id, so that it is stored nowhere.

        One that was made with an earlier key, which is a fallback by now, is rebuilt with that.
        """
        return secret.kept_token("invitation", self.id, self.token_hash)

    def code(self):
        """Return the typed code, rebuilt from the id, as two groups of four."""
        code = secret.derived_code(self.id)
        return f"{code[:4]}-{code[4:]}"

    def is_open(self, now):
        """Return whether it would still let somebody in at `now`."""
        return self.used_at is None and self.revoked_at is None and now < self.expires_at

    def use(self, now):
        """Use it up; return whether this call was the one that did (of 50 at once, one is: R17).

        The conditions are on this row alone: PostgreSQL rechecks those after waiting for a lock, but no subquery.
        """
        unused = Invitation.objects.filter(pk=self.pk, used_at=None, revoked_at=None, expires_at__gt=now)
        return bool(unused.update(used_at=now))

    def revoke(self, now=None):
        """Make it worthless from now on, with the codes that were made from it."""
        now = now or timezone.now()
        same = models.Q(pk=self.pk) | models.Q(made_from=self.pk)
        Invitation.objects.filter(same, used_at=None, revoked_at=None).update(revoked_at=now)


class LostPhone(models.Model):
    """Somebody asked for a code by mail. The row is the same for every address; the sender looks whose it is (R16)."""

    email = models.EmailField()
    asked_at = models.DateTimeField()

    def __str__(self):
        return str(self.pk)

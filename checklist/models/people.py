"""Practice, User (a therapist) and Client."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checklist.models import secret
from checklist.models.fields import UnguessableModel, ZoneField
from checklist.models.retention import Retention
from checklist.models.sharing import Sharing, at_first, started_by
from checklist.models.speaking import Speaking
from checklist.models.wishing import Wishing
from checklist.pure.wishes import KINDS

# Letters of a token for unsubscribing, six bits each: which client, and at which address.
WHO, WHERE = 22, 21


def all_kinds():
    """Return the kinds of reminders that a new practice allows: all."""
    return list(KINDS)


class Practice(Retention, UnguessableModel):
    """The tenant: therapists and their clients. One practice never sees another's rows (R16)."""

    name = models.CharField(max_length=80)
    country = models.CharField(max_length=2, blank=True)
    help_numbers = models.TextField(max_length=600, blank=True)
    dropped_call = models.TextField(max_length=300, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    kinds = models.JSONField(default=all_kinds)  # of reminders that its clients may choose from
    proposed_shares = models.JSONField(default=at_first)  # kinds that it would like its clients to share
    turn_url = models.CharField(
        max_length=200, blank=True
    )  # a server that its clients' phones may measure against
    turn_secret = models.CharField(max_length=200, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return str(self.id)

    @property
    def first_shares(self):
        """The kinds that a new client shares; what the practice proposes later opens nothing for those there are."""
        return started_by(self.proposed_shares)

    def numbers(self):
        """Return [(label, number)] of the practice's own help lines, one for each line 'Label: number'."""
        pairs = (line.rpartition(":") for line in self.help_numbers.splitlines() if line.strip())
        return [(label.strip(), number.strip()) for label, _colon, number in pairs]


class UserManager(BaseUserManager):
    """Makes users that sign in with an e-mail address."""

    def create_user(self, email, password=None, **fields):
        """Return a saved user; `password` None means nobody can sign in with one."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        """Return a saved user who may do anything Django guards by permission; the desk still needs a practice."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin, Speaking, UnguessableModel):
    """A signed-in therapist of one practice."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        MEMBER = "member", _("Member")

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=60)
    practice = models.ForeignKey(Practice, models.CASCADE, null=True, related_name="therapists")
    role = models.CharField(max_length=6, choices=Role, default=Role.OWNER)
    time_zone = ZoneField()
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    objects = UserManager()
    USERNAME_FIELD = EMAIL_FIELD = "email"

    def __str__(self):
        return str(self.id)

    @property
    def is_owner(self):
        return self.role == self.Role.OWNER


class ClientQuerySet(models.QuerySet):
    """Sets of clients."""

    def of(self, therapist):
        """Return the clients this therapist looks after: nobody else's, not even a colleague's."""
        return self.filter(therapist=therapist, practice=therapist.practice)

    def begin(self, therapist, **fields):
        """Make a client of this therapist, who shares at first what the practice proposes; return the client."""
        practice = therapist.practice
        return self.create(practice=practice, therapist=therapist, sharing=practice.first_shares, **fields)

    def active(self):
        """Return the clients that have not been archived."""
        return self.filter(archived_at=None)


class Client(Sharing, Wishing, Speaking, UnguessableModel):
    """A person who gets ready. A nickname is enough; there is no password."""

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="clients")
    therapist = models.ForeignKey(User, models.PROTECT, related_name="clients")
    nickname = models.CharField(max_length=40)
    email = models.EmailField(blank=True)
    time_zone = ZoneField()
    mail_reminders = models.BooleanField(default=True)
    stopped_addresses = models.JSONField(default=list)  # as marks, never in clear
    cursor = models.PositiveBigIntegerField(default=0)
    # Of sessions that are kept no longer: how many were not cancelled, how many took place, and what these came to.
    forgotten_sessions = models.PositiveIntegerField(default=0)
    forgotten_kept = models.PositiveIntegerField(default=0)
    forgotten_strength = models.FloatField(default=0.0)
    created_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = ClientQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["therapist", "archived_at"]), models.Index(fields=["email"])]

    def __str__(self):
        return str(self.id)

    def archive(self, now):
        """Archive them. Who is archived already stays so since then: the time until all is erased runs from there."""
        Client.objects.active().filter(pk=self.pk).update(archived_at=now)

    def take_back(self):
        """Take them back from the archive."""
        Client.objects.filter(pk=self.pk).update(archived_at=None)

    @property
    def takes_mail(self):
        """Whether a reminder may go to this person's mailbox right now."""
        return bool(self.email and self.mail_reminders and not self.archived_at)

    def consent_at(self, email):
        """Return the fields that say whether mail goes to `email`, once that is this client's address.

        An address that was not asked yet takes mail; one at which the mails were stopped stays without (R14, R20).
        """
        stopped = set(self.stopped_addresses) - {self._mark(self.email)}
        if self.email and not self.mail_reminders:
            stopped.add(self._mark(self.email))
        takes = self._mark(email) not in stopped if email else self.mail_reminders
        return {"mail_reminders": takes, "stopped_addresses": sorted(stopped)}

    @property
    def mailbox(self):
        """By what the present address of this client is known, whoever else has it."""
        return self._mark(self.email)

    def _mark(self, email):
        """Return by what an address is known again when it is kept no longer."""
        return secret.digest(f"{self.id}:{email.lower()}")

    def stop_token(self):
        """Return what a mail to the present address carries to stop the mails: letters for who, then for where."""
        who = secret.derived_token("unsubscribe", self.id)[:WHO]
        return who + secret.derived_token("unsubscribe.address", self.mailbox)[:WHERE]

    def is_stop_token(self, token):
        """Return whether a mail to this client carried `token`, whatever the address was then."""
        return secret.is_derived_token(token[:WHO], "unsubscribe", self.id, WHO)

    def is_stop_token_here(self, token):
        """Return whether a mail to the present address carried `token`: an old mailbox has no power over it (R14)."""
        here = "unsubscribe.address", self.mailbox
        return self.is_stop_token(token) and secret.is_derived_token(token[WHO:], *here, WHERE)

    def next_cursor(self):
        """Return the next cursor of this client's changes. Called inside a transaction that holds the client's row."""
        self.cursor = Client.objects.select_for_update().values_list("cursor", flat=True).get(pk=self.pk) + 1
        Client.objects.filter(pk=self.pk).update(cursor=self.cursor)
        return self.cursor

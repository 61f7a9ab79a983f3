"""Look: a therapist looked at what a client shares. The client can read it (R20)."""

from django.db import models
from django.db.models import Q

from checklist.models.fields import UnguessableModel
from checklist.models.people import Client, User
from checklist.models.sessions import Session
from checklist.models.sharing import Share


class LookQuerySet(models.QuerySet):
    """Sets of looks."""

    def note(self, therapist, seen, day, now):
        """Note that this therapist saw these (client, Share, session or None) on this day; the first time counts."""
        about = {"therapist": therapist, "day": day, "at": now}
        rows = [Look(client=client, kind=kind, session=session, **about) for client, kind, session in seen]
        if rows:
            self.bulk_create(rows, ignore_conflicts=True)

    def told(self, client):
        """Return those that the client may read, the newest first."""
        return self.filter(client=client).select_related("therapist", "session").order_by("-at", "id")


class Look(UnguessableModel):
    """One kind of one client that a therapist saw on one day; no session where it was about all of them."""

    therapist = models.ForeignKey(User, models.CASCADE, related_name="looks")
    client = models.ForeignKey(Client, models.CASCADE, related_name="looks")
    session = models.ForeignKey(Session, models.CASCADE, null=True, blank=True, related_name="looks")
    kind = models.CharField(max_length=10, choices=Share)
    day = models.DateField()
    at = models.DateTimeField()

    objects = LookQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["client", "at"]), models.Index(fields=["at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["therapist", "client", "kind", "session", "day"], name="one_look_a_day"
            ),
            models.UniqueConstraint(
                fields=["therapist", "client", "kind", "day"],
                condition=Q(session=None),
                name="one_look_a_day_at_all",
            ),
        ]

    def __str__(self):
        return str(self.id)

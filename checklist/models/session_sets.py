"""Sets of sessions."""

from django.db import models
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce


class SessionQuerySet(models.QuerySet):
    """Sets of sessions."""

    def of(self, therapist):
        """Return this therapist's sessions with clients of theirs: nobody else's, not even a colleague's.

        Who looked after a client before sees nothing of them any more.
        """
        return self.filter(
            therapist=therapist, client__therapist=therapist, client__practice=therapist.practice
        )

    def of_clients(self, clients):
        """Return the sessions of these clients: a phone may be enrolled for several."""
        return self.filter(client__in=clients)

    def of_these(self, clients):
        """Return the sessions of these Client objects, and let them be the rows' clients, as client.sessions does.

        To read clients, practices and plans once more with their sessions took a tenth of the time of a phone's page.
        """
        rows = self.of_clients([client.pk for client in clients])
        rows._known_related_objects = {self.model.client.field: {client.pk: client for client in clients}}
        return rows

    def with_clients(self, *about):
        """Fetch the client of each session with this about them, unless they are known."""
        if self._known_related_objects:
            return self
        return self.select_related("client", *(f"client__{name}" for name in about))

    def live(self):
        """Return the sessions that were not cancelled."""
        return self.exclude(status=self.model.Status.CANCELLED)

    def expected(self, now):
        """Leave out those ahead of clients who were archived: nobody waits for them."""
        return self.exclude(client__archived_at__isnull=False, ends_at__gt=now)

    def ahead(self, now):
        """Return those that have not ended at `now`, the next one first."""
        return self.filter(ends_at__gt=now).order_by("starts_at", "id")

    def behind(self, now):
        """Return those that have ended at `now`, the latest first."""
        return self.filter(ends_at__lte=now).order_by("-starts_at", "id")

    def starting(self, first, last):
        """Return those that start from `first` (included) to `last` (not included), in order."""
        return self.filter(starts_at__gte=first, starts_at__lt=last).order_by("starts_at", "id")

    def at_the_time_of(self, session):
        """Return those, not cancelled, that share some of a session's time with it, in order."""
        rows = self.live().filter(starts_at__lt=session.ends_at, ends_at__gt=session.starts_at)
        return rows.exclude(pk=session.pk).order_by("starts_at", "id")

    def with_lists(self):
        """Fetch what readiness and its page need, in as many queries however many sessions (R28)."""
        rows = self.with_clients("practice", "plan")
        rows = rows.select_related("therapist", "outcome", "fit", "version")
        return rows.prefetch_related("version__items", "ticks")

    def numbered(self):
        """Add `number`: which of this client's live sessions it is, counted from one, forgotten ones with them."""
        earlier = self.model.objects.live().filter(
            client=OuterRef("client"), starts_at__lte=OuterRef("starts_at")
        )
        count = earlier.order_by().values("client").annotate(count=Count("pk")).values("count")
        return self.annotate(number=Coalesce(Subquery(count), 0) + F("client__forgotten_sessions"))

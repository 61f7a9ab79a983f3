"""A session as a line of a list at the desk."""

from dataclasses import dataclass
from datetime import datetime

from checklist.models import Session, answers, said
from checklist.views.desk import reminders
from checklist.views.desk.zones import elsewhere


@dataclass(frozen=True)
class Row:
    """A session as it stands at `now`."""

    session: Session
    now: datetime

    @property
    def over(self):
        return self.session.has_ended(self.now)

    @property
    def running(self):
        return self.session.has_begun(self.now) and not self.over

    @property
    def elsewhere(self):
        """Where the client is, when their clocks show another time; else None."""
        return elsewhere(self.session.starts_at, self.session.client.time_zone)

    @property
    def answers(self):
        """What the client answered, the newest first; prefetch `answers` for many."""
        return [] if self.session.cancelled else answers.present(self.session)

    @property
    def asks(self):
        """Whether one of the answers is something to do, while there is time for it."""
        return not self.over and any(answer.asks for answer in self.answers)

    @property
    def outcome(self):
        """The Outcome that its client lets the therapist see, or None; select `outcome` for many."""
        return said.shown_outcome(self.session)

    @property
    def fit(self):
        """The Fit that its client lets the therapist see, or None."""
        return said.shown_fit(self.session)

    @property
    def reminders(self):
        """Where its reminders stand; prefetch `reminders__deliveries` for many."""
        return reminders.state(self.session, self.now)

"""The rule of a series: on which days its sessions start by a wall clock, and how each of them meets."""

from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from itertools import count

from checklist.pure import when

IN_PERSON = "in_person"


@dataclass(frozen=True)
class Rule:
    """Every `weeks` weeks from `begins_on` at `clock` by the clocks of `zone` (an IANA name), numbered from 0.

    The first `opening` sessions are in person, after them each `every`-th one (0 for none); the others meet by `way`.
    """

    begins_on: date
    clock: time
    zone: str
    weeks: int
    way: str
    opening: int = 0
    every: int = 0

    def start(self, number):
        """Return the UTC instant at which the session of that number starts; gaps shift forward, folds mean the first
        (R11).
        """
        return when.to_utc(self.day(number), self.clock, self.zone)

    def ahead(self, number, now):
        """Return the first number, from that one on, of a session that starts after `now`."""
        return next(each for each in count(number) if self.start(each) > now)

    def way_of(self, number):
        """Return how the session of that number meets."""
        after = number - self.opening + 1
        visit = after <= 0 or (self.every and after % self.every == 0)
        return IN_PERSON if visit else self.way

    def moved(self, number, day, clock, zone, weeks=None):
        """Return the rule by which the session of that number starts on `day` at `clock`, and the others in step."""
        weeks = weeks or self.weeks
        begins_on = day - timedelta(weeks=weeks * number)
        return replace(self, begins_on=begins_on, clock=clock, zone=zone, weeks=weeks)

    def day(self, number):
        """Return the day on which the session of that number starts."""
        return self.begins_on + timedelta(weeks=self.weeks * number)

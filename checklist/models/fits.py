"""Fit: every few sessions, three taps on how well the meetings suit a client. The questions are our own."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checklist.models.fields import UnguessableModel
from checklist.models.sessions import Session

EVERY = 4  # sessions that took place


class Question(models.TextChoices):
    """What is asked: goals, tasks, connection."""

    GOALS = "goals", _("Is it going in a direction that you want?")
    TASKS = "tasks", _("Does the way you use the time suit you?")
    CONNECTION = "connection", _("Do you feel at ease talking there?")


class Reply(models.IntegerChoices):
    """What may be said to each. No sum is made of them: they are no scale."""

    YES = 3, _("Yes")
    PARTLY = 2, _("Partly")
    NOT_YET = 1, _("Not yet")


class Fit(UnguessableModel):
    """What was said after one session; None to a question that is still open."""

    Question, Reply = Question, Reply

    session = models.OneToOneField(Session, models.CASCADE, related_name="fit")
    goals = models.PositiveSmallIntegerField(choices=Reply, null=True, blank=True)
    tasks = models.PositiveSmallIntegerField(choices=Reply, null=True, blank=True)
    connection = models.PositiveSmallIntegerField(choices=Reply, null=True, blank=True)
    skipped = models.BooleanField(default=False)
    said_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return str(self.id)

    @property
    def replies(self):
        """[(question, reply, its words)], for those that were answered."""
        rows = [(question, getattr(self, question)) for question in Question]
        return [(question, reply, Reply(reply).label) for question, reply in rows if reply]

    @property
    def suits(self):
        """Whether everything was answered with yes; None while something is open."""
        told = [getattr(self, each) for each in Question]
        return None if None in told else min(told) == Reply.YES

    @property
    def next(self):
        """The question that comes next, or None when all were answered or the rest was skipped."""
        return (
            None if self.skipped else next((each for each in Question if getattr(self, each) is None), None)
        )

"""What is read with a delivery that may go: marks of what else was said or may be, without what no message needs."""

from datetime import timedelta

from django.db.models import Exists, OuterRef

from checklist.models.reminders import Reminder
from checklist.models.sessions import Session

HOUR = timedelta(hours=1)
# To read these and turn them into Python took a sixth of the time of it all.
UNREAD = {
    "reminder": "push_at fallback_at",
    "reminder__client": "nickname sharing hidden_items stopped_addresses cursor created_at ask_fit therapist "
    "forgotten_sessions forgotten_kept forgotten_strength",
    "reminder__session": "therapist time_zone ends_at arranged_way switched_at link sequence moved_from cursor "
    "created_at series series_number series_at series_minutes series_way series_link",
}
IDLE = [f"{whose}__{name}" for whose, names in UNREAD.items() for name in names.split()]


def marks(delivery, now):
    """Return what to add to rows of the model Delivery at `now`: what was said otherwise, and what else may be.

    `arrived`, `mailed`, `backed` (a mail is planned) and `pushing` (a push is due and not tried yet) are facts;
    `followed` and `close` say only that a look is worth its query.
    """
    state, channel = delivery.State, delivery.Channel
    same = delivery.objects.filter(reminder=OuterRef("reminder"))
    untried = same.filter(channel=channel.PUSH, state=state.PLANNED, attempts=0)
    # The longest that any rule looks ahead (R13).
    span = {"due_at__gte": OuterRef("reminder__due_at"), "due_at__lte": now + HOUR}
    later = Reminder.objects.filter(session=OuterRef("reminder__session"), **span)
    start = OuterRef("reminder__session__starts_at")
    near = Session.objects.live().filter(client=OuterRef("reminder__client"))
    near = near.filter(starts_at__gt=start - HOUR, starts_at__lt=start + HOUR)
    return {
        "arrived": Exists(same.filter(handovers__arrived_at__isnull=False)),
        "pushing": Exists(untried.filter(due_at__lte=now)),
        "backed": Exists(same.filter(channel=channel.EMAIL, state=state.PLANNED)),
        "mailed": Exists(same.filter(channel=channel.EMAIL, state=state.SENT)),
        "followed": Exists(later.exclude(pk=OuterRef("reminder"))),
        "close": Exists(near.exclude(pk=OuterRef("reminder__session"))),
    }

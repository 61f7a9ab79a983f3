"""A practice begins: its therapist, and a checklist to start from."""

from django.db import transaction

from checklist.models import Checklist, Item, Practice, User
from checklist.pure.starter import STARTER, STARTER_NAME


def starter_items():
    """Return the starter checklist as unsaved Items, in order."""
    names = ("key", "title", "why", "source", "phase", "tip", "tool", "first_session_only")
    return [Item(ways=list(item.ways), **{name: getattr(item, name) for name in names}) for item in STARTER]


@transaction.atomic
def open_practice(therapist, practice_name):
    """Make a practice that `therapist` (a saved User) owns, with the starter checklist; return it."""
    practice = Practice.objects.create(name=practice_name)
    therapist.practice, therapist.role = practice, User.Role.OWNER
    therapist.save(update_fields=["practice", "role"])
    Checklist.objects.create(practice=practice, name=STARTER_NAME).edit(starter_items())
    return practice

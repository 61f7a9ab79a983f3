"""What a client decides about reminders: kept, and planned by at once (R20)."""

from django.db import transaction

from checklist import reminding
from checklist.models import Delivery, Reminder

TIMES = ("evening", "hours_before", "minutes_before", "quiet_from", "quiet_to", "paused_until", "time_zone")
ASKED = ("ask_after", "ask_fit")
ABOUT_MAIL = ("mail_reminders", "open_items_in_mail")


@transaction.atomic
def choose(client, choices, wanted, channels, now):
    """Keep a client's choices and plan their reminders anew.

    `choices` has values of fields of the client, `wanted` the channels of each kind that could be chosen, `channels`
    those that there were to choose from. What could not be chosen stays: e-mail without an address, a kind that this
    client's practice does not allow.
    """
    names = [name for name in (*TIMES, *ASKED, *(ABOUT_MAIL if client.email else ())) if name in choices]
    for name in names:
        setattr(client, name, choices[name])
    possible = [channel for channel in channels if client.email or channel != Delivery.Channel.EMAIL]
    kinds = (*client.practice.kinds, Reminder.Kind.NUDGE)
    allowed = {kind: ways for kind, ways in wanted.items() if kind in kinds}
    client.want(allowed, possible)
    client.save(update_fields=[*names, "unwanted"])
    reminding.plan_client(client, now)

"""What a client's copy says of each kind of row, and what it leaves out, with the reason (R21).

A test holds these tables to the list of all models and fields: what is new has to be named here.
"""

from django.utils.translation import gettext_lazy as _

from checklist.models import (
    Answer,
    Check,
    Client,
    Delivery,
    Device,
    Fit,
    Handover,
    Invitation,
    Item,
    Look,
    Outcome,
    Plan,
    Practice,
    Reminder,
    Series,
    Session,
    Subscription,
    Tick,
    User,
)

DESCRIBED = {
    Client: _("You: your nickname, your e-mail, your time zone, and what you chose."),
    Session: _("Your sessions: when, how, with whom, and how they were changed."),
    Item: _("The lines of the lists that your sessions used. A tick names its line by the key."),
    Tick: _("Each tick you made, and when it was made and sent."),
    Answer: _("What you answered to a session."),
    Outcome: _("What you said of how a session went."),
    Fit: _("What you said of how well it fits you."),
    Plan: _("Your plan."),
    Series: _("The rules by which your sessions repeat."),
    Check: _("The connection checks that you kept."),
    Look: _("When your therapist looked at what you share."),
    Reminder: _("The reminders that were planned for you."),
    Delivery: _("How each reminder went out, and what became of it."),
    Handover: _("Whether a reminder showed up on a phone."),
    Device: _("Your phones."),
    Subscription: _("The phones that take reminders on their screen."),
    Invitation: _("The links and codes that were made for you."),
}
# Who is told by a name and not by an id.
NAMED = {
    User: lambda user: user.name,
    Practice: lambda practice: practice.name,
}

SECRET = _(
    "The secret keys of your phones, links and codes. With one, somebody could act as you, or write to your phone."
)
COUNTER = _("Counters inside the app. They say nothing about you.")
UNREADABLE = _("Marks of old addresses where you stopped e-mails. Nobody can read an address from them.")
LEFT_OUT = {
    "checklist.Device.token_hash": SECRET,
    "checklist.Device.feed": SECRET,
    "checklist.Invitation.token_hash": SECRET,
    "checklist.Subscription.endpoint": SECRET,
    "checklist.Subscription.endpoint_hash": SECRET,
    "checklist.Subscription.p256dh": SECRET,
    "checklist.Subscription.auth": SECRET,
    "checklist.Subscription.key_id": SECRET,
    "checklist.Client.cursor": COUNTER,
    "checklist.Session.cursor": COUNTER,
    "checklist.Delivery.attempts": COUNTER,
    "checklist.Delivery.crashes": COUNTER,
    "checklist.Delivery.lease_holder": COUNTER,
    "checklist.Delivery.lease_until": COUNTER,
    "checklist.Client.stopped_addresses": UNREADABLE,
}
# Models that hold nothing of one client, and why.
OF_NOBODY = {
    "Practice": "the practice's own words and settings; its name is in the copy",
    "User": "a therapist; the name is in the copy",
    "Checklist": "the practice's own list",
    "Version": "a state of a list; the lines that a client's sessions used are in the copy",
    "Item": "a line of a list; those that a client's sessions used are in the copy",
    "Heartbeat": "when the sender was last alive",
    "Limit": "counts tries under a hash, for a day; goes with the client where the hash is of theirs",
    "LostPhone": "an address that somebody typed, until the sender has seen it; goes with the client",
    "Erasure": "that somebody was erased, not who",
    "Tombstone": "a hash that opens nothing",
}

"""Why a delivery was dropped, failed or is late: our own short words, each with a sentence for the desk.

What a mail server answers is never kept or shown: it may quote the address.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """The value is kept with the delivery; the label says what happened and what to do."""

    # Not needed
    CANCELLED = "cancelled", _("Not needed: the session was cancelled.")
    MOVED = "moved", _("Not needed: the session was moved. Reminders follow the new time.")
    PAST = "past", _("Not needed: after the time zone changed, its time had already passed.")
    ALL_DONE = "all done", _("Not needed: everything on the list was done.")
    SUPERSEDED = "superseded", _("Left out: a later reminder for the same session says it as well.")
    USED = "used", _("Not needed: the invitation has been used.")
    REPLACED = "replaced", _("Not needed: this invitation is not valid any more.")
    UNSUBSCRIBED = "unsubscribed", _(
        "Not sent: reminders by e-mail are switched off. The client can switch them on again under Reminders."
    )
    NO_ADDRESS = "no address", _("Not sent: there is no e-mail address. Add one to the client's details.")
    ARCHIVED = "archived", _("Not sent: the client is archived.")
    # Failed
    ADDRESS_REFUSED = "address refused", _(
        "This address takes no mail. Ask the client for the right one and change it: the reminder is then sent again."
    )
    MESSAGE_REFUSED = "message refused", _(
        "The mail server took the address but not the message. Tell the client yourself, and whoever runs this server."
    )
    NOT_REACHED = "mail server not reached", _(
        "The mail server does not answer. Tell the client yourself, and whoever runs this server."
    )
    TOO_LATE = "too late", _(
        "It could not be sent in time. Tell the client yourself, and whoever runs this server."
    )
    ERROR = "error", _("Something went wrong on our side. Tell the client yourself, and whoever runs this server.")
    # Never kept, only shown
    LATE = "late", _("It should have left by now. Tell the client yourself, and whoever runs this server.")


FAILURES = {Reason.ADDRESS_REFUSED, Reason.MESSAGE_REFUSED, Reason.NOT_REACHED, Reason.TOO_LATE, Reason.ERROR}


def sentence(word):
    """Return the sentence for a reason's word in the active language; an empty one for no reason or an unknown one."""
    return str(Reason(word).label) if word in Reason.values else ""

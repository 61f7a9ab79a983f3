"""Why a delivery was dropped, failed or is late: our own short words, each with a sentence for the desk.

What a mail server or push service answers is never kept or shown: it may quote the address.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """The value is kept with the delivery; the label says what happened and what to do."""

    # Not needed
    CANCELLED = "cancelled", _("Not needed: the session was cancelled.")
    MOVED = "moved", _("Not needed: the session was moved. Reminders follow the new time.")
    PAST = "past", _("Not needed: by the new time zone, its time had already passed.")
    ALL_DONE = "all done", _("Not needed: everything on the list was done.")
    SUPERSEDED = "superseded", _("Left out: a later reminder for this session says it as well.")
    ARRIVED = "arrived", _("Not needed: the notification arrived on the phone.")
    MERGED = "merged", _("Not needed: it was said together with another session of the same hour.")
    BY_MAIL = "by mail", _("Not needed: the e-mail went out first.")
    ANSWERED = "answered", _("Not needed: it was answered.")
    USED = "used", _("Not needed: the invitation has been used.")
    REPLACED = "replaced", _("Not needed: this invitation is not valid any more.")
    # Not possible
    UNSUBSCRIBED = "unsubscribed", _("Not sent: the client has switched reminders by e-mail off.")
    UNWANTED = "unwanted", _("Not sent: this kind of reminder is switched off.")
    PAUSED = "paused", _("Not sent: the client has paused reminders.")
    SUSPENDED = "suspended", _("Not sent: the practice is suspended.")
    NO_PHONE = "no phone", _("Not sent: no phone takes notifications.")
    NO_ADDRESS = "no address", _("Not sent: there is no e-mail address. You can add one to the client.")
    ARCHIVED = "archived", _("Not sent: the client is archived.")
    # Failed
    ADDRESS_REFUSED = "address refused", _("This address takes no mail. Put it right and it is sent again.")
    MESSAGE_REFUSED = "message refused", _("The mail server refused it. Tell your client yourself this time.")
    NOT_REACHED = "not reached", _("The mail server does not answer. Tell your client yourself this time.")
    TOO_LATE = "too late", _("It could not leave in time. Tell your client yourself this time.")
    QUIET = "quiet", _("It could not leave before quiet hours. Tell your client yourself this time.")
    PUSH_GONE = (
        "push gone",
        _("This phone takes no notifications any more. Tell your client to switch them on again."),
    )
    PUSH_ADDRESS = (
        "push address",
        _("This phone's notifications don't work. Tell your client to switch them off and on again."),
    )
    PUSH_REFUSED = (
        "push refused",
        _("The notification service refused it. Tell your client yourself this time."),
    )
    PUSH_KEY = (
        "push key",
        _("The notification service refused our key or contact. Tell whoever runs Settle."),
    )
    PUSH_PUT_OFF = (
        "push put off",
        _("The notification service asked to wait too long. Tell your client yourself this time."),
    )
    PUSH_NOT_REACHED = (
        "push not reached",
        _("The notification service does not answer. Tell your client yourself this time."),
    )
    ERROR = "error", _("Something went wrong here. Tell your client yourself this time.")
    # Never kept, only shown
    LATE = "late", _("It should have left by now. Tell your client yourself this time.")


FAILURES = {
    Reason.ADDRESS_REFUSED,
    Reason.MESSAGE_REFUSED,
    Reason.NOT_REACHED,
    Reason.TOO_LATE,
    Reason.QUIET,
    Reason.PUSH_GONE,
    Reason.PUSH_ADDRESS,
    Reason.PUSH_REFUSED,
    Reason.PUSH_KEY,
    Reason.PUSH_PUT_OFF,
    Reason.PUSH_NOT_REACHED,
    Reason.ERROR,
}


def sentence(word):
    """Return the sentence for a reason's word, in the active language; empty for none or an unknown one."""
    return str(Reason(word).label) if word in Reason.values else ""

"""What the columns and codes of a client's copy mean, in plain words: the legend beside each file (R21).

A test holds this to the list of all models: a column that has codes has to be explained with each of them.
"""

from django.utils.translation import gettext_lazy as _

from checklist.models import (
    Check,
    Client,
    Delivery,
    Fit,
    Handover,
    Invitation,
    Item,
    Outcome,
    Plan,
    Reminder,
    Series,
    Session,
    Share,
    Subscription,
    Tick,
)
from checklist.models.checklists import Way
from checklist.models.outcomes import NOT_SAID

# What a column holds whose name does not say it.
COLUMNS = {
    Client: {
        "unwanted": _("reminders that you switched off, and where"),
        "hidden_items": _("the keys of the lines that you keep to yourself"),
        "forgotten_sessions": _("how many older sessions were erased by time"),
        "ask_after": _("whether a notification asks how it went"),
        "ask_fit": _("whether the app asks how it fits you"),
    },
    Session: {
        "arranged_way": _("the way before you switched it"),
        "moved_from": _("the time before it was moved"),
        "revision": _("1, and one more each time it was moved"),
        "sequence": _("one more with each change; calendars ask for it"),
        "first": _("whether it was your first one"),
        "version": _("which list it uses; item.csv has its lines"),
        "series_number": _("which one of its series, from 0"),
    },
    Item: {"key": _("what tick.csv calls this line"), "tip": _("the advice that it belongs to")},
    Tick: {
        "item": _("the key of a line; item.csv says what it is"),
        "ms": _("when you ticked it, in thousandths of a second since the year 1970"),
        "count": _("which of several ticks in the same moment"),
        "seq": _("which of the ticks of one phone"),
        "uid": _("a mark, so that no tick counts twice"),
    },
    Outcome: {
        "done": _("how much was ticked when the session began"),
        "applicable": _("out of so many"),
    },
    Plan: {"skipped": _("whether you said that you want no plan")},
    Series: {
        "weeks": _("every so many weeks"),
        "opening": _("so many in person at first"),
        "every": _("then each one of so many in person, 0 for none"),
    },
    Check: {
        "rtt": _("how long an answer took, in thousandths of a second"),
        "jitter": _("how much that varied, in thousandths of a second"),
        "probes": _("how many small questions were sent"),
        "late": _("how many of them were answered late"),
        "down": _("speed of what arrives, in kilobits a second"),
        "up": _("speed of what leaves, in kilobits a second"),
        "loss": _("what got lost, in percent; empty where it was not measured"),
    },
    Reminder: {
        "occasion": _("what it is about; sessions go by their id"),
        "not_after": _("when it is of no use any more"),
    },
    Delivery: {
        "reason": _("a word for why it was not needed, or could not go"),
        "named": _("the ids of the sessions that it spoke of"),
    },
    Handover: {"arrived_at": _("when the phone showed it"), "opened_at": _("when you opened it")},
    Subscription: {"gone_at": _("since when it takes none any more")},
}
# Codes whose words are not those of a page, or that no model gives words to.
CODES = {
    (Client, "sharing"): Share.choices,
    (Item, "ways"): Way.choices,
    (Tick, "state"): [("done", _("done")), ("open", _("not done")), ("na", _("does not apply"))],
    (Outcome, "kind"): [*Outcome.Kind.choices, (NOT_SAID, _("put aside"))],
    (Delivery, "state"): [
        ("planned", _("waits")),
        ("sent", _("sent")),
        ("dropped", _("not needed")),
        ("failed", _("could not be sent")),
    ],
    (Invitation, "kind"): [
        ("link", _("a link")),
        ("code", _("a code to type")),
        ("pass", _("a pass for the app on the home screen")),
        ("sure", _("a code that confirms")),
    ],
}  # fmt: skip


def legend(model, fields):
    """Return [(column, what it holds or nothing, [(code, words)])] of those of these fields that need it."""
    rows = [(field.name, _words(model, field.name), _codes(model, field)) for field in fields]
    return [row for row in rows if row[1] or row[2]]


def _words(model, name):
    asked = dict(Fit.Question.choices) if model is Fit else {}
    return asked.get(name) or COLUMNS.get(model, {}).get(name, "")


def _codes(model, field):
    if (known := CODES.get((model, field.name))) is not None:
        return known
    # Names of zones say what they are.
    return [] if field.name == "time_zone" else list(field.flatchoices or ())

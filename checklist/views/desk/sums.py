"""The words and lines of tables of outcomes."""

from django.utils.translation import gettext as _

from checklist.counting import ALL, HALF, LESS, UNKNOWN
from checklist.models.checklists import Way
from checklist.models.outcomes import TOLD


def bands():
    return {
        ALL: _("Everything was done"),
        HALF: _("Half or more"),
        LESS: _("Less than half"),
        UNKNOWN: _("Not shared, or nothing to do"),
    }


def ways():
    return {way.value: way.label for way in Way}


def head():
    """Return the names of the columns of the CSV file, from the third on."""
    return [_("By"), _("Group"), _("Sessions"), *TOLD.values()]


def too_few():
    return _("Too few to say")


def lines(table, names):
    """Return the rows of a Table: its name, and the total with each kind's count; None where it must not be shown."""
    return [{"name": label, **_figures(table, name)} for name, label in names.items()]


def _figures(table, name):
    if name in table.hidden:
        return {"figures": None}
    group = table.groups[name]
    counts = [group.kinds[kind] for kind in TOLD]
    shares = [
        (label, count, round(100 * count / group.total))
        for label, count in zip(TOLD.values(), counts, strict=True)
    ]
    return {"figures": [group.total, *counts], "total": group.total, "shares": shares}

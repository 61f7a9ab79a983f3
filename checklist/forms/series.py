"""Forms of a series: the fields of a session with how it repeats, and what changes from one session on."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from checklist.forms.desk import FARTHEST, DeskForm, SessionForm
from checklist.forms.plain import LinkField
from checklist.repeating import MOST

REPEATS = [
    ("", _("It does not repeat")),
    (1, _("Every week")),
    (2, _("Every two weeks")),
    (4, _("Every four weeks")),
]
OPENINGS = [
    (0, _("None")), (1, _("The first one")), (2, _("The first two")), (3, _("The first three")),
    (4, _("The first four")),
]  # fmt: skip
EVERY = [
    (0, _("None")), (2, _("Every second one")), (3, _("Every third one")), (4, _("Every fourth one")),
    (6, _("Every sixth one")), (8, _("Every eighth one")),
]  # fmt: skip
CHOOSE = dict.fromkeys(("required", "invalid_choice"), _("Choose one from the list."))
HOW_MANY = dict.fromkeys(("required", "invalid", "min_value", "max_value"), _("Write a number from 1 to 26."))
VISITS_OF_ONE = _("Choose how it repeats, or none in person: one session has no pattern.")
TOO_FAR = _("The last one would be more than two years away. Choose fewer.")


def _choice(choices, **kwargs):
    return forms.TypedChoiceField(
        choices=choices, coerce=int, empty_value=0, required=False, initial=0, error_messages=CHOOSE, **kwargs
    )


class Visits(forms.Form):
    """Which sessions of a series are in person, and where."""

    every = _choice(EVERY, label=_("Then in person, now and then"))
    map_link = LinkField(
        label=_("Map for the visits (optional)"), required=False, help_text=_("It begins with https://.")
    )


class CountForm(DeskForm):
    """How many sessions to add to a series."""

    count = forms.IntegerField(
        label=_("How many more?"), min_value=1, max_value=MOST, initial=4, error_messages=HOW_MANY
    )

    def __init__(self, *args, series, number, now, **kwargs):
        super().__init__(*args, **kwargs)
        self.series, self.number, self.now = series, number, now

    def clean_count(self):
        count = self.cleaned_data["count"]
        if self.series.rule.start(self.number + count - 1) > self.now + FARTHEST:
            raise forms.ValidationError(TOO_FAR)
        return count


class BookingForm(SessionForm, Visits):
    """A session that may repeat. `series` is the id of the one to be made, so that a form sent twice makes one."""

    repeat = forms.TypedChoiceField(
        label=_("Does it repeat?"),
        choices=REPEATS,
        coerce=int,
        empty_value=0,
        required=False,
        error_messages=CHOOSE,
    )
    count = forms.IntegerField(
        label=_("How many sessions?"),
        min_value=1,
        max_value=MOST,
        initial=8,
        required=False,
        error_messages=HOW_MANY,
    )
    opening = _choice(OPENINGS, label=_("In person first"))
    series = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean(self):
        fields = super().clean()
        if fields.get("repeat"):
            self._check_count(fields)
        elif "repeat" in fields and (fields.get("opening") or fields.get("every")):
            self.add_error("repeat", VISITS_OF_ONE)
        return fields

    def _check_count(self, fields):
        if "count" in fields and not fields["count"]:
            self.add_error("count", HOW_MANY["required"])
        elif fields.get("count") and "starts_at" in fields:
            weeks = fields["repeat"] * (fields["count"] - 1)
            if fields["starts_at"] > self.now + FARTHEST - timedelta(weeks=weeks):
                self.add_error("count", TOO_FAR)


class FollowingForm(SessionForm, Visits):
    """What changes for a session and those that follow."""

    every = _choice(EVERY, label=_("In person, now and then"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["checklist"]

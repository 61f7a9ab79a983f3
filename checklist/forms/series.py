"""Forms of a series: the fields of a session with how it repeats, and what changes from one session on."""

from copy import copy
from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checklist import repeating
from checklist.forms.desk import CHANGED, FARTHEST, DeskForm, SessionForm
from checklist.forms.plain import LinkField
from checklist.pure.zones import today
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
MOVED_TOO_FAR = _("The last one would be more than two years away. Choose an earlier date.")
PASSED = _("One of them would start at a time that has already passed. Choose a later date.")
ALIKE = ("way", "every", "link", "map_link")


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
    """A session that may repeat.

    `session` or `series` is the id of the one to be made, so that a form sent twice makes one.
    """

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
    session = forms.UUIDField(required=False, widget=forms.HiddenInput)
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
    """What changes for a session and those that follow.

    Once it is valid, `series` and `sessions` are what it asks for, unsaved; `new` names what differs from how the form
    was shown; `switched` says for each session's key to what its client had switched it.
    """

    weeks = forms.TypedChoiceField(
        label=_("How often?"), choices=REPEATS[1:], coerce=int, error_messages=CHOOSE
    )
    every = _choice(EVERY, label=_("In person, now and then"))

    def __init__(self, *args, session, **kwargs):
        super().__init__(*args, initial=_shown(session), session=session, **kwargs)
        del self.fields["checklist"]

    def clean(self):
        fields = super().clean()
        if self.data.get("mark", present := self.session.series.mark) != present:
            self.add_error(None, CHANGED)
        if not self.errors:
            self._follow(fields)
        return fields

    def _follow(self, fields):
        self.new = frozenset(self.changed_data)
        self.series = self._changed(fields)
        rows = list(repeating.following(self.session, self.now))
        before = {row.pk: row.starts_at for row in rows}
        self.switched = {row.pk: row.get_way_display() for row in rows if row.switched}
        self.sessions = repeating.changed(self.session, rows, self.series, self.new)
        moved = [row.starts_at for row in self.sessions if row.starts_at != before[row.pk]]
        if moved and min(moved) <= self.now:
            self.add_error("date", PASSED)
        elif moved and max(moved) > self.now + FARTHEST:
            self.add_error("date", MOVED_TOO_FAR)

    def _changed(self, fields):
        """Return the series, unsaved, as the form says it; what was left as it was shown stays as it is."""
        after = copy(self.session.series)
        for name in ALIKE:
            setattr(after, name, fields[name])
        if "minutes" in self.new:
            after.minutes = fields["minutes"]
        after.__dict__.pop("rule", None)  # reckoned anew from these
        if self.new & {"weeks", *repeating.TIME}:
            after.follow(after.rule.moved(self.session.series_number, *self._when(fields), fields["weeks"]))
        return after

    def _when(self, fields):
        """Return the day, clock and zone of this session by the series: those of the form where they were changed.

        A clock that a clock change shifted is not taken over from how the form was shown.
        """
        row, rule = self.session, self.session.series.rule
        day, clock, zone = rule.day(row.series_number), rule.clock, rule.zone
        stands = rule.start(row.series_number)
        if stands != row.series_at:  # the rule was changed for later ones only
            local = timezone.localtime(row.series_at, row.zone)
            day, clock, zone = local.date(), local.time(), row.time_zone
        if self.new & repeating.TIME:
            day, zone = fields["date"], fields["time_zone"]
            if self.new & {"time", "time_zone"} or stands != row.starts_at:
                clock = fields["time"]
        return day, clock, zone


def _shown(row):
    """Return what the form starts with: this session's time and length, else what the series says."""
    local = timezone.localtime(row.starts_at, row.zone).replace(second=0, microsecond=0)
    fields = {name: getattr(row.series, name) for name in ("weeks", *ALIKE)}
    times = {"date": local.date(), "time": local.time(), "time_zone": today(row.time_zone)}
    return {**times, "minutes": row.minutes, **fields}

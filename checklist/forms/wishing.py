"""What a client decides about reminders (R20): which, by which channel, at what times, and when none."""

from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from checklist.forms.zones import ZoneChoice
from checklist.models import Delivery, Reminder
from checklist.pure import quiet
from checklist.pure.wishes import DAY_BEFORE, HOURS, HOURS_BEFORE, JUST_BEFORE, MINUTES

EMAIL, PUSH = Delivery.Channel.EMAIL, Delivery.Channel.PUSH
CHANNELS = {EMAIL: _("E-mail"), PUSH: _("Notification")}
NEEDS_MAIL = ("mail_reminders", "open_items_in_mail")
# The field that says when a kind comes; without the kind there is nothing to say.
TIMES = {DAY_BEFORE: "evening", HOURS_BEFORE: "hours_before", JUST_BEFORE: "minutes_before"}
FARTHEST = 731  # days that a pause may last


class ClockField(forms.TimeField):
    """A time of day in whole minutes."""

    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    default_error_messages = {
        "required": _("Choose a time."),
        "invalid": _("This is not a time. It looks like 18:00."),
    }

    def to_python(self, value):
        clock = super().to_python(value)
        return clock and clock.replace(second=0, microsecond=0)


class CountField(forms.IntegerField):
    """A whole number out of a range; `words` says in which."""

    def __init__(self, numbers, words, **kwargs):
        errors = dict.fromkeys(("required", "invalid", "min_value", "max_value"), words)
        super().__init__(
            min_value=min(numbers), max_value=max(numbers), error_messages=errors, help_text=words, **kwargs
        )


class WishesForm(forms.Form):
    """All choices about reminders. What the people of a phone can't choose has no field, and keeps its value."""

    mail_reminders = forms.BooleanField(label=_("Send me reminders by e-mail"), required=False)
    evening = ClockField(label=_("The evening before, at"))
    hours_before = CountField(HOURS, _("From 1 to 24."), label=_("Hours before"))
    minutes_before = CountField(MINUTES, _("From 5 to 60."), label=_("Minutes before"))
    quiet_from = ClockField(label=_("Quiet from"), required=False)
    quiet_to = ClockField(label=_("Quiet until"), required=False)
    paused_until = forms.DateField(
        label=_("Pause all reminders until"), required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("They start again on that day. Leave it empty for no pause. You don't have to say why."),
        error_messages={"invalid": _("This is not a date. It looks like 2027-03-14.")},
    )  # fmt: skip
    open_items_in_mail = forms.BooleanField(
        label=_("Name what is still open in the e-mail"), required=False,
        help_text=_("Then people who see your mailbox can read it. Without this, the e-mail only says when."),
    )  # fmt: skip
    ask_after = forms.BooleanField(
        label=_("Ask me how it went, by a notification"), required=False,
        help_text=_("Once, a few minutes after the end. One tap answers it."),
    )  # fmt: skip
    ask_fit = forms.BooleanField(
        label=_("Ask me now and then how well it fits"), required=False,
        help_text=_("Three taps in the app, after every fourth session."),
    )  # fmt: skip
    time_zone = ZoneChoice(label=_("Show times for"))

    def __init__(self, *args, kinds, mail, now, **kwargs):
        """`kinds` are those that the practice sends, beside nudges; `mail` is whether anybody here has an address."""
        super().__init__(*args, label_suffix="", **kwargs)
        self.now, self.kinds = now, [*kinds, Reminder.Kind.NUDGE]
        self.channels = [channel for channel in CHANNELS if mail or channel != EMAIL]
        for kind in self.kinds:
            self.fields[f"how_{kind}"] = self._channels(kind)
        unneeded = [TIMES[kind] for kind in TIMES if kind not in kinds] + list(NEEDS_MAIL) * (not mail)
        for name in unneeded:
            del self.fields[name]

    def _channels(self, kind):
        return forms.MultipleChoiceField(
            label=Reminder.Kind(kind).label, required=False, widget=forms.CheckboxSelectMultiple,
            choices=[(channel, CHANNELS[channel]) for channel in self.channels],
            error_messages={"invalid_choice": _("Choose from the boxes shown.")},
        )  # fmt: skip

    def ways(self):
        """Return the fields that say by which channels each kind comes, for the page."""
        return [self[f"how_{kind}"] for kind in self.kinds]

    def times(self):
        """Return the fields that say when each kind comes, for the page. A nudge comes when it is sent."""
        return [self[TIMES[kind]] for kind in self.kinds if kind in TIMES]

    def wanted(self):
        """Return {kind: channels wanted} of a form that was taken, as far as that was changed."""
        changed = self.changed()
        return {kind: changed[f"how_{kind}"] for kind in self.kinds if f"how_{kind}" in changed}

    def changed(self):
        """Return the fields that were changed: a phone may stand for two people whose choices differ."""
        return {name: self.cleaned_data[name] for name in self.changed_data}

    def clean(self):
        fields = super().clean()
        if {"quiet_from", "quiet_to"} <= fields.keys():
            self._check_quiet(fields["quiet_from"], fields["quiet_to"])
        if fields.get("paused_until") and "time_zone" in fields:
            self._check_pause(fields["paused_until"], fields["time_zone"])
        return fields

    def _check_quiet(self, begin, end):
        if (begin is None) != (end is None):
            empty = "quiet_from" if begin is None else "quiet_to"
            self.add_error(empty, _("Quiet hours need both times. Or leave both empty."))
        elif begin is not None and begin == end:
            self.add_error("quiet_to", _("Choose two times that differ."))
        elif begin is not None and quiet.length((begin, end)) > quiet.LONGEST:
            self.add_error("quiet_to", _("Quiet hours can last 16 hours at most."))

    def _check_pause(self, until, zone):
        days = (until - self.now.astimezone(ZoneInfo(zone)).date()).days
        if days <= 0:
            self.add_error("paused_until", _("Choose a day after today."))
        elif days > FARTHEST:
            self.add_error("paused_until", _("Choose a date within the next two years."))

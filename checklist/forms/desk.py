"""Forms of the desk."""

import uuid
from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from checklist.forms.plain import AddressField, LinkField, PlainField
from checklist.forms.speaking import languages_or
from checklist.forms.zones import ZoneChoice
from checklist.models import Checklist, Client
from checklist.models.checklists import Way
from checklist.pure import when

CHANGED = _("This session has changed since you opened this page. Look at it again, then save once more.")
FARTHEST = timedelta(days=731)


class DeskForm(forms.Form):
    """A form whose labels stand without a colon."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)


class OwnRowField(forms.ModelChoiceField):
    """A choice among one's own rows. A row that is not among them is a 404, as in an address (R16)."""

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            uuid.UUID(str(value))
        except ValueError:
            raise ValidationError(_("Choose one from the list."), code="invalid_choice") from None
        try:
            return super().to_python(value)
        except ValidationError:
            raise Http404 from None


class ClientForm(DeskForm):
    """A client: a nickname is enough."""

    nickname = PlainField(
        label=_("Nickname"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("How you will know them here. First name and initial is plenty."),
        error_messages={"required": _("Give them a nickname.")},
    )  # fmt: skip
    email = AddressField(
        label=_("E-mail (optional)"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("For reminders. They say nothing private, and the client can stop them."),
    )  # fmt: skip
    time_zone = ZoneChoice(
        label=_("Their time zone"), help_text=_("Times in the app and in reminders follow it.")
    )
    language = forms.ChoiceField(
        label=_("Their language"), required=False, choices=languages_or(_("As their phone says")),
        help_text=_("For the app and for reminders. They can choose another."),
    )  # fmt: skip


class ClientChangeForm(ClientForm):
    """A change of a client: it knows how it was shown, for the client may have chosen something else since."""

    def __init__(self, data=None, **kwargs):
        super().__init__(data, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = True
        if data is not None:  # what a form does not say is as the client is now
            self.data = data.copy()
            for name in self.fields:
                self.data.setdefault(self.add_initial_prefix(name), self.initial[name])

    @property
    def new(self):
        """{name: value} of what was changed of how the form was shown, once it is valid."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name in self.cleaned_data}

    @property
    def moves_mail(self):
        """Whether mail goes somewhere else than it does now, once this is saved."""
        return self.new.get("email", self.initial["email"]).lower() != self.initial["email"].lower()


class SessionForm(DeskForm):
    """A session, by the wall clock of a zone."""

    client = OwnRowField(
        queryset=Client.objects.none(), label=_("Client"), empty_label=_("Choose a client"),
        error_messages={"required": _("Choose a client.")},
    )  # fmt: skip
    date = forms.DateField(
        label=_("Date"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": _("Choose a date."), "invalid": _("This is not a date. It looks like 2027-03-14."),
        },
    )  # fmt: skip
    time = forms.TimeField(
        label=pgettext_lazy("the time of a session", "Start"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={
            "required": _("Choose a time."), "invalid": _("This is not a time. It looks like 15:00."),
        },
    )  # fmt: skip
    minutes = forms.IntegerField(
        label=_("Length in minutes"), min_value=5, max_value=480, initial=50,
        error_messages={
            "required": _("Write how long it lasts."),
            "invalid": _("Write the minutes as a whole number, like 50."),
            "min_value": _("A session lasts at least 5 minutes."),
            "max_value": _("A session lasts at most 480 minutes."),
        },
    )  # fmt: skip
    time_zone = ZoneChoice(label=_("Time zone of that time"))
    way = forms.ChoiceField(
        label=_("How will you meet?"), choices=Way.choices, initial=Way.VIDEO, widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose how you will meet.")),
    )  # fmt: skip
    link = LinkField(
        label=_("Link (optional)"), required=False,
        help_text=_("Where to join, or a map for a visit. It begins with https://."),
    )  # fmt: skip
    checklist = OwnRowField(
        queryset=Checklist.objects.none(), label=_("Checklist"), empty_label=None,
        error_messages={"required": _("Choose a checklist.")},
    )  # fmt: skip

    def __init__(self, *args, therapist, now, session=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.now, self.session = now, session
        self.fields["client"].queryset = Client.objects.of(therapist).active().order_by("nickname")
        self.fields["client"].label_from_instance = lambda client: client.nickname
        lists = therapist.practice.checklists.filter(archived_at=None)
        self.fields["checklist"].queryset = lists.order_by("created_at")
        if session:
            del self.fields["client"]

    def clean_time(self):
        """Leave the seconds out: no page shows them, and a form that is saved as it is shown must move nothing."""
        return self.cleaned_data["time"].replace(second=0, microsecond=0)

    def clean(self):
        """Refuse what was typed on a page that shows the session as it was before: it would undo what came since."""
        fields = super().clean()
        if self.session and self.data.get("sequence", present := str(self.session.sequence)) != present:
            self.add_error(None, CHANGED)
        if not {"date", "time", "time_zone"} <= fields.keys():
            return fields
        try:
            fields["starts_at"] = when.to_utc(fields["date"], fields["time"], fields["time_zone"])
            there = when.exists(fields["date"], fields["time"], fields["time_zone"])
        except (OverflowError, ValueError):
            self.add_error("date", _("Choose a date within the next two years."))
            return fields
        if not there:
            skipped = _("The clocks skip this time on that day. Choose an earlier or a later one.")
            self.add_error("time", skipped)
        self._check_range(fields["starts_at"])
        return fields

    def _check_range(self, starts_at):
        if self.session and starts_at == self.session.starts_at:
            return
        if starts_at <= self.now:
            self.add_error("date", _("This time has already passed."))
        elif starts_at > self.now + FARTHEST:
            self.add_error("date", _("Choose a date within the next two years."))

"""The form of a practice: what its clients can look up, what they may get, and its TURN server."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from checklist.forms.desk import DeskForm
from checklist.forms.plain import PlainField, is_host
from checklist.forms.speaking import languages_or
from checklist.forms.zones import ZoneChoice
from checklist.models import Reminder
from checklist.pure.turn import ADDRESS
from checklist.pure.wishes import KINDS


class PracticeForm(DeskForm):
    """What clients see of the practice, and how its therapist is called."""

    name = PlainField(
        label=_("Practice name"), max_length=80, error_messages={"required": _("Give the practice a name.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )  # fmt: skip
    therapist_name = PlainField(
        label=_("Your name, as clients see it"), max_length=60,
        error_messages={"required": _("Write your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    time_zone = ZoneChoice(label=_("Your time zone"), help_text=_("Times at the desk follow it."))
    language = forms.ChoiceField(
        label=_("Your language"), required=False, choices=languages_or(_("As this browser says")),
    )  # fmt: skip
    country = forms.ChoiceField(
        label=_("Country"), required=False, choices=[("", _("Elsewhere")), ("US", _("United States"))],
        help_text=_("In the United States the help page adds 988."),
    )  # fmt: skip
    phone = PlainField(
        label=_("Phone for clients (optional)"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )  # fmt: skip
    dropped_call = PlainField(
        label=_("If a call drops (optional)"), max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you both do then. Clients can read it without a connection."),
    )  # fmt: skip
    help_numbers = PlainField(
        label=_("Help numbers (optional)"), max_length=600, required=False,
        widget=forms.Textarea(attrs={"rows": 4}), help_text=_("One on each line, like: Night line: 555 0100"),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=_("Reminders that clients may get"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(kind, Reminder.Kind(kind).label) for kind in KINDS],
        help_text=_("Each client chooses among these, and at what time they come."),
    )  # fmt: skip

    turn_url = PlainField(
        label=_("TURN server (optional)"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("For lost data in the connection check. Like: turn:turn.example.org:3478"),
    )  # fmt: skip
    turn_secret = PlainField(
        label=_("Its secret"), max_length=200, required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("It is never shown again. Leave it empty to keep the one that is set."),
    )  # fmt: skip

    def clean_phone(self):
        return dialable(self.cleaned_data["phone"])

    def clean_help_numbers(self):
        lines = [line.strip() for line in self.cleaned_data["help_numbers"].splitlines() if line.strip()]
        for line in lines:
            label, colon, number = line.rpartition(":")
            if not (colon and label.strip() and number.strip()):
                raise ValidationError(_("Write each line as a name, a colon and a number."), code="line")
            dialable(number.strip())
        return "\n".join(lines)

    def clean_turn_url(self):
        url = self.cleaned_data["turn_url"]
        found = ADDRESS.fullmatch(url)
        if url and not (found and is_host(found["host"]) and 0 < int(found["port"] or 1) < 65536):
            raise ValidationError(
                _("This is no TURN server. It looks like turn:turn.example.org:3478."), code="turn"
            )
        return url

    def clean(self):
        """Keep the secret that is set when none is typed, and none without a server."""
        fields = super().clean()
        if "turn_url" in fields and not fields["turn_url"]:
            fields["turn_secret"] = ""
        elif "turn_secret" in fields:
            fields["turn_secret"] = fields["turn_secret"] or self.initial.get("turn_secret", "")
            if not fields["turn_secret"] and "turn_url" in fields:
                self.add_error("turn_secret", _("Write the secret of the TURN server."))
        return fields


def dialable(number):
    """Return the phone number as it is, or raise ValidationError when it can't be dialled."""
    digits = [letter for letter in number if letter.isdigit()]
    if number and (len(digits) < 3 or len(digits) > 15 or set(number) - set("0123456789+-() ./")):
        raise ValidationError(_("This is not a phone number."), code="phone")
    return number

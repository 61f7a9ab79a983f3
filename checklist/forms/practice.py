"""The form of a practice: what its clients can look up, what they may get, and its TURN server."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from checklist.forms.desk import DeskForm
from checklist.forms.plain import PlainField, is_host
from checklist.forms.speaking import languages_or
from checklist.forms.zones import ZoneChoice
from checklist.models import Reminder, Share
from checklist.models.retention import ARCHIVED, PERIODS, SESSIONS
from checklist.pure.turn import ADDRESS
from checklist.pure.wishes import KINDS

SEEN = [
    (Share.ITEMS, _("What is done and what is open")),
    (Share.CONNECTION, _("Connection checks that they keep")),
    (Share.OUTCOME, _("How a session went")),
    (Share.FIT, _("How well it fits them")),
    (Share.PLAN, _("Their plan")),
]


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

    proposed_shares = forms.MultipleChoiceField(
        label=_("You would like to see"), required=False, choices=SEEN,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    keep_sessions = forms.TypedChoiceField(
        label=_("Keep a session after it is over for"), required=False, choices=SESSIONS, coerce=int,
        empty_value=None, help_text=_("With its ticks, answers, checks and reminders."),
    )  # fmt: skip
    keep_archived = forms.TypedChoiceField(
        label=_("Keep an archived client for"), required=False, choices=ARCHIVED, coerce=int, empty_value=None,
        help_text=_("Then all that is kept of them is erased."),
    )  # fmt: skip
    turn_url = PlainField(
        label=_("TURN server (optional)"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("For lost data in the connection check. Like: turn:turn.example.org:3478"),
    )  # fmt: skip
    turn_secret = PlainField(
        label=_("Its secret"), max_length=200, required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("It is never shown again."),
    )  # fmt: skip

    def __init__(self, *args, owner, **kwargs):
        super().__init__(*args, **kwargs)
        self.owner, self.told = owner, ""
        for name in PERIODS:
            self.fields[name].disabled = not owner
        if self.initial.get("turn_secret"):
            kept = _("A secret is set. Leave this empty to keep it. It is never shown again.")
            self.fields["turn_secret"].help_text = kept

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

    def clean_keep_sessions(self):
        return self.cleaned_data["keep_sessions"] or self.initial["keep_sessions"]

    def clean_keep_archived(self):
        return self.cleaned_data["keep_archived"] or self.initial["keep_archived"]

    @property
    def shorter(self):
        """The names of the periods that get shorter, once the form is valid."""
        return [name for name in PERIODS if self.cleaned_data[name] < self.initial[name]]

    @property
    def periods(self):
        """A word for both periods, once the form is valid: what a page told is told of these."""
        return "-".join(str(self.cleaned_data[name]) for name in PERIODS)

    def clean_turn_url(self):
        url = self.cleaned_data["turn_url"]
        found = ADDRESS.fullmatch(url)
        if url and not (found and is_host(found["host"]) and 0 < int(found["port"] or 1) < 65536):
            raise ValidationError(
                _("This is no TURN server. It looks like turn:turn.example.org:3478."), code="turn"
            )
        return url

    def clean(self):
        """Keep the secret that is set where none is typed for the same server; neither is of use without the other."""
        fields = super().clean()
        if "turn_url" not in fields or "turn_secret" not in fields:
            return fields
        url, typed = fields["turn_url"], fields["turn_secret"]
        kept = self.initial.get("turn_secret", "") if url == self.initial.get("turn_url") else ""
        if typed and not url:
            self.add_error("turn_url", _("Write the address of the server that this secret is for."))
        if url and not (typed or kept):
            self.add_error("turn_secret", _("Write the secret of this server."))
        return fields | {"turn_secret": (typed or kept) if url else ""}


def dialable(number):
    """Return the phone number as it is, or raise ValidationError when it can't be dialled."""
    digits = [letter for letter in number if letter.isdigit()]
    if number and (len(digits) < 3 or len(digits) > 15 or set(number) - set("0123456789+-() ./")):
        raise ValidationError(_("This is not a phone number."), code="phone")
    return number

"""Forms on the way in, and that of a tick."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from checklist.forms.plain import AddressField, PlainField


class TokenForm(forms.Form):
    """The invitation's token, put in by the page's script from the address; and whose phone this is."""

    token = forms.CharField(max_length=100, widget=forms.HiddenInput, required=False)
    person = forms.ChoiceField(
        choices=[
            ("same", _("It's me. Add these sessions to mine.")),
            ("other", _("I'm someone else. Start afresh.")),
        ],
        widget=forms.RadioSelect,
        required=False,
        label=_("This phone is already set up. Who is using it?"),
    )


class CodeForm(TokenForm):
    """A typed code."""

    token = None
    code = PlainField(
        label=_("Your code"),
        max_length=20,
        error_messages={"required": _("Type the code that you were given.")},
        help_text=_("Eight letters and digits, like K7QF-2M9D. Capitals and dashes do not matter."),
        widget=forms.TextInput(
            attrs={
                "class": "code-input",
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
    )


class LostForm(forms.Form):
    """The address to which a code is sent."""

    email = AddressField(
        label=_("Your e-mail"), help_text=_("The one that your reminders go to."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Type your e-mail address.")},
    )  # fmt: skip


class TickForm(forms.Form):
    """One tick by a plain form. `operation` is made once for a page, so that a double tap counts once.

    Another item, or another state from a page that was gone back to, is another wish with an id of its own.
    """

    item = forms.SlugField(max_length=60)
    state = forms.ChoiceField(choices=[(state, state) for state in ("done", "open", "na")])
    operation = forms.UUIDField(required=False)
    back = forms.ChoiceField(choices=[("today", "today"), ("session", "session")], required=False)

    def clean(self):
        fields = super().clean()
        if fields.get("operation") and fields.keys() >= {"item", "state"}:
            fields["operation"] = uuid.uuid5(fields["operation"], f"{fields['item']} {fields['state']}")
        return fields

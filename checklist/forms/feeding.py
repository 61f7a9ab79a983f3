"""The form by which a client makes the address of a calendar, or takes it back."""

from django import forms
from django.utils.translation import gettext_lazy as _


class FeedForm(forms.Form):
    """Two buttons."""

    feed = forms.ChoiceField(
        label=_("Private address"),
        choices=[("on", _("Make a private address")), ("off", _("Take it back"))],
        error_messages={
            "required": _("Tap one of the buttons."),
            "invalid_choice": _("Tap one of the buttons."),
        },
    )

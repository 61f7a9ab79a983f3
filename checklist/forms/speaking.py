"""Choosing a language."""

from django import forms
from django.conf import settings
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _


def languages():
    """Return the choices, each by the name that its own people give it."""
    return settings.LANGUAGES


def languages_or(unset):
    """Return a callable for the choices with one more in front, for nothing chosen."""
    return lambda: [("", unset), *languages()]


class LanguageForm(forms.Form):
    """A language, and the page of ours to go back to."""

    language = forms.ChoiceField(
        choices=languages,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose one of these languages.")),
    )
    back = forms.CharField(max_length=2000, required=False)

    def clean_back(self):
        """Return the way back; empty when it would lead anywhere else than into Settle."""
        way = self.cleaned_data["back"]
        return way if way.startswith("/") and url_has_allowed_host_and_scheme(way, None) else ""

"""Forms of what a client says of a session that is over: each button sends one thing."""

from django import forms
from django.utils.translation import gettext_lazy as _

from checklist.models import Fit, Outcome

BACK = forms.ChoiceField(choices=[("today", "today"), ("session", "session")], required=False)


class OutcomeForm(forms.Form):
    """How it went (`give`), that it is taken back, or that the question is put aside."""

    give = forms.ChoiceField(choices=Outcome.Kind.choices, required=False)
    take_back = forms.ChoiceField(choices=Outcome.Kind.choices, required=False)
    skip = forms.ChoiceField(choices=[("once", "once")], required=False)
    back = BACK

    def clean(self):
        return _one_of(super().clean(), "give", "take_back", "skip")


class FitForm(forms.Form):
    """The reply to one question, or that the rest is skipped, this time or for good; or all is taken back."""

    question = forms.ChoiceField(choices=Fit.Question.choices, required=False)
    reply = forms.TypedChoiceField(choices=Fit.Reply.choices, coerce=int, empty_value=None, required=False)
    skip = forms.ChoiceField(choices=[("once", "once"), ("always", "always")], required=False)
    take_back = forms.ChoiceField(choices=[("all", "all")], required=False)
    back = BACK

    def clean(self):
        fields = _one_of(super().clean(), "reply", "skip", "take_back")
        if fields.get("reply") and not fields.get("question"):
            raise forms.ValidationError(_("Tap one answer."))
        return fields


def _one_of(fields, *names):
    if sum(bool(fields.get(name)) for name in names) != 1:
        raise forms.ValidationError(_("Tap one answer."))
    return fields

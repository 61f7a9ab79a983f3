"""Forms of a client's answer to a session ahead."""

from django import forms
from django.utils.translation import gettext_lazy as _

from checklist.models import Answer


class AnswerForm(forms.Form):
    """One answer given or taken back, about the time that the page showed: never about a later one."""

    give = forms.ChoiceField(choices=Answer.Kind.choices, required=False)
    take_back = forms.ChoiceField(choices=Answer.Kind.choices, required=False)
    revision = forms.IntegerField(min_value=1, max_value=10**9)
    back = forms.ChoiceField(choices=[("today", "today"), ("session", "session")], required=False)

    def clean(self):
        fields = super().clean()
        if bool(fields.get("give")) == bool(fields.get("take_back")):
            raise forms.ValidationError(_("Tap one answer."))
        return fields


class MailAnswerForm(forms.Form):
    """The token of a mail, put in by the page's script, and the answer that was tapped, or is taken back."""

    token = forms.CharField(max_length=120, widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=Answer.Kind.choices, widget=forms.HiddenInput)
    take_back = forms.BooleanField(required=False)

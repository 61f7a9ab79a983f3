"""The form that asks once more before a client is erased: a code from their mail, or a word that the page shows."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from checklist.forms.plain import PlainField


class EraseForm(forms.Form):
    """`code` for who has an address, `word` for who has none (R19)."""

    code = PlainField(
        label=_("The code from your mail"), max_length=20,
        error_messages={"required": _("Type the code that we sent you.")},
        widget=forms.TextInput(
            attrs={"class": "code-input", "autocomplete": "one-time-code", "autocapitalize": "characters",
                   "spellcheck": "false"}
        ),
    )  # fmt: skip
    word = PlainField(
        label=_("To be sure, type the word"), max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )  # fmt: skip

    def __init__(self, *args, by_mail, sent_to="", **kwargs):
        """`sent_to` is where a code went that is still good, or nothing."""
        super().__init__(*args, label_suffix="", **kwargs)
        del self.fields["word" if by_mail else "code"]
        if by_mail and sent_to:
            words = gettext("The code went to %(address)s. It is good for ten minutes.")
            self.fields["code"].help_text = words % {"address": sent_to}
        if not by_mail:
            self.fields["word"].help_text = gettext("The word is: %(word)s") % {"word": self.asked_word}
            self.fields["word"].error_messages["required"] = self.asked

    @property
    def asked_word(self):
        """What has to be typed, in the active language."""
        return gettext("erase")

    @property
    def asked(self):
        return gettext("Type this word: %(word)s") % {"word": self.asked_word}

    def clean_word(self):
        typed = self.cleaned_data["word"]
        if typed.casefold() != self.asked_word.casefold():
            raise ValidationError(self.asked, code="word")
        return typed

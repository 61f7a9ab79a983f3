"""The words of one item of a practice's checklist, in each language."""

from django import forms
from django.utils.translation import gettext_lazy as _

from checklist.forms.desk import DeskForm
from checklist.forms.plain import PlainField
from checklist.forms.speaking import languages
from checklist.models.saying import TEXTS


class WordsForm(DeskForm):
    """A title and why it helps, for each language: that of the therapist first, and only its title has to be there."""

    def __init__(self, *args, item, original, **kwargs):
        first = item.said_in(original)
        super().__init__(*args, initial=dict(_initial(item, original, first)), **kwargs)
        self.codes = sorted(dict(languages()), key=lambda code: code != original)
        for code in self.codes:
            required = code == original
            self.fields[f"title_{code}"] = PlainField(
                label=_("What to do"), max_length=80, required=required, widget=forms.TextInput(attrs={"lang": code}),
                error_messages={"required": _("Write what to do.")},
            )  # fmt: skip
            self.fields[f"why_{code}"] = PlainField(
                label=_("Why it helps (optional)"), max_length=300, required=False,
                widget=forms.Textarea(attrs={"rows": 3, "lang": code}),
            )  # fmt: skip

    def parts(self):
        """Return [(name of the language, its fields)], the original first."""
        names = dict(languages())
        return [(names[code], [self[f"{text}_{code}"] for text in TEXTS]) for code in self.codes]

    def left_behind(self):
        """Return the names of the languages that still say what was there before the first one was changed."""
        names, first = dict(languages()), self.codes[0]
        changed = [text for text in TEXTS if f"{text}_{first}" in self.changed_data]
        return [
            names[code]
            for code in self.codes[1:]
            if any(self.cleaned_data[f"{text}_{code}"] for text in changed)
            and not any(f"{text}_{code}" in self.changed_data for text in changed)
        ]

    def texts(self):
        """Return what was written, {language: {"title": …, "why": …}}."""
        return {code: {text: self.cleaned_data[f"{text}_{code}"] for text in TEXTS} for code in self.codes}


def _initial(item, original, first):
    """Yield (field, text). Where the original shows because there is nothing else, the field is empty."""
    for code in dict(languages()):
        said = item.said_in(code)
        for text in TEXTS:
            yield f"{text}_{code}", said[text] if code == original or said[text] != first[text] else ""

"""The form of a client's own if-then sentence."""

from django import forms
from django.utils.translation import gettext_lazy as _

from checklist.forms.plain import PlainField
from checklist.models import Plan


class PartField(PlainField):
    """A part of the sentence, without the full stop at its end: the frame has one."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"})

    def __init__(self, name, **kwargs):
        super().__init__(max_length=Plan._meta.get_field(name).max_length, **kwargs)

    def to_python(self, value):
        return super().to_python(value).rstrip(" .")


class PlanForm(forms.Form):
    """Three short parts of one sentence."""

    cue = PartField(
        "cue", label=_("If it is …"), help_text=_("Like: Thursday, 2:45 pm. Or: Thursday after lunch"),
        error_messages={"required": _("Say when: a day, a time, a sign.")},
    )  # fmt: skip
    deed = PartField(
        "deed", label=_("then I will …"), help_text=_("Like: sit down with my headphones"),
        error_messages={"required": _("Say what you will do then.")},
    )  # fmt: skip
    place = PartField("place", label=_("in … (optional)"), help_text=_("Like: the blue room"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)

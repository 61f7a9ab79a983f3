"""The form by which a client switches a session to another way of meeting."""

from django import forms

from checklist.pure.connection import LIMITS


class SwitchForm(forms.Form):
    """A way of meeting online, and the sequence of the session that it was tapped on: never a later state of it."""

    way = forms.ChoiceField(choices=[(way, way) for way in LIMITS])
    sequence = forms.IntegerField(min_value=0, max_value=10**9)

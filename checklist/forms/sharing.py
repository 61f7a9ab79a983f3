"""The form by which a client says what their therapist sees."""

from django import forms
from django.utils.translation import gettext_lazy as _

from checklist.models import Share

HELPS = {
    Share.ITEMS: _("Your list before a session: which items are done, open or do not apply."),
    Share.CONNECTION: _("Only the checks that you keep with a session. Others stay on your phone."),
    Share.OUTCOME: _("Your one tap after a session, like “went well”."),
    Share.FIT: _("What you say now and then about how it feels to work together."),
    Share.PLAN: _("Your own sentence on when and where you get ready."),
}


class SharingForm(forms.Form):
    """The kinds that are shared, and of the items on this client's lists those that are."""

    kinds = forms.MultipleChoiceField(
        label=_("Your therapist sees"), required=False, choices=Share.choices,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    items = forms.MultipleChoiceField(
        label=_("Items they may see"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("An item that is not ticked stays with you. It is not counted, either."),
    )  # fmt: skip
    listed = forms.MultipleChoiceField(label=_("Items"), required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, *args, client, items, **kwargs):
        keys = [item.key for item in items]
        shown = [key for key in keys if key not in client.hidden_items]
        initial = {"kinds": client.sharing, "items": shown, "listed": keys}
        super().__init__(*args, initial=initial, label_suffix="", auto_id=f"id_{client.id.hex}_%s", **kwargs)
        self.client = client
        self.fields["items"].choices = [(item.key, item.title_text) for item in items]
        self.fields["listed"].choices = [(key, key) for key in keys]

    def switches(self):
        """Return a switch for each kind: {name, on, label, help, wanted: the practice would like it and it is off}."""
        chosen = self["kinds"].value() or []
        wanted = set(self.client.practice.proposed_shares) - set(chosen)
        return [
            {"kind": kind.value, "on": kind in chosen, "label": kind.label, "help": HELPS[kind],
             "wanted": kind in wanted}
            for kind in Share
        ]  # fmt: skip

"""Asking once more who it is before something private is saved (R19), in the form that saves it."""

from allauth.account.internal.flows.reauthentication import (
    is_reauthentication_required,
    reauthenticate_by_password,
)
from django.utils.translation import gettext_lazy as _

from checklist.forms.signing_up import ReauthenticateForm

ONCE_MORE = _("What you change here is private, so please type your password once more, then save.")


def is_known(request, form):
    """Return whether the therapist said lately who they are, or says so in this valid form; else let the form ask.

    It then comes back with all that was typed and a field for the password: nothing of it is kept meanwhile. Tries are
    limited as those of signing in, by allauth.
    """
    if not is_reauthentication_required(request, app="account"):
        return True
    asked = ReauthenticateForm(request.POST, user=request.user)
    form.fields["password"] = asked.fields["password"]
    if "password" not in request.POST:
        form.add_error("password", ONCE_MORE)
    elif asked.is_valid():
        reauthenticate_by_password(request)
        return True
    else:
        form.add_error("password", asked.errors.as_data()["password"])
    return False

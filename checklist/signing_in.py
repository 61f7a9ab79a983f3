"""What django-allauth asks of us for therapists."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up can be closed by a setting; what goes wrong is said in our words."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "email_password_mismatch": _("This e-mail and this password do not belong together."),
        "email_taken": _("This address can't be used. Sign up with another one."),
        "enter_current_password": _("This is not the password you have now."),
        "incorrect_code": _("This is not the code that we sent. Check each letter."),
        "incorrect_password": _("This is not your password."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again."),
        "rate_limited": _("Too many tries. Wait a minute, then try again."),
    }

    def is_open_for_signup(self, request):
        """Return whether anybody may sign up here."""
        return settings.SIGN_UP_OPEN

    def get_password_change_redirect_url(self, request):
        """Return where a changed password leads: back to the settings, where it was asked for."""
        return reverse("desk:settings")

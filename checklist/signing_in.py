"""What django-allauth asks of us for therapists."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_ipv46_address
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

log = logging.getLogger(__name__)
# Letters are written and leave beside the request and after its answer: what there is to send, and what a mail server
# says to it, must not show in an answer or in its time. A program that ends sends those that wait; one that is
# killed loses them, and each can be asked for again.
LETTERS = ThreadPoolExecutor(4, thread_name_prefix="letters")
AFTER = 0.05  # seconds; without them, writing the letter slows the answer by 3 ms


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

    def send_mail(self, template_prefix, email, context):
        """Send a letter, as late and as silently for who is known here as for who is not (R16, R29)."""
        letter = template_prefix, email, context
        LETTERS.submit(copy_context().run, self._send, translation.get_language(), *letter)

    def _send(self, language, *letter):
        time.sleep(AFTER)
        try:
            with translation.override(language):
                super().send_mail(*letter)
        except Exception as error:  # whatever it is, nobody else would hear of it
            log.warning("a letter to a therapist was not sent: %s", type(error).__name__)

    def is_safe_url(self, url):
        """Return whether a page may lead on to `url`; one that is no address at all may not be led to (R29)."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False

    def get_client_ip(self, request):
        """Return who asks; of who came past a proxy that should be there, what the nearest one saw."""
        try:
            return super().get_client_ip(request)
        except ImproperlyConfigured:
            log.warning("X-Forwarded-For has fewer addresses than TRUSTED_PROXY_COUNT says")
            return _address_or_unknown(request.headers["X-Forwarded-For"].rpartition(",")[2].strip())


def _address_or_unknown(text):
    try:
        validate_ipv46_address(text)
    except ValidationError:
        return "unknown"
    return text

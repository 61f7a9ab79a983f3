"""Signing up and in: django-allauth's forms with our words, and one password field in place of two."""

from allauth.account import forms as allauth
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from checklist.forms.plain import PlainField
from checklist.forms.zones import ZoneChoice
from checklist.practising import open_practice

GOOD_PASSWORD = _("At least 10 characters. Three or four words that do not belong together are good.")
NOT_AN_ADDRESS = _("This is not an e-mail address. It looks like name@example.org.")


class OurWords:
    """Gives each field of an allauth form our label and says what to type when it is empty."""

    labels = {
        "login": (_("E-mail"), _("Type your e-mail address.")),
        "email": (_("E-mail"), _("Type your e-mail address.")),
        "password": (_("Password"), _("Type your password.")),
        "oldpassword": (_("Your password now"), _("Type the password you have now.")),
        "password1": (_("New password"), _("Choose a password.")),
        "remember": (_("Keep me signed in on this device"), ""),
        "code": (_("Code from the mail"), _("Type the code from the mail.")),
    }
    helps = {"password1": GOOD_PASSWORD}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields.pop("password2", None)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in self.labels:
                self._word(name, field)

    def _word(self, name, field):
        field.label, field.error_messages["required"] = self.labels[name]
        field.help_text = self.helps.get(name, "")
        if name in ("login", "email"):
            field.error_messages["invalid"] = NOT_AN_ADDRESS


class CodeWords(OurWords):
    """A field for a code out of a mail: large, and filled in by phones that read the mail."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        look = {"class": "code-input", "autocapitalize": "characters", "spellcheck": "false"}
        self.fields["code"].widget.attrs.update(look, autocomplete="one-time-code")


class SignInForm(OurWords, allauth.LoginForm):
    pass


class ReauthenticateForm(OurWords, allauth.ReauthenticateForm):
    pass


class ChangePasswordForm(OurWords, allauth.ChangePasswordForm):
    pass


class SetPasswordForm(OurWords, allauth.SetPasswordForm):
    pass


class LostPasswordForm(OurWords, allauth.ResetPasswordForm):
    pass


class LostPasswordCodeForm(CodeWords, allauth.ConfirmPasswordResetCodeForm):
    pass


class NewPasswordForm(OurWords, allauth.ResetPasswordKeyForm):
    pass


class AddressCodeForm(CodeWords, allauth.ConfirmEmailVerificationCodeForm):
    pass


class SignUpForm(OurWords, allauth.SignupForm):
    """allauth's form with the names that clients will see."""

    name = PlainField(
        label=_("Your name, as clients see it"),
        max_length=60,
        error_messages={"required": _("Write your name.")},
    )
    practice = PlainField(
        label=_("Practice name"),
        max_length=80,
        help_text=_("Your own name is fine, if you work alone."),
        error_messages={"required": _("Give the practice a name.")},
    )
    time_zone = ZoneChoice(label=_("Your time zone"), initial="America/New_York")
    field_order = ["name", "practice", "time_zone", "email", "password1"]
    labels = {**OurWords.labels, "password1": (_("Password"), _("Choose a password."))}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["practice"].widget.attrs["autocomplete"] = "organization"

    def try_save(self, request):
        """Return (user, None), or (None, answer) for a known address: as slow, and with the same answer."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
            return super().try_save(request)
        try:
            return super().try_save(request)
        except IntegrityError:  # the same address signed up in this very moment
            self.account_already_exists = True
            return super().try_save(request)

    @transaction.atomic
    def save(self, request):
        """Return the saved user, with the practice that they own."""
        user = super().save(request)
        user.name, user.time_zone = self.cleaned_data["name"], self.cleaned_data["time_zone"]
        user.language = get_language()
        user.save(update_fields=["name", "time_zone", "language"])
        open_practice(user, self.cleaned_data["practice"])
        return user

"""Addresses of signing in and out: django-allauth's views, those that we use and no more."""

from functools import wraps

from allauth.account import views
from django.conf import settings
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.generic import RedirectView

from checklist.forms import signing_up

WAIT = 300  # seconds that a person is asked to wait after too many tries


def refused(view):
    """Answer 422 where allauth shows a form again with what to mend, 429 after too many tries, not 200."""

    @wraps(view)
    @require_http_methods(["GET", "HEAD", "POST"])
    @never_cache
    def wrapped(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if response.status_code == 200 and form is not None and form.is_bound and form.errors:
            response.status_code = 429 if too_many(form) else 422
        if response.status_code == 429:
            response.headers["Retry-After"] = str(WAIT)
        return response

    return wrapped


def too_many(form):
    """Return whether the form was refused because of too many tries."""
    errors = (error for listed in form.errors.as_data().values() for error in listed)
    return any(error.code == "too_many_login_attempts" for error in errors)


def with_form(view, form_class, **settled):
    """Return an allauth view with our form in it."""
    return refused(view.as_view(form_class=form_class, **settled))


def may_sign_up():
    return settings.SIGN_UP_OPEN


sign_in = with_form(views.LoginView, signing_up.SignInForm, extra_context={"may_sign_up": may_sign_up})
confirm_address = with_form(views.ConfirmEmailVerificationCodeView, signing_up.AddressCodeForm)
change_password = with_form(views.PasswordChangeView, signing_up.ChangePasswordForm)
set_password = with_form(views.PasswordSetView, signing_up.SetPasswordForm)
lost_password = with_form(views.PasswordResetView, signing_up.LostPasswordForm)
check_reset_code = with_form(views.ConfirmPasswordResetCodeView, signing_up.LostPasswordCodeForm)
reset_done = refused(views.password_reset_from_key_done)
new_password = with_form(views.CompletePasswordResetView, signing_up.NewPasswordForm)
reauthenticate = with_form(views.ReauthenticateView, signing_up.ReauthenticateForm)
to_settings = RedirectView.as_view(pattern_name="desk:settings")

urlpatterns = [
    path("sign-in/", sign_in, name="account_login"),
    path("sign-out/", refused(views.logout), name="account_logout"),
    path("sign-up/", refused(views.signup), name="account_signup"),
    path("sign-up/code/", confirm_address, name="account_email_verification_sent"),
    # allauth sends those who are signed in to their addresses. The route stands below another one and not
    # below /desk/ itself: allauth would take /desk/ for its own and lead a 404 there somewhere else.
    path("sign-in/address/", require_safe(never_cache(to_settings)), name="account_email"),
    path("inactive/", refused(views.account_inactive), name="account_inactive"),
    path("reauthenticate/", reauthenticate, name="account_reauthenticate"),
    path("password/", change_password, name="account_change_password"),
    path("password/set/", set_password, name="account_set_password"),
    path("password/reset/", lost_password, name="account_reset_password"),
    path("password/reset/code/", check_reset_code, name="account_confirm_password_reset_code"),
    path("password/reset/new/", new_password, name="account_complete_password_reset"),
    path("password/reset/done/", reset_done, name="account_password_reset_completed"),
]

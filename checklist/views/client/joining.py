"""The way in: an invitation's link, a pass, a typed code, a code by mail. No GET ever uses anything up (R17)."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from checklist import access, device_cookie, inviting, speaking
from checklist.forms.joining import CodeForm, LostForm, TokenForm
from checklist.models import Invitation, Limit
from checklist.pure import browser
from checklist.views.answers import address, page, posted, too_many

SPENT = _(
    "This invitation can't be used: it has expired or was used before. Ask for a new one, or type a code."
)
WRONG = _("This code doesn't work. Check each letter; a code is good for ten minutes and works once.")
ON_ITS_WAY = _(
    "If that address is known here, a code is on its way or in its mailbox by now. A code is good for ten minutes."
)
TRIES, TRY_SECONDS = 10, 600
LINKS = 100  # tries with a link or a pass, which nobody guesses: an app starts with its spent pass each time
EVERYBODY = 1000  # wrong codes from everywhere together
ASKED, ASKED_SECONDS = 6, 3600  # codes by mail that one network address may ask for, whosever they are
# To one mailbox one code goes in that time: half of what it is good for, so whoever asks has one that is good.
MAILED_SECONDS = 300


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request):
    """Show the invitation; only a person's tap posts its token, which the page takes out of the fragment.

    A pass comes here without a tap, from the welcome page of an app that was put on a home screen (R18).
    """
    form = TokenForm(posted(request))
    if request.method != "POST":
        return _join_page(request, form)
    if not Limit.take("link", address(request), LINKS, TRY_SECONDS):
        return too_many(request)
    invitation = inviting.by_token(form.cleaned_data["token"], timezone.now()) if form.is_valid() else None
    if invitation is None:
        form.add_error(None, SPENT)
        return _join_page(request, form)
    if "code" in request.POST and invitation.kind == Invitation.Kind.LINK:
        code = inviting.make_code(invitation.client, timezone.now(), made_from=invitation)
        return code_page(request, [code.code()])
    return _let_in(request, invitation, form, _join_page, SPENT)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join_code(request):
    """Take a typed code. Only wrong ones count against everybody: a code can be guessed, a link can't (R18)."""
    form, now = CodeForm(posted(request)), timezone.now()
    if request.method != "POST":
        return _code_page(request, form)
    if not _within_limit(request):
        return too_many(request)
    if not form.is_valid():
        return _code_page(request, form)
    if not Limit.take("wrong code", "everybody", EVERYBODY, TRY_SECONDS, now):
        return too_many(request)
    invitation = inviting.by_code(form.cleaned_data["code"], now)
    if invitation is None:
        form.add_error("code", WRONG)
        return _code_page(request, form)
    Limit.give_back("wrong code", "everybody", TRY_SECONDS, now)
    return _let_in(request, invitation, form, _code_page, WRONG)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join_lost(request):
    """Have a code mailed to a lost or new phone's owner; the answer is the same whoever asks, and for whom (R16).

    Nobody can use up the codes of somebody else: when one has just left for a mailbox, that one stays good (R18).
    """
    form = LostForm(posted(request))
    if request.method != "POST" or not form.is_valid():
        return page(request, "client/join_lost.html", form=form)
    email = form.cleaned_data["email"]
    asker = address(request)
    if not (_within_limit(request) and Limit.take("code asked for", asker, ASKED, ASKED_SECONDS)):
        return too_many(request)
    if Limit.take("code by mail", email.lower(), 1, MAILED_SECONDS):
        inviting.ask_for_code(email, timezone.now())
    messages.success(request, ON_ITS_WAY)
    return redirect("client:join_code")


def _let_in(request, invitation, form, again, why):
    """Enrol this browser, after asking whose it is when it is set up already."""
    held = access.devices(request)
    person = form.cleaned_data["person"]
    if held and not person:
        form.add_error("person", _("Say who is using this phone."))
        return again(request, form)
    keep = device_cookie.holds(request) if held and person == "same" else None
    label = browser.label(request.headers.get("User-Agent", ""))
    token = inviting.accept(invitation, timezone.now(), label, keep)
    if token is None:
        form.add_error(None, why)
        return again(request, form)
    if held and person == "other":
        inviting.leave(device_cookie.devices_now(request), timezone.now())
    somebody_elses = device_cookie.holds(request) and not keep  # also when they are shut out, or erased
    said = "" if somebody_elses else speaking.chosen(request)
    speaking.begin(request, access.clients_of(token), said)
    begins = keep is None and invitation.kind != Invitation.Kind.PASS
    messages.success(request, _("You're in.") if begins else _greeting(token))
    return device_cookie.remember(redirect("client:first_steps" if begins else "client:today"), token)


def _greeting(token):
    """Return what the browser that was just given `token` is told; it promises a session only if there is one."""
    if access.sessions_with(token).live().ahead(timezone.now()).exists():
        return _("You're in. Here is your next session.")
    return _("You're in.")


def _within_limit(request):
    """Count one try from this network address; False when it is over its limit."""
    return Limit.take("join", address(request), TRIES, TRY_SECONDS)


def _join_page(request, form):
    return page(request, "client/join.html", {"enrolled": bool(access.devices(request))}, form)


def _code_page(request, form):
    return page(request, "client/join_code.html", {"enrolled": bool(access.devices(request))}, form)


def code_page(request, codes):
    """Show typed codes for another phone, and where to type them."""
    context = {
        "codes": [code.split("-") for code in codes],
        "address": settings.BASE_URL + reverse("client:join_code"),
    }
    return render(request, "client/join_elsewhere.html", context)

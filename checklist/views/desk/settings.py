"""What clients see of the practice."""

from copy import copy

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from checklist import access, reminding, retaining, speaking
from checklist.forms.practice import PracticeForm
from checklist.models.retention import PERIODS
from checklist.views.answers import page, posted
from checklist.views.desk import asking

OF_PRACTICE = (
    "name", "country", "phone", "dropped_call", "help_numbers", "kinds", "turn_url", "turn_secret",
    "proposed_shares",
)  # fmt: skip
GOES = _(
    "With this, %(sessions)s and %(clients)s of the practice are erased at the next daily look, for good. "
    "If you mean that, save once more."
)


@require_http_methods(["GET", "HEAD", "POST"])
@access.therapist
def settings(request):
    user, practice = request.user, request.user.practice
    initial = {name: getattr(practice, name) for name in (*OF_PRACTICE, *PERIODS)}
    initial |= {"therapist_name": user.name, "time_zone": user.time_zone, "language": user.language}
    form = PracticeForm(posted(request), initial=initial, owner=user.is_owner)
    if form.is_valid() and (not form.shorter or may_shorten(request, form)):
        save(user, practice, form.cleaned_data)
        speaking.speak_to(request, user)
        messages.success(request, _("Saved."))
        return redirect("desk:settings")
    return page(request, "desk/settings.html", {"tab": "settings"}, form)


def may_shorten(request, form):
    """Return whether the valid form may shorten a period: its page said what goes, and it is known who asks (R19)."""
    shorter, form.told = form.shorter, form.periods
    meant = copy(request.user.practice)
    for name in PERIODS:
        setattr(meant, name, form.cleaned_data[name])
    known = asking.is_known(request, form)
    if request.POST.get("told") == form.told:
        return known
    form.add_error(shorter[0], GOES % going(meant))
    return False


def going(practice):
    """Return in words what a practice with these periods, unsaved, forgets at the next look."""
    sessions, clients = retaining.going(practice, timezone.now())
    return {
        "sessions": ngettext("%(count)d session", "%(count)d sessions", sessions) % {"count": sessions},
        "clients": ngettext("%(count)d archived client", "%(count)d archived clients", clients)
        % {"count": clients},
    }


@transaction.atomic
def save(user, practice, fields):
    """Change the practice and the therapist's own name and zone; how long it keeps what is over, for owners only."""
    user.name, user.time_zone = fields["therapist_name"], fields["time_zone"]
    user.language = fields["language"]
    user.save(update_fields=["name", "time_zone", "language"])
    names = (*OF_PRACTICE, *PERIODS) if user.is_owner else OF_PRACTICE
    for name in names:
        setattr(practice, name, fields[name])
    practice.save(update_fields=names)
    reminding.plan_practice(practice, timezone.now())

"""What clients see of the practice."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from checklist import access, reminding, speaking
from checklist.forms.practice import PracticeForm
from checklist.views.answers import page

OF_PRACTICE = (
    "name", "country", "phone", "dropped_call", "help_numbers", "kinds", "turn_url", "turn_secret",
    "proposed_shares", "keep_sessions", "keep_archived",
)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@access.therapist
def settings(request):
    user, practice = request.user, request.user.practice
    initial = {name: getattr(practice, name) for name in OF_PRACTICE}
    initial |= {"therapist_name": user.name, "time_zone": user.time_zone, "language": user.language}
    form = PracticeForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        save(user, practice, form.cleaned_data)
        speaking.speak_to(request, user)
        messages.success(request, _("Saved."))
        return redirect("desk:settings")
    return page(request, "desk/settings.html", {"tab": "settings"}, form)


@transaction.atomic
def save(user, practice, fields):
    """Change the practice and the therapist's own name and zone."""
    user.name, user.time_zone = fields["therapist_name"], fields["time_zone"]
    user.language = fields["language"]
    user.save(update_fields=["name", "time_zone", "language"])
    for name in OF_PRACTICE:
        setattr(practice, name, fields[name])
    practice.save(update_fields=OF_PRACTICE)
    reminding.plan_practice(practice, timezone.now())

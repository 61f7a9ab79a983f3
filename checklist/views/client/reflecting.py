"""/sessions/<id>/outcome/ and …/fit/: what a client says of a session that is over, by plain forms (R7)."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from checklist import access, reflecting
from checklist.forms.reflecting import FitForm, OutcomeForm
from checklist.models import Fit, Outcome
from checklist.models.outcomes import NOT_SAID
from checklist.views.client.sessions import session_page

NOT_READ = _("That answer could not be read. Nothing has changed.")
THANKS = _("Thank you. You can change that on the page of the session.")
PUT_ASIDE = _("That is fine. You can still say it on the page of the session.")
BRING_IT_UP = _("Thank you. What does not fit yet can have its place in your next session.")
ALL_SAID = {None: "", True: THANKS, False: BRING_IT_UP}
TAKEN_BACK = _("It is taken back.")
NO_MORE = _("You won't be asked that again. You can change this under Reminders.")


@require_POST
@access.enrolled
def outcome(request, session_id):
    """Keep how a session went, take it back, or put the question aside."""
    return _answer(request, session_id, OutcomeForm(request.POST), _take_outcome)


@require_POST
@access.enrolled
def fit(request, session_id):
    """Keep the reply to one question, or skip what is left: this time, or for good."""
    return _answer(request, session_id, FitForm(request.POST), _take_fit)


def _answer(request, session_id, form, take):
    """Do what the form says and lead back to where it was sent from; 422 with words where that is not possible."""
    row = access.own_session(request, session_id)
    why, said = take(row, form.cleaned_data, timezone.now()) if form.is_valid() else (NOT_READ, "")
    if why:
        fresh = access.own_session(request, session_id)
        return session_page(request, fresh, status=422, answer_refused=why)
    if said:
        messages.success(request, said)
    today = form.cleaned_data["back"] == "today"
    return redirect("client:today") if today else redirect("client:session", row.id)


def _take_outcome(row, fields, now):
    """Return why not, and what to say when it was done."""
    if fields["take_back"]:
        return reflecting.take_back(row, Outcome, now), TAKEN_BACK
    if fields["skip"]:
        return reflecting.say(row, NOT_SAID, now), PUT_ASIDE
    return reflecting.say(row, fields["give"], now), THANKS


def _take_fit(row, fields, now):
    if fields["take_back"]:
        return reflecting.take_back(row, Fit, now), TAKEN_BACK
    if fields["skip"] == "always":
        return reflecting.never_ask(row, now), NO_MORE
    if fields["skip"]:
        return reflecting.reply(row, {"skipped": True}, now), PUT_ASIDE
    why = reflecting.reply(row, {fields["question"]: fields["reply"]}, now)
    return why, "" if why else ALL_SAID[Fit.objects.get(session=row).suits]

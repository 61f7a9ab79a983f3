"""The answer to a session ahead: in the app, and from the link in a mail."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from checklist import access, answering
from checklist.forms.answering import AnswerForm, MailAnswerForm
from checklist.models import Answer, Session
from checklist.views.answers import posted
from checklist.views.client.sessions import session_page

NOT_READ = _("That answer could not be read. Nothing has changed.")
SPENT = _("This link can't be used to answer any more. The app shows what is up to date.")


@require_POST
@access.enrolled
def answers(request, session_id):
    """Give one answer or take it back, by a plain form (R7)."""
    row, form = access.own_session(request, session_id), AnswerForm(request.POST)
    why = _take(request, row, form.cleaned_data) if form.is_valid() else NOT_READ
    if why:
        return session_page(request, access.own_session(request, session_id), status=422, answer_refused=why)
    today = form.cleaned_data["back"] == "today"
    back = reverse("client:today") if today else reverse("client:session", args=[row.id])
    return redirect(f"{back}#answer")


def _take(request, row, fields):
    """Do what the form says; return why not in words, or an empty string."""
    now, revision = timezone.now(), fields["revision"]
    if fields["take_back"]:
        return answering.take_back(row, fields["take_back"], revision, now)
    device = access.device_by_client(request)[row.client_id]
    return answering.give(row, fields["give"], revision, now, device)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request):
    """Show the four answers; only a person's tap posts one, with the token that the page takes out of the fragment.

    So whoever opens the links of a mail, even with scripts, changes nothing (R17).
    """
    form = MailAnswerForm(posted(request))
    if request.method != "POST":
        return render(request, "client/answer.html", {"form": form, "kinds": Answer.Kind.choices})
    why = _take_from_mail(form.cleaned_data) if form.is_valid() else SPENT
    if why:
        return render(request, "client/answer_refused.html", {"why": why}, status=422)
    label = Answer.Kind(form.cleaned_data["kind"]).label
    return render(request, "client/answer_kept.html", {"said": label, "form": form})


def _take_from_mail(fields):
    """Keep the answer of a mail, or take it back; return why not in words, or an empty string."""
    session, revision = answering.by_token(fields["token"])
    if session is None:
        return SPENT
    act = answering.take_back if fields["take_back"] else answering.give
    try:
        return act(session, fields["kind"], revision, timezone.now())
    except Session.DoesNotExist:  # erased in this very moment
        return SPENT

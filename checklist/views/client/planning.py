"""/plan/: the client's own if-then sentence, with suggestions; kept, changed, taken away, or skipped for good."""

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from checklist import access, intending
from checklist.forms.intending import PlanForm
from checklist.models.checklists import Way
from checklist.models.plans import plan_of
from checklist.models.sharing import Share
from checklist.views.answers import page, posted
from checklist.views.client.suggesting import ready_at, suggested, suggestions
from checklist.views.client.whose import back, chosen, whose

NEXT = 5  # sessions that are looked at for one to plan for
# (what a button of the page is named, what it does, what is said then)
ENDS = (
    ("delete", intending.delete, _("Your plan is deleted. You can make another one here whenever you like.")),
    ("without", intending.without, _("All right, no plan. You can make one here whenever you like.")),
)


@require_http_methods(["GET", "HEAD", "POST"])
@access.enrolled
def plan(request):
    """Show the sentence and take a new one, for the clients of this phone with one therapist."""
    mine, now = chosen(request), timezone.now()
    for word, do, said in ENDS:
        if word in request.POST:
            do(mine, now)
            messages.success(request, said)
            return back(request, "client:plan")
    form = plan_form(request)
    if keep(request, form, now):
        messages.success(request, _("Saved. It stands on the page of your next session."))
        return back(request, "client:plan")
    return page(request, "client/plan.html", {**plan_context(request), **whose(request), "tab": "help"}, form)


def keep(request, form, now):
    """Keep the sentence of a form that was posted and may be taken; return whether it was."""
    if request.method == "POST" and form.is_valid():
        intending.intend(chosen(request), form.cleaned_data, now)
        return True
    return False


def plan_form(request):
    """Return the form: with what was posted, with the suggestion that was tapped, or with the sentence as it is."""
    found = next(filter(None, map(plan_of, chosen(request))), None)
    initial = {name: getattr(found, name, "") for name in intending.PARTS}
    tapped = suggested(request.GET.get("like"), *planned_for(request)) if "like" in request.GET else {}
    return PlanForm(posted(request), initial=initial | tapped)


def plan_context(request):
    """Return what the parts of the page about the sentence need."""
    mine = chosen(request)
    found = next(filter(None, map(plan_of, mine)), None)
    return {
        "plan": found,
        "suggestions": suggestions(*planned_for(request)),
        "seen_by": [client.therapist.name for client in mine if client.shares(Share.PLAN)],
    }


def planned_for(request):
    """Return the next session that one can still get ready for in time, or None, and the way of the next one at all.

    Asked once for a request.
    """
    if not hasattr(request, "_planned_for"):
        now = timezone.now()
        ahead = list(access.sessions(request).filter(client__in=chosen(request)).live().ahead(now)[:NEXT])
        session = next((each for each in ahead if ready_at(each) > now), None)
        way = session or next(iter(ahead), None)
        request._planned_for = session, Way(way.way) if way else Way.VIDEO
    return request._planned_for

"""/first-steps/: what this is and who sees what, reminders, the home screen, a plan. Each can be skipped, and left."""

from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from checklist import access, beginning, intending
from checklist.views.answers import page
from checklist.views.client.installing import how_to_install
from checklist.views.client.outbox import outbox
from checklist.views.client.planning import keep, plan_context, plan_form
from checklist.views.client.reminders import notifications
from checklist.views.client.whose import chosen


@require_safe
@access.enrolled
def first_steps(request):
    """Go on where this phone's person left off; all of it again for who was through."""
    left = beginning.left(access.devices(request)) or beginning.STEPS
    return redirect("client:first_step", step=left[0])


@require_http_methods(["GET", "HEAD", "POST"])
@access.enrolled
def first_step(request, step):
    """Show one screen; a plain form goes on to the next, or leaves all of them out."""
    form = plan_form(request) if step == beginning.PLAN else None
    again = step not in beginning.left(access.devices(request))
    if request.method == "POST" and _is_over(request, step, form):
        return _go_on(request, step, again and "never" not in request.POST)
    context = {"number": beginning.STEPS.index(step) + 1, "count": len(beginning.STEPS)}
    return page(request, f"client/first_steps/{step}.html", context | _shown(request, step), form)


def _is_over(request, step, form):
    """Do what the form asks; return whether the screen is over: a plan that can't be kept is shown again."""
    mine, now = access.devices(request), timezone.now()
    if "never" in request.POST:
        beginning.finish(mine, *beginning.STEPS)
    elif "skip" in request.POST and step == beginning.PLAN:
        intending.skip(chosen(request), now)
    elif form and "skip" not in request.POST and not keep(request, form, now):
        return False
    beginning.finish(mine, step)
    return True


def _go_on(request, step, again):
    """Lead to the next screen of those left, or to the one that follows for who looks at them once more."""
    following = beginning.STEPS[beginning.STEPS.index(step) + 1 :]
    rest = following if again else beginning.left(access.devices(request))
    return redirect("client:first_step", step=rest[0]) if rest else redirect("client:today")


def _shown(request, step):
    """Return what the screen of a step needs."""
    if step == beginning.REMINDERS:
        mine = access.clients(request)
        return {**outbox(mine, timezone.now()), **notifications(request), "own_button": True}
    if step == beginning.INSTALL:
        return {**how_to_install(request), "own_button": True}
    return plan_context(request) if step == beginning.PLAN else {}

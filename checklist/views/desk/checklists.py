"""The practice's checklists: what is on them, and the words of an item in each language."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from checklist import access
from checklist.forms.saying import WordsForm
from checklist.models.checklists import Phase
from checklist.views.answers import page


@require_safe
@access.therapist
def checklists(request):
    """Show each list with its items by phase."""
    rows = request.user.practice.checklists.filter(archived_at=None).order_by("created_at")
    context = {"lists": [(row, by_phase(row.current)) for row in rows], "tab": "settings"}
    return render(request, "desk/checklists.html", context)


def by_phase(version):
    """Return [(what a phase is called, its items)]."""
    items = list(version.items.all())
    return [(phase.label, [item for item in items if item.phase == phase]) for phase in Phase]


@require_http_methods(["GET", "HEAD", "POST"])
@access.therapist
def item(request, checklist_id, key):
    """Change what one item says. Sessions that are booked keep the words they have (R1)."""
    checklist, row = access.desk_item(request.user, checklist_id, key)
    original = get_language()
    form = WordsForm(request.POST if request.method == "POST" else None, item=row, original=original)
    if form.is_valid():
        checklist.reword(key, original, form.texts())
        messages.success(request, _("Saved. Sessions that you book from now on have these words."))
        if left := form.left_behind():
            words = _("Still the earlier words: %(languages)s. Change them as well, or empty them.")
            messages.warning(request, words % {"languages": ", ".join(left)})
        return redirect("desk:checklists")
    return page(request, "desk/item.html", {"item": row, "tab": "settings"}, form)

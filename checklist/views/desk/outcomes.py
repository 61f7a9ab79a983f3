"""/desk/outcomes/: how sessions went, by readiness and by way of meeting, as sums; and the same as CSV."""

import csv
from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from checklist import access, counting
from checklist.models.outcomes import TOLD
from checklist.pure.disclosure import FEWEST
from checklist.pure.spreadsheets import cell
from checklist.views.desk.sums import bands, head, lines, too_few, ways


@require_safe
@access.therapist
def outcomes(request):
    return render(request, "desk/outcomes.html", _sums(request) | {"tab": "outcomes"})


@require_safe
@access.therapist
def as_csv(request):
    """The same figures for a spreadsheet; what the page does not show is not in it either."""
    sums = _sums(request)
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="outcomes-{sums["year"]}.csv"'
    writer = csv.writer(answer)
    writer.writerow(map(cell, [_("Year"), _("Whose"), *head()]))
    for by, rows in sums["tables"]:
        for row in rows:
            figures = row["figures"] or [too_few()]
            writer.writerow(map(cell, [sums["year"], sums["whose"], by, row["name"], *figures]))
    return answer


def _sums(request):
    """Return what both show, for the year and the circle of clients in the address; another is a 404."""
    user, now = request.user, timezone.now()
    whole = _asked(request, "whose", ["mine", *["all"] * counting.may_count_all(user)]) == "all"
    circle = counting.Circle(user, whole, now)
    years = circle.years
    year = int(_asked(request, "year", [str(each) for each in years]))
    by_readiness, by_way, total = circle.count(year)
    return {
        "year": year,
        "years": years,
        "whole": whole,
        "begins_late": circle.begins_late,
        "until": (circle.span[1] - timedelta(days=1)).date(),
        "whose": _("The whole practice") if whole else _("Your clients"),
        "may_count_all": counting.may_count_all(user),
        "tables": [
            (_("Readiness"), lines(by_readiness, bands())),
            (_("Way of meeting"), lines(by_way, ways())),
            (_("All together"), lines(counting.alone(total), {"all": _("All sessions")})),
        ],
        "kinds": TOLD.values(),
        "few": FEWEST,
    }


def _asked(request, name, choices):
    """Return one of these choices, as the address has it; the first where it has none."""
    chosen = request.GET.get(name) or choices[0]
    if chosen not in choices:
        raise Http404
    return chosen

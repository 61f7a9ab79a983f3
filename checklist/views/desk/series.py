"""A therapist's series: made from the form of a session, looked at, added to, changed from one session on.

Each change is shown as a list of dates with their ways before it is confirmed.
"""

import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from checklist import access, repeating
from checklist.forms.desk import CHANGED
from checklist.forms.series import CountForm, FollowingForm
from checklist.models import Series, Session
from checklist.views.answers import page
from checklist.views.desk import looks
from checklist.views.desk.dates import dates, proposed
from checklist.views.desk.rows import Row

ALIKE = ("client", "checklist", "time_zone", "minutes", "way", "link", "map_link", "opening", "every")


def book(request, form, now):
    """Show what the form of a session that repeats would make; make it once that was confirmed."""
    fields = form.cleaned_data
    made = Series(
        id=fields["series"] or uuid.uuid4(), therapist=request.user, begins_on=fields["date"],
        clock=fields["time"], weeks=fields["repeat"], **{name: fields[name] for name in ALIKE},
    )  # fmt: skip
    if Series.objects.filter(pk=made.pk).exists():  # sent twice
        return redirect("desk:series", access.desk_series(request.user, made.pk).id)
    if "confirm" in request.POST:
        return _booked(request, made, fields["count"], 0, now)
    rows = dates(request.user, proposed(made, 0, fields["count"]))
    context = {"form": form, "series": made, "new": True, "rows": rows, "now": now, "tab": "today"}
    return render(request, "desk/series_preview.html", context)


def _booked(request, series, count, number, now):
    """Make the sessions from that number on, say how many, and lead to them."""
    made = repeating.book(series, count, now, first=number)
    words = ngettext("%(count)d session is booked.", "%(count)d sessions are booked.", count)
    if made:  # nobody was quicker
        messages.success(request, words % {"count": count})
    return redirect("desk:series", series.id)


@require_safe
@access.therapist
def series(request, series_id):
    """All sessions of a series, and what can be done with those ahead."""
    row, now = access.desk_series(request.user, series_id), timezone.now()
    sessions = Session.objects.of(request.user).filter(series=row).with_lists().numbered()
    ahead, behind = (
        [Row(each, now) for each in part] for part in (sessions.ahead(now), sessions.behind(now))
    )
    live, shown = [each.session for each in ahead if not each.session.cancelled], [*ahead, *behind]
    seen = looks.seen_at_all(row.client, [each.session for each in shown]) + looks.seen_said(shown)
    looks.note(request, seen, now)
    context = {
        "series": row,
        "ahead": ahead,
        "behind": behind,
        "next": next(iter(live), None),
        "tab": "clients",
    }
    return render(request, "desk/series.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.therapist
def extend(request, series_id):
    """Add sessions to the end of a series."""
    row, now = access.desk_series(request.user, series_id), timezone.now()
    if row.client.archived_at:
        raise Http404
    number = repeating.next_number(row, now)
    data = request.POST if request.method == "POST" else None
    form = CountForm(data, series=row, number=number, now=now)
    context = {"series": row, "now": now, "tab": "clients"}
    if not form.is_valid() or "again" in request.POST:
        return page(request, "desk/series_extend.html", context, form)
    count = form.cleaned_data["count"]
    shown = request.POST.get("number"), request.POST.get("mark", row.mark)
    if "confirm" in request.POST and shown == (str(number), row.mark):
        return _booked(request, row, count, number, now)
    rows = dates(request.user, proposed(row, number, count))
    context |= {"form": form, "rows": rows, "number": number, "mark": row.mark}
    return render(request, "desk/series_preview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.therapist
def following(request, session_id):
    """Change a session and those that follow in its series."""
    row, now = access.desk_session(request.user, session_id), timezone.now()
    if row.series is None:
        raise Http404
    context = {"session": row, "row": Row(row, now), "now": now, "tab": "today"}
    if row.cancelled or row.has_ended(now):
        return render(request, "desk/session_closed.html", context, status=409)
    data = request.POST if request.method == "POST" else None
    form = FollowingForm(data, therapist=request.user, now=now, session=row)
    if not form.is_valid() or "again" in request.POST:
        return page(request, "desk/series_following.html", context, form)
    if "confirm" in request.POST:
        if repeating.change(row, form.series, form.new, now) is not None:
            messages.success(request, _("Saved. Tell your client as well: no message is sent about it."))
            return redirect("desk:series", row.series_id)
        form.add_error(None, CHANGED)
        return page(request, "desk/series_following.html", context, form)
    rows = dates(request.user, form.sessions, form.switched)
    context |= {"form": form, "rows": rows, "series": form.series, "mark": row.series.mark}
    return render(request, "desk/series_preview.html", context)

"""Sessions of a series: made all at once, added to, changed or cancelled from one of them on."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Max

from checklist import reminding, scheduling
from checklist.models import Client, Session

MOST = 26  # sessions made at once
CHANGED = ("starts_at", "ends_at", "time_zone", "way", "link", "status", "series_at")
KEPT = (*CHANGED, "revision", "moved_from", "arranged_way", "switched_at", "sequence", "cursor")


@transaction.atomic
def book(series, count, now, first=None):
    """Make the next `count` sessions of a series, a new one being saved first; plan their reminders together.

    `first` is the number that the first of them was shown with: where somebody was quicker none is made.
    """
    client, cursor = _hold(series.client)
    number = next_number(series, now)
    if first not in (None, number):
        return []
    if series._state.adding:
        series.save(force_insert=True)
    version = series.checklist.current
    rows = [_made(series, number + index, version, client, cursor) for index in range(count)]
    Session.objects.bulk_create(rows)
    return _settle(rows, client, now)


def next_number(series, now):
    """Return the number that the next session of a series will have: after all it has, and ahead."""
    last = Session.objects.filter(series=series.pk).aggregate(last=Max("series_number"))["last"]
    return series.rule.ahead(0 if last is None else last + 1, now)


def following(session, now):
    """Return this session and those after it in its series, in order: not cancelled, not over."""
    rows = Session.objects.live().filter(series=session.series_id, series_number__gte=session.series_number)
    return rows.filter(ends_at__gt=now).order_by("series_number")


def changed(session, rows, series, before, minutes):
    """Return these sessions, unsaved, as they would be once `series`, which was `before`, has another rule.

    What was moved, changed or switched by itself stays as it is, but for the time of `session`, which was asked for.
    """
    return [_followed(row, series, before, minutes, asked=row.pk == session.pk) for row in rows]


@transaction.atomic
def change(session, series, before, minutes, now):
    """Save a series with its new rule, and change this session and those that follow."""
    client, cursor = _hold(series.client)
    series.save()
    rows = list(following(session, now).select_for_update())
    was = {row.pk: [getattr(row, name) for name in CHANGED] for row in rows}
    rows = [
        row
        for row in changed(session, rows, series, before, minutes)
        if was[row.pk] != [getattr(row, name) for name in CHANGED]
    ]
    return _save(rows, client, cursor, now)


@transaction.atomic
def cancel(session, now):
    """Cancel this session and those that follow: ticks stay, reminders go."""
    client, cursor = _hold(session.client)
    rows = list(following(session, now).select_for_update())
    for row in rows:
        row.status = Session.Status.CANCELLED
    return _save(rows, client, cursor, now)


def _hold(client):
    """Lock the client's row; return it as it is now, with its practice, and its next cursor."""
    cursor = client.next_cursor()
    return Client.objects.select_related("practice").get(pk=client.pk), cursor


def _made(series, number, version, client, cursor):
    starts_at, way = series.rule.start(number), series.rule.way_of(number)
    return Session(
        client=client, therapist=series.therapist, version=version, time_zone=series.time_zone,
        starts_at=starts_at, ends_at=starts_at + timedelta(minutes=series.minutes), series_at=starts_at,
        way=way, link=series.link_for(way), series=series, series_number=number, cursor=cursor,
    )  # fmt: skip


def _followed(row, series, before, minutes, asked):
    """Change a session as its series changed, as far as it went by the series until now."""
    start, was_moved = series.rule.start(row.series_number), row.starts_at != row.series_at
    length = row.minutes if row.minutes != minutes else series.minutes
    if start != row.starts_at and (asked or not was_moved):
        row.moved_from, row.revision, row.starts_at = row.starts_at, row.revision + 1, start
    row.ends_at, row.series_at = row.starts_at + timedelta(minutes=length), start
    row.time_zone = series.time_zone
    _meet(row, series, before)
    return row


def _meet(row, series, before):
    """Meet as the series says now: not where the client switched it, nor where it was changed by itself."""
    old, new = before.rule.way_of(row.series_number), series.rule.way_of(row.series_number)
    if row.link == before.link_for(row.way):
        row.link = series.link_for(row.way)
    if not row.switched and row.way == old and new != old:
        row.arranged_way, row.switched_at = "", None
        row.way, row.link = new, series.link_for(new)


def _save(rows, client, cursor, now):
    for row in rows:
        row.sequence, row.cursor, row.client = row.sequence + 1, cursor, client
    Session.objects.bulk_update(rows, KEPT)
    return _settle(rows, client, now)


def _settle(rows, client, now):
    """Number the client's sessions anew and plan what is said of these, in as many queries for many as for few."""
    scheduling.renumber(client)
    reminding.plan_all(rows, now)
    return rows

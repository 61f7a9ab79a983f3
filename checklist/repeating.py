"""Sessions of a series: made all at once, added to, changed or cancelled from one of them on."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Max

from checklist import reminding, scheduling
from checklist.models import Client, Series, Session
from checklist.models.checklists import Way

MOST = 26  # sessions made at once
TIME = frozenset(("date", "time", "time_zone"))  # what a form asks of one session's time
SEEN = ("starts_at", "ends_at", "time_zone", "way", "arranged_way", "switched_at", "link", "status")
SAID = ("series_at", "series_minutes", "series_way", "series_link")
KEPT = (*SEEN, "revision", "moved_from", "sequence", "cursor")


@transaction.atomic
def book(series, count, now, first=None):
    """Make the next `count` sessions of a series, a new one being saved first; plan their reminders together.

    `first` is the number that the first of them was shown with. None is made where somebody was quicker, or changed the
    series since it was read.
    """
    client, cursor = _hold(series.client)
    number = next_number(series, now)
    if first not in (None, number):
        return []
    if series._state.adding:
        series.save(force_insert=True)
    elif Series.objects.get(pk=series.pk).mark != series.mark:
        return []
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


def changed(session, rows, series, new):
    """Return these sessions, unsaved, as they would be once `series`, unsaved as well, is the rule.

    `new` names the fields that a form changed of how it was shown: nothing else of time or length is touched. What was
    moved, changed or switched by itself stays as it is, but for what was asked of `session` itself.
    """
    return [_followed(row, series, new, asked=row.pk == session.pk) for row in rows]


@transaction.atomic
def change(session, series, new, now):
    """Save a series with its new rule, and change this session and those that follow.

    Return the sessions that are other than before; None, with nothing done, where somebody was quicker: where `session`
    or its series is not as it was when they were read.
    """
    client, cursor = _hold(series.client)
    present = Session.objects.select_related("series").get(pk=session.pk)
    if (present.sequence, present.series.mark) != (session.sequence, session.series.mark):
        return None
    series.save()
    rows = list(following(session, now).select_for_update())
    was = {row.pk: _seen(row) for row in rows}
    Session.objects.bulk_update(changed(session, rows, series, new), SAID)
    return _save([row for row in rows if _seen(row) != was[row.pk]], client, cursor, now)


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
    link, minutes = series.link_for(way), series.minutes
    return Session(
        client=client, therapist=series.therapist, version=version, time_zone=series.time_zone,
        starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes), way=way, link=link, cursor=cursor,
        series=series, series_number=number, series_at=starts_at, series_minutes=minutes, series_way=way,
        series_link=link,
    )  # fmt: skip


def _seen(row):
    """Return what a client or a calendar sees of a session."""
    return [getattr(row, name) for name in SEEN]


def _followed(row, series, new, asked):
    """Change a session as its series changed, as far as it went by what the series last said for it."""
    minutes = row.minutes
    if "minutes" in new:
        minutes = series.minutes if asked or minutes == row.series_minutes else minutes
        row.series_minutes = series.minutes
    if new & {"weeks", *TIME}:
        _move(row, series, asked=asked and new & TIME)
    row.ends_at = row.starts_at + timedelta(minutes=minutes)
    _meet(row, series)
    return row


def _move(row, series, asked):
    """Start as the series says now, unless it was moved by itself."""
    start, alone = series.rule.start(row.series_number), row.starts_at != row.series_at
    row.series_at = start
    if alone and not asked:
        return
    if start != row.starts_at:
        row.moved_from, row.revision, row.starts_at = row.starts_at, row.revision + 1, start
    row.time_zone = series.time_zone


def _meet(row, series):
    """Meet how and where the series says now, each unless it was changed by itself."""
    way, link = series.rule.way_of(row.series_number), row.link
    goes = row.arranged == row.series_way
    visit = goes and (way == Way.IN_PERSON) != (row.series_way == Way.IN_PERSON)  # another kind of place
    if goes and way != row.series_way:
        row.arrange(way)
    said = series.link_for(way)
    if visit or (link == row.series_link and said == series.link_for(row.arranged)):
        row.link = said
    row.series_way, row.series_link = way, said


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

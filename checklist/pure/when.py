"""When a reminder is due, and what a wall clock means in a zone. Tried by the million: bin/prove times.

Zones are IANA zones (zoneinfo). Where a local time does not exist (a gap) it shifts forward by the gap; where
it exists twice (a fold) the first is meant (R11, and RFC 5545 section 3.3.5 says the same).
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from checklist.pure.quiet import MINUTE, earlier, end, is_quiet
from checklist.pure.wishes import DAY_BEFORE, EVENING, HOURS_BEFORE, JUST_BEFORE, KINDS

PREPARING = (DAY_BEFORE, HOURS_BEFORE)
TOGETHER = timedelta(hours=1)
PATIENCE = timedelta(minutes=10)


def to_utc(date, clock, zone):
    """Return the UTC instant of a wall clock reading in `zone`; gaps shift forward, folds mean the first."""
    local = datetime.combine(date, clock.replace(tzinfo=None, fold=0), tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC)


def exists(date, clock, zone):
    """Return whether that wall clock reading happens at all on that day in `zone` (False inside a gap)."""
    back = to_utc(date, clock, zone).astimezone(ZoneInfo(zone))
    return (back.date(), back.time()) == (date, clock.replace(tzinfo=None, fold=0))


def evening_before(start, zone, clock=EVENING):
    """Return the UTC instant of `clock`, by the wall clock of `zone`, on the day before `start` (aware).

    Where that day was left out of the calendar (Samoa, 30 December 2011) it is the day before that.
    """
    day = start.astimezone(ZoneInfo(zone)).date()
    evening = to_utc(day - timedelta(days=1), clock, zone)
    return evening if evening < start else to_utc(day - timedelta(days=2), clock, zone)


def times(start, wishes):
    """Return {kind: UTC instant} of the reminders of a session at `start` (aware) that these Wishes ask for.

    What would fall into quiet hours comes before they begin (R12). Two kinds may so be due at the same instant.
    """
    return {
        kind: earlier(at, wishes.quiet, wishes.zone)
        for kind, at in _plain(start.astimezone(UTC), wishes).items()
    }


def afterwards(start, wishes):
    """Return {kind: UTC instant} when the quiet hours end that shift a kind, where that is before the start.

    It is for a kind whose shifted time had passed when quiet hours were set, or when the session was booked in them.
    """
    start = start.astimezone(UTC)
    plain = _plain(start, wishes)
    ends = {kind: end(at, wishes.quiet, wishes.zone) for kind, at in plain.items()}
    return {kind: at for kind, at in ends.items() if plain[kind] != at < start}


def _plain(start, wishes):
    due = {
        DAY_BEFORE: evening_before(start, wishes.zone, wishes.evening),
        HOURS_BEFORE: start - timedelta(hours=wishes.hours),
        JUST_BEFORE: start - timedelta(minutes=wishes.minutes),
    }
    return {kind: due[kind] for kind in KINDS if kind in wishes.kinds}


def groups(starts):
    """Return lists of keys, one for each group of sessions that are spoken of together, the earliest first.

    `starts` is [(key, aware start)] of one client's live sessions, in any order; keys can be compared. A session that
    starts less than an hour after the first of a group is part of it, so no group spans an hour.
    """
    found = []
    # By the instant: Python compares times of one zone by their wall clocks, which run twice through a fold.
    for start, key in sorted((start.astimezone(UTC), key) for key, start in starts):
        if not found or start - found[-1][0] >= TOGETHER:
            found.append((start, []))
        found[-1][1].append(key)
    return [keys for _first, keys in found]


def paused(instant, until, zone):
    """Return whether an instant lies before the day `until` (a date, or None for no pause) begins in `zone`."""
    return until is not None and instant.astimezone(ZoneInfo(zone)).date() < until


def fallback(due, start):
    """Return when the e-mail behind a push that is due at `due` goes, both aware: in UTC, always before `start`.

    That is 10 minutes later, or half the time left when that is less; None when none is left.
    """
    due = due.astimezone(UTC)
    left = start.astimezone(UTC) - due
    return due + min(PATIENCE, left / 2) if left > timedelta() else None


def behind(due, start, wishes):
    """Return when the push of a reminder due at `due` goes and when the mail behind it does (UTC instants).

    Where the mail would fall into quiet hours both come earlier, by no more minutes than keep both out of them (R12).
    """
    at = due.astimezone(UTC)
    while (mail := fallback(at, start)) and is_quiet(mail, wishes.quiet, wishes.zone):
        at = earlier(at - MINUTE, wishes.quiet, wishes.zone)
    return at, mail or at


def mail_after(sent, start, wishes):
    """Return when the mail behind a push goes that was sent at `sent`: fallback(), or sooner when that is quiet.

    Where less than a minute is left before quiet hours it is fallback() all the same: the sender then waits for their
    end.
    """
    at = fallback(sent, start)
    if at and (before := earlier(at, wishes.quiet, wishes.zone)) >= sent + MINUTE:
        return before
    return at

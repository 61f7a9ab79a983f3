"""What a reminder's time should be, found the slow way: by reading a table of what the clock on the wall shows.

It shares nothing with checklist/pure. Zones are only ever read from UTC to local time, where nothing is missing or
double; everything else is looking through the table, minute by minute. A minute is one since 1970; on the wall it is
counted the same way, as if the wall clock were UTC.
"""

from array import array
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

DAY = 24 * 60
SCAN = 60  # minutes between looks; where the offset differs, the minute of the change is looked for
BEFORE = 5 * DAY  # of the first session: its evening and quiet hours are in the table too
EVENING = 2 * DAY + 3 * 60  # of a session: no evening is longer before it, even where an hour comes twice


def minute(*day):
    """Return the minute at which a day begins in UTC."""
    return int(datetime(*day, tzinfo=UTC).timestamp()) // 60


def instant(minutes):
    """Return an aware datetime in UTC."""
    return datetime.fromtimestamp(round(minutes * 60), UTC)


class Walls:
    """What the clocks of `zone` show in each minute of some years; `changes` are the first minutes after a jump."""

    def __init__(self, zone, first, last):
        self.zone, self.first, self.last = zone, first, last
        self.begin, self.changes = first - BEFORE, []
        self.shown = array("i")
        tz, offset, since = ZoneInfo(zone), None, self.begin
        for at in range(self.begin, last + SCAN, SCAN):
            if (now := _offset(at, tz)) != offset and offset is not None:
                change = next(m for m in range(at - SCAN, at + 1) if _offset(m, tz) == now)
                self.shown.extend(range(since + offset, change + offset))
                self.changes.append(change)
                since = change
            offset = now
        self.shown.extend(range(since + offset, last + offset))

    def at(self, minute):
        """Return what the clock shows then."""
        return self.shown[minute - self.begin]

    def first_showing(self, wall, before):
        """Return the first minute up to `before` that shows `wall`, None when EVENING before there was none."""
        try:
            found = self.shown.index(wall, before - EVENING - self.begin, before - self.begin + 1)
        except ValueError:
            return None
        return found + self.begin

    def jumping_over(self, wall, before):
        """Return the minute at which the clock jumps over `wall`, the last one no later than `before`."""
        while not self.at(before - 1) < wall < self.at(before):
            before -= 1
        return before


def _offset(minute, tz):
    return instant(minute).astimezone(tz).utcoffset() // timedelta(minutes=1)


def evening(walls, start, clock):
    """Return the minute of the evening before a session: the first that shows `clock`, minutes after midnight."""
    midnight = walls.at(start) // DAY * DAY
    for day in (midnight - DAY, midnight - 2 * DAY):
        found = walls.first_showing(day + clock, start)
        if found is None:
            jump = walls.jumping_over(day + clock, start)
            found = jump + (day + clock) - walls.at(jump - 1) - 1  # as if the clock had not jumped
        if found < start:
            return found
    raise AssertionError("two days without an evening")


def dial(quiet):
    """Return a byte for each minute of a day, 1 for quiet; `quiet` is None or (from, to) in minutes after midnight."""
    begin, end = quiet or (0, 0)
    marks = bytearray(DAY)
    for left, right in [(begin, end)] if begin <= end else [(begin, DAY), (0, end)]:
        marks[left:right] = b"\1" * (right - left)
    return marks


def loud(walls, minute, marks):
    """Walk back from a minute to the first that is not quiet."""
    shown, at = walls.shown, minute - walls.begin
    while marks[shown[at] % DAY]:
        at -= 1
    return at + walls.begin


def both(walls, due, start, marks):
    """Return the minutes of a push and of the mail behind it, walking back from `due` to the first when none is quiet.

    The mail comes ten minutes later, or halfway to the start, then maybe at half a minute.
    """
    at = due
    while True:
        mail = at + min(10, (start - at) / 2)
        if not marks[walls.at(at) % DAY] and not marks[walls.at(int(mail)) % DAY]:
            return at, mail
        at -= 1


def plain(walls, start, wishes):
    """Return {kind: minute} for a session at that minute as if there were no quiet hours.

    `wishes` is a dict of what Wishes has, its clock times in minutes after midnight.
    """
    due = {
        "day_before": evening(walls, start, wishes["evening"]),
        "hours_before": start - 60 * wishes["hours"],
        "just_before": start - wishes["minutes"],
    }
    return {kind: due[kind] for kind in wishes["kinds"]}


def shifted(walls, due, wishes):
    """Return the same minutes with quiet hours kept."""
    marks = dial(wishes["quiet"])
    return {kind: loud(walls, minute, marks) for kind, minute in due.items()}

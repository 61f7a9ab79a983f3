"""How people say a time: "3:00 pm", how far off it is, where. The words are in channels/wording.py."""

from datetime import timedelta

NOW, MINUTES, HOURS, TOMORROW, DAYS = "now", "minutes", "hours", "tomorrow", "days"
NO_BREAK = "\N{NO-BREAK SPACE}"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def twelve_hours(local):
    """Return a local time (anything with hour and minute) like '3:00 pm', in one piece: no line breaks inside."""
    return f"{local.hour % 12 or 12}:{local.minute:02d}{NO_BREAK}{'pm' if local.hour >= 12 else 'am'}"


def days_between(local_now, local_at):
    """Return how many calendar days `local_at` is after `local_now`, both read in one zone."""
    return (local_at.date() - local_now.date()).days


def distance(now, at, zone):
    """Return how far off the instant `at` is at `now`, as (unit, count), for a person in `zone` (a tzinfo).

    Minutes agree with a clock that shows no seconds; hours are whole ones, so that nobody thinks there is
    more time than there is; beyond today only the calendar day counts.
    """
    left = at - now
    minutes = -(-left // MINUTE)
    if minutes <= 0:
        return NOW, 0
    if minutes < 120:
        return MINUTES, minutes
    days = days_between(now.astimezone(zone), at.astimezone(zone))
    if days == 0:
        return HOURS, max(left // HOUR, 2)
    return (TOMORROW, 1) if days == 1 else (DAYS, days)


def place(zone):
    """Return the place in a zone's name: 'Los Angeles' for America/Los_Angeles, 'UTC' for UTC."""
    return zone.rpartition("/")[2].replace("_", " ")

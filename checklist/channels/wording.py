"""Days and times in words, in the active language; used by templates (templatetags/settle.py) and by mail."""

from django.utils import timezone, translation
from django.utils.formats import date_format, get_format
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from checklist.pure import spoken


def clock(at):
    """Return an aware instant's time of day in the active zone: '3:00 pm', in other languages their way."""
    local = timezone.localtime(at)
    if _english():
        return spoken.twelve_hours(local)
    return date_format(local, "TIME_FORMAT")


def wall(time):
    """Return a time of day that is of no date, as clock() does."""
    return spoken.twelve_hours(time) if _english() else date_format(time, "TIME_FORMAT")


def clocks(starts):
    """Return the times of day of aware instants, like '3:00 pm and 3:40 pm', what is equal once, with plain spaces:
    a subject with others would travel encoded.
    """
    *before, last = dict.fromkeys(clock(at).replace(spoken.NO_BREAK, " ") for at in starts)
    if not before:
        return last
    return gettext("%(times)s and %(last)s") % {"times": ", ".join(before), "last": last}


def when(starts, now):
    """Return the day of the first of these aware instants and the times of day of all: 'Today at 3:00 pm'."""
    return gettext("%(day)s at %(clock)s") % {"day": day(starts[0], now), "clock": clocks(starts)}


def day(at, now):
    """Return 'Today', 'Tomorrow', 'Yesterday' or the full day of `at`, seen at `now`, in the active zone.

    It begins a line, so it has a capital where a language writes its days without one.
    """
    local, local_now = timezone.localtime(at), timezone.localtime(now)
    near = {0: gettext("Today"), 1: gettext("Tomorrow"), -1: gettext("Yesterday")}
    return near.get(spoken.days_between(local_now, local)) or capfirst(full_day(at, now))


def day_within(at, now):
    """Return day() as it stands within a line: there a language that writes its days without a capital does so."""
    words = day(at, now)
    return words if _english() else words[:1].lower() + words[1:]


def full_day(at, now):
    """Return full_date() of `at` in the active zone."""
    return full_date(timezone.localtime(at).date(), now)


def full_date(date, now):
    """Return a date like 'Thursday 26 November', with the year when it is not that of `now` in the active zone."""
    if date.year != timezone.localtime(now).year:
        return whole_date(date)
    pattern = "l j F" if _english() else "l " + get_format("MONTH_DAY_FORMAT")
    return date_format(date, pattern, use_l10n=False)


def whole_date(date):
    """Return a date with its year, like 'Thursday 26 November 2026', for what is read much later."""
    pattern = "l j F Y" if _english() else "l " + get_format("DATE_FORMAT")
    return date_format(date, pattern, use_l10n=False)


def in_words(at, now):
    """Return how far off `at` is at `now`: 'now', 'in 42 minutes', 'in 3 hours', 'tomorrow', 'in 5 days'."""
    unit, count = spoken.distance(now, at, timezone.get_current_timezone())
    if unit == spoken.NOW:
        return gettext("now")
    if unit == spoken.TOMORROW:
        return gettext("tomorrow")
    texts = {
        spoken.MINUTES: ngettext("in %(count)d minute", "in %(count)d minutes", count),
        spoken.HOURS: ngettext("in %(count)d hour", "in %(count)d hours", count),
        spoken.DAYS: ngettext("in %(count)d day", "in %(count)d days", count),
    }
    return texts[unit] % {"count": count}


def _english():
    return (translation.get_language() or "en").startswith("en")

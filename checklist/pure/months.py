"""Calendar months, as people count how long something is kept."""

from calendar import monthrange


def before(instant, months):
    """Return the instant so many months before, at the same time of day; a day that month has not is its last one."""
    year, month = divmod(instant.year * 12 + instant.month - 1 - months, 12)
    day = min(instant.day, monthrange(year, month + 1)[1])
    return instant.replace(year=year, month=month + 1, day=day)


def after(instant, months):
    """Return the instant so many months after, in the same way."""
    return before(instant, -months)

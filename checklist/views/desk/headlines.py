"""The one sentence over the desk's day: how the sessions still ahead stand, as far as their clients share it."""

from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_noop, ngettext

NUMBERS = (
    gettext_noop("none"),
    gettext_noop("one"),
    gettext_noop("two"),
    gettext_noop("three"),
    gettext_noop("four"),
    gettext_noop("five"),
    gettext_noop("six"),
    gettext_noop("seven"),
    gettext_noop("eight"),
    gettext_noop("nine"),
)


def headline(seen, any_today):
    """Return the sentence; `seen` has the Readiness of each session ahead, None where it is not shared."""
    shared = [readiness.ready for readiness in seen if readiness is not None]
    ready, total = sum(shared), len(shared)
    if not seen:
        return gettext("All done") if any_today else gettext("No sessions")
    if not shared:
        return gettext("Nobody shares their list")
    return _of_all(ready, total) if total == len(seen) else _of_those_who_share(ready, total)


def _of_all(ready, total):
    if total == 1:
        return gettext("One session, and it is ready") if ready else gettext("One session, not ready yet")
    if total == 2 and ready != 1:
        return gettext("Both are ready") if ready else gettext("Neither is ready yet")
    words = {"ready": capfirst(_spelled(ready)), "total": _spelled(total)}
    if ready == total:
        return gettext("All %(total)s are ready") % words
    if not ready:
        return gettext("None of %(total)s is ready yet") % words
    return ngettext("%(ready)s of %(total)s is ready", "%(ready)s of %(total)s are ready", ready) % words


def _of_those_who_share(ready, total):
    words = {"ready": _spelled(ready), "total": _spelled(total)}
    if ready == total:
        return gettext("All who share are ready")
    if not ready:
        return gettext("Of those who share, none is ready yet")
    return (
        ngettext(
            "Of %(total)s who share, %(ready)s is ready", "Of %(total)s who share, %(ready)s are ready", ready
        )
        % words
    )


def _spelled(number):
    """Return a small number in words."""
    return gettext(NUMBERS[number]) if number < len(NUMBERS) else str(number)

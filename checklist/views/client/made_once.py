"""Pages without data are the same for everybody: made once in each language, not for each phone that asks for them.

Every page of a phone asks whether the worker changed, and all that the worker keeps decides about that.
"""

from functools import cache, wraps

from django.utils.translation import get_language

_caches = []


def made_once(make):
    """Let `make(*args)`, which returns a text, be called once for each language that is spoken, in each process."""

    @cache
    def made(_language, *args):
        return make(*args)

    _caches.append(made)

    @wraps(make)
    def text(*args):
        return made(get_language(), *args)

    return text


def forget():
    """Make them anew when they are next asked for: tests change settings that stay as they are while Settle runs."""
    for made in _caches:
        made.cache_clear()

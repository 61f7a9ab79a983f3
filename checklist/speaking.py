"""In which language an answer speaks: its person's, else the one chosen in this browser, else one it asks for (R30).

A person's language is a field of their row. The cookie follows it, for the pages that know nobody.
"""

from functools import wraps

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

from project import languages


class SpeakingMiddleware(LocaleMiddleware):
    """Django's, with the cookie kept in step with what the person's row says."""

    def process_response(self, request, response):
        patch_vary_headers(response, ["Cookie"])
        language = getattr(request, "remembered", None)
        if language and chosen(request) != language:
            remember(response, language)
        return super().process_response(request, response)


def by_address(view):
    """Let a page without data be asked for in one language: the phone keeps /offline/?language=es (decision 0010)."""

    @wraps(view)
    def wrapped(request, **named):
        speak(request, request.GET.get("language"))
        return view(request, **named)

    return wrapped


def speak(request, language):
    """Speak this language from here on, if it is one of ours; return whether it is."""
    if language not in dict(settings.LANGUAGES):
        return False
    translation.activate(language)
    request.LANGUAGE_CODE = language
    return True


def speak_to(request, person):
    """Speak the language of this person's row, if it has one, and let the browser remember it."""
    if speak(request, person.language):
        request.remembered = person.language


def chosen(request):
    """Return what was chosen in this browser; empty when nothing was, or something that we do not speak any more."""
    language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return language if language in dict(settings.LANGUAGES) else ""


def asked_for(request):
    """Return the language that this browser asks for, whatever was chosen in it."""
    nobodys = HttpRequest()
    nobodys.META["HTTP_ACCEPT_LANGUAGE"] = request.headers.get("Accept-Language", "")
    return translation.get_language_from_request(nobodys)


def choose(request, language, people):
    """Speak this language from here on, to these people wherever they are and in this browser to whoever comes."""
    for person in people:
        person.keep_language(language)
    speak(request, language)
    request.remembered = language


def begin(request, clients, said):
    """Keep what a browser speaks that was let in for these clients.

    `said` is what was chosen in it, if anything was; else the client's own language counts, then what it asks for.
    """
    for client in clients:
        client.keep_language(said or client.language or asked_for(request))
    speak_to(request, clients[0])


def remember(response, language):
    """Let the browser keep it for the pages that know nobody."""
    flags = {"secure": settings.SECURE, "httponly": True, "samesite": "Lax"}
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=languages.COOKIE_AGE, **flags)


def forget(request, response):
    """Take the language from a browser that its person has left: it is not the next one's choice."""
    request.remembered = None
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
    return response

"""Lets every request be read as UTF-8, whatever encoding it names: browsers send no other.

Python knows encodings that are no text, like rot13. Named in a request, one of those breaks Django before any
of its own code could answer, so this stands in front of it (R29).
"""


def only_utf8(application):
    """Return the WSGI application, told of no request's encoding."""

    def answer(environ, start_response):
        kind, *parameters = environ.get("CONTENT_TYPE", "").split(";")
        kept = [part for part in parameters if not part.strip().lower().startswith("charset")]
        environ["CONTENT_TYPE"] = ";".join([kind, *kept])
        return application(environ, start_response)

    return answer

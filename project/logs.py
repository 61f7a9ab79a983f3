"""Keeps private words out of the logs: addresses may hold tokens, so a route is logged in their place."""

import logging
from traceback import format_tb


class RoutesOnly(logging.Filter):
    """Replaces the address in Django's request messages by the route that it matched."""

    def filter(self, record):
        request = getattr(record, "request", None)
        if request is not None:
            match = getattr(request, "resolver_match", None)
            status = getattr(record, "status_code", "")
            record.msg, record.args = (
                "%s %s %s",
                (status, request.method, match.route if match else "no route"),
            )
        return True


class WhereOnly(logging.Formatter):
    """Says where an exception was raised and of which kind, not its words: a database puts the refused row there."""

    def formatException(self, exc_info):
        error, parts = exc_info[1], []
        while error is not None:
            parts.append("".join(format_tb(error.__traceback__)) + type(error).__qualname__)
            error = error.__cause__ or error.__context__
        return "\nwhile handling\n".join(parts)


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"routes_only": {"()": RoutesOnly}},
    "formatters": {
        "line": {"()": WhereOnly, "format": "{asctime} {levelname} {name} {message}", "style": "{"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "filters": ["routes_only"], "formatter": "line"},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "checklist": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}

"""System checks: a wrong setting stops the start and says what to do."""

from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.http.request import split_domain_port, validate_host

from project import sqlite


def sqlite_is_recent(app_configs, **kwargs):
    """Refuse a SQLite whose WAL can be corrupted when the web server and the sender both write (R27)."""
    engine = settings.DATABASES["default"]["ENGINE"]
    if engine != "django.db.backends.sqlite3" or sqlite.version() >= sqlite.SAFE:
        return []
    found, safe = (".".join(map(str, version)) for version in (sqlite.version(), sqlite.SAFE))
    hint = "Install pysqlite3 (it is in requirements.txt) or set DATABASE_URL to a PostgreSQL database."
    return [
        checks.Error(f"SQLite {found} is older than {safe} and can lose data.", hint=hint, id="settle.E001")
    ]


def addresses_agree(app_configs, **kwargs):
    """Refuse a BASE_URL that is no web address, or whose host this server would not answer to."""
    parts = urlsplit(settings.BASE_URL)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        hint = "Write it like https://settle.example, without a path."
        return [checks.Error("BASE_URL is not a web address.", hint=hint, id="settle.E002")]
    if not settings.LOCAL and parts.scheme != "https":
        hint = "Put Settle behind HTTPS: cookies and service workers need it."
        return [checks.Error("BASE_URL must begin with https:// in production.", hint=hint, id="settle.E003")]
    host, _port = split_domain_port(parts.netloc)
    if not validate_host(host, settings.ALLOWED_HOSTS):
        hint = f"Add {host} to ALLOWED_HOSTS."
        return [checks.Error("ALLOWED_HOSTS lacks the host of BASE_URL.", hint=hint, id="settle.E005")]
    return []


def sender_is_an_address(app_configs, **kwargs):
    """Refuse a DEFAULT_FROM_EMAIL that no mail server would take."""
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    if "@" in address and not set(settings.DEFAULT_FROM_EMAIL) & set("\r\n"):
        return []
    hint = "Write it like 'Settle <hello@settle.example>'. Keep the name neutral: it shows on lock screens."
    return [checks.Error("DEFAULT_FROM_EMAIL is not a mail address.", hint=hint, id="settle.E004")]


def mail_can_leave(app_configs, **kwargs):
    """Refuse a mail server that no mail could be given to, before the first mail shows it."""
    if settings.EMAIL_USE_SSL and settings.EMAIL_USE_TLS:
        hint = "Set one of them: EMAIL_USE_SSL for port 465, EMAIL_USE_TLS for port 587."
        return [checks.Error("EMAIL_USE_SSL and EMAIL_USE_TLS are both set.", hint=hint, id="settle.E006")]
    if not settings.EMAIL_HOST.strip():
        hint = "Write the name of your SMTP server, like mail.settle.example."
        return [checks.Error("EMAIL_HOST is empty.", hint=hint, id="settle.E007")]
    if not 0 < settings.EMAIL_PORT < 65536:
        hint = "Write a number from 1 to 65535; most servers listen on 587 or 465."
        return [checks.Error("EMAIL_PORT is not a port.", hint=hint, id="settle.E008")]
    return []


def register_all():
    """Register every check of this module with Django."""
    for check in (sqlite_is_recent, addresses_agree, sender_is_an_address, mail_can_leave):
        checks.register(check)

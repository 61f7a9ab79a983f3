"""System checks: a wrong setting stops the start and says what to do."""

import re
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.http.request import split_domain_port, validate_host

from project import pushkeys, sqlite

HOST = r"[a-z0-9-]+(\.[a-z0-9-]+)+"
CONTACT = re.compile(
    rf"mailto:[\w.%+-]+@(?P<mail>{HOST})|https://(?P<page>{HOST})(:\d+)?(/[!-~]*)?", re.IGNORECASE | re.ASCII
)
NOBODYS = re.compile(r"(.*\.)?(example(\.(com|net|org))?|test|invalid|localhost|local)|[\d.]+", re.IGNORECASE)
PUSH_HOST = re.compile(rf"(\*\.)?{HOST}", re.ASCII)


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


def push_keys_are_safe(app_configs, **kwargs):
    """Refuse a file of push keys that holds none, or that others on this machine can read."""
    path = settings.PUSH_KEY_FILE
    try:
        mode = path.stat().st_mode
        pushkeys.load(path)
    except FileNotFoundError:
        return []  # no push then
    except (OSError, pushkeys.Unusable) as error:
        words = error.strerror if isinstance(error, OSError) else error
        hint = "Let this program's user read it, or bring it back from a backup. New keys would silence every phone."
        return [checks.Error(f"The push keys in {path} are of no use: {words}.", hint=hint, id="settle.E009")]
    if mode & 0o077:
        hint = f"chmod 600 {path}"
        return [checks.Error("The push keys can be read by others.", hint=hint, id="settle.E010")]
    return []


def push_has_a_contact(app_configs, **kwargs):
    """Refuse push without somebody whom a push service could write to; Apple's answers 403 to made-up ones."""
    if not settings.PUSH_KEY_FILE.exists():
        return []
    found = CONTACT.fullmatch(settings.PUSH_CONTACT)
    if found and (settings.LOCAL or not NOBODYS.fullmatch(found["mail"] or found["page"])):
        return []
    hint = "Write a real address like mailto:ops@your-domain, or a https:// page that says how to reach you."
    return [checks.Error("PUSH_CONTACT is nobody's address.", hint=hint, id="settle.E011")]


def push_hosts_are_names(app_configs, **kwargs):
    """Refuse further push hosts that are no names, or that would admit a whole top-level domain."""
    wrong = [entry for entry in settings.PUSH_HOSTS if not PUSH_HOST.fullmatch(entry)]
    if not wrong:
        return []
    hint = "Write them in small letters like push.your-service.net or *.your-service.net, between commas."
    return [checks.Error(f"PUSH_HOSTS has '{wrong[0]}'.", hint=hint, id="settle.E012")]


def register_all():
    """Register every check of this module with Django."""
    mail = (sender_is_an_address, mail_can_leave)
    push = (push_keys_are_safe, push_has_a_contact, push_hosts_are_names)
    for check in (sqlite_is_recent, addresses_agree, *mail, *push):
        checks.register(check)

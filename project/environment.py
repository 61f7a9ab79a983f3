"""Reads settings from the environment; a wrong one stops the start with a sentence that says what to do."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}


def text(name, default=None):
    """Return the variable's text, or `default`; without a default it has to be set."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set. Production needs it: see README, 'On a server'.")
    return value


def flag(name, default=False):
    """Return True or False for a variable like 1, yes, off; anything else is refused."""
    value = os.environ.get(name, str(default)).strip().lower()
    if value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name} is '{value}'. Write 1 for yes or 0 for no.")
    return value in TRUE


def number(name, default):
    """Return a whole number of zero or more."""
    value = os.environ.get(name, str(default)).strip()
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name} is '{value}'. Write a whole number.")
    return int(value)


def cores(most):
    """Return how many processors there are, `most` at most."""
    return min(os.cpu_count() or 1, most)


def words(name, default=None):
    """Return the list of words between commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def database(name, default):
    """Return Django's settings for the database at the address in the variable: SQLite or PostgreSQL."""
    address = text(name, default)
    if address.partition("://")[0] in ("sqlite", "postgres", "postgresql"):
        with contextlib.suppress(ValueError):  # its words would show the password
            return dj_database_url.parse(address, conn_max_age=None, conn_health_checks=True)
    raise ImproperlyConfigured(f"{name} is no database. Write it like postgres://user:password@host/name.")


def own_folder(path: Path):
    """Make a folder that its owner alone can look into, unless there is one: how that is kept is theirs to say."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def kept_secret(path: Path):
    """Return the secret kept in the file at `path`, made on first use and readable by its owner only."""
    if not path.exists():
        keep_once(path, secrets.token_urlsafe(50))
    return path.read_text()


def keep_once(path: Path, words):
    """Write a new file that its owner alone can read, unless there is one; return whether this call did.

    It appears at once and whole: two programs that start together get the same one, and none is ever written over.
    """
    own_folder(path.parent)
    handle, draft = tempfile.mkstemp(dir=path.parent)  # mode 600, made with O_EXCL
    try:
        with os.fdopen(handle, "w") as file:
            file.write(words)
            file.flush()
            os.fsync(handle)
        os.link(draft, path)  # fails when the name is taken, like O_EXCL, but never shows half a file
    except FileExistsError:
        return False
    finally:
        Path(draft).unlink()
    return True

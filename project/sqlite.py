"""Puts a recent SQLite under Django where the system's own is too old to be trusted.

SQLite 3.7.0 to 3.51.2 can corrupt a WAL database that several processes write (fixed in 3.51.3), and Settle's
web server and sender are two. Django imports `sqlite3` by name, so the newer one has to take that name first.
"""

import importlib
import sqlite3
import sys

SAFE = (3, 51, 3)
MOMENT = 500  # milliseconds that emptying the log waits for who is reading


def use_recent():
    """Let `sqlite3` mean pysqlite3 from here on, unless Python's own is recent enough or it is not installed."""
    if sqlite3.sqlite_version_info >= SAFE:
        return
    try:
        recent = importlib.import_module("pysqlite3")
    except ImportError:
        return  # the system check settle.E001 then says what to do
    sys.modules["sqlite3"] = recent
    sys.modules["sqlite3.dbapi2"] = recent.dbapi2


def empty_log(connection):
    """Write the write-ahead log back into the database and empty it: what was deleted is then in neither of them.

    Within the file `PRAGMA secure_delete` overwrites it. Return whether it is empty: who reads for longer than a moment
    keeps it, and it is to be tried again. Does nothing on another database.
    """
    if connection.vendor != "sqlite":
        return True
    if connection.in_atomic_block:  # by ourselves
        return False
    with connection.cursor() as cursor:
        patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout={MOMENT}")
        try:
            busy, _pages, _written = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout={patience}")
    return not busy


def version():
    """Return the version of the SQLite that Django uses, as a tuple of three numbers."""
    return importlib.import_module("sqlite3").sqlite_version_info

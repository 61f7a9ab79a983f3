"""The database file is written safely by two programs at once (R27)."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connection, transaction

from checklist import checks
from checklist.models import Client
from project import sqlite
from tests import factories


def pragma(name):
    with connection.cursor() as cursor:
        return cursor.execute(f"PRAGMA {name}").fetchone()[0]


def test_r27_changes_go_to_a_write_ahead_log(db):
    assert pragma("journal_mode") == "wal"


def test_r27_what_was_committed_is_on_the_disk(db):
    assert pragma("synchronous") == 2  # FULL


def test_r27_a_writer_waits_half_a_minute_for_another(db):
    assert pragma("busy_timeout") == 30_000


def test_r27_rows_that_refer_to_each_other_are_checked(db):
    assert pragma("foreign_keys") == 1


@pytest.mark.django_db(transaction=True)
def test_r27_a_transaction_takes_the_lock_when_it_begins():
    """One that only took it at its first write would fail, not wait, when somebody wrote in between."""
    with transaction.atomic(), pytest.raises(sqlite3.OperationalError, match="locked"):
        write_elsewhere()


def write_elsewhere():
    """Write to the same file as another program would, without waiting."""
    other = sqlite3.connect(settings.DATABASES["default"]["NAME"], timeout=0, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
    finally:
        other.close()


@pytest.mark.django_db(transaction=True)
def test_r27_many_who_read_and_then_write_all_get_through(dana):
    client = factories.client(dana, "Sam")
    start = threading.Barrier(12)

    def count_up():
        start.wait()
        try:
            with transaction.atomic():
                return Client.objects.get(pk=client.pk).next_cursor()
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        numbers = [task.result() for task in [pool.submit(count_up) for _ in range(12)]]
    assert sorted(numbers) == list(range(1, 13))


def test_requests_are_not_wrapped_in_transactions():
    assert not settings.DATABASES["default"].get("ATOMIC_REQUESTS")


# A version that can lose data stops the start


def test_r27_this_version_is_safe():
    assert sqlite.version() >= sqlite.SAFE
    assert checks.sqlite_is_recent(None) == []


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 51, 2), (3, 7, 0)], ids=str)
def test_r27_a_version_that_can_lose_data_stops_the_start_and_says_what_to_do(version, monkeypatch):
    monkeypatch.setattr(sqlite, "version", lambda: version)
    (error,) = checks.sqlite_is_recent(None)
    assert (error.id, error.is_serious()) == ("settle.E001", True)
    assert "pysqlite3" in error.hint
    assert ".".join(map(str, version)) in error.msg


@pytest.mark.parametrize("version", [(3, 51, 3), (3, 53, 0), (4, 0, 0)], ids=str)
def test_r27_a_version_that_is_mended_is_taken(version, monkeypatch):
    monkeypatch.setattr(sqlite, "version", lambda: version)
    assert checks.sqlite_is_recent(None) == []


def test_r27_with_postgresql_the_version_does_not_matter(monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")
    monkeypatch.setattr(sqlite, "version", lambda: (3, 7, 0))
    assert checks.sqlite_is_recent(None) == []


def test_a_recent_sqlite_of_pythons_own_is_left_in_place(monkeypatch):
    monkeypatch.setattr(sqlite.sqlite3, "sqlite_version_info", (3, 99, 0))
    monkeypatch.setattr(sqlite.importlib, "import_module", lambda name: pytest.fail(f"imported {name}"))
    sqlite.use_recent()


def test_where_no_recent_sqlite_is_installed_the_check_speaks_and_not_a_traceback(monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(sqlite.sqlite3, "sqlite_version_info", (3, 40, 1))
    monkeypatch.setattr(sqlite.importlib, "import_module", missing)
    sqlite.use_recent()

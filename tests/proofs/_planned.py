"""A great many deliveries that wait for a later day, made by the database itself."""

from datetime import timedelta

from django.db import connection

from checklist.models import Delivery, Reminder
from tests.proofs import _outbox

SERIES = {
    "sqlite": "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s) SELECT i FROM n) AS n",
    "postgresql": "generate_series(1, %s) AS n(i)",
}
IDS = {"sqlite": "printf('%s%%030x', n.i)", "postgresql": "('%s' || lpad(to_hex(n.i), 30, '0'))::uuid"}


def fill(therapist, count, day):
    """Let there be `count` planned mails that are due around `day`, and nothing that is due before."""
    Delivery.objects.all().delete()
    Reminder.objects.all().delete()
    [sample] = _outbox.by_mail(therapist, [day])
    delivery = Delivery.objects.select_related("reminder").get(pk=sample)
    _copies(delivery.reminder, "aa", count, {"occasion": "'planned ' || n.i"})
    _copies(
        delivery, "bb", count, {"reminder_id": IDS[connection.vendor] % "aa", "due_at": _minutes_later(day)}
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def due(therapist, now):
    """Add fifty that are due."""
    _outbox.by_mail(therapist, [now - timedelta(seconds=1)] * 50)


def _minutes_later(day):
    """Return SQL for an instant some minutes after `day`, another for each row."""
    if connection.vendor == "sqlite":
        return f"strftime('%%Y-%%m-%%d %%H:%%M:%%f', '{day:%Y-%m-%d %H:%M:%S}', '+' || (n.i %% 100000) || ' minutes')"
    return f"'{day.isoformat()}'::timestamptz + (n.i %% 100000) * interval '1 minute'"


def _copies(row, prefix, count, changed):
    """Insert `count` copies of a row in one statement, with ids that begin with `prefix` and these columns changed."""
    table = row._meta.db_table
    values = {"id": IDS[connection.vendor] % prefix, **changed}
    columns = [field.column for field in row._meta.concrete_fields]
    picked = ", ".join(values.get(name, f"t.{name}") for name in columns)
    series = SERIES[connection.vendor]
    where = "t.id = %s"
    words = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {picked} FROM {table} AS t, {series} WHERE {where}"  # noqa: S608 - names of our own tables
    with connection.cursor() as cursor:
        key = row.pk.hex if connection.vendor == "sqlite" else row.pk
        cursor.execute(words, [count, key])

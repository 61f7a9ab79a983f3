"""A client of whom there is a row of every kind, with words that stand nowhere else; and where words may be left."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from checklist import answering, inviting, ticking
from checklist.models import Check, Delivery, Fit, Handover, Look, Outcome, Plan, Share, Subscription
from tests import factories
from tests.conftest import phone

NICKNAME, ADDRESS = "Zephyrine Quillfeather", "zephyrine.q@mailbox.example"
TOKEN = "zephyrines-phone-zephyrines-phone-zephyrine"
ENDPOINT = "https://push.example.org/zephyrine-quill"
WORDS = (NICKNAME, ADDRESS, TOKEN, ENDPOINT, "quillfeather")


def everything(therapist, nickname=NICKNAME, email=ADDRESS, token=TOKEN):
    """Return (client, browser) with a row of every kind."""
    client = factories.client(therapist, nickname, email)
    browser = phone(client, token)
    device = client.devices.get()
    for starts_in in (timedelta(minutes=42), timedelta(days=3), -timedelta(days=9)):
        session = factories.session(client, starts_in=starts_in)
        ticking.tick(session, session.version.items.first().key, "done", device, factories.NOW)
    answering.give(client.sessions.latest("starts_at"), "confirm", 1, factories.NOW, device)
    Check.objects.keep(
        session, device, "video", "good", {"rtt": 80.0, "late": 0, "probes": 12}, factories.NOW
    )
    Look.objects.note(therapist, [(client, Share.ITEMS, session)], factories.NOW.date(), factories.NOW)
    Outcome.objects.create(session=session, kind="well")
    Fit.objects.create(session=session, goals=3)
    Plan.objects.create(client=client, cue="ten", deed="sit with a Quillfeather")
    factories.series(client, session)
    about = {"endpoint": ENDPOINT, "endpoint_hash": "1", "p256dh": "x", "auth": "y", "key_id": "z"}
    told = Subscription.objects.create(device=device, **about)
    delivery = Delivery.objects.filter(reminder__client=client).first()
    Handover.objects.create(delivery=delivery, subscription=told)
    inviting.invite(client, factories.NOW, by_mail=True)
    inviting.make_code(client, factories.NOW)
    inviting.ask_for_code(email, factories.NOW)
    return client, browser


def in_rows(words):
    """Return [(table, word)] of every table of the database with one of these words in any column of any row."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - names of tables
            text = "\n".join(str(row) for row in cursor.fetchall()).lower()
            found += [(table, word) for word in words if word.lower() in text]
    return found


def in_files(words, *folders):
    """Return [(file, word)] of the files below these folders."""
    paths = [path for folder in folders for path in Path(folder).rglob("*") if path.is_file()]
    return [
        (path.name, word)
        for path in paths
        for word in words
        if word.lower().encode() in path.read_bytes().lower()
    ]


def send(now=factories.NOW):
    """Let the sender look once; return what it said."""
    said = StringIO()
    call_command("sendreminders", "--once", f"--now={now.isoformat()}", "--channel=email", stdout=said)
    return said.getvalue()


def database_files():
    """Return the bytes of the SQLite database and of its log."""
    path = Path(settings.DATABASES["default"]["NAME"])
    files = [path, path.with_name(f"{path.name}-wal")]
    return b"".join(file.read_bytes() for file in files if file.exists())

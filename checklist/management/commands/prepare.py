"""Makes everything ready to serve: tables, the shared cache, static files, push keys, and locally the demo people."""

import hashlib

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from project import environment


class Command(BaseCommand):
    help = (
        "Migrate, make the cache table, collect static files when they changed; locally make the demo people."
    )

    def handle(self, *args, **options):
        environment.own_folder(settings.DATA_DIR)
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database ...")
            call_command("migrate", verbosity=0, interactive=False)
        if settings.CACHES["default"]["LOCATION"] not in connection.introspection.table_names():
            call_command("createcachetable", verbosity=0)
        self._collect()
        self._make_push_keys()
        if settings.LOCAL:
            call_command("seeddemo", stdout=self.stdout)
            self.stdout.write(f"  Mail        {settings.EMAIL_FILE_PATH}")

    def _make_push_keys(self):
        """Make push work from the start. Without a contact, keys would only stop a server that has none yet."""
        if settings.PUSH_KEY_FILE.exists():
            return
        if settings.PUSH_CONTACT:
            call_command("makepushkeys", stdout=self.stdout)
        else:
            self.stdout.write("Push stays off: set PUSH_CONTACT and prepare again to have it.")

    def _collect(self):
        """Collect static files unless the tree is the one that was collected last."""
        stamp, state = settings.STATIC_ROOT / ".collected", fingerprint()
        if stamp.exists() and stamp.read_text() == state:
            return
        self.stdout.write("Collecting static files ...")
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(state)


def fingerprint():
    """Return a hash of every static file's name, size and time of change."""
    files = (
        path for folder in settings.STATICFILES_DIRS for path in sorted(folder.rglob("*")) if path.is_file()
    )
    facts = (f"{path}:{path.stat().st_size}:{path.stat().st_mtime_ns}" for path in files)
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()

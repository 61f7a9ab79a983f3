"""Makes the key pair for web push, once."""

from django.conf import settings
from django.core.management.base import BaseCommand

from project import pushkeys


class Command(BaseCommand):
    help = "Make the key pair by which push services know this Settle. One that exists is never replaced."

    def handle(self, *args, **options):
        path = settings.PUSH_KEY_FILE
        made = pushkeys.make(path)
        self.stdout.write(f"Push keys {'made' if made else 'are there already'}: {path}")
        if made:
            self.stdout.write(
                "Back this file up with the database and show it to nobody. Never replace or delete it: every "
                "phone would get no more notifications until its owner switches them on again."
            )

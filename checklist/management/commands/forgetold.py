"""Forgets what is kept no longer; the sender does the same once a day."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from checklist import retaining
from checklist.management.commands.sendreminders import instant


class Command(BaseCommand):
    help = "Forget what is kept no longer, as each practice's settings and docs/retention.md say."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="count only, and change nothing")
        parser.add_argument("--now", type=instant, metavar="ISO", help="take this for the present")

    def handle(self, *args, dry_run=False, now=None, **options):
        now = now or timezone.now()
        if not dry_run:
            retaining.forget_tries(now)
        told = retaining.told(retaining.forget_old(now, dry=dry_run)) or "nothing"
        self.stdout.write(f"{'would forget' if dry_run else 'forgotten'}: {told}")

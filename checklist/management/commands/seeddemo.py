"""Makes the demo people."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone

from checklist.seeding import NotHere, seed


class Command(BaseCommand):
    help = "Make the demo people if they are missing, and a fresh invitation. Local mode only."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args, **options):
        try:
            demo = seed(timezone.now())
        except NotHere as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(demo))
            return
        therapist = demo["therapist"]
        self.stdout.write(f"  Desk        {settings.BASE_URL}{reverse('desk:today')}")
        self.stdout.write(f"  Therapist   {therapist['email']}, password {therapist['password']}")
        self.stdout.write(f"  Invitation  {demo['client']['join_url']}")

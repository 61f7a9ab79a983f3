"""/livez: the process answers. /readyz: database, migrations, sender and outbox are fine."""

from datetime import timedelta

import django.db
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from checklist.channels.ways import WAYS
from checklist.models import Delivery, Heartbeat

SILENT = timedelta(minutes=2)
OVERDUE = timedelta(minutes=10)
WORDS = {Delivery.Channel.EMAIL: "mails", Delivery.Channel.PUSH: "notifications"}


@require_safe
@never_cache
def livez(request):
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request):
    reasons = faults(timezone.now())
    return JsonResponse({"ready": not reasons, "reasons": reasons}, status=503 if reasons else 200)


def faults(now):
    """Return the reasons why this server is not ready at `now`; none when it is."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return ["migrations are missing"]
        return _sender_faults(now)
    except django.db.Error:
        return ["the database does not answer"]


def _sender_faults(now):
    reasons = []
    for name in WAYS:
        beat, oldest = Heartbeat.last(name), Delivery.objects.oldest(name)
        if beat is None or now - beat > SILENT:
            reasons.append(f"the sender of {WORDS[name]} is not running")
        # A single mailbox that asks us to try later moves its delivery's time, and so does not count here.
        if oldest and now - oldest > OVERDUE:
            reasons.append(f"{WORDS[name]} are overdue: their server may be out of reach")
    return reasons

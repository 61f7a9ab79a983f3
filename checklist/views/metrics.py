"""/metrics: how the senders are doing, in the text format that Prometheus reads. Numbers only, of nobody."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from checklist.channels.ways import WAYS
from checklist.models import Delivery, Heartbeat

HOUR = timedelta(hours=1)
HELP = {
    "settle_heartbeat_age_seconds": "Since the sender of the channel last showed that it is alive.",
    "settle_oldest_due_seconds": "For how long the oldest delivery is due that has not left; 0 when none is.",
    "settle_due": "Deliveries that are due and have not left.",
    "settle_finished_last_hour": "Deliveries that came to an end in the last hour, by how.",
}


@require_safe
@never_cache
def metrics(request):
    """Answer who knows METRICS_TOKEN; without one in the settings, nobody but a local demo's browser."""
    if not _may_read(request):
        raise Http404
    lines = []
    for name, rows in figures(timezone.now()).items():
        lines += [f"# HELP {name} {HELP[name]}", f"# TYPE {name} gauge"]
        lines += [f"{name}{{{labels}}} {value}" for labels, value in rows]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_read(request):
    if not settings.METRICS_TOKEN:
        return settings.LOCAL
    return constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}")


def figures(now):
    """Return {name: [(labels, number)]}, times in seconds; a sender that never ran has no heartbeat."""
    beats = {name: Heartbeat.last(name) for name in WAYS}
    oldest = {name: Delivery.objects.oldest(name) for name in WAYS}
    due = {name: Delivery.objects.due(now).filter(channel=name).count() for name in WAYS}
    ended = Delivery.objects.filter(finished_at__gt=now - HOUR).values_list("channel", "state")
    counts = {(channel, state): count for channel, state, count in ended.annotate(Count("pk")).order_by()}
    states = [state for state in Delivery.State.values if state != Delivery.State.PLANNED]
    return {
        "settle_heartbeat_age_seconds": [(_of(name), _age(at, now)) for name, at in beats.items() if at],
        "settle_oldest_due_seconds": [(_of(name), max(_age(at, now), 0)) for name, at in oldest.items()],
        "settle_due": [(_of(name), count) for name, count in due.items()],
        "settle_finished_last_hour": [
            (f'{_of(name)},state="{state}"', counts.get((name, state), 0))
            for name in WAYS
            for state in states
        ],
    }


def _of(name):
    return f'channel="{name}"'


def _age(at, now):
    """Return the whole seconds since `at`; 0 for None."""
    return int((now - at).total_seconds()) if at else 0

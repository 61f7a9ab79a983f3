"""What is over is kept for a while, as each practice says or as docs/retention.md does, and then forgotten."""

from collections import Counter
from datetime import timedelta

from django.contrib.sessions.models import Session as DeskSession
from django.db import connection, transaction
from django.db.models import Q

from checklist import erasing, recalling
from checklist.models import (
    Client,
    Device,
    Erasure,
    Handover,
    Invitation,
    Limit,
    Look,
    LostPhone,
    Practice,
    Series,
    Session,
    Subscription,
    Tombstone,
)
from checklist.pure import months
from project import sqlite

WINDOW = timedelta(days=1)  # no Limit counts for longer, and no code is asked for longer ago
QUARTER = timedelta(days=90)  # longer than a phone keeps the copy of a session
COOKIE = timedelta(days=400)  # after which a browser has dropped its token


def forget_tries(now):
    """Forget the counters that count no more."""
    Limit.forget(now - WINDOW)


def forget_old(now, most=None, dry=False):
    """Forget all that is kept no longer; return {(kind, practice id or None): how many}.

    At most `most` rows of each. With `dry` all of it is undone, so that the figures are those of a real run.
    """
    if not dry:
        told = _forget(now, most)
        transaction.on_commit(lambda: sqlite.empty_log(connection))
        return told
    with transaction.atomic():
        told = _forget(now, most)
        transaction.set_rollback(True)
    return told


def _forget(now, most):
    told = Counter()
    for practice in Practice.objects.order_by("created_at", "id"):
        told["clients", practice.pk] = _clients(old_clients(practice, now)[:most], now)
        if old_sessions(practice, now).exists():
            practice.forget_until(months.before(now, practice.keep_sessions))
        told["sessions", practice.pk] = _sessions(old_sessions(practice, now)[:most], now)
    for kind, rows in _old_rows(now).items():
        told[kind, None] = _delete(rows, most)
    return +told


def told(counts):
    """Return counts in a line: numbers and ids of practices, nothing of anybody."""
    rows = sorted(counts.items(), key=str)
    return ", ".join(f"{count} {kind}{f' of practice {pk}' if pk else ''}" for (kind, pk), count in rows)


def old_sessions(practice, now):
    """Return the sessions that a practice keeps no longer, the oldest first."""
    ended = months.before(now, practice.keep_sessions)
    return Session.objects.filter(client__practice=practice, ends_at__lte=ended).order_by("ends_at", "id")


def old_clients(practice, now):
    """Return the archived clients that a practice keeps no longer."""
    archived = months.before(now, practice.keep_archived)
    return Client.objects.filter(practice=practice, archived_at__lte=archived).order_by("archived_at", "id")


def going(practice, now):
    """Return how many sessions a practice keeps no longer, those of clients who go included, and how many clients."""
    clients = old_clients(practice, now)
    sessions = Session.objects.filter(Q(pk__in=old_sessions(practice, now)) | Q(client__in=clients))
    return sessions.count(), clients.count()


def erased_from(client):
    """Return the instant from which an archived client is kept no longer, or None."""
    return client.archived_at and months.after(client.archived_at, client.practice.keep_archived)


def _clients(rows, now):
    for client in list(rows):
        erasing.erase(client, Erasure.By.TIME, now)
    return len(rows)


def _sessions(rows, now):
    """Delete these sessions client by client; what they add up to goes on counting for the client."""
    by_client = {}
    for pk, client in rows.values_list("pk", "client"):
        by_client.setdefault(client, []).append(pk)
    for client, keys in by_client.items():
        with transaction.atomic():
            going = Session.objects.filter(pk__in=keys)
            recalling.carry_over(client, going, now)
            going.delete()
    return sum(map(len, by_client.values()))


def _old_rows(now):
    """Return {kind: rows} of what is the same for every practice."""
    day = (now - QUARTER).date()
    spent = Q(used_at__lt=now - QUARTER) | Q(revoked_at__lt=now - QUARTER) | Q(expires_at__lt=now - QUARTER)
    out = Q(revoked_at__lt=now - QUARTER) | Q(last_seen_on__lt=(now - COOKIE).date())
    return {
        "looks": Look.objects.filter(at__lt=now - QUARTER),
        "handovers": Handover.objects.filter(delivery__finished_at__lt=now - QUARTER),
        "subscriptions": Subscription.objects.filter(gone_at__lt=now - QUARTER),
        "invitations": Invitation.objects.filter(spent),
        "devices": Device.objects.filter(out, checks=None),
        "series": Series.objects.filter(sessions=None, created_at__lt=now - QUARTER),
        "lost phones": LostPhone.objects.filter(asked_at__lt=now - WINDOW),
        "erasures": Erasure.objects.filter(day__lt=day),
        "tombstones": Tombstone.objects.filter(day__lt=day),
        "desk sessions": DeskSession.objects.filter(expire_date__lt=now),
    }


def _delete(rows, most):
    """Delete up to `most` of the rows; return how many, without what goes with them."""
    keys = list(rows.values_list("pk", flat=True)[:most])
    for start in range(0, len(keys), 100):
        rows.model.objects.filter(pk__in=keys[start : start + 100]).delete()
    return len(keys)

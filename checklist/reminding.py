"""Planning what is to be said: the outbox rows of sessions and invitations, in step with each change."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery

from checklist import inquiring
from checklist.models import Delivery, Reminder, Session, Subscription
from checklist.models.reasons import Reason
from checklist.pure import quiet, when

EMAIL, PUSH = Delivery.Channel.EMAIL, Delivery.Channel.PUSH


def plan(session, now):
    """Make the session's outbox rows what they should be at `now`; calling it again changes nothing more."""
    plan_all([session], now)


@transaction.atomic
def plan_client(client, now):
    """Plan every session ahead anew, after the client's address, zone or consent changed."""
    _try_again(client, now)
    sessions = Session.objects.live().filter(client=client).ahead(now)
    plan_all(list(sessions.select_related("client__practice")), now)


@transaction.atomic
def plan_practice(practice, now):
    """Plan every session ahead of a practice anew, after it changed which kinds its clients may get."""
    sessions = Session.objects.live().filter(client__practice=practice).ahead(now)
    plan_all(list(sessions.select_related("client__practice")), now)


@transaction.atomic
def plan_all(sessions, now):
    """Make the outbox rows of these sessions what they should be at `now`, in a fixed number of queries.

    What waits for an earlier revision or a cancelled session is dropped, what waits for another time of day
    moves, a kind whose time has passed is not made (R10); what was sent stays as it is. What was dropped because
    its time had passed waits again when that lies ahead after all: a zone may be set by mistake (R9).
    Fetch the sessions with their clients and those with their practices.
    """
    live = [session for session in sessions if not session.cancelled]
    _drop_stale(sessions, live, now)
    known = _known(live)
    fresh, moved = [], []
    for session in live:
        for kind, due_at in _times(session, known, now).items():
            if row := known.get((session.occasion, kind)):
                if _is_moved(row, due_at, session.client.wishes, now):
                    moved.append(row)
            elif due_at > now:
                fresh.append(
                    reminder(kind, session.occasion, due_at, session.starts_at, now, session=session)
                )
    _move(moved, now)
    Reminder.objects.bulk_create(fresh, ignore_conflicts=True)
    _in_step(live, now)
    inquiring.plan(live, now)


def plan_invitation(invitation, now):
    """Plan the mail that carries an invitation or a code: due at once, useless when it has expired."""
    kind, occasion = Reminder.Kind.INVITATION, f"invitation:{invitation.id}"
    row = reminder(kind, occasion, now, invitation.expires_at, now, invitation=invitation)
    Reminder.objects.bulk_create([row], ignore_conflicts=True)
    _make(Reminder.objects.filter(occasion=occasion), Delivery.Channel.EMAIL)


def plan_nudge(session, number, now):
    """Plan the therapist's nudge of that number, due at once on every channel, the mail behind a push as ever."""
    occasion = session.nudge_occasion(number)
    row = reminder(Reminder.Kind.NUDGE, occasion, now, session.starts_at, now, session=session)
    Reminder.objects.bulk_create([row], ignore_conflicts=True)
    _carry(Reminder.objects.filter(occasion=occasion), [session])


def reminder(kind, occasion, due_at, not_after, now, **about):
    """Return an unsaved Reminder about a session or an invitation to its client."""
    (subject,) = about.values()
    fields = {"kind": kind, "occasion": occasion, "not_after": not_after, "created_at": now}
    row = Reminder(client=subject.client, **fields, **about)
    row.set_due(due_at, row.client.wishes)
    row.push_at = max(row.push_at, now)
    return row


def _drop_stale(sessions, live, now):
    """Drop what still waits for a cancelled session or for an earlier time of a session."""
    waiting = Delivery.objects.waiting().filter(reminder__session__in=sessions)
    cancelled = [session for session in sessions if session.cancelled]
    waiting.filter(reminder__session__in=cancelled).finish(Delivery.State.DROPPED, Reason.CANCELLED, now)
    old = waiting.exclude(reminder__occasion__in=[about for session in live for about in session.occasions])
    old.finish(Delivery.State.DROPPED, Reason.MOVED, now)


def _known(sessions):
    """Return {(occasion, kind): Reminder} of these sessions, each with what its deliveries are (below)."""

    def of_row(deliveries):
        return Exists(deliveries.filter(reminder=OuterRef("pk")))

    marks = {
        "open": of_row(Delivery.objects.movable()),
        "past": of_row(Delivery.objects.past()),
        "said": of_row(Delivery.objects.filter(state=Delivery.State.SENT)),
    }
    rows = Reminder.objects.filter(session__in=sessions).annotate(**marks)
    return {(row.occasion, row.kind): row for row in rows}


def _times(session, known, now):
    """Return {kind: when it is due}: one whose time quiet hours have put into the past comes when they end (R12)."""
    wishes = session.client.wishes
    due = when.times(session.starts_at, wishes)
    if all(at > now for at in due.values()):
        return due
    hushed = quiet.is_quiet(now, wishes.quiet, wishes.zone)
    for kind, end in when.afterwards(session.starts_at, wishes).items():
        row = known.get((session.occasion, kind))
        kept = row and row.due_at == end
        if due[kind] <= now and (kept or (hushed and now < end and not (row and row.said))):
            due[kind] = end
    return due


def _is_moved(row, due_at, wishes, now):
    """Set when a known reminder is due; return whether what waits of it has to follow."""
    was, changed = row.due_at, row.set_due(due_at, wishes)
    return row.past or was != due_at or (changed and due_at > now)


def _move(reminders, now):
    """Give what waits the new `due_at` of its reminder; drop it when that has passed: nothing old comes at once."""
    gone = [row for row in reminders if row.due_at <= now]
    Delivery.objects.waiting().filter(reminder__in=gone).finish(Delivery.State.DROPPED, Reason.PAST, now)
    Reminder.objects.bulk_update([row for row in reminders if row.open], ["due_at", "push_at", "fallback_at"])


def _in_step(sessions, now):
    """Give every reminder ahead its deliveries."""
    rows = Reminder.objects.filter(session__in=sessions, due_at__gt=now)
    _carry(rows.exclude(kind=Reminder.Kind.AFTER), sessions)


def _carry(reminders, sessions):
    """Give reminders of these sessions their deliveries, each at its time: a push, and a mail that waits behind it."""
    told = _pushed({session.client_id for session in sessions})
    rows = reminders.values_list("pk", "client", "kind")
    clients = {session.client_id: session.client for session in sessions}
    pushed = [pk for pk, client, kind in rows if client in told and clients[client].wants(kind, PUSH)]
    ahead = Reminder.objects.filter(pk__in=[pk for pk, _client, _kind in rows])
    _make(ahead, EMAIL)
    _make(ahead.filter(pk__in=pushed), PUSH)
    _at(Delivery.objects.filter(reminder__in=pushed, channel=PUSH), "push_at")
    _at(Delivery.objects.filter(reminder__in=pushed, channel=EMAIL), "fallback_at")
    _at(Delivery.objects.filter(reminder__in=ahead.exclude(pk__in=pushed)), "due_at")


def _pushed(clients):
    """Return which of these clients' ids have a phone that takes notifications."""
    rows = Subscription.objects.live().filter(device__client__in=clients)
    return set(rows.values_list("device__client", flat=True))


def _make(reminders, channel):
    """Make the delivery on this channel where it is missing, unless somebody else just did (R8)."""
    bare = reminders.exclude(deliveries__channel=channel)
    rows = [Delivery(reminder=row, channel=channel, due_at=row.due_at) for row in bare]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)


def _at(deliveries, name):
    """Let these deliveries, as far as they are still to be sent, wait for that time of their reminders."""
    its_time = Subquery(Reminder.objects.filter(pk=OuterRef("reminder")).values(name))
    deliveries.movable().exclude(state=Delivery.State.PLANNED, due_at=its_time).plan(its_time)


def _try_again(client, now):
    """Plan anew what a mailbox refused, while it is of use: the address may have been put right."""
    refused = Delivery.objects.filter(state=Delivery.State.FAILED, reason=Reason.ADDRESS_REFUSED)
    useful = refused.filter(
        reminder__client=client, reminder__session__isnull=False, reminder__not_after__gt=now
    )
    useful.plan(now)

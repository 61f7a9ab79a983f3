"""Demo people for a first look: a therapist, a client, a session in 40 minutes. Local only."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from checklist import inviting, scheduling
from checklist.channels.addresses import session_url
from checklist.models import Client, Session, User
from checklist.practising import open_practice

EMAIL, PASSWORD = "dana@settle.example", "calm-green-room"
SOON = timedelta(minutes=40)


class NotHere(Exception):
    """Demo people were asked for where real people's rows are."""


@transaction.atomic
def seed(now):
    """Make the demo people where they are missing and return what DESIGN.md promises of `seeddemo --json`."""
    if not settings.LOCAL:
        raise NotHere("Demo people are for SETTLE_MODE=local only: their password is in the source.")
    therapist = User.objects.filter(email=EMAIL).first() or _therapist()
    client = Client.objects.of(therapist).active().order_by("created_at").first() or _client(therapist)
    session = Session.objects.live().filter(client=client).ahead(now).first() or _session(client, now)
    invitation = inviting.invite(client, now)
    return {
        "therapist": {"email": EMAIL, "password": PASSWORD},
        "client": {"join_url": f"{settings.BASE_URL}{reverse('client:join')}#{invitation.token()}"},
        "session": {"url": session_url(session.id)},
    }


def _therapist():
    therapist = User.objects.create_user(EMAIL, PASSWORD, name="Dana R.", time_zone="America/New_York")
    practice = open_practice(therapist, "Green Room")
    practice.country, practice.phone = "US", "555 0142"
    practice.dropped_call = "Stay where you are. I call you back on your phone within five minutes."
    practice.save()
    therapist.emailaddress_set.create(email=EMAIL, verified=True, primary=True)
    return therapist


def _client(therapist):
    fields = {"nickname": "Sam K.", "email": "sam@settle.example", "time_zone": "America/New_York"}
    return Client.objects.begin(therapist, **fields)


def _session(client, now):
    starts_at = (now + SOON).replace(second=0, microsecond=0)
    version = client.practice.checklists.order_by("created_at").first().current
    fields = {"time_zone": client.therapist.time_zone, "link": "https://meet.example.org/green-room"}
    return scheduling.book(client, client.therapist, version, starts_at, 50, now, **fields)

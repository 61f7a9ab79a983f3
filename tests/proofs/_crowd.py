"""Many phones, each of a client of its own, that send what they ticked to a server over HTTP."""

import http.client
import json
import secrets
import time
from contextlib import closing
from datetime import timedelta
from random import Random

from django.utils import timezone

from checklist.device_cookie import DEVICE_COOKIE
from checklist.models import Client, Session, secret
from checklist.models import Device as Enrolled
from checklist.pure.fold import STATES
from checklist.ticking import milliseconds
from checklist.views.client.ours import HEADER
from tests import factories
from tests.proofs._device import Device
from tests.proofs._server import HOST

ONE_BATCH, FOURTH = 100, 10  # operations, the first as MOST in sync.js
FATES = {"heard": 80, "unheard": 10, "hung_up": 10}  # of a request, in a hundred
MOST_TRIES = 50
SECOND = 1000
PATIENCE = 15  # seconds that a phone waits for an answer, as in sync.js


class Crowd:
    """Phones with their ticks, and the server that they send to, by one of its pages."""

    def __init__(self, page, count, ticks, seed):
        self.page, self.seed, self.now = page, seed, milliseconds(timezone.now())
        self.headers = {"Content-Type": "application/json", HEADER: "1", "Sec-Fetch-Site": "same-origin"}
        therapist = factories.therapist("Dana Reyes", "dana.of.phones@example.org")
        version = therapist.practice.checklists.first().current
        self.items = [item.key for item in version.items.all()]
        self.phones = [self._ticked(session, ticks) for session in _sessions(therapist, version, count)]
        enrolled = [(phone.client, secret.digest(phone.token)) for phone in self.phones]
        Enrolled.objects.bulk_create(
            [Enrolled(client_id=client, token_hash=token) for client, token in enrolled]
        )

    def _ticked(self, session, ticks):
        """Return a phone with that many ticks of a session in its log, the last one made now."""
        random = Random(f"{self.seed} {session.client.nickname}")  # noqa: S311 - no secret
        phone = Device(secrets.token_urlsafe(32), str(session.client_id), random, random.randint(-99, 99))
        for ago in reversed(range(ticks)):
            wish = random.choice(self.items), random.choice(STATES)
            phone.tick(str(session.id), *wish, self.now - ago * SECOND)
        return phone

    def made(self):
        """Return the (session id, operation id) pairs of all that was ticked."""
        return {pair for phone in self.phones for pair in phone.made}

    def send(self, phone):
        """Send all that waits on a phone, as flush() in sync.js; return (fate, seconds) of each request."""
        size, met = phone.random.choice([ONE_BATCH] * 3 + [FOURTH]), []
        with closing(self._connect()) as connection:
            while phone.waiting and len(met) < MOST_TRIES:
                fate = phone.random.choices(list(FATES), list(FATES.values()))[0]
                began = time.perf_counter()
                fate = self._exchange(connection, phone, size, fate)
                met.append((fate, time.perf_counter() - began))
        return met

    def retry(self, phone):
        """Send all that waits on a phone, and take nothing in; return [(fate, seconds)] of the one request."""
        began = time.perf_counter()
        with closing(self._connect()) as connection:
            fate = self._exchange(connection, phone, ONE_BATCH, "unheard")
        return [(fate, time.perf_counter() - began)]

    def _exchange(self, connection, phone, size, fate):
        """Send one batch; return its fate. What it carried is sent again when the answer was not heard."""
        batch, body = phone.batch(size, self.now)
        headers = self.headers | {"Cookie": f"{DEVICE_COOKIE}={phone.token}"}
        connection.request("POST", "/sync/", body, headers)
        if fate != "hung_up":
            answer = self._answer(connection)
            fate = fate if answer else "late"
        if fate == "heard":
            phone.answered(batch, answer)
        elif fate != "unheard":
            connection.close()
        return fate

    def _connect(self):
        return http.client.HTTPConnection(HOST, self.page.port, timeout=PATIENCE)

    def _answer(self, connection):
        """Return what the server answered, or None when it took too long."""
        try:
            response = connection.getresponse()
            body = response.read()
        except TimeoutError:
            return None
        if response.status != http.client.OK:
            raise RuntimeError(f"/sync/ answered {response.status}: {body[:200]}")
        return json.loads(body)


def _sessions(therapist, version, count):
    """Return that many sessions, each of a client of its own."""
    whose = {"therapist": therapist, "practice": therapist.practice}
    clients = Client.objects.bulk_create(
        [Client(nickname=f"Client {number}", **whose) for number in range(count)]
    )
    starts_at = timezone.now() + timedelta(days=1)
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=50)}
    return Session.objects.bulk_create(
        [Session(client=client, therapist=therapist, version=version, **times) for client in clients]
    )

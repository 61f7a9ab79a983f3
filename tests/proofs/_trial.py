"""One trial of /sync/: four phones of a client with wrong clocks, two sessions, and a network that does its worst."""

import json
import uuid
from datetime import UTC, datetime, timedelta

from checklist.models import Checklist, Device, Item, Session, secret
from checklist.pure.fold import STATES
from checklist.ticking import milliseconds
from checklist.views.client import keeping
from checklist.views.client.sync import sync
from tests import factories
from tests.proofs import _device

ITEMS = ("light", "noise")
PHONES, SESSIONS = 4, 2
SECOND, YEAR = 1000, 365 * 24 * 3600 * 1000
# Milliseconds between two events, and how far a phone's clock may be off: in a calm trial, and in one where much
# happens while the server waits for its database.
LONG, SHORT = (0, 0, 1, 40, 700, 20 * SECOND, 3600 * SECOND), (0, 0, 1, 1, 3, 40)
FAR, NEAR = (0, 1, 50, 2 * SECOND, 90 * SECOND, 3600 * SECOND, YEAR), (0, 2, 50, 500, 2 * SECOND, YEAR)
WAITED = (0, 0, 0, 1, 5, 50, 2 * SECOND)  # for the database, after the server looked at its clock


def short_list(therapist):
    """Give the therapist a list of two items, so that a trial takes less time; return its version."""
    items = [Item(key=key, title=key, phase="ahead", ways=["video"]) for key in ITEMS]
    return Checklist.objects.create(practice=therapist.practice, name="Trial").edit(items)


class Trial:
    """One client with four phones. `travel` is the server's clock, `random` decides everything."""

    def __init__(self, therapist, version, travel, random):
        self.travel, self.random, self.now = travel, random, milliseconds(factories.NOW)
        self.pauses, self.most_off = random.choice([(LONG, FAR), (SHORT, NEAR)])
        client = factories.client(therapist, "Sam")
        start = factories.NOW + timedelta(days=7)
        times = {"starts_at": start, "ends_at": start + timedelta(minutes=50)}
        new = [Session(client=client, therapist=therapist, version=version, **times) for _ in range(SESSIONS)]
        self.sessions = [str(row.id) for row in Session.objects.bulk_create(new)]
        self.phones = [
            _device.Device(self._token(), str(client.id), random, self._off()) for _ in range(PHONES)
        ]
        hashes = [secret.digest(phone.token) for phone in self.phones]
        Device.objects.bulk_create([Device(client=client, token_hash=known) for known in hashes])
        self.wire, self.requests, self.repeated = [], 0, 0

    def _token(self):
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def _off(self):
        most = self.random.choice(self.most_off)
        return self.random.randint(-most, most)

    def run(self, events):
        """Let that many things happen, then send everything and fetch what is new on all phones."""
        doings = [self.tick, self.send, self.carry, self.give_up, self.jump, self.open_page]
        for do in self.random.choices(doings, [35, 20, 36, 3, 3, 3], k=events):
            self.now += self.random.choice(self.pauses)
            do(self.random.choice(self.phones))
        for _ in range(len(self.wire) // 2):
            self.carry(None, safely=True)
        while unsent := [phone for phone in self.phones if phone.waiting]:
            self._exchange(self.random.choice(unsent), self.random.randint(2, 30))
        while self.wire:
            self.carry(None, safely=True)
        for phone in self.phones:
            self._exchange(phone, 0)

    def tick(self, phone):
        """Somebody taps."""
        wish = self.random.choice(self.sessions), self.random.choice(ITEMS), self.random.choice(STATES)
        phone.tick(*wish, self.now)

    def send(self, phone):
        """The phone sends its oldest ticks, or asks for news; never two requests at a time."""
        if phone.asking is None:
            self.wire.append((self.ask, phone, *phone.batch(self.random.randint(1, 9), self.now)))

    def give_up(self, phone):
        """No answer came in time; the request may still be on its way."""
        phone.asking = None

    def jump(self, phone):
        """Somebody sets the phone's clock."""
        phone.wrong = self._off()

    def open_page(self, phone):
        """The phone shows one of the server's own pages."""
        session = self.random.choice(self.sessions)
        phone.open_page(keeping.copy(Session.objects.with_lists().get(pk=session)))

    def carry(self, _phone, safely=False):
        """Any request or answer arrives, whichever was sent first; or it is lost, or arrives again later."""
        if not self.wire:
            return
        message = self.wire.pop(self.random.randrange(len(self.wire)))
        fate = "arrives" if safely else self.random.choices(["arrives", "lost", "doubled"], [65, 20, 15])[0]
        if fate == "doubled":
            self.wire.append(message)
        if fate != "lost":
            do, phone, batch, content = message
            do(phone, batch, content)

    def ask(self, phone, batch, body):
        """A request arrives at the server; its answer sets out."""
        self.wire.append((_device.Device.answered, phone, batch, self._answer(phone, body)))

    def _exchange(self, phone, size):
        batch, body = phone.batch(size, self.now)
        phone.answered(batch, self._answer(phone, body))

    def _answer(self, phone, body):
        waited = self.random.choice(WAITED)
        self.travel.move_to(datetime.fromtimestamp((self.now - waited) / 1000, UTC))
        response = sync(phone.request(body))
        answer = json.loads(response.content)
        assert response.status_code == 200, answer
        assert all(result["status"] != "refused" for result in answer["results"]), answer
        self.requests += 1
        self.repeated += sum(result["status"] == "duplicate" for result in answer["results"])
        return answer

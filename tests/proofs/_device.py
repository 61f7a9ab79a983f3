"""A phone that ticks and sends as static/js does (clock.js, log.js, sync.js), for trials of /sync/.

Times are milliseconds since 1970 UTC. Of the copies in its store it keeps all: pruning them is left out.
"""

import json
import uuid
from dataclasses import dataclass, field
from random import Random

from django.test import RequestFactory

from checklist.device_cookie import DEVICE_COOKIE
from checklist.pure.fold import Operation, fold, next_clock
from checklist.views.client.ours import HEADER


@dataclass(eq=False)
class Device:
    """One phone of a client. `wrong` is how far its own clock is off; `pages` has the clock of each session's page."""

    token: str
    client: str
    random: Random
    wrong: int
    clock: tuple | None = None
    waiting: list = field(default_factory=list)
    copies: dict = field(default_factory=dict)
    pages: dict = field(default_factory=dict)
    cursor: dict | None = None
    stamp: str = ""
    asking: list | None = None  # the batch whose answer it waits for
    seen: dict = field(default_factory=dict)  # {(session, item): ids of the last operations that it knows of}
    made: dict = field(
        default_factory=dict
    )  # {(session, id): the ids that its maker had seen, of the same item}

    def tick(self, session, item, state, now):
        """Put one tick into the log, as add() in log.js."""
        last = max(filter(None, [self.clock, self.pages.get(session)]), default=None)
        self.clock = next_clock(now + self.wrong, last)
        known = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        row = {"id": known, "session": session, "item": item, "state": state, "clock": self.clock}
        self.waiting.append(row | {"seq": len(self.made) + 1})
        self.made[session, known] = self.seen.get((session, item), set())
        self.seen[session, item] = {known}

    def batch(self, size, now):
        """Wait for the answer to the oldest operations; return the batch and the body that carries it."""
        self.asking = self.waiting[:size]
        body = {"cursor": self.cursor, "stamp": self.stamp, "clients": [self.client] if self.asking else []}
        return self.asking, json.dumps(body | {"sent_at": now + self.wrong, "operations": self.asking})

    def request(self, body):
        """Return the request that carries a body, as the view gets it."""
        more = {"headers": {HEADER: "1"}, "HTTP_COOKIE": f"{DEVICE_COOKIE}={self.token}"}
        return RequestFactory().post("/sync/", body, content_type="application/json", **more)

    def answered(self, batch, answer):
        """Take in an answer, as answered() in log.js; one that came too late is not heard."""
        if batch is not self.asking:
            return
        self.asking = None
        taken = {result["id"] for result in answer["results"] if result["status"] != "refused"}
        self.waiting = [row for row in self.waiting if row["id"] not in taken]
        for row in answer["sessions"]:
            self.copies[row["id"]] = row
            self._see(row)
        clocks = [self.clock, *(tuple(row["clock"]) for row in answer["sessions"])]
        self.clock = max(filter(None, clocks), default=(0, 0))
        self.cursor, self.stamp = answer["cursor"], answer["stamp"]

    def open_page(self, copy):
        """Show a page of the server's, with a session's states and its greatest clock."""
        self.pages[copy["id"]] = tuple(copy["clock"])
        self._see(copy)

    def _see(self, copy):
        for row in copy["latest"]:
            self.seen.setdefault((copy["id"], row["item"]), set()).add(row["id"])

    def states(self, session):
        """Return what the phone shows of a session, as withStates() in copies.js."""
        copy = self.copies.get(session, {"latest": []})
        own = [row for row in self.waiting if row["session"] == session]
        return fold(
            Operation(row["id"], row["item"], row["state"], *row["clock"]) for row in [*copy["latest"], *own]
        )

"""The server's side of a connection check: who may begin one, and how much it may move."""

import time
from dataclasses import dataclass

from checklist import tickets
from checklist.models import Limit
from checklist.pure.allowance import Allowance

PER_DEVICE, PER_ADDRESS, SECONDS = 10, 30, 600
MOST = {"probe": 40, "down": 1_100_000, "up": 1_100_000}  # of one ticket: requests, bytes, bytes
UNDER_WAY, TURN_SECONDS = 120, 15  # checks that one process lets begin in so many seconds, a check's longest
STRANGERS = UNDER_WAY // 2  # of those, at most for phones that nobody let in

_used = Allowance(MOST, tickets.LASTS + 1)
_begun = Allowance({"check": UNDER_WAY, "stranger": STRANGERS}, TURN_SECONDS)


@dataclass(frozen=True)
class Start:
    """A ticket, or the seconds to wait; `busy` is the whole server's fault and not this phone's."""

    ticket: str = ""
    wait: int = 0
    busy: bool = False


def start(device, address, now):
    """Return the Start of a check for the device with this token hash (empty for a stranger's) at this address.

    A device has a count of its own, so that no stranger behind the same address can use it up; strangers share one.
    """
    counter = ("check device", device) if device else ("check address", address)
    if not Limit.take(*counter, PER_DEVICE if device else PER_ADDRESS, SECONDS, now):
        return Start(wait=SECONDS - int(now.timestamp()) % SECONDS)
    if not _has_room(device):
        Limit.give_back(*counter, SECONDS, now)
        return Start(wait=TURN_SECONDS, busy=True)
    return Start(tickets.give())


def _has_room(device):
    """Count a check among those of the whole process, a stranger's in their part first; say whether it fits."""
    kinds, now = ["check"] if device else ["stranger", "check"], time.monotonic()
    return all(_begun.take("all", kind, 1, now) for kind in kinds)


def spend(ticket_holder, kind, amount):
    """Take `amount` of `kind` off a ticket, in memory; return False where that is more than is left."""
    return _used.take(ticket_holder, kind, amount, time.monotonic())

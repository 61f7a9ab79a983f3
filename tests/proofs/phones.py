"""Whether five hundred phones that send at once lose no tick and double none, and how fast they are served.

Each has forty ticks in its log and sends them as sync.js does, most of them in one batch and some in four, over
sixteen connections to the server that bin/run starts. Some answers are lost: the phone hears nothing, or hangs up while
the server is still at it, and sends the same batch again. Then one batch is sent a thousand times. The server has
core 0 and the phones have core 1.
"""

import json
import os
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.core.management import call_command

from checklist.models import Tick
from tests.proofs._crowd import Crowd
from tests.proofs._load import Page
from tests.proofs._options import options
from tests.proofs._server import as_bin_run_starts_it, free_port, on_core, running

CONNECTIONS = 16
TICKS = 40
NUMBERS = {"phones": (500, None), "retries": (1000, "of one batch"), "seed": (1, None)}
SHORT = "five phones, twenty retries", {"phones": 5, "retries": 20}


def at_once(work, things):
    """Do the work with each thing on that many connections; return what came of each."""
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return list(pool.map(work, things))


def percentile(took, share):
    """Return the milliseconds that this share of the batches stayed under."""
    return round(sorted(took)[int(len(took) * share)] * 1000)


def sent(send, phones):
    """Let the phones send; return the figures of how they were served: times in seconds, percentiles in ms."""
    began = time.monotonic()
    met = [each for requests in at_once(send, phones) for each in requests]
    seconds, took = time.monotonic() - began, [took for fate, took in met if fate != "hung_up"]
    fates = Counter(fate for fate, _took in met)
    return {
        "seconds": round(seconds, 1),
        "p50": percentile(took, 0.5),
        "p99": percentile(took, 0.99),
        **fates,
    }


def kept(made):
    """Return how many of these (session id, operation id) the log lost, and how many rows it has too many."""
    rows = Counter((str(session), str(uid)) for session, uid in Tick.objects.values_list("session", "uid"))
    return {"lost": len(made - rows.keys()), "doubled": sum(rows.values()) - len(made & rows.keys())}


def main(arguments):
    """Let the phones send, and one more the same again and again; return 1 when a tick is not there once."""
    chosen = options("phones", __doc__, arguments, NUMBERS, SHORT)
    with Path(os.devnull).open("w") as nowhere:
        call_command("prepare", stdout=nowhere)
    crowd = Crowd(Page(free_port(), "/livez"), chosen.phones + 1, TICKS, chosen.seed)
    *phones, stubborn = crowd.phones
    with tempfile.TemporaryDirectory() as folder:
        command = as_bin_run_starts_it(crowd.page.port)
        with running(command, crowd.page, Path(folder) / "server.log"):
            if on_core(1):
                os.sched_setaffinity(0, {1})
            batches = sent(crowd.send, phones)
            retries = sent(crowd.retry, [stubborn] * chosen.retries)
    once, made = kept(crowd.made()), chosen.phones * TICKS
    once["unsent"] = sum(len(phone.waiting) for phone in phones)
    how = {"phones": chosen.phones, "operations": made, "rate": round(made / max(batches["seconds"], 0.1))}
    print("phones", json.dumps({**how, **once, "batches": batches, "retries": retries, "seed": chosen.seed}))
    return 1 if any(once.values()) else 0

"""Whether ticks of four phones with wrong clocks end the same everywhere: none lost, doubled or out of order.

Each run lets four phones of one client (static/js in Python) tick and send to the real /sync/ over a network that
loses, repeats, delays and reorders, while clocks jump by up to a year; then all is sent and fetched. An inversion is
an operation that comes before another of its item which its phone had seen when it was made. Run 17 of a seed is the
same however many runs there are.
"""

import json
import secrets
import time
from collections import Counter
from pathlib import Path
from random import Random

import time_machine
from django.core.management import call_command

from checklist.models import Session
from checklist.pure.fold import fold
from checklist.views.client.keeping import copy
from tests import factories
from tests.proofs._options import options
from tests.proofs._trial import Trial, short_list

FAULTS = ("lost", "doubled", "inversions", "differing")
EVENTS = 80
ORDERS = 3
SHORT = "eight runs", {"runs": 8}
MORE = {"--vectors": {"type": Path, "metavar": "FILE", "help": "write logs and their folds"}}


def trials(runs, seed, events=EVENTS):
    """Yield finished Trials, one after the other, on the database that Django has."""
    therapist = factories.therapist("Dana Reyes", "dana.of.trials@example.org")
    version = short_list(therapist)
    with time_machine.travel(factories.NOW, tick=False) as travel:
        for number in range(1, runs + 1):
            trial = Trial(therapist, version, travel, Random(f"{seed} {number}"))  # noqa: S311 - no secret
            trial.run(events)
            yield trial


def logs(trial):
    """Return {session id: its operations, as the server has them}."""
    rows = Session.objects.with_lists().filter(pk__in=trial.sessions)
    return {str(row.id): [tick.operation for tick in row.ticks.all()] for row in rows}


def faults(trial):
    """Count what went wrong in a trial, with what it went through."""
    kept = logs(trial)
    rows = {operation.id: operation for log in kept.values() for operation in log}
    made = {known: seen for phone in trial.phones for (_session, known), seen in phone.made.items()}
    pairs = [(known, earlier) for known, seen in made.items() for earlier in seen]
    return Counter(
        operations=len(made),
        requests=trial.requests,
        repeated=trial.repeated,
        seen=len(pairs),
        lost=len(made.keys() - rows.keys()),
        doubled=sum(map(len, kept.values())) - len(rows),
        inversions=sum(
            rows[known].order <= rows[earlier].order
            for known, earlier in pairs
            if {known, earlier} <= rows.keys()
        ),
        differing=sum(differing(trial, session, log) for session, log in kept.items()),
    )


def differing(trial, session, log):
    """Count the folds of one log that are not what the server says: each phone's, and those in other orders."""
    said = copy(Session.objects.with_lists().get(pk=session))["items"]
    others = [fold(trial.random.sample(log, len(log))) for _ in range(ORDERS)]
    return sum(state != said for state in [*others, *(phone.states(session) for phone in trial.phones)])


def vectors(trial, number):
    """Return the logs of a trial with their folds, written as in tests/data/fold_vectors.json."""
    name, kept = f"run {number}, session ", enumerate(logs(trial).values(), 1)
    return [
        {"name": f"{name}{place}", "operations": list(map(vars, log)), "state": fold(log)}
        for place, log in kept
    ]


def main(arguments):
    """Run the trials; return 1 when one of them had a fault."""
    numbers = {"runs": (2000, None), "seed": (secrets.randbelow(10**6), None)}
    chosen = options("convergence", __doc__, arguments, numbers, SHORT, MORE)
    total, written, began = Counter(), [], time.monotonic()
    print(f"Seed {chosen.seed}", flush=True)
    call_command("migrate", verbosity=0)
    for number, trial in enumerate(trials(chosen.runs, chosen.seed), 1):
        found = faults(trial)
        total.update(found)
        if any(found[fault] for fault in FAULTS):
            print(f"Run {number}: {dict(found)}", flush=True)
        if len(written) < 300:
            written += vectors(trial, number)
    if chosen.vectors:
        chosen.vectors.write_text(json.dumps({"fold": written}, indent=1) + "\n")
    figures = {"runs": chosen.runs, "seed": chosen.seed, **total}
    figures["seconds"] = round(time.monotonic() - began, 1)
    print("convergence", json.dumps(figures))
    return 1 if any(total[fault] for fault in FAULTS) else 0

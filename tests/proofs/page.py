"""How fast the checklist page is served, next to a bare signed-in page with one query and twenty rows.

Both by the server that bin/run starts, on core 0, loaded from core 1, from the same database. Every round
starts each anew.
"""

import json
import statistics
import tempfile
from importlib import import_module
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from checklist.models import User
from tests.proofs._load import Page, client
from tests.proofs._options import options
from tests.proofs._server import as_bin_run_starts_it, free_port
from tests.proofs.servers import demo_page, measure

NUMBERS = {"rounds": (5, None), "seconds": (6, "of load in each round")}
SHORT = "one round of a moment", {"rounds": 1, "seconds": 0.3}


def bare_cookie():
    """Sign the demo therapist in; return the cookie that says so."""
    user, store = User.objects.get(), import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"


def contenders():
    """Return {name: (page, its settings module)}."""
    path, cookie = demo_page()
    port = free_port()
    return {
        "ours": (Page(port, urlsplit(path).path, cookie), "project.settings"),
        "bare": (Page(port, "/me/", bare_cookie()), "tests.proofs._bare_settings"),
    }


def main(arguments):
    """Measure in rounds, print the medians; return 1 when a request failed."""
    chosen, runs, failures = options("page", __doc__, arguments, NUMBERS, SHORT), {"ours": [], "bare": []}, 0
    pages = contenders()
    with tempfile.TemporaryDirectory() as folder:
        for _number in range(chosen.rounds):
            for name, (page, module) in pages.items():
                command = as_bin_run_starts_it(page.port)
                environment = {"DJANGO_SETTINGS_MODULE": module}
                figures = measure(name, command, page, chosen.seconds, folder, **environment)
                runs[name].append(figures["rate"])
                failures += figures["failures"]
    medians = {name: round(statistics.median(rates), 1) for name, rates in runs.items()}
    ratio = round(medians["ours"] / medians["bare"], 2)
    how = {"rounds": chosen.rounds, "seconds": chosen.seconds, "client": client(), "failures": failures}
    print("page", json.dumps({**medians, "ratio": ratio, **how}))
    return 1 if failures else 0

"""What clients share and therapists see, for tests: a list with words of its own, and all pages of the desk."""

from checklist.models import Check, Fit, Item, Outcome, Plan, Share
from tests import factories
from tests.addresses import DESK, TABLE, path_of
from tests.at_desk import tick

EVERY_WAY = ["video", "voice", "text", "in_person"]
OPEN, HIDDEN, FIGURE = "Pack the canary blanket", "Feed the canary finch", "7,531 ms"
WENT, FITS, MEANS = "<b>Interrupted</b>, they said", "at ease talking there", "put the canary kettle on"


# Pages of the desk that hold nothing of any client.
OF_NOBODY = {
    "desk/clients/add/",
    "desk/settings/",
    "desk/checklists/",
    "desk/checklists/<uuid:checklist_id>/<str:key>/",  # the practice's own words
}


def a_list(practice):
    """Give the practice's list two items with words that stand nowhere else: one stays open, one can be hidden."""
    rows = [("blanket", OPEN), ("finch", HIDDEN), ("done", "Breathe")]
    items = [Item(key=key, title=title, phase="ahead", ways=EVERY_WAY) for key, title in rows]
    practice.checklists.get().edit(items)


def shared_session(client, **fields):
    """Return a session of that client with one item done, a check kept, all said of it, and a plan for it."""
    session = factories.session(client, **fields)
    tick(session, "done")
    device = client.devices.first() or factories.enrol(client, f"{client.id.hex}-phone")
    figures = {"rtt": 7531.0, "late": 0, "probes": 12}
    Check.objects.keep(session, device, "video", "poor", figures, factories.NOW)
    factories.series(client, session)
    Outcome.objects.create(session=session, kind="interrupted")
    Fit.objects.create(session=session, connection=2)
    Plan.objects.update_or_create(client=client, defaults={"cue": "ten", "deed": MEANS})
    return session


def share(client, kinds=Share.values, hidden=()):
    """Have the client share these kinds without these items."""
    client.sharing, client.hidden_items = list(kinds), list(hidden)
    client.save()


def pages(browser, client, session):
    """Return {route: what the desk answers} for all its pages, of that client and session where it has a row."""
    ids = {"client_id": client.id, "session_id": session.id, "series_id": session.series_id}
    ids |= {"checklist_id": client.practice.checklists.get().id, "key": "blanket"}
    routes = [route for route, at in TABLE.items() if at.who == DESK and at.get and route not in OF_NOBODY]
    return {route: browser.get(path_of(route, ids)) for route in routes}


def words(answers):
    """Return all that those pages say."""
    return "\n".join(answer.content.decode() for answer in answers.values())

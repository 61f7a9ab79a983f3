"""Looking at the desk's pages, and making rows look as they would after a while."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from checklist import ticking
from checklist.models import Delivery, Session
from tests import factories
from tests.reading import read


def look(desk, path="/desk/", status=200):
    """Return the page at an address as an Element."""
    answer = desk.get(path)
    assert answer.status_code == status
    return read(answer)


def rows(desk, query=""):
    """Return {name: [text of each cell]} of the day's table."""
    found = {}
    for row in look(desk, f"/desk/{query}").one("tbody").all("tr"):
        cells = [cell.text for cell in row.all() if cell.tag in ("td", "th")]
        found[row.one("th").one("b").text] = cells
    return found


def section(page, name):
    """Return what the part of a page under that heading says after it; empty when it is not there."""
    for part in page.all("section"):
        headings = [heading.text for heading in part.all() if heading.tag in ("h1", "h2")]
        if name in headings:
            return part.text.removeprefix(name).strip()
    return ""


def errors(answer):
    """Return {address in the page: what to mend} of the summary above a refused form."""
    assert answer.status_code == 422
    return {link["href"]: link.text for link in read(answer).one("section", kind="errors").all("a")}


def queries(desk, path):
    """Return how many queries a page takes."""
    with CaptureQueriesContext(connection) as captured:
        assert desk.get(path).status_code == 200
    return len(captured)


def keys(session):
    """Return the keys of the items on that session's list."""
    return [line.item.key for line in Session.objects.get(pk=session.pk).readiness.lines]


def tick(session, *items, state="done"):
    """Set these items of the session."""
    for item in items:
        ticking.tick(session, item, state, None, factories.NOW)


def make_ready(session):
    tick(session, *keys(session))


def settle(session, kind, state, reason="", at=factories.NOW):
    """Say what became of a reminder of that session."""
    found = Delivery.objects.filter(reminder__session=session, reminder__kind=kind)
    assert found.update(state=state, reason=reason, finished_at=at)

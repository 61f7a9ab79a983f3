"""Who sees what: kind x viewer x client x switch, over every page of the desk, by words found nowhere else (R20)."""

from datetime import timedelta
from itertools import product

import pytest

from checklist.models import Outcome, Share, User
from tests import factories
from tests.conftest import signed_in
from tests.over import past
from tests.shared import FIGURE, FITS, HIDDEN, MEANS, OPEN, WENT, a_list, pages, share, shared_session, words

# What a kind shows that stands nowhere else, and what counts it.
SHOWS = {
    Share.ITEMS: [OPEN, HIDDEN],
    Share.CONNECTION: [FIGURE],
    Share.OUTCOME: [WENT],
    Share.FIT: [FITS],
    Share.PLAN: [MEANS],
}
COUNTS = {Share.ITEMS: ['class="segs"', " of 3", " of 2", "Not started", "On the way"]}
VIEWERS = ["own", "colleague", "owner", "former", "inactive", "other practice"]
CLIENTS = ["active", "archived"]
SWITCHES = [
    (None, False),
    (None, True),
    *((kind, False) for kind in SHOWS),
]  # (kind that is off, an item kept back)


@pytest.fixture
def people(dana, kim, omar, now):
    """Kim looks after Jo; Dana owns the practice, Pat works there as well, Omar elsewhere."""
    pat = factories.colleague(dana, "Pat O.", "pat@example.org")
    return {"kim": kim, "dana": dana, "pat": pat, "omar": omar}


@pytest.fixture
def session(people, jo):
    """Jo's session: an item done, one open, one that can be hidden, and a check that was kept."""
    a_list(people["kim"].practice)
    return shared_session(jo)


def as_viewer(viewer, people, client):
    """Return the browser of that viewer; a former one looked after the client until just now."""
    who = {"colleague": "pat", "owner": "dana", "other practice": "omar"}.get(viewer, "kim")
    browser = signed_in(people[who])
    if viewer == "former":
        client.therapist = people["pat"]
    if viewer == "inactive":
        User.objects.filter(pk=people[who].pk).update(is_active=False)
    return browser


def switch(client, off, hidden, state):
    """Put the client into that state, with all kinds shared but `off`, and one item kept back when `hidden`."""
    client.archived_at = factories.NOW if state == "archived" else None
    share(client, [kind for kind in Share.values if kind != off], ["finch"] if hidden else [])


def promised(viewer, kind, off, hidden, state):
    """Return which words of a kind that viewer may read: none of who is archived, and could not stop it."""
    if viewer != "own" or kind == off or state == "archived":
        return []
    return [word for word in SHOWS[kind] if word != HIDDEN or not hidden]


@pytest.mark.parametrize("viewer", VIEWERS)
def test_r20_only_the_own_therapist_sees_a_kind_and_only_while_it_is_shared(viewer, people, jo, session):
    browser, wrong = as_viewer(viewer, people, jo), {}
    for state, (off, hidden) in product(CLIENTS, SWITCHES):
        switch(jo, off, hidden, state)
        text = words(pages(browser, jo, session))
        for kind in SHOWS:
            seen, may = (
                [word for word in SHOWS[kind] if word in text],
                promised(viewer, kind, off, hidden, state),
            )
            counted = [] if may else [word for word in COUNTS.get(kind, ()) if word in text]
            if seen != may or counted or (viewer != "own" and "Jo M." in text):
                wrong[kind, state, off, hidden] = seen, counted
    assert wrong == {}


def test_r20_what_an_archived_client_shared_is_neither_shown_nor_counted_until_they_are_back(
    people, jo, session
):
    """Their phone is shut out, so they could not stop it. Their own choice is kept for when it is let in again."""
    desk, every = signed_in(people["kim"]), [word for words_of in SHOWS.values() for word in words_of]
    for earlier in past(jo, 12, until=-timedelta(days=1)):
        Outcome.objects.create(session=earlier, kind="well")
    for state, expected in (("active", every), ("archived", []), ("active", every)):
        switch(jo, None, False, state)
        text = words(pages(desk, jo, session))
        assert [word for word in every if word in text] == expected
        assert ("12 of 12" in words({"": desk.get("/desk/outcomes/")})) == (state == "active")
        said = words({"": desk.get(f"/desk/sessions/{session.id}/")})
        assert ("What they shared is not shown until you take them back." in said) == (state == "archived")


def test_r20_who_takes_over_sees_no_session_of_the_one_before(people, jo, session):
    jo.therapist = people["pat"]
    jo.save()
    text = words(pages(signed_in(people["pat"]), jo, session))
    assert "Jo M." in text
    assert [word for words_of in SHOWS.values() for word in words_of if word in text] == []

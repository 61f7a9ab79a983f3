"""Browser tests: everything here is marked `browser` and opens real pages in Chromium.

One live server and one Chromium per worker, a fresh browser profile per person and test. A test fails at its
end when a page logged an error, broke the content policy, threw, or asked another origin (R25, R26).
"""

from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone

from checklist import inviting
from checklist.device_cookie import DEVICE_COOKIE
from checklist.views.desk.invitations import join_link
from tests import factories
from tests.browser import harness
from tests.browser.harness import Chromium, Clock, Server, Watch
from tests.browser.kept import has_copies
from tests.browser.profiles import Profiles
from tests.browser.world import World
from tests.conftest import signed_in

HERE = Path(__file__).parent
A_PHONE = "a-phone" * 6


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark all tests in this folder; their rows are committed, or the server could not see them."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def static_root(tmp_path_factory):
    """Collect the static files once per worker, hashed and compressed as in production; axe lies beside them."""
    root = tmp_path_factory.mktemp("static")
    with override_settings(STATIC_ROOT=root):
        call_command("collectstatic", interactive=False, verbosity=0)
    (root / "axe.js").write_text(AXE_SCRIPT)
    return root


@pytest.fixture(scope="session")
def live(static_root, django_db_setup):
    with override_settings(STATIC_ROOT=static_root):
        server = Server()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def chromium():
    chromium = Chromium()
    yield chromium
    chromium.stop()


@pytest.fixture(scope="session")
def profiles(chromium, live):
    return Profiles(lambda: chromium.browser, live.url)


@pytest.fixture(scope="session")
def world():
    return World()


@pytest.fixture(autouse=True)
def server(live, static_root, chromium, transactional_db, request, monkeypatch):
    """The live server, asked nothing yet: a worker of the test before may still look whether there is a newer one."""
    settings = request.getfixturevalue("settings")
    live.wait()
    settings.STATIC_ROOT = static_root
    settings.BASE_URL, settings.ALLOWED_HOSTS = live.url, [live.host]
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright keeps an event loop on this thread
    live.wait()
    cache.clear()
    live.seen.clear()
    with chromium.awake():
        yield live
        live.wait()


@pytest.fixture(autouse=True)
def clock(server):
    """Begin at factories.NOW, on the server and in every page; `clock.forward(minutes=27)` moves them on."""
    clock = Clock(factories.NOW)
    yield clock
    clock.stop()


@pytest.fixture
def now(clock):
    """In a browser test the clock begins at factories.NOW and goes on."""
    return factories.NOW


@pytest.fixture(autouse=True)
def watch(server):
    """Fail the test when a page did what none may. `watch.excuse("status of 422")` says what is provoked."""
    watch = Watch(server)
    yield watch
    assert not watch.verdict(), "\n".join(watch.verdict())


@pytest.fixture
def people(server, profiles, watch, clock):
    """Open a browser profile in which nobody has been: `people(harness.PHONE)` returns its first page."""
    taken = []

    def person(kind, **more):
        page = profiles.take(kind, **more)
        taken.append((page, kind, more))
        watch.over(page.context)
        clock.give(page.context)
        return page

    yield person
    server.wait()
    watch.leave()
    for page, kind, more in taken:
        profiles.give_back(page, kind, **more)
    server.wait()


@pytest.fixture
def phone(people):
    """A phone that nobody has let in."""
    return people(harness.PHONE)


@pytest.fixture
def old_phone(people):
    """A phone whose browser runs no scripts."""
    return people(harness.OLD_PHONE)


@pytest.fixture
def desk_browser(people):
    """A therapist's browser, not signed in."""
    return people(harness.DESK)


@pytest.fixture
def sams(phone, sam):
    """Sam's phone, let in."""
    return let_in(phone, sam)


@pytest.fixture
def ready(sams, sams_session):
    """Sam's phone on its list, with a copy of the session."""
    sams.goto("/")
    has_copies(sams)
    return sams


@pytest.fixture
def danas(desk_browser, dana):
    """Dana's browser, signed in."""
    return at_desk(desk_browser, dana)


def let_in(page, client, token=A_PHONE):
    """Enrol the page's browser the short way, by its cookie."""
    factories.enrol(client, token, now=timezone.now())
    page.context.add_cookies([{"name": DEVICE_COOKIE, "value": token, "url": settings.BASE_URL}])
    return page


def at_desk(page, therapist):
    """Sign the page's browser in the short way, by its cookie."""
    value = signed_in(therapist).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": settings.BASE_URL}]
    )
    return page


def invitation_link(client):
    """Return the link of a fresh invitation."""
    return join_link(inviting.invite(client, timezone.now()))


def accept(page, link):
    """Enrol the page's browser as a person does: open the invitation, tap."""
    page.goto(link)
    page.get_by_role("button", name="Get started").click()
    return past_first_steps(page)


def past_first_steps(page):
    """Leave the first steps out, as somebody does who wants to see the list at once."""
    page.wait_for_url("**/first-steps/*/")
    page.get_by_role("button", name="Leave these out").click()
    page.wait_for_url("/")
    return page


def sign_in(page, therapist):
    """Sign in as a therapist does: by the form."""
    EmailAddress.objects.get_or_create(user=therapist, email=therapist.email, verified=True, primary=True)
    page.goto("/desk/sign-in/")
    page.get_by_label("E-mail").fill(therapist.email)
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("/desk/")
    return page

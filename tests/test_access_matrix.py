"""Someone else's row is a 404: every route x method x role x own or foreign row, from one table (R16).

The build fails when a route is not in the table.
"""

import json
import uuid
from contextlib import nullcontext
from copy import deepcopy
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import get_resolver, resolve
from django.urls.resolvers import URLResolver

from checklist.device_cookie import DEVICE_COOKIE
from checklist.models import Device, User
from checklist.views import pwa
from tests import factories
from tests.addresses import DESK, GUEST, HOME, PHONE, TABLE, THERAPIST, has_row, path_of
from tests.conftest import LEES_PHONE, SAMS_PHONE, phone, signed_in
from tests.kept import stored, undone

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")
PHONES = {"sam", "lee"}
THERAPISTS = {"dana", "kim", "omar"}
ROLES = ["nobody", "sam", "lee", "revoked", "dana", "kim", "omar"]
# Whose phone and whose desk may see the rows of each client.
OWNERS = {"sam": {"sam", "dana"}, "lee": {"lee", "omar"}, "jo": {"kim"}, "unknown": set()}
# Whose desk may see the checklists of the practice of each.
COLLEAGUES = {"sam": {"dana", "kim"}, "lee": {"omar"}, "jo": {"dana", "kim"}, "unknown": set()}


AT_THE_DESK = [route for route, address in TABLE.items() if address.who == DESK]
# Who has this address may read what is there, whoever it is; test_feeds.py tells what that is.
BY_SECRET = "calendar/<str:given>.ics"
# django-pwa's own, which ours stand in front of.
SHADOWED = {
    "^serviceworker\\.js$": ("/serviceworker.js", pwa.service_worker),
    "^manifest\\.json$": ("/manifest.json", pwa.manifest),
    "offline/": ("/offline/", pwa.offline),
}


def routes(resolver=None, before=""):
    """Return every route as it is written, in the order in which they are tried."""
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern)
        found += routes(entry, route) if isinstance(entry, URLResolver) else [route]
    return found


@pytest.fixture
def cast(dana, kim, omar, sam, lee, jo, now):
    """Return {role: browser}, with a session for each client; one of Sam's phones is revoked."""
    phones = {"sam": phone(sam, SAMS_PHONE), "lee": phone(lee, LEES_PHONE), "revoked": phone(sam, "revoked")}
    factories.enrol(jo, "jos-phone")
    Device.objects.holding("revoked").revoke()
    for client in (sam, lee, jo):
        factories.series(client, factories.session(client))
    desks = {"dana": signed_in(dana), "kim": signed_in(kim), "omar": signed_in(omar)}
    return {"nobody": Browser(), **phones, **desks}


@pytest.fixture
def rows(cast, sam, lee, jo):
    """Return {owner: {name in a route: value}}."""
    found = {name: ids_of(client) for name, client in (("sam", sam), ("lee", lee), ("jo", jo))}
    ids = ("client_id", "session_id", "device_id", "series_id", "checklist_id")
    found["unknown"] = {name: uuid.uuid4() for name in ids} | {"token": "x", "given": "x", "key": "calendar"}
    return found


def ids_of(client):
    device = client.devices.get(revoked_at=None)
    token = client.stop_token()
    device.open_feed()
    return {
        "client_id": client.id,
        "session_id": client.sessions.get().id,
        "series_id": client.series.get().id,
        "device_id": device.id,
        "token": token,
        "given": device.feed_secret,
        "checklist_id": client.practice.checklists.get().id,
        "key": "calendar",
    }


def expected(route, role, owner, method):
    """Return the status that the table promises, for a row of `owner` where the route has one."""
    address = TABLE[route]
    allowed = {
        "GET": address.get, "HEAD": address.get, "POST": address.post, "DELETE": address.delete,
    }.get(method)  # fmt: skip
    if allowed is None:
        return 405
    owners = COLLEAGUES if "checklist_id" in route else OWNERS
    foreign = has_row(route) and role not in owners[owner]
    if address.who == PHONE:
        return 401 if role not in PHONES else 404 if foreign else allowed
    if address.who == DESK:
        return 302 if role not in THERAPISTS else 404 if foreign else allowed
    if address.who == HOME:
        return 302 if role in THERAPISTS else 401 if role == "revoked" else allowed
    if address.who in (GUEST, THERAPIST):
        return allowed if (role in THERAPISTS) == (address.who == THERAPIST) else 302
    return 404 if has_row(route) and owner == "unknown" else allowed


def ask(browser, route, path, method):
    """Send the request of the table; the browser keeps none of the cookies it is given."""
    address, kept = TABLE[route], deepcopy(browser.cookies)
    kind, body = "application/octet-stream", ""
    if address.json:
        kind, body = "application/json", json.dumps(address.form)
    elif method == "POST":
        kind, body = "application/x-www-form-urlencoded", urlencode(address.form)
    answer = browser.generic(method, path, body, content_type=kind, headers={"X-Settle": "1"})
    browser.cookies = kept
    return answer


def test_every_route_is_in_the_table():
    assert set(routes()) == set(TABLE) | set(SHADOWED)


def test_no_route_is_written_twice_but_the_one_that_ours_shadows():
    assert sorted({route for route in routes() if routes().count(route) > 1}) == ["offline/"]


@pytest.mark.parametrize("route", SHADOWED)
def test_our_views_stand_in_front_of_django_pwas(route):
    path, view = SHADOWED[route]
    assert resolve(path).func is view


def group(route):
    """Return who and what a route is for: the routes of one group share a cast, which takes long to make."""
    folder = "clients" if "clients/" in route else "sessions" if "sessions/" in route else "pages"
    return f"{TABLE[route].who} {folder}"


@pytest.mark.parametrize("some", sorted({group(route) for route in TABLE}))
def test_r16_each_role_is_answered_as_the_table_says_and_strangers_see_and_change_nothing(some, cast, rows):
    before, wrong, leaks = stored(), {}, []
    for route, owner, role, method in asked(some):
        path, promised = path_of(route, rows[owner]), expected(route, role, owner, method)
        changing = method in ("POST", "DELETE") and promised in (TABLE[route].post, TABLE[route].delete)
        with undone() if changing else nullcontext():
            answer = ask(cast[role], route, path, method)
        if answer.status_code != promised:
            wrong[path, role, method, f"{owner}'s"] = answer.status_code
        if method == "GET" and route != BY_SECRET and shows_a_stranger(answer, path, role, rows):
            leaks.append((path, role))
    assert (wrong, leaks) == ({}, [])
    assert stored() == before


def asked(some):
    """Return every (route, owner, role, method) of a group; a method that a route has not is refused before any row."""
    return [
        (route, owner, role, method)
        for route in TABLE
        if group(route) == some
        for method in METHODS
        for owner in (OWNERS if has_row(route) and TABLE[route].takes(method) else ["sam"])
        for role in ROLES
    ]


def shows_a_stranger(answer, path, role, rows):
    """Return whether an answer has the id of a row that its reader may not see, but for those in its path."""
    strangers = [values for owner, values in rows.items() if role not in OWNERS[owner] and owner != "unknown"]
    text = answer.content.decode().replace(path, "")
    return any(
        str(values[name]) in text
        for values in strangers
        for name in ("client_id", "session_id", "device_id", "series_id")
    )


def test_r16_whoever_is_not_signed_in_is_sent_to_sign_in_and_back(cast, rows):
    for route in AT_THE_DESK:
        path, method = path_of(route, rows["sam"]), "GET" if TABLE[route].get else "POST"
        assert ask(cast["nobody"], route, path, method).url == f"/desk/sign-in/?next={path}"


def test_r16_a_user_without_a_practice_finds_nothing_at_the_desk(cast, rows):
    root = signed_in(User.objects.create_superuser("root@example.org", factories.PASSWORD))
    for route in AT_THE_DESK:
        path, method = path_of(route, rows["sam"]), "GET" if TABLE[route].get else "POST"
        assert ask(root, route, path, method).status_code == 404, route


# Two rows in one address, and rows in form fields


def test_r16_a_strangers_device_is_a_404_under_ones_own_client(desk, sam, lee, lees_phone):
    answer = desk.post(f"/desk/clients/{sam.id}/devices/{lee.devices.get().id}/revoke/")
    assert answer.status_code == 404
    assert lee.devices.live().exists()


def test_r16_ones_own_device_is_a_404_under_a_strangers_client(desk, sam, lee, sams_phone):
    answer = desk.post(f"/desk/clients/{lee.id}/devices/{sam.devices.get().id}/revoke/")
    assert answer.status_code == 404


def test_r16_the_token_to_unsubscribe_is_worthless_for_another_client(stranger, sam, lee):
    token = sam.stop_token()
    assert stranger.post(f"/unsubscribe/{lee.id}/{token}/").status_code == 404


def a_session(client, checklist):
    """Return what a therapist would type to book one."""
    fields = {"client": client.id, "checklist": checklist.id, "date": "2026-12-01", "time": "15:00"}
    return fields | {"time_zone": "America/New_York", "minutes": 50, "way": "voice", "link": ""}


@pytest.mark.parametrize("whose", ["lee", "jo"])
def test_r16_a_strangers_client_in_a_form_is_a_404(whose, desk, dana, lee, jo, now):
    form = a_session({"lee": lee, "jo": jo}[whose], dana.practice.checklists.get())
    assert desk.post("/desk/sessions/add/", form).status_code == 404


def test_r16_a_client_in_a_form_who_does_not_exist_is_a_404_as_well(desk, dana, sam, now):
    form = a_session(sam, dana.practice.checklists.get()) | {"client": uuid.uuid4()}
    assert desk.post("/desk/sessions/add/", form).status_code == 404


def test_r16_a_strangers_checklist_in_a_form_is_a_404(desk, sam, omar, now):
    assert desk.post("/desk/sessions/add/", a_session(sam, omar.practice.checklists.get())).status_code == 404


def test_r16_a_strangers_checklist_is_a_404_when_a_session_is_changed(desk, sam, omar, sams_session):
    form = a_session(sam, omar.practice.checklists.get())
    assert desk.post(f"/desk/sessions/{sams_session.id}/edit/", form).status_code == 404


@pytest.mark.parametrize("whose", ["lee", "jo"])
def test_r16_a_strangers_client_in_the_query_is_a_404(whose, desk, lee, jo):
    client = {"lee": lee, "jo": jo}[whose]
    assert desk.get(f"/desk/sessions/add/?client={client.id}").status_code == 404


def test_r16_a_form_with_ones_own_rows_is_taken(desk, dana, sam, now):
    assert desk.post("/desk/sessions/add/", a_session(sam, dana.practice.checklists.get())).status_code == 302


def test_r16_a_strangers_session_in_a_json_body_is_refused_and_changes_nothing(sams_phone, lees_session):
    row = {"id": str(uuid.uuid4()), "session": str(lees_session.id), "item": "connection", "state": "done"}
    body = {"operations": [row | {"clock": [1, 0], "seq": 1}]}
    answer = sams_phone.post("/sync/", body, content_type="application/json", headers={"X-Settle": "1"})
    assert [result["reason"] for result in answer.json()["results"]] == ["unknown session"]
    assert not lees_session.ticks.exists()


def test_the_cookie_of_a_phone_opens_no_desk_and_a_desk_opens_no_phone():
    assert settings.SESSION_COOKIE_NAME != DEVICE_COOKIE

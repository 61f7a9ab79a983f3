"""Every address of the app: who may come there, and what they are answered."""

from dataclasses import dataclass, field

from checklist.views.client.toolbox import PAGES

ANYONE, PHONE, DESK, GUEST, THERAPIST, HOME = "anyone", "phone", "desk", "guest", "therapist", "home"


@dataclass(frozen=True)
class Address:
    """Who may come here, and what they are answered; None for a method that there is not (405).

    PHONE is an enrolled browser (401 for others), DESK a signed-in therapist (others are sent to sign in); in
    both an address with a row is for the row's own people (404 for others). GUEST sends a signed-in therapist
    on; THERAPIST is an address of the account itself.
    """

    who: str
    get: int | None = 200
    post: int | None = None
    form: dict = field(default_factory=dict)
    json: bool = False
    delete: int | None = None

    def takes(self, method):
        """Return whether there is something to see or to change by this method; HEAD shows what GET does."""
        return {"GET": self.get, "POST": self.post, "DELETE": self.delete}.get(method) is not None


TABLE = {
    "": Address(HOME),
    "livez": Address(ANYONE),
    "readyz": Address(ANYONE, get=503),  # nobody sends reminders here
    "metrics": Address(ANYONE),
    "manifest.json": Address(ANYONE),
    "serviceworker.js": Address(ANYONE),
    "offline/": Address(ANYONE),
    "list/": Address(ANYONE),
    # In front
    "join/": Address(ANYONE, post=422),
    "join/code/": Address(ANYONE, post=422),
    "join/lost/": Address(ANYONE, post=422),
    "language/": Address(ANYONE, post=422),
    "unsubscribe/<uuid:client_id>/<str:token>/": Address(ANYONE, post=200),
    "answer/": Address(ANYONE, post=422),
    # On the phone
    "sessions/": Address(PHONE),
    "sessions/<uuid:session_id>/": Address(PHONE),
    "sessions/<uuid:session_id>/ticks/": Address(PHONE, None, 302, {"item": "connection", "state": "done"}),
    "sessions/<uuid:session_id>/answers/": Address(PHONE, None, 302, {"give": "confirm", "revision": "1"}),
    "sessions/<uuid:session_id>/check/": Address(
        PHONE,
        None,
        200,
        {"verdict": "good", "way": "video", "rtt": 80, "late": 0, "probes": 12},
        json=True,
        delete=204,
    ),
    "sessions/<uuid:session_id>/way/": Address(PHONE, None, 302, {"way": "voice", "sequence": "0"}),
    "sessions/<uuid:session_id>/outcome/": Address(PHONE, None, 422, {"give": "well"}),  # it is not over yet
    "sessions/<uuid:session_id>/fit/": Address(PHONE, None, 422, {"question": "goals", "reply": "3"}),
    "progress/": Address(PHONE),
    "calendar/": Address(PHONE, post=422),
    "calendar/<str:given>.ics": Address(ANYONE),
    "sessions/<uuid:session_id>/calendar.ics": Address(PHONE),
    "sync/": Address(PHONE, None, 200, {"operations": []}, json=True),
    "notifications/": Address(PHONE, None, 204, {"subscription": None}, json=True),
    "notifications/answered/": Address(
        ANYONE, None, 404, {"handover": "0" * 32, "token": "x", "kind": "move"}, json=True
    ),
    "notifications/arrived/": Address(ANYONE, None, 404, {"handover": "0" * 32, "token": "x"}, json=True),
    "notifications/test/": Address(PHONE, None, 302),
    "reminders/": Address(PHONE, post=422),
    "plan/": Address(PHONE, post=422),
    "first-steps/": Address(PHONE, get=302),
    "first-steps/what/": Address(PHONE, post=302),
    "first-steps/reminders/": Address(PHONE, post=302),
    "first-steps/install/": Address(PHONE, post=302),
    "first-steps/plan/": Address(PHONE, post=422),
    "help/": Address(PHONE),
    "install/": Address(PHONE),
    "sharing/": Address(PHONE, post=302),
    "data/": Address(PHONE),
    "data/<uuid:client_id>/export/": Address(PHONE, post=200),
    "data/<uuid:client_id>/erase/": Address(PHONE, post=422),
    "data/<uuid:client_id>/erase/code/": Address(PHONE, None, 302),
    "devices/": Address(PHONE),
    "devices/add/": Address(PHONE, None, 200),
    "devices/<uuid:device_id>/revoke/": Address(PHONE, None, 302),
    "leave/": Address(PHONE, post=302),
    "lock/": Address(PHONE),
    **{f"tools/{tool.name}/": Address(ANYONE) for tool in PAGES},
    "tools/connection/start/": Address(ANYONE, None, 200, json=True),
    "tools/connection/probe/": Address(ANYONE, get=403),
    "tools/connection/down/": Address(ANYONE, get=403),
    "tools/connection/up/": Address(ANYONE, None, 403),
    # At the desk
    "desk/": Address(DESK),
    "desk/clients/": Address(DESK),
    "desk/clients/add/": Address(DESK, post=422),
    "desk/clients/<uuid:client_id>/": Address(DESK),
    "desk/clients/<uuid:client_id>/edit/": Address(DESK, post=422),
    "desk/clients/<uuid:client_id>/archive/": Address(DESK, None, 302),
    "desk/clients/<uuid:client_id>/erase/": Address(DESK, get=302, post=302),  # asks who it is first
    "desk/clients/<uuid:client_id>/invitation/": Address(DESK, post=302),
    "desk/clients/<uuid:client_id>/invitation/revoke/": Address(DESK, None, 302),
    "desk/clients/<uuid:client_id>/code/": Address(DESK, post=302),
    "desk/clients/<uuid:client_id>/devices/<uuid:device_id>/revoke/": Address(DESK, None, 302),
    "desk/sessions/add/": Address(DESK, post=422),
    "desk/sessions/<uuid:session_id>/": Address(DESK),
    "desk/sessions/<uuid:session_id>/edit/": Address(DESK, post=422),
    "desk/sessions/<uuid:session_id>/cancel/": Address(DESK, post=302),
    "desk/sessions/<uuid:session_id>/following/": Address(DESK, post=422),
    "desk/series/<uuid:series_id>/": Address(DESK),
    "desk/series/<uuid:series_id>/extend/": Address(DESK, post=422),
    "desk/sessions/<uuid:session_id>/nudge/": Address(DESK, None, 302),
    "desk/outcomes/": Address(DESK),
    "desk/outcomes/csv/": Address(DESK),
    "desk/checklists/": Address(DESK),
    "desk/checklists/<uuid:checklist_id>/<str:key>/": Address(DESK, post=422),
    "desk/settings/": Address(DESK, post=422),
    # A therapist's account
    "desk/sign-in/": Address(GUEST, post=422),
    "desk/sign-up/": Address(GUEST, post=422),
    "desk/sign-up/code/": Address(GUEST, get=302, post=302),
    "desk/sign-in/address/": Address(ANYONE, get=302),
    "desk/inactive/": Address(ANYONE),
    "desk/sign-out/": Address(THERAPIST, post=302),
    "desk/reauthenticate/": Address(THERAPIST, post=422),
    "desk/password/": Address(THERAPIST, post=422),
    "desk/password/set/": Address(THERAPIST, get=302, post=302),
    "desk/password/reset/": Address(ANYONE, post=422),
    "desk/password/reset/code/": Address(ANYONE, get=302, post=302),
    "desk/password/reset/new/": Address(ANYONE, get=302, post=302),
    "desk/password/reset/done/": Address(ANYONE),
}


def path_of(route, values):
    for name, value in values.items():
        route = route.replace(f"<uuid:{name}>", str(value)).replace(f"<str:{name}>", str(value))
    assert "<" not in route
    return f"/{route}"


def has_row(route):
    return "<" in route


def who_may(route):
    """Return who gets farthest at this address."""
    return {"phone": "sam", "desk": "dana", "therapist": "dana"}.get(TABLE[route].who, "nobody")

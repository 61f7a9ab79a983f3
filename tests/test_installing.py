"""The app on the home screen: the page that says how, and the pass for the app that an iPhone makes (R17, R18)."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from checklist import inviting
from checklist.device_cookie import DEVICE_COOKIE
from checklist.models import Device, Invitation, secret
from checklist.pure import browser
from tests import factories
from tests.conftest import LEES_PHONE, SAMS_PHONE, phone
from tests.reading import read

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.6 Mobile/15E148 Safari/604.1"
)
IPAD = IPHONE.replace("iPhone; CPU iPhone OS", "iPad; CPU OS")
MAC = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.6 Safari/605.1.15"
)
MAC_CHROME = MAC.replace("Version/18.6", "Chrome/140.0.0.0")
ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari"
)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def manifest(asks, user_agent=IPHONE, address="/manifest.json?for=home", method="get"):
    return getattr(asks, method)(address, headers={"User-Agent": user_agent})


def start(asks, **more):
    """Return the start address in the manifest that a browser is given."""
    return json.loads(manifest(asks, **more).content)["start_url"]


def a_pass(asks):
    """Return the token with which the app starts that this phone would put on its home screen."""
    address = start(asks)
    assert address.startswith("/#pass=")
    return address.removeprefix("/#pass=")


def enter(token, app=None, address="192.0.2.1", **fields):
    """Post a pass as the welcome page of a new app does."""
    return (app or Browser()).post("/join/", {"token": token, **fields}, REMOTE_ADDR=address)


def let_in(answer):
    """Return the clients whom the app that got this answer may act for."""
    assert answer.status_code == 302, answer.content.decode()
    return {device.client for device in Device.objects.live().holding(answer.cookies[DEVICE_COOKIE].value)}


def refused(answer):
    return answer.status_code == 422 and DEVICE_COOKIE not in answer.cookies


@pytest.fixture
def sams_and_lees_phone(sams_phone, lee):
    """One phone that stands for Sam and for Lee."""
    factories.enrol(lee, SAMS_PHONE)
    return sams_phone


# The page


def page(asks, user_agent):
    answer = asks.get("/install/", headers={"User-Agent": user_agent})
    assert answer.status_code == 200
    return read(answer)


def linked(page):
    return page.one("link", rel="manifest")["href"]


@pytest.mark.parametrize("user_agent", [IPHONE, IPAD])
def test_on_an_iphone_three_steps_with_a_drawing_each_say_how(sams_phone, user_agent):
    steps = page(sams_phone, user_agent).one("ol", kind="steps").all("li")
    assert len(steps) == 3
    assert all(step.one("svg", kind="picture") for step in steps)
    words = ("share symbol", "Add to Home Screen", "icon")
    assert [word for word, step in zip(words, steps, strict=True) if word not in step.text] == []


def test_r18_on_an_iphone_the_page_says_that_the_app_starts_empty_and_gives_a_code(sams_phone, now):
    shown = page(sams_phone, IPHONE)
    assert "starts empty. Open it within 30 minutes and it lets itself in." in shown.text
    codes = read(sams_phone.post(shown.one("main").one("form")["action"])).all("p", kind="code")
    assert len(codes) == 1


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (ANDROID, "the menu of your browser"),
        (MAC_CHROME, "the menu of your browser"),
        (MAC, "Add to Dock"),
        ("", "menu"),
    ],
)
def test_elsewhere_one_sentence_says_where_the_menu_has_it(sams_phone, user_agent, words):
    shown = page(sams_phone, user_agent)
    assert words in shown.one("p", kind="card").text
    assert shown.all("ol") == []


def test_r18_an_ipad_that_says_it_is_a_mac_is_offered_a_code_as_well(sams_phone):
    assert [form["action"] for form in page(sams_phone, MAC).one("main").all("form")] == ["/devices/add/"]
    assert page(sams_phone, ANDROID).one("main").all("form") == []


@pytest.mark.parametrize("user_agent", [IPHONE, ANDROID])
def test_without_scripts_there_is_no_button_that_would_do_nothing(sams_phone, user_agent):
    shown = page(sams_phone, user_agent)
    assert shown.one("button", data_offer=True).hidden
    assert shown.one("p", data_there=True).hidden
    assert not shown.one("div", data_by_hand=True).hidden


def test_only_this_page_on_an_iphone_links_a_manifest_for_the_home_screen(sams_phone, sams_session):
    assert linked(page(sams_phone, IPHONE)) == "/manifest.json?for=home"
    assert linked(page(sams_phone, ANDROID)) == "/manifest.json"
    for address in ("/", "/help/", "/devices/", "/join/"):
        assert linked(read(sams_phone.get(address, headers={"User-Agent": IPHONE}))) == "/manifest.json"


def test_r18_no_token_is_in_the_page_or_in_any_address_of_it(sams_phone, now):
    token = a_pass(sams_phone)
    text = sams_phone.get("/install/", headers={"User-Agent": IPHONE}).content.decode()
    assert token not in text
    assert "pass=" not in text


@pytest.mark.parametrize(
    ("user_agent", "iphone", "safari"),
    [
        (IPHONE, True, False),
        (IPAD, True, False),
        (MAC, False, True),
        (MAC_CHROME, False, False),
        (ANDROID, False, False),
    ],
)
def test_a_browser_is_known_by_what_it_says(user_agent, iphone, safari):
    assert (browser.is_iphone(user_agent), browser.is_safari(user_agent)) == (iphone, safari)


# The manifest


def test_r18_an_iphone_that_is_let_in_is_given_a_pass_in_the_fragment_of_the_start_address(sams_phone, now):
    said = json.loads(manifest(sams_phone).content)
    made = Invitation.objects.get()
    assert said["start_url"] == f"/#pass={made.token()}"
    assert (said["id"], said["scope"]) == ("/", "/")
    assert (made.kind, made.expires_at) == ("pass", now + timedelta(minutes=30))


def test_r17_a_manifest_with_a_pass_is_kept_by_no_cache(sams_phone, stranger, now):
    assert manifest(sams_phone).headers["Cache-Control"] == "no-store"
    plain = manifest(stranger)
    assert plain.headers["Cache-Control"] == "max-age=3600"
    assert {"Cookie", "User-Agent"} <= set(plain.headers["Vary"].split(", "))


def test_r18_a_locked_app_gives_out_no_pass(sams_phone, now):
    sams_phone.cookies["settle_lock"] = "1"
    assert start(sams_phone) == "/"
    assert not Invitation.objects.exists()


def test_everybody_else_is_given_the_ordinary_manifest(sams_phone, stranger, sam, now):
    ordinary = stranger.get("/manifest.json").content
    assert manifest(stranger).content == ordinary
    assert manifest(sams_phone, ANDROID).content == ordinary
    assert manifest(sams_phone, MAC).content == ordinary
    assert manifest(sams_phone, address="/manifest.json").content == ordinary
    assert manifest(sams_phone, address="/manifest.json?for=house").content == ordinary
    sam.devices.all().revoke()
    assert manifest(sams_phone).content == ordinary
    assert not Invitation.objects.exists()


def test_looking_at_the_headers_makes_no_pass(sams_phone, now):
    assert manifest(sams_phone, method="head").status_code == 200
    assert not Invitation.objects.exists()


def test_without_a_cookie_the_manifest_for_the_home_screen_touches_no_database(stranger):
    """Without the `db` mark a query would fail the test."""
    assert start(stranger) == "/"


def test_a_phone_that_asks_twice_in_a_row_is_given_the_same_pass(sams_phone, now):
    first = a_pass(sams_phone)
    with time_machine.travel(now + 5 * MINUTE - SECOND, tick=False):
        assert a_pass(sams_phone) == first
    with time_machine.travel(now + 5 * MINUTE, tick=False):
        assert a_pass(sams_phone) != first


def test_a_pass_that_was_used_is_not_given_again(sams_phone, now):
    first = a_pass(sams_phone)
    enter(first)
    assert a_pass(sams_phone) != first


def test_r28_passes_that_have_run_out_are_forgotten_with_the_next_one(sams_phone, now):
    a_pass(sams_phone)
    with time_machine.travel(now + 30 * MINUTE, tick=False):
        a_pass(sams_phone)
    assert Invitation.objects.count() == 1


# What a pass opens


def test_r18_a_pass_lets_the_new_app_in(sams_phone, sam, now):
    answer = enter(a_pass(sams_phone))
    assert answer.url == "/"
    assert let_in(answer) == {sam}
    assert sam.devices.live().count() == 2


def test_r18_a_pass_lets_in_as_all_that_the_phone_stands_for(sams_and_lees_phone, sam, lee, ana, now):
    assert let_in(enter(a_pass(sams_and_lees_phone))) == {sam, lee}


@pytest.mark.parametrize("whose", ["sam", "lee"])
def test_r16_a_pass_is_worthless_once_its_phone_is_shut_out_for_one_client(
    sams_and_lees_phone, sam, lee, whose, now
):
    token = a_pass(sams_and_lees_phone)
    {"sam": sam, "lee": lee}[whose].devices.all().revoke()
    assert refused(enter(token))


@pytest.mark.parametrize("whose", ["sam", "lee"])
def test_r16_a_pass_does_not_open_what_the_phone_may_see_no_more(sams_and_lees_phone, sam, lee, whose, now):
    """Even when it is used at the moment at which the phone is shut out for one of its clients."""
    people = {"sam": sam, "lee": lee}
    invitation = inviting.by_token(a_pass(sams_and_lees_phone), now)
    people.pop(whose).devices.update(revoked_at=now)
    token = inviting.accept(invitation, now, "Safari, iPhone")
    assert {device.client for device in Device.objects.live().holding(token)} == set(people.values())


def test_r16_a_pass_is_for_its_own_phone_and_no_other_of_the_same_client(
    sams_phone, lees_phone, sam, lee, now
):
    phone(lee, SAMS_PHONE + "2")
    assert let_in(enter(a_pass(sams_phone))) == {sam}
    assert let_in(enter(a_pass(lees_phone))) == {lee}


def test_r17_a_pass_works_once(sams_phone, now):
    token = a_pass(sams_phone)
    enter(token)
    assert refused(enter(token))


def test_r18_an_app_that_starts_often_with_a_spent_pass_leaves_the_tries_for_a_typed_code(sam, now):
    for _ in range(20):
        assert refused(enter("spent"))
    code = inviting.make_code(sam, now).code()
    assert let_in(Browser().post("/join/code/", {"code": code}, REMOTE_ADDR="192.0.2.1")) == {sam}


def test_r17_a_pass_is_good_for_half_an_hour(sams_phone, sam, now):
    token = a_pass(sams_phone)
    with time_machine.travel(now + 30 * MINUTE, tick=False):
        assert refused(enter(token))
    with time_machine.travel(now + 30 * MINUTE - SECOND, tick=False):
        assert let_in(enter(token)) == {sam}


def test_r17_looking_never_uses_a_pass_up(sams_phone, sam, now):
    token = a_pass(sams_phone)
    for asks in (Browser(), phone(sam, "one-more")):
        for address in ("/", f"/?pass={token}", f"/join/?token={token}", "/install/", f"/join/{token}"):
            for method in (asks.get, asks.head, asks.options):
                method(address, headers={"User-Agent": IPHONE})
    assert let_in(enter(token)) == {sam}


@pytest.mark.parametrize(
    "shut",
    [lambda sam: sam.devices.all().revoke(), lambda sam: sam.devices.get().revoke()],
    ids=["all", "one"],
)
def test_r18_a_pass_is_worthless_once_the_phone_that_asked_is_shut_out(sams_phone, sam, now, shut):
    token = a_pass(sams_phone)
    shut(sam)
    assert Invitation.objects.get().revoked_at == now
    assert refused(enter(token))


def test_r18_signing_the_phone_out_makes_its_pass_worthless(sams_phone, now):
    token = a_pass(sams_phone)
    sams_phone.post("/leave/")
    assert refused(enter(token))


def test_r18_shutting_another_phone_out_leaves_the_pass_alone(sams_phone, sam, now):
    token = a_pass(sams_phone)
    phone(sam, "other" * 9)
    sam.devices.holding("other" * 9).revoke()
    assert let_in(enter(token)) == {sam}


def test_r17_nobody_is_let_in_when_the_phone_is_shut_out_at_the_same_moment(sams_phone, sam, now):
    invitation = inviting.by_token(a_pass(sams_phone), now)
    Device.objects.update(revoked_at=now)
    assert inviting.accept(invitation, now, "Safari, iPhone") is None
    assert not sam.devices.live().exists()


def test_r18_a_pass_leaves_links_and_codes_open_and_they_leave_it_open(sams_phone, sam, now):
    link, code = inviting.invite(sam, now), inviting.make_code(sam, now)
    token = a_pass(sams_phone)
    assert link in Invitation.objects.open(now)
    assert code in Invitation.objects.open(now)
    inviting.invite(sam, now)
    inviting.make_code(sam, now)
    assert let_in(enter(token)) == {sam}


def test_r18_a_pass_is_not_shown_at_the_desk_as_the_clients_link(sams_phone, sam, desk, now):
    token = a_pass(sams_phone)
    assert token not in desk.get(f"/desk/clients/{sam.id}/invitation/").content.decode()


def test_r17_a_pass_is_no_code_and_makes_none(sams_phone, sam, now):
    token = a_pass(sams_phone)
    typed = Browser().post("/join/code/", {"code": Invitation.objects.get().code()})
    assert refused(typed)
    assert let_in(enter(token, code="1")) == {sam}
    assert not Invitation.objects.filter(kind="code").exists()


def test_r17_the_pass_of_an_archived_client_lets_nobody_in(sams_phone, sam, now):
    token = a_pass(sams_phone)
    sam.archived_at = now
    sam.save()
    assert refused(enter(token))


def test_r17_a_pass_is_stored_as_a_hash(sams_phone, now):
    token = a_pass(sams_phone)
    stored = Invitation.objects.values().get()
    assert stored["token_hash"] == secret.digest(token)
    assert token not in repr(stored)


def test_a_phone_that_somebody_is_in_on_is_asked_whose_it_is(sams_phone, lees_phone, lee, now):
    """The welcome page is the only one that sends a pass by itself, and it is shown to no phone that is in."""
    assert refused(enter(a_pass(sams_phone), lees_phone))
    assert {device.client for device in Device.objects.live().holding(LEES_PHONE)} == {lee}


@pytest.mark.django_db(transaction=True)
def test_r17_fifty_at_once_with_one_pass_let_one_in(sams_phone, sam):
    token = inviting.make_pass(sam.devices.get(), timezone.now()).token()

    def one(number):
        try:
            return enter(token, address=f"10.0.0.{number}").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as pool:
        assert sorted(pool.map(one, range(50))) == [302] + [422] * 49
    assert sam.devices.count() == 2


# The welcome page of the new app


def test_the_welcome_page_has_a_form_for_the_pass_and_words_for_when_it_is_worthless(stranger, db):
    welcome = read(stranger.get("/"))
    form = welcome.one("form", data_pass=True)
    assert form.hidden
    assert (form["action"], form.one("input", name="token").get("value")) == ("/join/", None)
    assert [words.hidden for words in welcome.all("p", data_no_pass=True)] == [True, True]


def test_a_page_of_a_phone_that_is_in_has_no_form_for_a_pass(sams_phone, sams_session):
    assert read(sams_phone.get("/")).all("form", data_pass=True) == []

"""Devices: who a browser stands for, how it is shut out, one phone used by several people (R6, R16, R17)."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser

from checklist import inviting
from checklist.device_cookie import DEVICE_COOKIE
from checklist.models import Device, Invitation, Session
from tests import factories
from tests.conftest import SAMS_PHONE, phone, signed_in
from tests.reading import read

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def join(browser, client, **fields):
    """Accept a fresh invitation of that client in that browser."""
    token = inviting.invite(client, factories.NOW).token()
    return browser.post("/join/", {"token": token, **fields})


def stands_for(browser):
    """Return the clients that a browser may act for."""
    rows = Device.objects.live().holding(browser.cookies[DEVICE_COOKIE].value)
    return {device.client for device in rows}


def shut_out(browser):
    return browser.get("/sessions/").status_code == 401


# Coming in


def test_a_browser_without_a_cookie_is_told_how_to_get_in(stranger, db):
    answer = stranger.get("/sessions/")
    assert answer.status_code == 401
    assert "/join/code/" in answer.content.decode()


def test_a_phone_that_was_let_in_sees_its_session(sams_phone, sams_session):
    assert sams_phone.get(f"/sessions/{sams_session.id}/").status_code == 200


def test_a_device_is_named_by_its_browser_and_nothing_else(sam, now):
    browser = Browser(
        headers={"User-Agent": "Mozilla/5.0 (Linux; Android 14; SM-1) Chrome/130 Mobile Safari/537"}
    )
    join(browser, sam)
    assert Device.objects.get().label == "Chrome, Android"


@pytest.mark.parametrize("agent", ["", "\x00", "x" * 5000, "\u202e"], ids=["none", "NUL", "long", "turned"])
def test_r29_a_browser_that_says_something_odd_is_let_in_as_a_browser(agent, sam, now):
    browser = Browser(HTTP_USER_AGENT=agent)
    assert join(browser, sam).status_code == 302
    assert Device.objects.get().label == "Browser"


def test_the_day_of_the_last_use_is_noted_once_a_day(sams_phone, sam, now, django_assert_num_queries):
    with time_machine.travel(now + DAY, tick=False):
        sams_phone.get("/help/")
        assert sam.devices.get().last_seen_on == (now + DAY).date()
        with django_assert_num_queries(1):
            sams_phone.get("/help/")


def test_a_phone_that_comes_back_with_a_new_invitation_gets_a_new_token(sam, now):
    browser = Browser()
    join(browser, sam)
    old = browser.cookies[DEVICE_COOKIE].value
    Device.objects.all().revoke()
    join(browser, sam)
    assert browser.cookies[DEVICE_COOKIE].value != old
    assert stands_for(browser) == {sam}


# Being told of another one


def told(browser):
    """Return what the first page says of other phones."""
    return [line.text for line in read(browser.get("/")).all("p") if "Another phone" in line.text]


@pytest.fixture
def another(sam, sams_phone, now):
    """A phone that was let in for Sam an hour after Sam's own."""
    factories.enrol(sam, "another", now + HOUR, "Firefox, Linux")
    with time_machine.travel(now + 2 * HOUR, tick=False):
        yield


def test_r20_who_is_let_in_after_it_shows_on_a_phone(sams_phone, another):
    (line,) = told(sams_phone)
    assert line.startswith("Another phone can see your list: Firefox, Linux. Added: Today, ")
    assert 'href="/devices/"' in sams_phone.get("/").content.decode()


def test_the_newer_phone_is_not_told_of_the_older_one(sam, another):
    browser = Browser()
    browser.cookies[DEVICE_COOKIE] = "another"
    assert told(browser) == []


def test_a_phone_that_was_taken_out_is_told_of_no_more(sam, sams_phone, another):
    sam.devices.holding("another").revoke()
    assert told(sams_phone) == []


def test_after_a_week_it_is_known(sams_phone, another, now):
    with time_machine.travel(now + 8 * DAY, tick=False):
        assert told(sams_phone) == []


def test_r16_a_phone_of_somebody_else_is_nobodys_business(ana, sams_phone, now):
    factories.enrol(ana, "anas", now + HOUR)
    with time_machine.travel(now + 2 * HOUR, tick=False):
        assert told(sams_phone) == []


def test_what_a_phone_showed_is_worth_nothing_once_it_is_taken_out(sam, sams_phone, now):
    sams_phone.post("/devices/add/")
    sam.devices.all().revoke(now)
    assert not sam.invitations.open(now).exists()


# Being shut out


def test_a_client_takes_another_phone_of_theirs_out(sam, sams_phone):
    other = phone(sam, "sams-tablet")
    sams_phone.post(f"/devices/{sam.devices.holding('sams-tablet').get().id}/revoke/")
    assert shut_out(other)
    assert not shut_out(sams_phone)


def test_a_client_may_take_out_the_phone_in_their_hand(sam, sams_phone):
    sams_phone.post(f"/devices/{sam.devices.get().id}/revoke/")
    assert shut_out(sams_phone)


def test_a_therapist_takes_a_clients_phone_out(desk, sam, sams_phone):
    desk.post(f"/desk/clients/{sam.id}/devices/{sam.devices.get().id}/revoke/")
    assert shut_out(sams_phone)


def test_a_phone_that_was_taken_out_is_told_so(sam, sams_phone):
    sam.devices.all().revoke()
    first, never = sams_phone.get("/"), Browser().get("/sessions/")
    assert first.status_code == 401
    assert first.content != never.content


def test_a_phone_that_was_taken_out_is_not_taken_out_twice(sam, desk, sams_phone):
    path = f"/desk/clients/{sam.id}/devices/{sam.devices.get().id}/revoke/"
    assert [desk.post(path).status_code for _ in range(2)] == [302, 404]


def test_the_phone_of_an_archived_client_is_shut_out(desk, sam, sams_phone):
    desk.post(f"/desk/clients/{sam.id}/archive/")
    assert shut_out(sams_phone)


def test_the_phone_of_a_client_who_is_taken_back_works_again(desk, sam, sams_phone):
    desk.post(f"/desk/clients/{sam.id}/archive/")
    desk.post(f"/desk/clients/{sam.id}/archive/", {"back": "1"})
    assert not shut_out(sams_phone)


def test_ticks_stay_when_a_phone_is_taken_out(sam, sams_phone, sams_session):
    sams_phone.post(f"/sessions/{sams_session.id}/ticks/", {"item": "connection", "state": "done"})
    sam.devices.all().revoke()
    assert Session.objects.with_lists().get().readiness.done == 1


def test_signing_a_phone_out_asks_first(sams_phone):
    assert sams_phone.get("/leave/").status_code == 200
    assert not shut_out(sams_phone)


def test_a_phone_that_signed_out_is_shut_out_and_forgets_its_token(sams_phone):
    answer = sams_phone.post("/leave/")
    assert answer.cookies[DEVICE_COOKIE].value == ""
    assert shut_out(sams_phone)


def test_a_copied_cookie_is_worthless_once_the_phone_signed_out(sams_phone):
    thief = Browser()
    thief.cookies[DEVICE_COOKIE] = SAMS_PHONE
    sams_phone.post("/leave/")
    assert shut_out(thief)


# One browser of several people


def test_a_phone_that_is_set_up_asks_whose_it_is_before_anything_is_used_up(lee, sams_phone):
    answer = join(sams_phone, lee)
    assert answer.status_code == 422
    assert Invitation.objects.get().used_at is None
    assert not lee.devices.exists()


@pytest.mark.parametrize("person", ["", "both", "\x00", "SAME"])
def test_r29_an_answer_that_there_is_not_lets_nobody_in(person, lee, sams_phone):
    assert join(sams_phone, lee, person=person).status_code == 422
    assert not lee.devices.exists()


def test_one_browser_may_stand_for_a_client_of_two_practices(sam, lee, sams_phone):
    join(sams_phone, lee, person="same")
    assert stands_for(sams_phone) == {sam, lee}
    assert sams_phone.cookies[DEVICE_COOKIE].value == SAMS_PHONE


def test_one_browser_of_two_practices_sees_the_sessions_of_both(lee, sams_phone, sams_session, lees_session):
    join(sams_phone, lee, person="same")
    answers = [sams_phone.get(f"/sessions/{session.id}/") for session in (sams_session, lees_session)]
    assert [answer.status_code for answer in answers] == [200, 200]


def test_r16_a_therapist_of_one_practice_can_not_take_the_phone_out_of_the_other(
    lee, omar, desk, sam, sams_phone
):
    join(sams_phone, lee, person="same")
    desk.post(f"/desk/clients/{sam.id}/devices/{sam.devices.get().id}/revoke/")
    assert stands_for(sams_phone) == {lee}


def test_a_browser_of_two_practices_signs_out_of_both(lee, sams_phone):
    join(sams_phone, lee, person="same")
    sams_phone.post("/leave/")
    assert not Device.objects.live().exists()


def test_somebody_else_on_the_same_phone_starts_afresh(sam, lee, sams_phone):
    join(sams_phone, lee, person="other")
    assert stands_for(sams_phone) == {lee}
    assert sams_phone.cookies[DEVICE_COOKIE].value != SAMS_PHONE
    assert not sam.devices.live().exists()


def test_r16_somebody_else_on_the_same_phone_sees_nothing_of_the_first_person(lee, sams_phone, sams_session):
    join(sams_phone, lee, person="other")
    assert sams_phone.get(f"/sessions/{sams_session.id}/").status_code == 404


def test_the_token_of_the_first_person_is_worthless_when_somebody_else_took_the_phone(lee, sams_phone):
    join(sams_phone, lee, person="other")
    earlier = Browser()
    earlier.cookies[DEVICE_COOKIE] = SAMS_PHONE
    assert shut_out(earlier)


def test_joining_twice_as_the_same_person_leaves_one_device(sam, sams_phone):
    join(sams_phone, sam, person="same")
    assert sam.devices.count() == 1
    assert not shut_out(sams_phone)


def test_a_shared_phone_does_not_let_in_on_a_token_that_was_revoked(sam, lee, sams_phone):
    """Whoever copied the old cookie gets nothing when its owner comes in again."""
    sam.devices.all().revoke()
    join(sams_phone, lee, person="same")
    assert sams_phone.cookies[DEVICE_COOKIE].value != SAMS_PHONE


def test_a_code_for_another_phone_lets_it_in_as_well(sam, sams_phone):
    sams_phone.post("/devices/add/")
    code = Invitation.objects.get().code()
    tablet = Browser()
    tablet.post("/join/code/", {"code": code})
    assert stands_for(tablet) == {sam}


def test_a_phone_makes_so_many_codes_an_hour_and_is_asked_to_wait(sams_phone, now):
    answers = [sams_phone.post("/devices/add/") for _ in range(21)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert answers[20].headers["Retry-After"] == "600"
    assert Invitation.objects.count() == 20


def test_r16_a_client_sees_their_own_devices_only(sams_phone, lees_phone, lee):
    assert str(lee.devices.get().id) not in sams_phone.get("/devices/").content.decode()


def test_a_therapist_who_holds_a_phone_as_well_sees_the_desk(kim, sams_phone):
    desk = signed_in(kim)
    desk.cookies[DEVICE_COOKIE] = SAMS_PHONE
    assert desk.get("/").url == "/desk/"

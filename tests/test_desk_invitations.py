"""The ways in, seen from the desk: the link with its square code, mail, codes to read out, devices."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser

from checklist import inviting
from checklist.models import Delivery, Device, Invitation
from tests import factories
from tests.at_desk import look, section
from tests.conftest import signed_in
from tests.reading import read

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def of(client, more="invitation/"):
    return f"/desk/clients/{client.id}/{more}"


def shown(desk, client):
    """Return the link on the invitation's page."""
    return look(desk, of(client)).one("input", id="link")["value"]


def mails(client):
    """Return the deliveries of invitations to that client."""
    return Delivery.objects.filter(reminder__client=client, reminder__kind="invitation")


def buttons(desk, client):
    return [button.text for button in look(desk, of(client)).one("main").all("button") if button.text]


# The link


def test_r17_the_link_carries_its_token_in_the_fragment(desk, ana, now):
    row = inviting.invite(ana, now)
    assert shown(desk, ana) == f"http://127.0.0.1:8000/join/#{row.token()}"


def test_r17_looking_at_it_uses_nothing_up_and_changes_nothing(desk, ana, now):
    inviting.invite(ana, now)
    before = list(Invitation.objects.values())
    for _ in range(2):
        look(desk, of(ana))
    assert list(Invitation.objects.values()) == before


def test_the_same_link_stands_in_a_square_code(desk, ana, now):
    inviting.invite(ana, now)
    square = look(desk, of(ana)).one(role="img")
    assert square["aria-label"] == "Square code with the same link"
    assert square.one("svg").get("viewbox")


def test_r26_nothing_on_the_page_needs_a_style_or_script_inside_it(desk, ana, now):
    inviting.invite(ana, now)
    page = look(desk, of(ana))
    assert not [element for element in page.walk() if "style" in element.attrs]
    assert all(script.get("src") for script in page.all("script"))


def test_the_page_says_how_long_it_lasts_and_that_opening_it_is_free(desk, ana, now):
    inviting.invite(ana, now)
    told = look(desk, of(ana)).text
    assert "It works once, for one phone, until Thursday 3 December, 2:18 pm." in told
    assert "Opening the link does not use it up; the button “Get started” does." in told


def test_the_copy_button_waits_for_a_browser_that_can_copy(desk, ana, now):
    inviting.invite(ana, now)
    page = look(desk, of(ana))
    assert page.one("button", data_copy="link").hidden
    assert "readonly" in page.one("input", id="link").attrs


def test_a_page_with_a_token_is_kept_by_no_cache(desk, ana, now):
    inviting.invite(ana, now)
    assert "no-store" in desk.get(of(ana)).headers["Cache-Control"]


def test_a_new_one_makes_the_earlier_one_worthless(desk, ana, now):
    first = inviting.invite(ana, now)
    desk.post(of(ana))
    first.refresh_from_db()
    assert first.revoked_at
    assert ana.invitations.open(now).count() == 1


def test_taking_it_back_leaves_none_open_not_even_a_code(desk, ana, now):
    inviting.invite(ana, now)
    inviting.make_code(ana, now)
    assert desk.post(of(ana, "invitation/revoke/")).url == of(ana, "")
    assert not ana.invitations.open(now).exists()


@pytest.mark.parametrize("age", [None, 8])
def test_without_an_open_one_the_page_offers_to_make_one(age, desk, ana, now):
    if age:
        inviting.invite(ana, now - age * DAY)
    assert buttons(desk, ana) == ["Make an invitation"]


def test_a_client_with_a_phone_may_let_in_another(desk, sam, sams_phone, now):
    desk.post(of(sam))
    assert look(desk, of(sam)).one("h1").text == "Let in another phone"


def test_the_link_that_is_shown_lets_a_phone_in(desk, ana, now):
    inviting.invite(ana, now)
    token = shown(desk, ana).partition("#")[2]
    assert Browser().post("/join/", {"token": token}).status_code == 302
    assert ana.devices.count() == 1


def test_the_link_that_is_shown_works_after_the_key_was_changed_with_a_fallback(dana, ana, settings, now):
    before = inviting.invite(ana, now).token()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-key-" * 5, [settings.SECRET_KEY]
    token = shown(signed_in(dana), ana).partition("#")[2]
    assert token == before
    assert Browser().post("/join/", {"token": token}).status_code == 302
    signed_in(dana).post(of(ana))  # one that is made from now on goes by the new key
    settings.SECRET_KEY_FALLBACKS = []
    token = shown(signed_in(dana), ana).partition("#")[2]
    assert Browser().post("/join/", {"token": token}).status_code == 302


# By mail


def test_a_link_that_is_already_shared_stays_good_when_it_is_mailed(desk, sam, now):
    row = inviting.invite(sam, now)
    desk.post(of(sam), {"mail": "1"})
    assert sam.invitations.open(now).get() == row
    assert mails(sam).get().reminder.invitation == row


def test_mailing_again_makes_a_new_one(desk, sam, now):
    inviting.invite(sam, now, by_mail=True)
    desk.post(of(sam), {"mail": "1"})
    assert mails(sam).count() == 2
    assert sam.invitations.open(now).count() == 1


def test_mailing_without_an_open_one_makes_and_mails_one(desk, sam, now):
    desk.post(of(sam), {"mail": "1"})
    assert mails(sam).get().reminder.invitation == sam.invitations.open(now).get()


def test_a_client_is_mailed_five_times_an_hour_and_the_page_says_why_no_more(desk, sam, now):
    for _ in range(6):
        answer = desk.post(of(sam), {"mail": "1"}, follow=True)
    assert mails(sam).count() == 5
    assert "The mail was not sent: there were many in a short time." in read(answer).text
    assert sam.invitations.open(now).get().reminders.exists()  # the last one that was mailed stays good
    desk.post(of(sam))
    assert shown(desk, sam).endswith(sam.invitations.open(now).get().token())
    with time_machine.travel(now + 60 * MINUTE, tick=False):
        desk.post(of(sam), {"mail": "1"})
    assert mails(sam).count() == 6


def test_a_therapist_mails_so_many_invitations_a_day(desk, dana, sam, jo, now, monkeypatch):
    monkeypatch.setattr("checklist.views.desk.invitations.ALL_MAILS", 2)
    people = [factories.client(dana, name, f"{name}@example.org") for name in ("ben", "eve", "max")]
    for client in people:
        desk.post(of(client), {"mail": "1"})
    assert [mails(client).count() for client in people] == [1, 1, 0]
    signed_in(jo.therapist).post(of(jo), {"mail": "1"})
    assert mails(jo).count() == 1


def test_without_an_address_there_is_no_mail_even_when_asked(desk, ana, now):
    inviting.invite(ana, now)
    assert "Send it by e-mail" not in buttons(desk, ana)
    desk.post(of(ana), {"mail": "1"})
    assert not mails(ana).exists()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("planned", "On its way sam@example.org"),
        ("sent", "Sent sam@example.org , 2:18 pm"),
        ("failed", "The mail to sam@example.org was not delivered."),
    ],
)
def test_r15_the_page_says_what_became_of_the_mail(state, words, desk, sam, now):
    inviting.invite(sam, now, by_mail=True)
    mails(sam).update(state=state, finished_at=now)
    assert words in section(look(desk, of(sam)), "Send the link")


# A code to read out


def the_code(desk, client):
    """Return the code on its page; empty when there is none."""
    codes = look(desk, of(client, "code/")).all("p", kind="code")
    return codes[0].text if codes else ""


def test_a_code_is_made_only_when_asked_for(desk, ana, now):
    assert the_code(desk, ana) == ""
    assert not Invitation.objects.exists()


def test_a_code_has_two_groups_that_are_easy_to_say(desk, ana, now):
    desk.post(of(ana, "code/"))
    assert re.fullmatch(r"[2-9A-HJKMNP-TV-Z]{4} [2-9A-HJKMNP-TV-Z]{4}", the_code(desk, ana))


def test_the_page_says_where_to_type_it_and_until_when(desk, ana, now):
    desk.post(of(ana, "code/"))
    told = look(desk, of(ana, "code/")).text
    assert "http://127.0.0.1:8000/join/code/" in told
    assert "It works once, until 2:28 pm." in told


def test_the_code_that_is_read_out_lets_a_phone_in(desk, ana, now):
    desk.post(of(ana, "code/"))
    spoken = the_code(desk, ana).lower()
    assert Browser().post("/join/code/", {"code": spoken}).status_code == 302
    assert the_code(desk, ana) == ""


def test_a_code_is_gone_after_ten_minutes(desk, ana, now):
    desk.post(of(ana, "code/"))
    with time_machine.travel(now + 10 * MINUTE, tick=False):
        assert the_code(desk, ana) == ""


def test_another_code_replaces_the_first(desk, ana, now):
    desk.post(of(ana, "code/"))
    first = the_code(desk, ana)
    desk.post(of(ana, "code/"))
    assert the_code(desk, ana) not in ("", first)
    assert ana.invitations.open(now).count() == 1


def test_r20_a_code_that_went_to_the_clients_own_mailbox_is_not_shown(desk, sam, now):
    inviting.mail_code(sam.email, now)
    assert the_code(desk, sam) == ""


def test_r20_a_code_that_the_client_made_for_another_phone_is_not_shown(desk, ana, now):
    inviting.make_code(ana, now, made_from=inviting.invite(ana, now))
    assert the_code(desk, ana) == ""


def test_r20_a_code_that_a_phone_shows_is_not_shown(desk, sam, sams_phone, now):
    sams_phone.post("/devices/add/")
    assert sam.invitations.open(now).count() == 1
    assert the_code(desk, sam) == ""


def test_a_code_of_the_desk_and_one_of_a_phone_end_each_other_neither_way(desk, sam, sams_phone, now):
    desk.post(of(sam, "code/"))
    spoken = the_code(desk, sam)
    sams_phone.post("/devices/add/")
    assert the_code(desk, sam) == spoken
    desk.post(of(sam, "code/"))
    assert sam.invitations.open(now).count() == 2


@pytest.mark.parametrize("page", ["invitation/", "code/"])
def test_nobody_is_invited_while_archived(page, desk, ana, now):
    desk.post(of(ana, "archive/"))
    assert [desk.get(of(ana, page)).status_code, desk.post(of(ana, page)).status_code] == [404, 404]
    assert not Invitation.objects.exists()


# Devices


def test_a_device_that_is_shut_out_is_out_at_once(desk, sam, sams_phone, sams_session):
    device = sam.devices.get()
    answer = desk.post(of(sam, f"devices/{device.id}/revoke/"), follow=True)
    assert "That device has no access any more." in read(answer).one("div", kind="notices").text
    assert sams_phone.get("/").status_code == 401
    assert "No phone yet" in section(look(desk, of(sam, "")), "Their phone")


def test_shutting_out_asks_once_with_what_it_does(desk, sam, sams_phone):
    asking = look(desk, of(sam, "")).one("summary", kind="bad")
    assert asking.text == "Shut out Chrome, Android"


def test_a_device_can_not_be_shut_out_twice(desk, sam, sams_phone, now):
    device = sam.devices.get()
    device.revoke(now - DAY)
    assert desk.post(of(sam, f"devices/{device.id}/revoke/")).status_code == 404
    assert Device.objects.get().revoked_at == now - DAY


def test_only_devices_that_are_let_in_are_listed(desk, sam, now):
    factories.enrol(sam, "old", label="Safari, iPhone").revoke(now)
    factories.enrol(sam, "new", label="Firefox, Android")
    told = section(look(desk, of(sam, "")), "Their phone")
    assert "Firefox, Android" in told
    assert "Safari" not in told

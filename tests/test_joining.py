"""The pages on the way in: what they say before anybody is let in, and when they refuse (R17, R18, R29)."""

from datetime import timedelta

import pytest

from checklist import inviting, scheduling
from checklist.models import Device, Invitation
from tests import factories
from tests.conftest import SAMS_PHONE, phone
from tests.reading import read

SEES = (
    "Your therapist sees which items are done, which are open and which do not apply, until you turn that off under"
    " Sharing: all of it, or item by item."
)


def page(browser, address, status=200):
    answer = browser.get(address)
    assert answer.status_code == status
    return read(answer)


def send(browser, address, status, **fields):
    answer = browser.post(address, fields)
    assert answer.status_code == status
    return read(answer)


def form(page):
    """Return the form that has the invitation's token."""
    return page.one("form", data_fragment=True)


def token(client):
    return inviting.invite(client, factories.NOW).token()


# An invitation


def test_before_the_script_has_found_a_token_the_page_says_to_type_the_code(stranger, db):
    invitation = page(stranger, "/join/")
    assert form(invitation).hidden
    assert "ask your therapist for a code and type it in" in invitation.text
    assert "/join/code/" in {link["href"] for link in invitation.all("a")}


def test_the_page_says_who_will_see_what_before_anybody_taps(stranger, db):
    assert SEES in page(stranger, "/join/").text
    assert SEES in page(stranger, "/join/code/").text


def test_the_form_has_one_button_to_begin_and_one_for_another_phone(stranger, db):
    buttons = form(page(stranger, "/join/")).all("button")
    assert [(button.parts[0], button.get("name")) for button in buttons] == [
        ("Get started", None),
        ("Use it on another phone", "code"),
    ]


def test_r17_the_page_never_has_a_token_that_the_server_put_there(stranger, sam, now):
    known = token(sam)
    assert known not in stranger.get(f"/join/?token={known}").content.decode()


def test_a_fresh_phone_is_not_asked_whose_it_is(stranger, db):
    assert page(stranger, "/join/").all("input", type="radio") == []


def test_a_phone_that_is_set_up_is_asked_whose_it_is(sams_phone):
    invitation = page(sams_phone, "/join/")
    assert [field["value"] for field in invitation.all("input", type="radio")] == ["same", "other"]


def test_a_phone_that_is_set_up_is_led_to_its_list(sams_phone):
    assert "See your list" in page(sams_phone, "/join/").text


def test_a_phone_that_gave_no_answer_is_asked_again_and_keeps_its_invitation(sams_phone, lee, now):
    known = token(lee)
    again = send(sams_phone, "/join/", 422, token=known)
    assert "Say who is using this phone." in again.one("section", role="alert").text
    assert not form(again).hidden
    assert form(again).one("input", name="token")["value"] == known
    assert again.one("title").text.startswith("Please check")


def test_an_invitation_that_is_spent_says_what_to_do_and_offers_no_second_try(stranger, sam, now):
    known = token(sam)
    Invitation.objects.get().use(now)
    refused = send(stranger, "/join/", 422, token=known)
    assert "it has expired or was used before" in refused.one("section", role="alert").text
    assert form(refused).hidden
    assert "/join/code/" in {link["href"] for link in refused.all("a")}


def test_one_who_comes_in_is_greeted_on_the_first_of_the_first_steps(stranger, sam, sams_session):
    answer = stranger.post("/join/", {"token": token(sam)}, follow=True)
    assert answer.redirect_chain[-1] == ("/first-steps/what/", 302)
    assert read(answer).one("div", role="status").text == "You're in."


def test_a_session_is_promised_to_who_adds_a_therapist_to_a_phone_and_only_if_there_is_one(
    sams_phone, sams_session, lee, now
):
    answer = sams_phone.post("/join/", {"token": token(lee), "person": "same"}, follow=True)
    assert "You're in. Here is your next session." in read(answer).one("div", role="status").text
    assert read(answer).one("h1").text.endswith("in 42 minutes")  # by the clock of whichever came first


def test_a_cancelled_or_ended_session_is_not_promised_to_who_adds_a_therapist(
    sams_phone, sam, sams_session, lee, now
):
    scheduling.cancel(sams_session, now)
    factories.session(sam, -timedelta(hours=2))
    answer = sams_phone.post("/join/", {"token": token(lee), "person": "same"}, follow=True)
    assert read(answer).one("div", role="status").text == "You're in."


# A code for another phone


def test_r18_the_code_for_another_phone_is_shown_large_with_where_to_type_it(stranger, sam, now, settings):
    settings.BASE_URL = "https://settle.example"
    shown = send(stranger, "/join/", 200, token=token(sam), code="1")
    groups = [group.text for group in shown.one("p", kind="code").all("span")]
    assert "-".join(groups) == Invitation.objects.get(kind="code").code()
    assert "https://settle.example/join/code/" in shown.text
    assert "It works once, for ten minutes." in shown.text


def test_r18_a_phone_that_is_set_up_gets_a_code_without_saying_whose_it_is(sams_phone, lee, now):
    assert send(sams_phone, "/join/", 200, token=token(lee), code="1").all("p", kind="code")
    assert Device.objects.count() == 1


def test_a_phone_of_two_clients_gets_a_code_for_each(sams_phone, lee, now):
    phone(lee, SAMS_PHONE)
    shown = send(sams_phone, "/devices/add/", 200)
    assert len(shown.all("p", kind="code")) == 2


def test_a_code_that_is_shown_is_kept_by_nobody(sams_phone, now):
    assert "no-store" in sams_phone.post("/devices/add/").headers["Cache-Control"]


# Typing a code


def test_a_code_that_is_wrong_is_refused_at_its_field_and_stays_there(stranger, db):
    refused = send(stranger, "/join/code/", 422, code="AAAA-AAAA")
    field = refused.one("input", name="code")
    assert "This code doesn't work." in refused.one("section", role="alert").text
    assert (field["value"], field["aria-invalid"]) == ("AAAA-AAAA", "true")


def test_a_phone_may_fill_the_code_in_from_a_message(stranger, db):
    assert page(stranger, "/join/code/").one("input", name="code")["autocomplete"] == "one-time-code"


def test_after_many_tries_the_page_asks_to_wait(stranger, db):
    for _ in range(10):
        send(stranger, "/join/code/", 422, code="AAAA-AAAA")
    answer = stranger.post("/join/code/", {"code": "AAAA-AAAA"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "600")
    assert "Please wait a while" in read(answer).text


# A code by mail


def test_who_asks_for_a_code_is_led_to_where_it_is_typed(stranger, sam, now):
    answer = stranger.post("/join/lost/", {"email": sam.email}, follow=True)
    assert answer.redirect_chain == [("/join/code/", 302)]
    assert "a code is on its way" in read(answer).one("div", role="status").text


@pytest.mark.parametrize("email", ["", "sam", "sam@", "a@b\x00.example", "x" * 300 + "@example.org"])
def test_r29_an_address_that_is_none_is_refused_with_words(stranger, db, email):
    refused = send(stranger, "/join/lost/", 422, email=email)
    assert "E-mail" in refused.one("section", role="alert").text or "e-mail" in refused.text


# On every one of them


@pytest.mark.parametrize("address", ["/", "/join/", "/join/code/", "/join/lost/"])
def test_help_is_in_reach_before_anybody_is_let_in(stranger, db, address):
    assert "call your local emergency number" in page(stranger, address).text


def test_a_phone_that_nobody_let_in_is_told_how_to_get_in_and_where_help_is(stranger, sams_session):
    told = page(stranger, f"/sessions/{sams_session.id}/", status=401)
    assert told.one("h1").text == "This phone is not set up yet"
    assert {"/join/code/", "/join/lost/"} <= {link["href"] for link in told.all("a")}
    assert "call your local emergency number" in told.text

"""One-click unsubscribe by RFC 8058 (R14): GET changes nothing, POST needs no cookie."""

import pytest
from django.conf import settings
from django.test import Client as Browser

from checklist.channels.letters import unsubscribe_url
from checklist.models import Client, Delivery, Subscription
from tests import factories
from tests.looking import HOUR, MINUTE, fate, look
from tests.reading import read

pytest_plugins = ["tests.phones"]
pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def address(sam):
    """The path of Sam's address for unsubscribing."""
    return unsubscribe_url(sam).removeprefix(settings.BASE_URL)


@pytest.fixture
def program():
    """A mail program: no cookies, and forged requests are looked for as on a real server."""
    return Browser(enforce_csrf_checks=True)


def takes_mail(client):
    return Client.objects.get(pk=client.pk).mail_reminders


@pytest.mark.parametrize("method", ["get", "head"])
def test_r14_looking_changes_nothing(sam, address, program, method):
    assert getattr(program, method)(address).status_code == 200
    assert takes_mail(sam)


def test_r14_one_click_without_a_cookie_stops_the_mail(sam, address, program):
    response = program.post(address, ONE_CLICK)
    assert response.status_code == 200
    assert not takes_mail(sam)


def test_r14_one_click_answers_without_redirect_or_cookie(address, program):
    response = program.post(address, ONE_CLICK)
    assert response.status_code == 200
    assert not response.cookies


def test_r14_the_body_may_be_sent_as_a_plain_form(sam, address, program):
    body, kind = "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"
    assert program.post(address, body, content_type=kind).status_code == 200
    assert not takes_mail(sam)


def test_r14_a_second_click_is_fine(sam, address, program):
    program.post(address, ONE_CLICK)
    assert program.post(address, ONE_CLICK).status_code == 200
    assert not takes_mail(sam)


def test_r14_again_starts_it_again(sam, address, program):
    program.post(address, ONE_CLICK)
    program.post(address, {"again": "yes"})
    assert takes_mail(sam)


def test_r9_what_was_planned_before_does_not_leave(evening, address, program):
    program.post(address, ONE_CLICK)
    assert look(evening).sent == []
    assert fate() == ("dropped", "unsubscribed")


def test_r9_what_was_planned_before_leaves_when_it_is_on_again(evening, address, program):
    program.post(address, ONE_CLICK)
    program.post(address, {"again": "yes"})
    assert look(evening).kinds == ["day_before"]


@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_r16_a_wrong_token_is_a_404(sam, jo, address, program, method):
    foreign = unsubscribe_url(jo).rstrip("/").rsplit("/", 1)[1]
    for token in ("x", foreign, "ä" * 43, "%F0%9F%99%82"):
        wrong = f"/unsubscribe/{sam.id}/{token}/"
        assert getattr(program, method)(wrong).status_code == 404, token
    assert takes_mail(sam)


def test_r16_an_unknown_client_is_a_404(address, program, sam):
    sam.delete()
    assert program.post(address, ONE_CLICK).status_code == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_r29_other_methods_are_refused(sam, address, program, method):
    assert getattr(program, method)(address).status_code == 405
    assert takes_mail(sam)


@pytest.mark.parametrize(
    ("body", "kind"),
    [("{", "application/json"), ("\xff", "application/x-www-form-urlencoded"), ("", "text/plain")],
)
def test_r29_a_body_that_says_nothing_still_means_stop(sam, address, program, body, kind):
    """Whoever posts to this address wants no more mail; nothing but `again` means something else."""
    assert program.post(address, body, content_type=kind).status_code == 200
    assert not takes_mail(sam)


def test_an_archived_client_can_still_unsubscribe(sam, address, program, now):
    Client.objects.filter(pk=sam.pk).update(archived_at=now)
    program.post(address, ONE_CLICK)
    assert not takes_mail(sam)


def test_nobody_elses_reminders_stop(jo, address, program):
    program.post(address, ONE_CLICK)
    assert takes_mail(jo)


def test_the_page_names_nobody(sam, address, program):
    """Mail is forwarded, and scanners open its links."""
    for response in (
        program.get(address),
        program.post(address, ONE_CLICK),
        program.post(address, {"again": "1"}),
    ):
        page = response.content.decode()
        assert not any(word in page for word in ("Sam K.", "Dana", "Green Room", "sam@example.org"))


def test_the_page_works_without_a_script_and_says_what_happened(address, program):
    assert "Switch them off" in program.get(address).content.decode()
    assert "Reminders by e-mail are off" in program.post(address, ONE_CLICK).content.decode()
    assert "Reminders are on again" in program.post(address, {"again": "yes"}).content.decode()


def test_who_is_off_already_is_offered_to_switch_on(address, program):
    program.post(address, ONE_CLICK)
    page = program.get(address).content.decode()
    assert 'name="again"' in page
    assert 'name="List-Unsubscribe"' not in page


def test_nothing_of_it_is_kept_by_a_browser(address, program):
    assert "no-store" in program.get(address).headers["Cache-Control"]


def test_the_address_is_on_our_own_server(sam, settings):
    settings.BASE_URL = "https://settle.example"
    assert unsubscribe_url(sam).startswith(f"https://settle.example/unsubscribe/{sam.id}/")


def test_r14_a_link_in_an_old_mail_works_after_the_key_was_changed(sam, address, program, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key " * 6, [settings.SECRET_KEY]
    program.post(address, ONE_CLICK)
    assert not takes_mail(sam)


def test_r14_a_link_made_with_a_key_that_is_given_up_is_worth_nothing(sam, address, program, settings):
    settings.SECRET_KEY = "a new key " * 6
    assert program.post(address, ONE_CLICK).status_code == 404
    assert takes_mail(sam)


# Links of an address that the client has left


@pytest.fixture
def old_address(sam, address):
    """The path in a mail to Sam's address of before."""
    Client.objects.filter(pk=sam.pk).update(email="new@example.org")
    return address


@pytest.mark.parametrize("fields", [ONE_CLICK, {"again": "yes"}])
@pytest.mark.parametrize("wish", [True, False])
def test_r14_a_link_of_an_old_address_changes_nothing_for_the_new_one(
    fields, wish, sam, old_address, program
):
    Client.objects.update(mail_reminders=wish)
    assert program.post(old_address, fields).status_code == 200
    assert takes_mail(sam) == wish


def test_r14_a_link_of_an_old_address_says_that_nothing_comes_there_and_offers_nothing(old_address, program):
    for answer in (program.get(old_address), program.post(old_address, ONE_CLICK)):
        page = read(answer)
        assert page.one("h1").text == "This link can't switch them off"
        assert page.one("main").all("form") == []


def test_r16_a_link_of_an_old_address_does_not_tell_the_new_one(old_address, program):
    assert "new@example.org" not in program.get(old_address).content.decode()


def test_r14_a_link_works_again_when_its_address_comes_back(sam, old_address, program):
    Client.objects.filter(pk=sam.pk).update(email="SAM@example.org")
    program.post(old_address, ONE_CLICK)
    assert not takes_mail(sam)


def test_r14_a_link_works_for_the_new_address_from_its_first_mail_on(sam, old_address, program):
    sam.refresh_from_db()
    program.post(unsubscribe_url(sam).removeprefix(settings.BASE_URL), ONE_CLICK)
    assert not takes_mail(sam)


def test_r16_half_a_token_changes_nothing(sam, jo, address, program):
    who, where = address.rstrip("/")[:-21], unsubscribe_url(jo).rstrip("/")[-21:]
    for path in (f"{who}/", f"{who}{where}/", f"{who}{'A' * 21}/"):
        program.post(path, ONE_CLICK)
    assert takes_mail(sam)


def test_r14_a_link_in_a_mail_to_an_old_address_is_known_after_the_key_was_changed(
    old_address, program, settings
):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key " * 6, [settings.SECRET_KEY]
    assert program.post(old_address, ONE_CLICK).status_code == 200


# Notifications


def test_r14_who_stops_the_mails_still_gets_the_notifications(sam, subscribed, address, program, told, now):
    factories.session(sam, 3 * HOUR)
    program.post(address, ONE_CLICK)
    assert len(told(now + HOUR)) == 1
    assert look(now + HOUR + 10 * MINUTE).kinds == []
    fates = Delivery.objects.filter(reminder__kind="hours_before").values_list("channel", "state", "reason")
    assert set(fates) == {("push", "sent", ""), ("email", "dropped", "unsubscribed")}
    assert Subscription.objects.live().count() == 1

"""A calendar that keeps up by itself: the address that a client gives it, and what is there (R3, R16)."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from icalendar import Calendar

from checklist import inviting, scheduling
from checklist.models import Device
from tests import factories
from tests.conftest import SAMS_PHONE
from tests.looking import DAY, HOUR
from tests.reading import read

PAGE = "/calendar/"


def address(browser, number=0):
    """Make an address, as a person does, and return its path."""
    clients = re.findall(r'name="client" value="([^"]+)"', browser.get(PAGE).content.decode())
    assert browser.post(PAGE, {"client": clients[number], "feed": "on"}).status_code == 302
    found = re.findall(rf'value="{settings.BASE_URL}(/calendar/[^"]+)"', browser.get(PAGE).content.decode())
    return found[-1]


def entries(browser, path):
    """Return the entries of a feed, without those for getting ready."""
    answer = browser.get(path)
    assert answer.status_code == 200
    return [
        event for event in Calendar.from_ical(answer.content).walk("VEVENT") if "-ready@" not in event["UID"]
    ]


@pytest.fixture
def feed(sams_phone, sams_session):
    return address(sams_phone)


# The address


def test_there_is_none_before_it_is_made(sams_phone, sams_session):
    assert ".ics" not in sams_phone.get(PAGE).content.decode()
    assert Device.objects.get().feed == ""


def test_it_is_shown_again_and_stays_the_same(sams_phone, feed):
    assert address(sams_phone) == feed


def test_a_calendar_can_take_it_by_a_tap(sams_phone, feed):
    calendar = settings.BASE_URL.replace("http:", "webcal:") + feed
    assert f'href="{calendar}"' in sams_phone.get(PAGE).content.decode()


def test_it_needs_no_cookie_and_gives_none(stranger, feed):
    answer = stranger.get(feed)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]
    assert not answer.cookies


def test_one_that_was_taken_back_is_a_404(sams_phone, stranger, feed):
    answer = sams_phone.post(PAGE, {"feed": "off"}, follow=True)
    assert "The address is taken back." in read(answer).text
    assert stranger.get(feed).status_code == 404


def test_one_that_is_made_anew_is_another(sams_phone, stranger, feed):
    sams_phone.post(PAGE, {"feed": "off"})
    assert address(sams_phone) != feed
    assert stranger.get(feed).status_code == 404


@pytest.mark.parametrize("letter", [0, 31, 32, 60])
def test_r16_any_other_letter_makes_it_a_404(stranger, feed, letter):
    at = len(PAGE) + letter
    other = "0" if feed[at] != "0" else "1"
    assert stranger.get(feed[:at] + other + feed[at + 1 :]).status_code == 404


def test_r16_a_phone_that_is_shut_out_takes_it_along_for_good(stranger, feed, now):
    Device.objects.all().revoke(now)
    assert stranger.get(feed).status_code == 404
    Device.objects.update(revoked_at=None)
    assert stranger.get(feed).status_code == 404


def test_signing_out_ends_it(sams_phone, stranger, feed):
    sams_phone.post("/leave/")
    assert stranger.get(feed).status_code == 404


def test_the_calendar_of_somebody_archived_is_a_404(sam, stranger, feed, now):
    sam.archived_at = now
    sam.save()
    assert stranger.get(feed).status_code == 404


def test_who_has_only_the_database_has_no_address(feed):
    assert Device.objects.get().feed not in feed


def test_it_holds_while_the_key_of_the_server_is_changed(stranger, feed, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key" * 5
    assert stranger.get(feed).status_code == 200


@pytest.mark.parametrize("fields", [{}, {"feed": ""}, {"feed": "maybe"}, {"feed": ["on\x00"]}])
def test_r29_a_button_that_there_is_not_changes_nothing(sams_phone, sams_session, fields):
    answer = sams_phone.post(PAGE, fields)
    assert answer.status_code == 422
    assert "Tap one of the buttons." in read(answer).text
    assert Device.objects.get().feed == ""


def test_r16_another_persons_client_is_a_404(sams_phone, sams_session, lee):
    assert sams_phone.post(PAGE, {"client": str(lee.id), "feed": "on"}).status_code == 404


def test_a_phone_of_two_clients_has_an_address_for_each(
    sams_phone, sams_session, lee, lees_session, stranger
):
    factories.enrol(lee, SAMS_PHONE)
    one, other = address(sams_phone, 0), address(sams_phone, 1)
    assert [len(entries(stranger, path)) for path in (one, other)] == [1, 1]
    assert entries(stranger, one)[0]["UID"] != entries(stranger, other)[0]["UID"]


# What is there


def test_a_session_that_is_booked_is_there(sam, stranger, feed):
    factories.session(sam, 4 * DAY)
    assert len(entries(stranger, feed)) == 2


def test_one_that_moves_moves_with_a_higher_number(sams_session, stranger, feed, now):
    (before,) = entries(stranger, feed)
    scheduling.change(sams_session, now, sams_session.starts_at + HOUR, 50)
    (after,) = entries(stranger, feed)
    assert (after["UID"], after["DTSTART"].dt) == (before["UID"], before["DTSTART"].dt + HOUR)
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_one_that_is_cancelled_says_so(sams_session, stranger, feed, now):
    scheduling.cancel(sams_session, now)
    assert [entry["STATUS"] for entry in entries(stranger, feed)] == ["CANCELLED"]


def test_one_that_is_over_stays_for_three_months(sam, stranger, feed):
    factories.session(sam, -80 * DAY)
    factories.session(sam, -100 * DAY)
    assert len(entries(stranger, feed)) == 2


def test_r16_nobody_elses_session_is_there(ana, lee, stranger, feed):
    factories.session(ana)
    factories.session(lee)
    assert len(entries(stranger, feed)) == 1


def test_it_speaks_the_clients_language(sam, stranger, feed):
    assert entries(stranger, feed)[0]["SUMMARY"] == "Time set aside"
    sam.keep_language("es")
    assert entries(stranger, feed)[0]["SUMMARY"] == "Tiempo reservado"
    assert stranger.get(feed).headers["Content-Language"] == "es"


def test_it_asks_calendars_to_look_every_four_hours(stranger, feed):
    book = Calendar.from_ical(stranger.get(feed).content)
    assert book["REFRESH-INTERVAL"].dt == timedelta(hours=4)


def test_r28_many_sessions_take_as_many_queries_as_few(sam, stranger, feed, django_assert_num_queries):
    for number in range(12):
        factories.session(sam, (3 + number) * DAY)
    with django_assert_num_queries(2):
        stranger.get(feed)


def test_the_page_about_reminders_leads_there(sams_phone, sams_session):
    assert f'href="{PAGE}"' in sams_phone.get("/reminders/").content.decode()


def test_r16_erasing_the_client_ends_it(sam, stranger, feed):
    sam.delete()
    assert stranger.get(feed).status_code == 404


def test_a_phone_that_comes_back_begins_without_one(sam, stranger, feed, now):
    assert Device.objects.get().feed
    stranger.post("/join/", {"token": inviting.invite(sam, now).token()})
    assert Device.objects.exclude(feed="").count() == 1

"""The page of a client's phones, and signing this one out."""

from datetime import timedelta

import time_machine

from checklist.models import Device
from tests import factories
from tests.conftest import SAMS_PHONE, phone
from tests.reading import read

ASKED = (
    "Once it has a connection, it can't open your list any more. A phone that stays offline goes on showing what it "
    "has. What you ticked stays. Take it out : Firefox, Android"
)


def rows(browser):
    """Return what each line of the list says, the newest phone first."""
    answer = browser.get("/devices/")
    assert answer.status_code == 200
    return [line.text for line in read(answer).one("main").all("li")]


def take_out(browser):
    """Return the addresses of the buttons that take a phone out."""
    forms = read(browser.get("/devices/")).one("main").all("form")
    return [form["action"] for form in forms if form["action"] != "/devices/add/"]


def test_each_phone_is_listed_with_its_name_and_when_it_was_added(sams_phone, sam, now):
    factories.enrol(sam, "other" * 9, now + timedelta(hours=1), "Firefox, Android")
    with time_machine.travel(now + timedelta(hours=2), tick=False):
        assert rows(sams_phone) == [
            f"Firefox, Android Added: Today, 12:18 pm Last used: Today Take out : Firefox, Android {ASKED}",
            "Chrome, Android Added: Today, 11:18 am Last used: Today This one",
        ]


def test_phones_of_one_name_are_told_apart_by_when_they_were_last_used(sams_phone, sam, now):
    for token, days in (("old" * 11, 40), ("older" * 9, 90)):
        factories.enrol(sam, token, now - timedelta(days=100), "Chrome, Linux")
        sam.devices.holding(token).update(last_seen_on=(now - timedelta(days=days)).date())
    said = sorted(row.partition("Last used: ")[2].partition(" Take")[0] for row in rows(sams_phone))
    assert said == ["Friday 28 August", "Saturday 17 October", "Today This one"]


def test_taking_a_phone_out_says_first_what_happens(sams_phone, sam, now):
    factories.enrol(sam, "other" * 9)
    step = read(sams_phone.get("/devices/")).one("details")
    assert step.get("open") is None
    assert "A phone that stays offline goes on showing what it has." in step.one("form").text


def test_the_phone_in_hand_is_marked_and_has_no_button_to_take_it_out(sams_phone, now):
    assert rows(sams_phone) == ["Chrome, Android Added: Today, 11:18 am Last used: Today This one"]
    assert take_out(sams_phone) == []


def test_a_phone_that_was_taken_out_leaves_the_list(sams_phone, sam, now):
    lost = phone(sam, "lost" * 11)
    (button,) = take_out(sams_phone)
    answer = sams_phone.post(button, follow=True)
    assert "That phone is taken out." in read(answer).one("div", role="status").text
    assert len(rows(sams_phone)) == 1
    assert lost.get("/devices/").status_code == 401


def test_a_phone_of_two_clients_is_listed_once_and_taken_out_for_both(sams_phone, sam, lee, now):
    other = "other" * 9
    for client in (sam, lee):
        phone(lee, SAMS_PHONE)
        factories.enrol(client, other)
    (button,) = take_out(sams_phone)
    sams_phone.post(button)
    assert not Device.objects.live().holding(other).exists()
    assert Device.objects.live().holding(SAMS_PHONE).count() == 2


def test_r16_taking_a_shared_phone_out_leaves_strangers_on_it_alone(sams_phone, sam, lee, now):
    other = "other" * 9
    for client in (sam, lee):
        factories.enrol(client, other)
    (button,) = take_out(sams_phone)
    sams_phone.post(button)
    assert [device.client for device in Device.objects.live().holding(other)] == [lee]


def test_r16_a_strangers_phone_is_not_listed(sams_phone, lees_phone, now):
    assert len(rows(sams_phone)) == 1


def test_signing_out_says_what_it_means_before_it_happens(sams_phone):
    text = read(sams_phone.get("/leave/")).one("main").text
    assert "What was sent is kept. To come back you need a new code." in text
    assert "Reminders by e-mail go on." in text


def test_after_signing_out_the_welcome_page_says_that_it_is_done(sams_phone, sams_session):
    seen = read(sams_phone.post("/leave/", follow=True))
    assert "This phone has been signed out." in seen.one("div", role="status").text
    assert seen.one("h1").text == "A calm start to every session"
    assert "Dana" not in seen.text

"""What a client sees of their reminders, and decides about them."""

from datetime import timedelta

import pytest
import time_machine

from checklist.models import Client, Delivery
from tests import factories
from tests.conftest import SAMS_PHONE, phone
from tests.looking import due, look
from tests.reading import read
from tests.subscribed import takes_notifications
from tests.wished import CHOICES, choose

pytest_plugins = ["tests.phones"]
DAY = timedelta(days=1)


def page(browser, status=200):
    answer = browser.get("/reminders/")
    assert answer.status_code == status
    return read(answer)


def lines(page, heading):
    """Return what the list under that heading says."""
    part = next(part for part in page.all("section") if part.all("h2") and part.one("h2").text == heading)
    return [line.text for line in part.all("li")] or [part.one("p").text]


@pytest.fixture
def in_three_days(sam, now):
    """A session of Sam's on Sunday at 11:18 am."""
    return factories.session(sam, 3 * DAY)


# What comes and what went


def test_what_comes_is_listed_with_its_moment_in_the_clients_zone(sams_phone, in_three_days):
    assert lines(page(sams_phone), "What comes") == [
        "Saturday 28 November, 6:00 pm The evening before. Your session: Sunday 29 November, 11:18 am",
        "Sunday 29 November, 9:18 am Hours before. Your session: Sunday 29 November, 11:18 am",
        "Sunday 29 November, 11:08 am Just before. Your session: Sunday 29 November, 11:18 am",
    ]


def test_r8_what_will_be_one_message_is_one_line(sams_phone, sam, in_three_days):
    factories.session(sam, 3 * DAY + timedelta(minutes=40))
    factories.session(sam, 3 * DAY + timedelta(minutes=60))
    coming = lines(page(sams_phone), "What comes")
    assert coming[:2] == [
        "Saturday 28 November, 6:00 pm The evening before. Your sessions: Sunday 29 November at 11:18 am and 11:58 am",
        "Saturday 28 November, 6:00 pm The evening before. Your session: Sunday 29 November, 12:18 pm",
    ]
    assert len(coming) == 6


def test_what_was_sent_moves_to_the_other_list_with_the_moment_when_it_went(sams_phone, in_three_days):
    look(due("day_before"))
    with time_machine.travel(due("day_before") + timedelta(minutes=1), tick=False):
        seen = page(sams_phone)
    assert lines(seen, "What was sent") == [
        "Today, 6:00 pm The evening before. Your session: Tomorrow, 11:18 am Sent by e-mail"
    ]
    assert len(lines(seen, "What comes")) == 2


def test_what_could_not_be_sent_is_said(sams_phone, in_three_days, now):
    Delivery.objects.filter(reminder__kind="day_before").update(state="failed", finished_at=now)
    assert lines(page(sams_phone), "What was sent")[0].endswith("E-mail could not be sent")


def test_what_was_not_needed_is_not_listed(sams_phone, in_three_days, now):
    Delivery.objects.update(state="dropped", reason="all done", finished_at=now)
    seen = page(sams_phone)
    assert lines(seen, "What comes") == ["Nothing right now. What will be sent shows up here."]
    assert "What was sent" not in seen.text


def test_with_reminders_off_nothing_is_said_to_come(sams_phone, sam, in_three_days):
    Client.objects.filter(pk=sam.pk).update(mail_reminders=False)
    assert lines(page(sams_phone), "What comes") == ["Nothing. Reminders are off."]


def test_a_client_without_an_address_is_told_why_nothing_comes(ana, now):
    factories.session(ana, 3 * DAY)
    seen = page(phone(ana, "ana" * 15))
    assert "There is no e-mail address for you yet" in seen.text
    assert seen.all("input", name="mail_reminders") == []
    assert lines(seen, "What comes") == ["Nothing. Reminders are off."]


def test_the_page_says_to_which_address_they_go(sams_phone):
    assert "They go to sam@example.org . They say nothing private." in page(sams_phone).text


def test_r16_another_clients_reminders_are_never_listed(sams_phone, lee, now):
    factories.session(lee, 3 * DAY)
    Delivery.objects.filter(reminder__kind="day_before").update(state="sent", finished_at=now)
    seen = page(sams_phone)
    assert "lee@example.org" not in seen.text
    assert lines(seen, "What comes") == ["Nothing right now. What will be sent shows up here."]
    assert "What was sent" not in seen.text


def test_r28_the_lists_need_as_many_queries_for_many_sessions_as_for_one(
    sams_phone, sam, in_three_days, django_assert_max_num_queries, django_assert_num_queries
):
    with django_assert_max_num_queries(5) as one:
        sams_phone.get("/reminders/")
    for week in range(1, 6):
        factories.session(sam, week * 7 * DAY)
    with django_assert_num_queries(len(one)):
        sams_phone.get("/reminders/")


# What a client decides


def test_reminders_can_be_stopped_and_started(sams_phone, sam):
    kept = []
    for without in ("mail_reminders", ""):
        assert choose(sams_phone, without=[without]).url == "/reminders/"
        kept.append(Client.objects.get(pk=sam.pk).mail_reminders)
    assert kept == [False, True]


def test_r12_another_zone_moves_the_evening_before(sams_phone, in_three_days):
    before = due("day_before")
    choose(sams_phone, time_zone="America/New_York")
    assert due("day_before") == before - timedelta(hours=3)


def test_the_page_shows_times_for_the_new_zone_at_once(sams_phone, in_three_days):
    answer = sams_phone.post("/reminders/", CHOICES | {"time_zone": "Europe/London"}, follow=True)
    assert "The evening before. Your session: Sunday 29 November, 7:18 pm" in read(answer).text


@pytest.mark.parametrize("zone", ["", "Moon/Sea", "America/Los_Angeles\x00", "../etc/passwd"])
def test_r29_a_zone_that_is_none_is_refused_and_nothing_changes(sams_phone, sam, zone):
    answer = choose(sams_phone, time_zone=zone)
    assert answer.status_code == 422
    assert read(answer).one("section", role="alert")
    assert read(answer).one("title").text.startswith("Please check")
    assert Client.objects.get(pk=sam.pk).time_zone == "America/Los_Angeles"


def test_a_client_without_an_address_keeps_their_consent_when_they_choose_a_zone(ana, now):
    choose(phone(ana, "ana" * 15), without=["mail_reminders"])
    assert Client.objects.get(pk=ana.pk).mail_reminders


def test_the_choice_is_for_every_client_of_one_therapist_that_the_phone_stands_for(sams_phone, dana, sam):
    phone(factories.client(dana, "S. again", "again@example.org"), SAMS_PHONE)
    choose(sams_phone, without=["mail_reminders"])
    assert set(Client.objects.values_list("mail_reminders", flat=True)) == {False}


def test_the_offer_of_the_phones_own_zone_waits_for_the_script(sams_phone):
    offer = page(sams_phone).one("p", data_zone_offer=True)
    assert offer.hidden
    assert offer.one("span").parts == ["Your phone is set to {zone}."]


# What is chosen so that nothing gets there


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, False),
        ({"mail_reminders": False}, True),
        ({"unwanted": ["day_before email", "hours_before email", "just_before email"]}, True),
        ({"unwanted": ["day_before email", "hours_before email"]}, False),
    ],
)
def test_who_would_get_nothing_is_told_so(fields, said, sams_phone, sam):
    Client.objects.filter(pk=sam.pk).update(**fields)
    assert ("no reminder reaches you" in page(sams_phone).text) == said


def test_who_has_a_phone_that_takes_them_is_reached_without_mail(sams_phone, sam, service, keys, now):
    takes_notifications(sam, service, now)
    Client.objects.filter(pk=sam.pk).update(mail_reminders=False)
    assert "no reminder reaches you" not in page(sams_phone).text


def test_it_does_not_say_nothing_private_when_open_items_are_named(sams_phone, sam):
    Client.objects.filter(pk=sam.pk).update(open_items_in_mail=True)
    assert "nothing private" not in page(sams_phone).text


def test_the_desk_does_not_say_that_mails_go_out_when_none_is_wanted(desk, sam):
    every = ["day_before email", "hours_before email", "just_before email"]
    Client.objects.filter(pk=sam.pk).update(unwanted=every)
    assert "None by e-mail, as they chose" in read(desk.get(f"/desk/clients/{sam.id}/")).text

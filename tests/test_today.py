"""The page of the next session: what is shown at which moment, and what comes first."""

from datetime import timedelta

import pytest
import time_machine

from checklist import scheduling, ticking
from checklist.models import Device
from checklist.pure.phases import order
from checklist.pure.readiness import PHASES
from checklist.views.client import toolbox
from tests import factories
from tests.conftest import SAMS_PHONE, phone
from tests.reading import read

MINUTE, SECOND, DAY = timedelta(minutes=1), timedelta(seconds=1), timedelta(days=1)
LINK = "https://meet.example.org/room-7"


def today(browser):
    """Return the page that the phone opens with."""
    answer = browser.get("/")
    assert answer.status_code == 200
    return read(answer)


def tick(session, *items, state="done"):
    for item in items:
        ticking.tick(session, item, state, None, factories.NOW)


def tick_all(session):
    tick(session, *[line.item.key for line in session.readiness.lines])


def hero(page):
    return page.one("section", kind="hero")


def headings(page):
    return [heading.text for heading in page.all("h2", kind="phase")]


def next_item(page):
    return [item["id"] for item in page.all("li", kind="item", aria_current="step")]


def buttons(page):
    """Return {text: address or None} of the links in the card."""
    return {link.text: link.get("href") for link in hero(page).one("div", kind="act").all("a")}


# Which phase comes first


@pytest.mark.parametrize(
    ("left", "first"),
    [
        (400 * DAY, "ahead"),
        (60 * MINUTE, "ahead"),
        (60 * MINUTE - SECOND, "hour"),
        (15 * MINUTE, "hour"),
        (15 * MINUTE - SECOND, "just_before"),
        (0 * SECOND, "just_before"),
        (-30 * MINUTE, "just_before"),
    ],
    ids=str,
)
def test_the_phase_whose_time_it_is_comes_first(left, first):
    assert order(left)[0] == first


def test_what_follows_comes_next_and_then_what_was_earlier_the_nearest_first():
    orders = [order(left) for left in (2 * DAY, 42 * MINUTE, 5 * MINUTE)]
    assert orders == [
        ("ahead", "hour", "just_before"),
        ("hour", "just_before", "ahead"),
        ("just_before", "hour", "ahead"),
    ]


@pytest.mark.parametrize("minutes", range(-60, 120, 7))
def test_no_phase_is_ever_left_out(minutes):
    assert sorted(order(minutes * MINUTE)) == sorted(PHASES)


def test_42_minutes_before_the_page_begins_with_what_is_for_the_hour_before(sams_phone, sams_session):
    assert headings(today(sams_phone)) == [
        "Within the hour 0 of 4",
        "Just before 0 of 3",
        "Ahead of time 0 of 6",
    ]


def test_three_days_before_the_page_begins_with_what_is_for_ahead_of_time(sams_phone, sam, now):
    factories.session(sam, 3 * DAY)
    assert headings(today(sams_phone))[0] == "Ahead of time 0 of 6"


# The next thing to do


def test_the_first_open_item_on_the_page_is_the_next_thing_to_do(sams_phone, sams_session):
    assert next_item(today(sams_phone)) == ["connection"]


def test_the_next_thing_skips_what_is_done_and_what_does_not_apply(sams_phone, sams_session):
    tick(sams_session, "connection")
    tick(sams_session, "picture", state="na")
    assert next_item(today(sams_phone)) == ["quiet-room"]


def test_when_a_phase_is_done_the_next_thing_is_in_the_phase_after_it(sams_phone, sams_session):
    tick(sams_session, "connection", "picture", "quiet-room", "call-drops")
    assert next_item(today(sams_phone)) == ["alerts-off-call"]


def test_when_all_is_done_nothing_is_next_and_the_page_says_so_kindly(sams_phone, sams_session):
    tick_all(sams_session)
    page = today(sams_phone)
    assert next_item(page) == []
    assert "You are all set." in hero(page).text


def test_while_something_is_open_the_page_does_not_say_that_all_is_done(sams_phone, sams_session):
    assert "all set" not in hero(today(sams_phone)).text


# The counts


def test_the_ring_shows_how_many_items_are_done(sams_phone, sams_session):
    tick(sams_session, "connection", "calendar", "slow-minutes")
    page = today(sams_phone)
    assert page.one("div", kind="ring").text == "3 of 13 done"
    assert page.all("circle")[1]["stroke-dasharray"] == "3 13"


def test_what_does_not_apply_is_in_no_count(sams_phone, sams_session):
    tick(sams_session, "picture", state="na")
    page = today(sams_phone)
    assert page.one("div", kind="ring").text == "0 of 12 done"
    assert headings(page)[0] == "Within the hour 0 of 3"


def test_a_session_whose_list_is_empty_has_no_ring(sams_phone, sams_session, dana):
    version = dana.practice.checklists.get().edit([])
    scheduling.change(sams_session, factories.NOW, sams_session.starts_at, 50, version=version)
    page = today(sams_phone)
    assert page.all("div", kind="ring") == []
    assert "all set" not in page.text


# Time


def test_the_time_is_that_of_the_clients_own_zone(sams_phone, sams_session):
    card = hero(today(sams_phone))
    assert card.one("h1").text == "12:00 pm, in 42 minutes"
    assert "Today, video" in card.text


def test_the_card_says_with_whom_and_for_how_long(sams_phone, sams_session):
    assert "50 minutes with Dana R." in hero(today(sams_phone)).text


def test_once_it_has_begun_the_card_says_so(sams_phone, sams_session):
    with time_machine.travel(sams_session.starts_at, tick=False):
        assert hero(today(sams_phone)).one("h1").text == "12:00 pm, it has started"


def test_the_session_stays_until_its_end(sams_phone, sams_session):
    with time_machine.travel(sams_session.ends_at - SECOND, tick=False):
        assert "it has started" in hero(today(sams_phone)).text
    with time_machine.travel(sams_session.ends_at, tick=False):
        assert "Nothing is planned yet" in today(sams_phone).text


def test_the_countdown_in_the_page_knows_the_instant_and_the_zone(sams_phone, sams_session):
    mark = hero(today(sams_phone)).one("time")
    assert mark["datetime"] == "2026-11-26T20:00:00+00:00"
    assert mark["data-zone"] == "America/Los_Angeles"


def test_on_a_phone_of_two_zones_the_countdown_has_the_zone_that_the_times_are_shown_in(sams_phone, lee, now):
    phone(lee, SAMS_PHONE)
    factories.session(lee, DAY)
    page = today(sams_phone)
    zones = {"11:18 am,": "America/Los_Angeles", "7:18 pm,": "Europe/London"}
    card = hero(page)
    assert card.one("time")["data-zone"] == zones[card.one("h1").one("span").text]


# The way in


def test_the_way_in_is_shut_until_15_minutes_before(sams_phone, sams_session):
    with time_machine.travel(sams_session.starts_at - 15 * MINUTE - SECOND, tick=False):
        assert buttons(today(sams_phone)) == {
            "Join opens at 11:45 am": None,
            "Add to calendar": f"/sessions/{sams_session.id}/calendar.ics",
        }


def test_the_way_in_is_open_from_15_minutes_before_to_the_end(sams_phone, sams_session):
    for moment in (sams_session.starts_at - 15 * MINUTE, sams_session.ends_at - SECOND):
        with time_machine.travel(moment, tick=False):
            assert buttons(today(sams_phone))["Join now"] == LINK


def test_a_link_is_shown_with_its_host(sams_phone, sams_session):
    assert "Opens meet.example.org" in hero(today(sams_phone)).text


def test_a_visit_has_directions_at_any_time(sams_phone, sam, now):
    factories.session(sam, 3 * DAY, way="in_person", link="https://maps.example.org/green-room")
    assert buttons(today(sams_phone))["Directions"] == "https://maps.example.org/green-room"


@pytest.mark.parametrize("way", ["video", "text"])
def test_without_a_link_the_card_says_who_can_tell_it(sams_phone, sam, now, way):
    factories.session(sam, way=way, link="")
    card = hero(today(sams_phone))
    assert "There is no link here yet. Dana R. can tell you how to join." in card.text
    assert "Join" not in card.text


@pytest.mark.parametrize("way", ["voice", "in_person"])
def test_a_call_or_a_visit_needs_no_link(sams_phone, sam, now, way):
    factories.session(sam, way=way, link="")
    assert list(buttons(today(sams_phone))) == ["Add to calendar"]


# Moved, cancelled, nothing planned, several


def test_a_session_that_was_moved_says_from_when_and_that_ticks_are_kept(sams_phone, sams_session, now):
    scheduling.change(sams_session, now, sams_session.starts_at + 2 * DAY, 50)
    text = hero(today(sams_phone)).text
    assert "Saturday 28 November, video" in text
    assert "Moved It was Today, 12:00 pm . Your ticks are kept." in text


def test_a_cancelled_session_is_said_plainly_above_the_next_one(sams_phone, sam, sams_session, now):
    factories.session(sam, 7 * DAY)
    scheduling.cancel(sams_session, now)
    page = today(sams_phone)
    assert page.one("p", kind="notice").text == "Cancelled Today, 12:00 pm, with Dana R."
    assert "in 7 days" in hero(page).text


def test_a_cancelled_session_with_nothing_after_it_is_said_plainly(sams_phone, sams_session, now):
    scheduling.cancel(sams_session, now)
    text = hero(today(sams_phone)).text
    assert text.startswith("Cancelled Today, 12:00 pm Nothing is planned yet")


def test_what_was_cancelled_is_forgotten_once_its_time_is_over(sams_phone, sams_session, now):
    scheduling.cancel(sams_session, now)
    with time_machine.travel(sams_session.ends_at, tick=False):
        assert "Cancelled" not in today(sams_phone).text


def test_with_nothing_planned_the_page_says_what_will_happen(sams_phone):
    text = hero(today(sams_phone)).text
    assert text == "Nothing is planned yet When your next session is booked, it shows up here."


def test_a_phone_of_two_clients_shows_the_others_sessions_below(sams_phone, sam, lee, sams_session):
    phone(lee, SAMS_PHONE)
    factories.session(sam, DAY)
    other = factories.session(lee, 3 * DAY)
    page = today(sams_phone)
    assert "Also coming" in headings(page)
    assert [link["href"] for link in page.all("a", kind="entry")] == [f"/sessions/{other.id}/"]


def test_a_phone_of_one_client_shows_one_session(sams_phone, sam, sams_session):
    factories.session(sam, 7 * DAY)
    assert today(sams_phone).all("a", kind="entry") == []


# An item


def test_each_item_is_a_form_that_works_by_itself(sams_phone, sams_session):
    page = today(sams_phone)
    forms = [form for item in page.all("li", kind="item") for form in item.all("form")]
    fields = [{field["name"]: field["value"] for field in form.all("input")} for form in forms]
    assert {form["action"] for form in forms} == {f"/sessions/{sams_session.id}/ticks/"}
    assert [field["item"] for field in fields] == [item["id"] for item in page.all("li", kind="item")]
    assert {field["back"] for field in fields} == {"today"}
    assert len({field["operation"] for field in fields}) == 1  # made with the page; the item makes it its own
    assert len(forms) == 13
    assert all(field["csrfmiddlewaretoken"] for field in fields)


def test_a_tick_tells_a_screen_reader_whether_it_is_done(sams_phone, sams_session):
    tick(sams_session, "connection")
    tick(sams_session, "picture", state="na")
    boxes = {
        box.text: (box["aria-checked"], box["value"])
        for box in today(sams_phone).all("button", role="checkbox")
    }
    assert boxes["Check the connection where you will sit"] == ("true", "open")
    assert boxes["Check your light and your camera"] == ("false", "done")
    assert boxes["Take three slow minutes"] == ("false", "done")


def test_a_tool_has_a_button_only_where_there_is_a_page_for_it(sams_phone, sams_session):
    chips = [chip for chip in today(sams_phone).all("a", kind="chip") if "exit" not in chip.classes]
    assert {chip.text: chip["href"] for chip in chips} == {
        "See what we do": "/help/#call-drops",
        "Add to calendar": f"/sessions/{sams_session.id}/calendar.ics",
        "See your next dates": "/progress/",
    } | {str(tool.label): f"/tools/{tool.name}/#{sams_session.id}" for tool in toolbox.TOOLS}


def test_every_link_on_the_page_leads_somewhere(sams_phone, sams_session):
    links = {link["href"].partition("#")[0] for link in today(sams_phone).all("a", href=True)}
    assert {sams_phone.get(link).status_code for link in links if link.startswith("/")} == {200}


def test_a_fact_has_its_source_with_it(sams_phone, sams_session):
    (item,) = today(sams_phone).all("li", id="join-video")
    assert "Source: Andrews and others, 2018" in item.text


def test_a_therapists_own_words_are_shown_as_they_are_and_never_as_markup(sams_phone, sams_session, dana):
    version = dana.practice.checklists.get()
    item = version.current.items.first()
    item.pk, item.title = None, "<script>alert(1)</script> & tea"
    scheduling.change(sams_session, factories.NOW, sams_session.starts_at, 50, version=version.edit([item]))
    page = today(sams_phone)
    assert page.one("button", role="checkbox").text == "<script>alert(1)</script> & tea"


# Who sees it


def test_a_stranger_sees_the_welcome_page_with_every_way_in(stranger, db):
    page = today(stranger)
    assert page.one("h1").text == "A calm start to every session"
    assert {"/join/code/", "/join/lost/", "/desk/sign-in/"} <= {link["href"] for link in page.all("a")}


def test_only_the_welcome_page_may_be_found_by_search_engines(stranger, sams_phone, sams_session):
    assert stranger.get("/").headers["X-Robots-Tag"] == "all"
    assert sams_phone.get("/").headers["X-Robots-Tag"] == "noindex"


def test_a_therapist_is_led_to_the_desk(desk):
    assert desk.get("/").url == "/desk/"


def test_a_phone_that_was_taken_out_is_told_so_and_how_to_get_back(sams_phone, sams_session):
    Device.objects.all().revoke()
    answer = sams_phone.get("/")
    page = read(answer)
    assert answer.status_code == 401
    assert page.one("h1").text == "This phone has no access any more"
    assert "/join/code/" in {link["href"] for link in page.all("a")}
    assert "Dana" not in page.text


def test_a_persons_page_is_kept_by_nobody(sams_phone, sams_session):
    assert "no-store" in sams_phone.get("/").headers["Cache-Control"]


def test_r28_the_page_needs_as_many_queries_with_twelve_sessions_as_with_two(
    sams_phone, sam, sams_session, django_assert_max_num_queries, django_assert_num_queries, now
):
    scheduling.cancel(factories.session(sam, DAY), now)
    with django_assert_max_num_queries(8) as two:
        sams_phone.get("/")
    for week in range(1, 6):
        factories.session(sam, week * 7 * DAY)
        scheduling.cancel(factories.session(sam, week * 7 * DAY + DAY), now)
    with django_assert_num_queries(len(two)):
        sams_phone.get("/")

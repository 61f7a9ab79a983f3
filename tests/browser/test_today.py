"""What a client sees and taps on the page of the next session."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from checklist import scheduling, ticking
from checklist.models import Device
from tests import factories
from tests.browser import harness
from tests.browser.conftest import let_in
from tests.browser.kept import carries_a_tick, has_copies, try_again

SLOW, CALENDAR, PICTURE = (
    "Take three slow minutes",
    "Put the session in your calendar",
    "Check your light and your camera",
)
CALL_DROPS = "Know what we do if the call drops"


def tick(page, title):
    return page.get_by_role("checkbox", name=title, exact=True)


def item(page, title):
    return page.get_by_role("listitem").filter(has=tick(page, title))


def ring(page):
    return page.locator(".ring p")


def phase(page, name):
    return page.get_by_role("heading", name=re.compile(f"^{name}"))


def tap(page, title):
    """Tap the tick and wait until the server has it."""
    with saving(page):
        tick(page, title).tap()


def saving(page):
    """Wait until what is tapped inside has been answered: by the log of the phone, or as a page."""
    return page.expect_response(carries_a_tick)


def set_aside(page, title):
    item(page, title).locator("summary").tap()
    with saving(page):
        item(page, title).get_by_role("button", name="Does not apply this time").tap()


@pytest.fixture(params=["with scripts", "without scripts"])
def handset(request, people, sam, sams_session):
    """Sam's phone on the page of the next session."""
    kind = harness.PHONE if request.param == "with scripts" else harness.OLD_PHONE
    page = let_in(people(kind), sam)
    page.goto("/")
    return page


@pytest.fixture
def ready(sams, sams_session):
    """Sam's phone with scripts, on the page of the next session."""
    sams.goto("/")
    return sams


# Ticking, with scripts and without (R7)


def test_a_tick_counts_at_once(handset):
    tap(handset, SLOW)
    expect(tick(handset, SLOW)).to_be_checked()
    expect(ring(handset)).to_have_text("1 of 13 done")
    expect(phase(handset, "Just before")).to_contain_text("1 of 3")


def test_a_tick_is_still_there_after_a_reload(handset):
    tap(handset, SLOW)
    handset.goto("/")
    expect(tick(handset, SLOW)).to_be_checked()
    expect(ring(handset)).to_have_text("1 of 13 done")


def test_what_to_do_when_the_call_drops_stays_in_reach_after_its_tick(handset):
    tap(handset, CALL_DROPS)
    handset.goto("/")
    expect(tick(handset, CALL_DROPS)).to_be_checked()
    expect(item(handset, CALL_DROPS).get_by_role("link", name="See what we do")).to_be_visible()
    expect(item(handset, CALL_DROPS).locator(".why")).to_be_hidden()


def test_a_tick_is_still_there_after_coming_back_to_the_page(handset):
    tap(handset, SLOW)
    expect(ring(handset)).to_have_text("1 of 13 done")
    handset.get_by_role("link", name="Help", exact=True).tap()
    expect(handset.get_by_role("heading", level=1)).to_have_text("Help")
    handset.go_back()
    expect(tick(handset, SLOW)).to_be_checked()
    expect(ring(handset)).to_have_text("1 of 13 done")


def test_a_tick_can_be_taken_back(handset):
    tap(handset, SLOW)
    expect(ring(handset)).to_have_text("1 of 13 done")
    tap(handset, SLOW)
    expect(tick(handset, SLOW)).not_to_be_checked()
    expect(ring(handset)).to_have_text("0 of 13 done")
    handset.goto("/")
    expect(tick(handset, SLOW)).not_to_be_checked()


def test_what_does_not_apply_leaves_the_count(handset):
    set_aside(handset, PICTURE)
    expect(item(handset, PICTURE)).to_have_attribute("data-state", "na")
    expect(ring(handset)).to_have_text("0 of 12 done")
    handset.goto("/")
    expect(item(handset, PICTURE).locator(".not-now")).to_be_visible()
    expect(ring(handset)).to_have_text("0 of 12 done")


def test_what_is_put_back_counts_again(handset):
    set_aside(handset, PICTURE)
    expect(ring(handset)).to_have_text("0 of 12 done")
    details = item(handset, PICTURE).locator("details")
    if details.get_attribute("open") is None:
        details.locator("summary").tap()
    with saving(handset):
        item(handset, PICTURE).get_by_role("button", name="It does apply").tap()
    expect(ring(handset)).to_have_text("0 of 13 done")
    expect(item(handset, PICTURE)).to_have_attribute("data-state", "open")


def test_a_tick_made_without_scripts_is_seen_by_the_phone_with_scripts(people, sam, sams_session):
    old, new = (
        let_in(people(kind), sam, f"{name}-phone" * 4)
        for name, kind in (("old", harness.OLD_PHONE), ("new", harness.PHONE))
    )
    old.goto("/")
    tap(old, SLOW)
    new.goto("/")
    expect(tick(new, SLOW)).to_be_checked()
    tap(new, SLOW)
    old.goto("/")
    expect(tick(old, SLOW)).not_to_be_checked()


def test_a_form_sent_twice_counts_once(people, sam, sams_session):
    """R4."""
    page = let_in(people(harness.OLD_PHONE), sam)
    page.goto("/")
    form = item(page, SLOW).locator("form")
    sent = {
        field.get_attribute("name"): field.get_attribute("value") for field in form.locator("input").all()
    }
    for state in ("done", "done"):
        page.request.post(form.get_attribute("action"), form={**sent, "state": state})
    page.goto("/")
    expect(ring(page)).to_have_text("1 of 13 done")
    assert sams_session.ticks.count() == 1


def test_the_same_list_is_on_the_sessions_own_page(sams, sams_session):
    sams.goto("/sessions/")
    sams.get_by_role("link", name=re.compile("Dana")).tap()
    sams.wait_for_url(f"/sessions/{sams_session.id}/")
    tap(sams, SLOW)
    sams.goto("/")
    expect(tick(sams, SLOW)).to_be_checked()


# What comes next


def test_the_first_open_item_is_marked_as_the_next_thing(ready):
    first, second = ready.locator(".item").nth(0), ready.locator(".item").nth(1)
    expect(first).to_have_attribute("aria-current", "step")
    with saving(ready):
        first.get_by_role("checkbox").tap()
    expect(second).to_have_attribute("aria-current", "step")
    expect(ready.locator("[aria-current=step]")).to_have_count(1)


def test_when_all_is_done_the_page_says_so(sams, sams_session):
    *most, last = [line.item for line in sams_session.readiness.lines]
    for done in most:
        ticking.tick(sams_session, done.key, "done", Device.objects.get(), timezone.now())
    sams.goto("/")
    expect(sams.get_by_text("You are all set.")).to_be_hidden()
    tap(sams, last.title)
    expect(sams.get_by_text("You are all set.")).to_be_visible()
    expect(ring(sams)).to_have_text("13 of 13 done")


# When the desk changes something meanwhile


def test_an_open_page_shows_the_new_time_of_a_session_that_was_moved_with_the_next_tick(
    ready, sams_session, now
):
    scheduling.change(sams_session, now, sams_session.starts_at + timedelta(hours=3), 50)
    tick(ready, SLOW).tap()
    expect(ready.get_by_text("Moved")).to_be_visible()
    expect(ready.get_by_role("heading", level=1)).to_contain_text("3:00 pm")
    expect(tick(ready, SLOW)).to_be_checked()


def test_an_open_page_shows_that_a_session_was_cancelled_when_somebody_comes_back_to_it(
    sams, sams_session, now
):
    sams.goto(f"/sessions/{sams_session.id}/")
    has_copies(sams)
    scheduling.cancel(sams_session, now)
    try_again(sams)
    expect(sams.get_by_role("heading", level=1)).to_have_text("This session will not take place")


# Time


def test_a_phone_that_is_elsewhere_is_told_whose_time_it_is(people, sam, sams_session):
    page = let_in(people(harness.PHONE, timezone_id="Europe/Berlin"), sam)
    page.goto("/")
    expect(page.get_by_text("This is Los Angeles time.")).to_be_visible()


def test_a_phone_that_is_where_the_times_are_for_is_not_told(ready):
    expect(ready.get_by_text("This is Los Angeles time.")).to_be_hidden()


def test_the_countdown_counts(ready, clock):
    expect(ready.get_by_role("heading", level=1)).to_have_text("12:00 pm, in 42 minutes")
    clock.forward(minutes=2)
    expect(ready.get_by_role("heading", level=1)).to_have_text("12:00 pm, in 40 minutes")


def test_the_countdown_ends_with_the_start(ready, clock):
    clock.forward(minutes=43)
    expect(ready.get_by_role("heading", level=1)).to_have_text("12:00 pm, it has started")


def test_the_way_in_stays_shut_until_a_quarter_of_an_hour_before(ready, clock):
    clock.forward(minutes=26)
    expect(ready.get_by_role("link", name="Join opens at 11:45 am")).to_be_disabled()
    assert ready.locator("[href='https://meet.example.org/room-7']").count() == 0


def test_the_way_in_opens_a_quarter_of_an_hour_before_without_a_reload(ready, clock):
    clock.forward(minutes=27)
    expect(ready.get_by_role("link", name="Join now")).to_have_attribute(
        "href", "https://meet.example.org/room-7"
    )
    expect(ready.get_by_text("Opens meet.example.org")).to_be_visible()


def test_the_way_in_is_open_without_scripts(people, sam, sams_session, clock):
    clock.forward(minutes=30)
    page = let_in(people(harness.OLD_PHONE), sam)
    page.goto("/")
    expect(page.get_by_role("link", name="Join now")).to_have_attribute(
        "href", "https://meet.example.org/room-7"
    )


def test_times_are_those_of_the_clients_own_zone(people, ana, now):
    factories.session(ana, now=now)
    page = let_in(people(harness.PHONE, timezone_id="Australia/Sydney"), ana)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("7:00 am, in 42 minutes")
    expect(page.get_by_role("link", name="Join opens at 6:45 am")).to_be_visible()


def test_a_phone_whose_own_clock_stands_in_another_zone_shows_the_same_times(
    people, sam, sams_session, clock
):
    page = let_in(people(harness.PHONE, timezone_id="Asia/Kolkata"), sam)
    page.goto("/")
    clock.forward(minutes=1)
    expect(page.get_by_role("heading", level=1)).to_have_text("12:00 pm, in 41 minutes")


# What else can become of a session


def test_a_session_that_has_ended_says_so(sams, sams_session, clock):
    clock.forward(minutes=42 + 50)
    sams.goto(f"/sessions/{sams_session.id}/")
    expect(sams.get_by_role("heading", level=1)).to_have_text("This session has ended")
    expect(sams.get_by_role("checkbox")).to_have_count(0)
    sams.goto("/")
    expect(sams.get_by_role("heading", level=1)).to_have_text("Nothing is planned yet")


def test_a_session_that_was_cancelled_says_so(sams, sams_session, now):
    scheduling.cancel(sams_session, now)
    sams.goto("/")
    expect(sams.get_by_text("Cancelled")).to_be_visible()
    sams.goto(f"/sessions/{sams_session.id}/")
    expect(sams.get_by_role("heading", level=1)).to_have_text("This session will not take place")
    expect(sams.get_by_role("checkbox")).to_have_count(0)


def test_a_session_that_was_moved_says_from_when_and_keeps_its_ticks(ready, sams_session, now):
    tap(ready, SLOW)
    scheduling.change(sams_session, now, sams_session.starts_at + timedelta(hours=2), 50)
    ready.goto("/")
    expect(ready.get_by_role("heading", level=1)).to_contain_text("2:00 pm")
    expect(ready.locator(".hero")).to_contain_text("Moved")
    expect(ready.locator(".hero s")).to_contain_text("12:00 pm")
    expect(tick(ready, SLOW)).to_be_checked()


def test_another_way_of_meeting_keeps_the_ticks_that_still_apply(ready, sams_session, now):
    """R2."""
    tap(ready, SLOW)
    tap(ready, PICTURE)
    scheduling.change(sams_session, now, sams_session.starts_at, 50, way="voice")
    ready.goto("/")
    expect(tick(ready, SLOW)).to_be_checked()
    expect(tick(ready, PICTURE)).to_have_count(0)


def test_a_visit_shows_the_way_there(sams, sam, now):
    factories.session(sam, now=now, way="in_person", link="https://maps.example.org/green-room")
    sams.goto("/")
    expect(sams.get_by_role("link", name="Directions")).to_have_attribute(
        "href", "https://maps.example.org/green-room"
    )


def test_a_session_with_no_link_says_who_knows_it(sams, sam, now):
    factories.session(sam, now=now, link="")
    sams.goto("/")
    expect(sams.get_by_text("There is no link here yet.")).to_be_visible()


def test_the_calendar_entry_can_be_saved(ready):
    with ready.expect_download() as download:
        ready.locator(".hero").get_by_role("link", name="Add to calendar").tap()
    assert download.value.suggested_filename == "settle.ics"


def test_a_client_with_nothing_planned_is_told_so(sams):
    sams.goto("/")
    expect(sams.get_by_role("heading", level=1)).to_have_text("Nothing is planned yet")


def test_a_stranger_is_shown_the_welcome_page(phone):
    phone.goto("/")
    expect(phone.get_by_role("heading", level=1)).to_have_text("A calm start to every session")
    expect(phone.get_by_role("link", name="I have a code")).to_be_visible()


def test_a_phone_of_two_practices_shows_both_sessions(people, sam, lee, sams_session, lees_session):
    page = let_in(let_in(people(harness.PHONE), sam), lee)
    page.goto("/")
    expect(page.locator("main")).to_contain_text("Dana R.")
    expect(page.locator("main")).to_contain_text("Omar B.")


def test_nothing_on_the_outside_of_the_page_says_what_it_is_for(ready):
    """R3."""
    assert not re.search("therap|session|dana|green room|sam", ready.title(), re.I)

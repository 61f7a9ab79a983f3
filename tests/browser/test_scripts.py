"""The logic in JavaScript, held against its twin in Python: words for a distance, clocks of ticks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.templatetags.static import static
from django.utils import timezone
from playwright.sync_api import expect

from checklist import ticking, wording
from checklist.models import Device, Tick
from checklist.pure.spoken import twelve_hours
from tests.browser import harness, probes
from tests.browser.conftest import let_in
from tests.browser.kept import all_sent, carries_a_tick, has_copies

MOMENTS = [
    datetime(2026, 11, 26, 19, 18, tzinfo=UTC),
    datetime(2026, 11, 1, 4, 30, 20, tzinfo=UTC),  # the night the clocks go back in New York
    datetime(2027, 3, 14, 6, 59, 59, tzinfo=UTC),  # and the one they go forward
    datetime(2026, 12, 31, 23, 0, 1, tzinfo=UTC),
]
DISTANCES = [
    timedelta(seconds=seconds)
    for minutes in (
        *range(1, 5),
        *range(57, 63),
        *range(117, 123),
        *range(175, 185),
        600,
        1439,
        1440,
        1441,
        2880,
        14400,
    )
    for seconds in (minutes * 60 - 1, minutes * 60, minutes * 60 + 30)
]
ZONES = ["UTC", "America/New_York", "Australia/Sydney", "Asia/Kolkata", "Pacific/Kiritimati"]


def spoken(at, now, zone):
    with timezone.override(ZoneInfo(zone)):
        return wording.in_words(at, now)


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_the_page_counts_in_the_same_words_as_the_server(sams, sams_session, moment):
    cases = [(moment + distance, zone) for distance in DISTANCES for zone in ZONES]
    sams.goto("/")
    sams.clock.set_fixed_time(moment)
    said = sams.evaluate(probes.SAY, [(at.isoformat(), zone) for at, zone in cases])
    both = [
        (f"{at - moment} in {zone}", words, spoken(at, moment, zone))
        for (at, zone), words in zip(cases, said, strict=True)
    ]
    assert [case for case in both if case[1] != case[2]] == []


CLOCK = """async ([address, cases]) => {
  const { clock } = await import(address);
  return cases.map(([at, zone]) => clock(Date.parse(at), zone));
}"""


def test_the_phone_says_the_time_of_day_in_the_same_words_as_the_server(sams, sams_session):
    cases = [(moment, zone) for moment in MOMENTS for zone in ZONES]
    sams.goto("/")
    said = sams.evaluate(CLOCK, [static("js/times.js"), [(at.isoformat(), zone) for at, zone in cases]])
    assert said == [twelve_hours(at.astimezone(ZoneInfo(zone))) for at, zone in cases]


# The clocks of ticks (R4)


@pytest.fixture
def ready(sams, sams_session):
    sams.goto("/")
    return sams


def box(page, item="slow-minutes"):
    return page.locator(f"#{item} .tick")


def test_taps_that_come_fast_end_as_the_last_one_says(ready, sams_session):
    for _ in range(5):
        box(ready).click()
    expect(box(ready)).to_be_checked()
    all_sent(ready)
    ready.reload()
    expect(box(ready)).to_be_checked()
    assert Tick.objects.count() == 5


@pytest.mark.parametrize("wrong", [timedelta(hours=-3), timedelta(hours=3)], ids=["behind", "ahead"])
def test_a_phone_whose_clock_is_wrong_still_has_the_last_word(people, sam, sams_session, clock, wrong):
    page = let_in(people(harness.PHONE), sam)
    ticking.tick(sams_session, "slow-minutes", "done", Device.objects.get(), timezone.now())
    page.clock.set_system_time(clock.now + wrong)
    page.goto("/")
    for checked in (False, True, False):
        with page.expect_response(carries_a_tick):
            box(page).click()
        expect(box(page)).to_be_checked(checked=checked)
    page.reload()
    expect(box(page)).not_to_be_checked()


def test_each_operation_has_an_id_a_clock_and_a_place_in_the_row(ready):
    sent = []
    for _ in range(3):
        with ready.expect_response(carries_a_tick) as answer:
            box(ready).click()
        sent.append(answer.value.request.post_data_json)
    operations = [batch["operations"][0] for batch in sent]
    assert len({operation["id"] for operation in operations}) == 3
    assert [operation["seq"] for operation in operations] == [1, 2, 3]
    assert operations == sorted(operations, key=lambda operation: operation["clock"])


def test_ticks_of_another_phone_show_up_with_the_next_answer(ready, sams_session):
    has_copies(ready)  # else its first look may be on its way, and bring the news
    ticking.tick(sams_session, "where-today", "done", Device.objects.get(), timezone.now())
    expect(box(ready, "where-today")).not_to_be_checked()
    with ready.expect_response(carries_a_tick):
        box(ready).click()
    expect(box(ready, "where-today")).to_be_checked()
    expect(ready.locator(".ring p")).to_have_text("2 of 13 done")

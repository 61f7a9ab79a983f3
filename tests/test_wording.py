"""Days and times in words, in the active zone and language; the filters and tags of {% load settle %}."""

import re
import uuid
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from checklist.channels import wording
from checklist.pure import spoken
from tests.factories import NOW

SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=n) for n in (1, 60, 3600, 86400))
PLACES = ["America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]


@pytest.fixture(autouse=True)
def _in_new_york():
    """2:18 pm on Thursday 26 November 2026, in English."""
    with timezone.override("America/New_York"), translation.override("en"):
        yield


def at(hour, minute=0, day=26, month=11, year=2026):
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo("America/New_York"))


def render(text, **context):
    return Template("{% load settle %}" + text).render(Context(context))


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [(0, 0, "12:00 am"), (0, 5, "12:05 am"), (9, 30, "9:30 am"), (11, 59, "11:59 am"), (12, 0, "12:00 pm"),
     (15, 0, "3:00 pm"), (23, 59, "11:59 pm")],
)  # fmt: skip
def test_the_clock_reads_as_people_say_it_and_never_breaks_in_two(hour, minute, words):
    assert wording.clock(at(hour, minute)) == words.replace(" ", spoken.NO_BREAK)


@pytest.mark.parametrize(
    ("language", "words"), [("en-gb", "3:00\N{NO-BREAK SPACE}pm"), ("es", "15:00"), ("de", "15:00")]
)
def test_r30_each_language_reads_the_clock_in_its_way(language, words):
    with translation.override(language):
        assert wording.clock(at(15)) == words


def test_the_clock_is_read_in_the_active_zone():
    with timezone.override("Asia/Kathmandu"):
        assert wording.clock(at(15)) == "1:45\N{NO-BREAK SPACE}am"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at(0), "Today"),
        (at(23, 59), "Today"),
        (at(0, day=27), "Tomorrow"),
        (at(23, 59, day=25), "Yesterday"),
        (at(0, day=28), "Saturday 28 November"),
        (at(9, day=1, month=1, year=2027), "Friday 1 January 2027"),
        (at(9, day=24), "Tuesday 24 November"),
    ],
)
def test_the_day_is_named_as_seen_from_now(moment, words):
    assert wording.day(moment, NOW) == words


def test_the_day_changes_at_midnight_where_the_reader_is():
    late = at(23, 30)
    with timezone.override("America/Los_Angeles"):
        assert wording.day(late + HOUR, late) == "Today"
    assert wording.day(late + HOUR, late) == "Tomorrow"


@pytest.mark.parametrize(
    ("language", "words"),
    [("es", "martes 1 de diciembre"), ("de", "Dienstag 1. Dezember"), ("fr", "mardi 1 décembre")],
)
def test_r30_each_language_names_the_day_in_its_way(language, words):
    with translation.override(language):
        assert wording.full_day(at(9, day=1, month=12), NOW) == words


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (-DAY, "now"), (0 * DAY, "now"), (SECOND, "in 1 minute"), (MINUTE, "in 1 minute"),
        (61 * SECOND, "in 2 minutes"), (42 * MINUTE, "in 42 minutes"), (HOUR, "in 60 minutes"),
        (119 * MINUTE, "in 119 minutes"), (2 * HOUR - SECOND, "in 2 hours"), (2 * HOUR, "in 2 hours"),
        (3 * HOUR - MINUTE, "in 2 hours"), (9 * HOUR, "in 9 hours"), (10 * HOUR, "tomorrow"),
        (DAY, "tomorrow"), (2 * DAY, "in 2 days"), (5 * DAY, "in 5 days"),
    ],
)  # fmt: skip
def test_the_distance_reads_as_people_say_it(ahead, words):
    assert wording.in_words(NOW + ahead, NOW) == words


def test_minutes_win_over_tomorrow_shortly_before_midnight():
    assert wording.in_words(at(0, 15, day=27), at(23, 45)) == "in 30 minutes"


def test_the_day_of_a_clock_change_is_counted_by_the_calendar():
    """From 11 pm on 7 March it is 23 hours to 11 pm on the 8th in New York: still tomorrow."""
    assert wording.in_words(at(23, day=8, month=3), at(23, day=7, month=3)) == "tomorrow"


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.timedeltas(timedelta(seconds=1), timedelta(days=40)),
    st.sampled_from(PLACES),
)
def test_the_distance_never_promises_more_time_than_there_is(now, left, place):
    unit, count = spoken.distance(now, now + left, ZoneInfo(place))
    promised = {
        spoken.MINUTES: (count - 1) * MINUTE,
        spoken.HOURS: count * HOUR if count > 2 else 2 * HOUR - MINUTE,
    }
    assert promised.get(unit, timedelta(0)) <= left


@pytest.mark.parametrize(
    ("zone", "place"),
    [
        ("America/Los_Angeles", "Los Angeles"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires"),
        ("UTC", "UTC"),
    ],
)
def test_a_zone_is_called_by_its_place(zone, place):
    assert spoken.place(zone) == place


def test_the_filters_say_the_same(now):
    assert (
        render("{{ at|clock }}, {{ at|day }}, {{ at|in_words }}", at=at(15))
        == "3:00\N{NO-BREAK SPACE}pm, Today, in 42 minutes"
    )


def test_the_filters_take_the_pages_own_present():
    words = render("{{ at|day:now }}, {{ at|in_words:now }}", at=at(15), now=at(15, day=25))
    assert words == "Tomorrow, tomorrow"


@pytest.mark.parametrize("nothing", [None, ""])
@pytest.mark.parametrize("name", ["clock", "day", "in_words"])
def test_r29_a_missing_time_shows_as_nothing(name, nothing):
    assert render("{{ at|" + name + " }}", at=nothing) == ""


def test_r4_every_operation_id_is_a_fresh_uuid():
    one, two = re.findall('name="operation" value="([^"]+)"', render("{% tick_fields %}{% tick_fields %}"))
    assert uuid.UUID(one).version == uuid.UUID(two).version == 4
    assert one != two


def test_r7_a_tick_form_says_where_it_goes_back_to_and_what_is_in_it_does_no_harm():
    fields = render("{% tick_fields %}", back='"><script>', csrf_token="a-token")
    assert 'name="csrfmiddlewaretoken" value="a-token"' in fields
    assert 'name="back" value="&quot;&gt;&lt;script&gt;"' in fields


@pytest.mark.parametrize(
    ("language", "ahead", "words"),
    [
        ("en", 1, "Tomorrow"),
        ("en", 5, "Tuesday 1 December"),
        ("es", 1, "ma\u00f1ana"),
        ("es", 5, "martes 1 de diciembre"),
    ],
)
def test_r30_within_a_line_a_day_has_a_capital_only_where_the_language_writes_it(language, ahead, words):
    now = datetime(2026, 11, 26, 12, tzinfo=UTC)
    with translation.override(language), timezone.override("UTC"):
        assert wording.day_within(now + timedelta(days=ahead), now) == words

"""The calendar entry of a session: UTC, an id that stays, a sequence that grows, and nothing private (R3)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from icalendar import Calendar

from checklist import calendars, scheduling
from tests import factories
from tests.looking import DAY, HOUR

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(sam, now):
    return factories.session(sam, 3 * DAY)


def events(session, now):
    """Return (the time set aside, the time before it to get ready)."""
    whole, ready = Calendar.from_ical(calendars.calendar(session, now)).walk("VEVENT")
    return whole, ready


def event(session, now):
    return events(session, now)[0]


def ready(session, now):
    return events(session, now)[1]


def booked(sam, now, starts_at):
    return scheduling.book(sam, sam.therapist, sam.practice.checklists.get().current, starts_at, 50, now)


def raw(session, now):
    return calendars.calendar(session, now).decode()


def test_times_are_in_utc(session, now):
    assert "DTSTART:20261129T191800Z" in raw(session, now)
    assert "DTEND:20261129T200800Z" in raw(session, now)


def test_times_are_in_utc_even_just_after_booking_in_another_zone(sam, now):
    starts_at = (now + DAY).astimezone(ZoneInfo("Australia/Lord_Howe"))
    session = scheduling.book(sam, sam.therapist, sam.practice.checklists.get().current, starts_at, 50, now)
    session.starts_at, session.ends_at = starts_at, starts_at + timedelta(minutes=50)
    assert "TZID" not in raw(session, now)
    assert event(session, now)["DTSTART"].dt == starts_at.astimezone(UTC)


def test_the_id_stays_when_the_session_moves(session, now):
    before = event(session, now)["UID"]
    scheduling.change(session, now, session.starts_at + HOUR, 50)
    assert event(session, now)["UID"] == before


def test_the_sequence_grows_with_each_change(session, now):
    numbers = [event(session, now)["SEQUENCE"]]
    scheduling.change(session, now, session.starts_at + HOUR, 50)
    numbers.append(event(session, now)["SEQUENCE"])
    scheduling.change(session, now, session.starts_at, 50, way="voice")
    numbers.append(event(session, now)["SEQUENCE"])
    scheduling.cancel(session, now)
    numbers.append(event(session, now)["SEQUENCE"])
    assert numbers == sorted(set(numbers))


def test_looking_again_does_not_make_the_sequence_grow(session, now):
    assert event(session, now)["SEQUENCE"] == event(session, now + HOUR)["SEQUENCE"]


def test_two_sessions_have_two_ids(session, sam, now):
    assert event(session, now)["UID"] != event(factories.session(sam, 4 * DAY), now)["UID"]


def test_a_session_has_alarms_of_its_own(session, now):
    triggers = [alarm["TRIGGER"].dt for alarm in event(session, now).walk("VALARM")]
    assert triggers == [timedelta(minutes=-60), timedelta(minutes=-10)]


def test_a_cancelled_session_says_so_and_rings_no_more(session, now):
    scheduling.cancel(session, now)
    entry = event(session, now)
    assert entry["STATUS"] == "CANCELLED"
    assert entry.walk("VALARM") == []


def test_a_live_session_is_confirmed(session, now):
    assert event(session, now)["STATUS"] == "CONFIRMED"


def test_r3_it_is_marked_private_and_names_nobody(session, now):
    entry = event(session, now)
    assert entry["CLASS"] == "PRIVATE"
    assert entry["SUMMARY"] == "Time set aside"
    assert not {"ORGANIZER", "ATTENDEE", "LOCATION", "DESCRIPTION"} & set(entry)


def test_r3_the_way_in_is_not_in_the_calendar(session, now):
    """Calendars are shared with families and employers; the link to the meeting stays in the app."""
    assert "meet.example.org" not in raw(session, now)


def test_it_leads_back_to_the_session(session, now, settings):
    assert event(session, now)["URL"] == f"{settings.BASE_URL}/sessions/{session.id}/"


def test_lines_are_folded_and_end_as_the_standard_says(session, now):
    lines = calendars.calendar(session, now).split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in b"".join(lines)


# The time before it, to get ready


def test_the_quarter_of_an_hour_before_is_an_entry_of_its_own(session, now):
    entry = ready(session, now)
    assert entry["DTEND"].dt == event(session, now)["DTSTART"].dt
    assert entry["DTEND"].dt - entry["DTSTART"].dt == timedelta(minutes=15)


# The clocks change at that hour, forward and back, by an hour or by half of one; or the zone is an odd one.
@pytest.mark.parametrize(
    ("zone", "local"),
    [
        ("America/New_York", "2027-03-14T03:00"),
        ("America/New_York", "2027-11-07T01:00"),
        ("Europe/Berlin", "2027-03-28T03:05"),
        ("Australia/Lord_Howe", "2027-10-03T02:35"),
        ("Australia/Lord_Howe", "2027-04-04T01:45"),
        ("Asia/Kathmandu", "2027-01-01T00:05"),
        ("Pacific/Apia", "2027-06-01T00:00"),
    ],
)
@pytest.mark.parametrize("fold", [0, 1])
def test_it_lasts_a_quarter_of_an_hour_in_every_zone_and_when_the_clocks_change(sam, now, zone, local, fold):
    starts_at = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone), fold=fold)
    session = booked(sam, now, starts_at.astimezone(UTC))
    session.starts_at, session.ends_at = starts_at, (starts_at.astimezone(UTC) + timedelta(minutes=50))
    entry, text = ready(session, now), raw(session, now)
    assert "TZID" not in text
    assert entry["DTEND"].dt == starts_at.astimezone(UTC)
    assert entry["DTSTART"].dt == starts_at.astimezone(UTC) - timedelta(minutes=15)


def test_it_rings_when_it_begins(session, now):
    [alarm] = ready(session, now).walk("VALARM")
    assert alarm["TRIGGER"].dt == timedelta(0)
    assert alarm["ACTION"] == "DISPLAY"


def test_its_id_is_its_own_and_stays_when_the_session_moves_and_it_moves_along(session, now):
    before = ready(session, now)
    scheduling.change(session, now, session.starts_at + HOUR, 50)
    after = ready(session, now)
    assert before["UID"] == after["UID"] != event(session, now)["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["DTSTART"].dt == before["DTSTART"].dt + HOUR


def test_it_is_cancelled_with_the_session_and_rings_no_more(session, now):
    before = ready(session, now)
    scheduling.cancel(session, now)
    after = ready(session, now)
    assert (after["UID"], after["STATUS"]) == (before["UID"], "CANCELLED")
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after.walk("VALARM") == []


def test_r3_it_names_nobody_either(session, now):
    entry = ready(session, now)
    assert entry["SUMMARY"] == "Time to get ready"
    assert entry["CLASS"] == "PRIVATE"
    assert not {"ORGANIZER", "ATTENDEE", "LOCATION", "DESCRIPTION"} & set(entry)


def test_a_phone_can_fetch_it(sams_phone, sams_session):
    response = sams_phone.get(reverse("client:calendar", args=[sams_session.id]))
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert Calendar.from_ical(response.content)["METHOD"] == "PUBLISH"


def test_r16_a_strangers_calendar_is_a_404(sams_phone, lees_session):
    assert sams_phone.get(reverse("client:calendar", args=[lees_session.id])).status_code == 404

"""What a client's sessions add up to: steadiness in words, sessions kept, readiness over time; nothing scolds."""

import json
import uuid
from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from checklist import recalling, retaining, scheduling
from checklist.models import Check, Outcome, Practice, Session, Tick
from checklist.views.client.plot import plot
from tests import factories
from tests.conftest import SAMS_PHONE
from tests.over import get_ready, past, say
from tests.reading import read

DAY = timedelta(days=1)


def page(browser, status=200):
    answer = browser.get("/progress/")
    assert answer.status_code == status
    return read(answer)


def card(shown, name):
    """Return the part of the page under that heading, or None."""
    found = [part for part in shown.all("section") if name in [each.text for each in part.all("h2")]]
    return found[0] if found else None


def kept(shown):
    """Return what the page hands to the phone to keep."""
    return json.loads(shown.one("div", data_progress=True)["data-progress"])


def test_before_the_first_session_there_is_nothing_to_weigh(sams_phone, sams_session):
    shown = page(sams_phone)
    assert card(shown, "Your first session is still ahead")
    assert not shown.all("svg", kind="plot")
    assert not shown.all("progress")


def test_it_shows_the_next_dates_and_the_item_on_the_list_leads_there(sams_phone, sam, sams_session):
    later = factories.session(sam, 7 * DAY)
    links = [link["href"] for link in card(page(sams_phone), "Your next dates").all("a")]
    assert links == [f"/sessions/{sams_session.id}/", f"/sessions/{later.id}/"]
    chip = next(
        chip for chip in read(sams_phone.get("/")).all("a", kind="chip") if chip["href"] == "/progress/"
    )
    assert chip.text == "See your next dates"


def test_it_says_how_steadily_and_how_many_in_words(sams_phone, sam, now):
    for session in past(sam, 5):
        get_ready(session)
    shown = page(sams_phone)
    assert card(shown, "Getting ready").one("p", kind="word").text == "Steady"
    assert shown.one("progress")["value"] == "58"
    assert "You have kept 5 sessions." in card(shown, "Sessions kept").text


def test_a_session_that_was_cancelled_or_did_not_happen_changes_nothing(sams_phone, sam, now):
    for session in past(sam, 4):
        get_ready(session)
    before = kept(page(sams_phone))["people"]
    away, off = (factories.session(sam, starts_in=-days * DAY) for days in (10, 3))
    say(away, "not_held")
    scheduling.cancel(off, now)
    assert kept(page(sams_phone))["people"] == before


def test_the_plot_is_told_in_words_and_as_a_table(sams_phone, sam, now):
    first, _second, last = past(sam, 3)
    get_ready(first, 3)
    get_ready(last)
    part = card(page(sams_phone), "How ready you were")
    assert part.one("svg", kind="plot")["aria-label"] == "Of your last 3 lists, 39 % was done."
    assert [cell.text for cell in part.all("td")] == ["3 of 13", "0 of 9", "9 of 9"]
    assert [bar["height"] for bar in part.all("rect", kind="done")] == ["13.8", "0.0", "60.0"]


def test_what_was_reached_stays_and_nothing_is_counted_down(sams_phone, sam, now):
    past(sam, 6)
    part = card(page(sams_phone), "On the way")
    assert [each.text for each in part.all("b")] == ["Your fifth session", "Your first session"]
    assert "Thursday 19 November" in part.text


def test_what_was_reached_with_sessions_that_are_forgotten_by_now_stays_as_well(sams_phone, sam, now):
    past(sam, 2)
    sam.forgotten_sessions = sam.forgotten_kept = 4
    sam.save()
    part = card(page(sams_phone), "On the way")
    assert [each.text for each in part.all("b")] == ["Your fifth session", "Your first session"]
    kept = card(page(sams_phone), "Sessions kept").text
    assert "You have kept 6 sessions." in kept and "The first was on" not in kept


SHOWN_OF_ALL = ("strength", "word", "saying", "count", "kept")


def weekly(client, parts):
    """Let a session a week take place, each with that many items done; "away" did not happen, "off" was cancelled."""
    rows = past(client, len(parts))
    for session, part in zip(rows, parts, strict=True):
        if part == "away":
            Outcome.objects.create(session=session, kind="not_held")
        elif part == "off":
            Session.objects.filter(pk=session.pk).update(status="cancelled")
        elif part == "none":
            nothing_applies(session)
        get_ready(session, None if part in ("away", "off", "none") else part)
    return rows


def nothing_applies(session):
    lines = Session.objects.with_lists().get(pk=session.pk).readiness.lines
    fields = {"session": session, "state": "na", "ms": int(session.starts_at.timestamp() * 1000)}
    Tick.objects.bulk_create(Tick(uid=uuid.uuid4(), item=line.item.key, **fields) for line in lines)


def of_all(browser):
    """Return what the page says of all sessions together."""
    (person,) = kept(page(browser))["people"]
    return {name: person[name] for name in SHOWN_OF_ALL}, [mark["title"] for mark in person["milestones"]]


PARTS = [
    9,
    9,
    "away",
    4,
    "off",
    9,
    2,
    "none",
    9,
    9,
    "away",
    "away",
    9,
    7,
    9,
    9,
    9,
    3,
    9,
    9,
    9,
    "none",
    9,
    9,
    9,
]


@pytest.mark.parametrize(
    "parts", [PARTS, ["away"] * 20 + [9] * 5, [9] * 25, [9] * 20 + ["away"] * 5], ids=str
)
def test_forgetting_what_is_over_changes_nothing_of_what_it_adds_up_to(sams_phone, sam, now, parts):
    weekly(sam, parts)
    before = of_all(sams_phone)
    for months in (3, 3):  # forgotten once more nothing changes either
        Practice.objects.update(keep_sessions=months)
        retaining.forget_old(now)
        assert of_all(sams_phone) == before
    assert sam.sessions.count() < 15
    retaining.forget_old(now + 40 * DAY)
    assert of_all(sams_phone) == before
    assert sam.sessions.count() < 9


def test_forgotten_sessions_that_did_not_happen_keep_their_number_and_count_for_nothing(sam, now):
    weekly(sam, ["away", 9, "off", 9, "away", *[9] * 20])
    Practice.objects.update(keep_sessions=3)
    last = Session.objects.numbered().order_by("starts_at").last().number
    retaining.forget_old(now)
    assert Session.objects.numbered().order_by("starts_at").last().number == last == 24
    sam.refresh_from_db()
    assert sam.forgotten_sessions == sam.forgotten_kept + 2


def test_skips_in_any_place_and_number_change_nothing(sams_phone, sam, now):
    weekly(sam, [9] * 20 + [4, 9])
    before = of_all(sams_phone)
    for session in past(sam, recalling.LOOKED_AT + 5, until=-timedelta(hours=1)):
        nothing_applies(session)
    after, _marks = of_all(sams_phone)
    assert after["strength"] == before[0]["strength"] > 0


def test_kept_connection_checks_are_listed_the_latest_first(sams_phone, sam, now):
    first, last = past(sam, 2)
    device = sam.devices.get()
    for session, verdict in ((first, "poor"), (last, "good")):
        at = {"created_at": session.starts_at}
        Check.objects.create(
            session=session, device=device, way="video", verdict=verdict, late=0, probes=12, **at
        )
    part = card(page(sams_phone), "Connection checks you kept")
    assert [cell.text for cell in part.all("td")] == ["Good for video", "Weak for video"]


def test_a_phone_of_two_people_shows_each_by_itself(sams_phone, sam, lee, now):
    factories.enrol(lee, SAMS_PHONE)
    past(sam, 3), past(lee, 1)
    shown = page(sams_phone)
    names = [each.text for each in shown.all("h2", kind="phase")]
    figures = [each.text for each in shown.all("p", kind="figure")]
    assert dict(zip(names, figures, strict=True)) == {"With Dana R.": "3", "With Omar B.": "1"}


def test_r16_nothing_of_anybody_else_is_in_it(sams_phone, lee, now):
    past(lee, 5)
    assert card(page(sams_phone), "Your first session is still ahead")


def test_what_the_phone_keeps_has_no_names_of_items_and_no_addresses(sams_phone, sam, now):
    past(sam, 2)
    text = page(sams_phone).one("div", data_progress=True)["data-progress"]
    assert sam.nickname not in text and sam.email not in text and "Check" not in text


def test_r26_a_stranger_is_told_how_to_get_in_and_nobody_keeps_the_page(stranger, sams_phone, db):
    assert page(stranger, 401).one("h1").text == "This phone is not set up yet"
    assert "no-store" in sams_phone.get("/progress/").headers["Cache-Control"]


@pytest.mark.parametrize("several", [False, True], ids=["one client", "two clients"])
def test_r28_many_sessions_take_as_many_queries_as_few(
    sams_phone, sam, lee, now, several, django_assert_num_queries, django_assert_max_num_queries
):
    if several:
        factories.enrol(lee, SAMS_PHONE)
        past(lee, 2)
    past(sam, 2), factories.session(sam, DAY)
    sams_phone.get("/progress/")
    with django_assert_max_num_queries(12) as few:
        sams_phone.get("/progress/")
    past(sam, 9), factories.session(sam, 2 * DAY)
    with django_assert_num_queries(len(few)):
        sams_phone.get("/progress/")


def test_r30_a_drawing_has_points_in_its_figures_in_every_language(sam, now):
    get_ready(past(sam)[0], 3)
    shown = plot(Session.objects.with_lists(), now)
    with translation.override("de"):
        drawn = [render_to_string("client/journey_bar.html", {"bar": bar}) for bar in shown["bars"]]
    assert 'y="46.2"' in drawn[0] and 'height="13.8"' in drawn[0]

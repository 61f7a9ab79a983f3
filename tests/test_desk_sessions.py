"""Sessions at the desk: adding one, its page, changing and moving it, cancelling it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from checklist import answering, scheduling
from checklist.models import Checklist, Delivery, Session
from checklist.practising import starter_items
from tests import factories
from tests.at_desk import errors, keys, look, make_ready, queries, section, settle, tick
from tests.conftest import signed_in
from tests.reading import read

MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
ADD = "/desk/sessions/add/"


def form(client, /, **typed):
    """Return what is typed to book a session with that client: tomorrow at 3 pm in New York."""
    fields = {"client": client.id, "checklist": client.practice.checklists.first().id, "date": "2026-11-27"}
    fields |= {"time": "15:00", "minutes": 50, "time_zone": "America/New_York", "way": "video", "link": ""}
    return fields | typed


def of(session, more=""):
    return f"/desk/sessions/{session.id}/{more}"


def change(desk, session, **typed):
    """Post the edit form of Sam's session at 3 pm, as it is but for what is typed."""
    return desk.post(
        of(session, "edit/"), form(session.client, **{"date": "2026-11-26", "link": session.link, **typed})
    )


def values(page):
    """Return {name: what the form starts with}."""
    typed = {field["name"]: field.get("value") for field in page.all("input") if field.get("type") != "radio"}
    chosen = {field["name"]: field["value"] for field in page.all("input", checked=True)}
    options = [
        (choice, option) for choice in page.all("select") for option in choice.all("option", selected=True)
    ]
    return typed | chosen | {choice["name"]: option["value"] for choice, option in options}


# Adding


THERE_IS = "You have another session at that time: Sam K., Tomorrow at 3:00 pm."


@pytest.mark.parametrize(
    ("time", "minutes", "told"),
    [
        ("14:10", 50, False),
        ("14:11", 50, True),
        ("15:20", 5, True),
        ("15:49", 50, True),
        ("15:50", 50, False),
    ],
)
def test_another_session_of_theirs_at_that_time_is_told_and_both_are_booked(
    desk, dana, sam, now, time, minutes, told
):
    desk.post(ADD, form(sam))
    fields = form(factories.client(dana, "Noor"), time=time, minutes=minutes)
    assert (THERE_IS in read(desk.post(ADD, fields, follow=True)).text) == told
    assert Session.objects.count() == 2


def test_a_cancelled_session_and_a_colleagues_are_in_nobodys_way(desk, sam, jo, now):
    desk.post(ADD, form(sam))
    scheduling.cancel(Session.objects.get(), now)
    factories.session(jo, Session.objects.get().starts_at - now)
    assert "another session" not in read(desk.post(ADD, form(sam), follow=True)).text


def test_moving_a_session_onto_another_is_told(desk, dana, sam, sams_session):
    desk.post(ADD, form(sam))
    change(desk, sams_session, date="2026-11-27")
    assert THERE_IS in read(desk.get(of(sams_session))).text


def test_a_session_is_kept_in_utc_with_the_zone_it_was_arranged_in(desk, sam, now):
    desk.post(ADD, form(sam))
    session = Session.objects.get()
    assert session.starts_at == datetime(2026, 11, 27, 20, tzinfo=UTC)
    assert (session.time_zone, session.minutes, session.way) == ("America/New_York", 50, "video")


def test_the_time_is_meant_in_the_zone_that_was_chosen(desk, sam, now):
    desk.post(ADD, form(sam, time_zone="Europe/Madrid"))
    assert Session.objects.get().starts_at == datetime(2026, 11, 27, 14, tzinfo=UTC)


def test_after_booking_its_page_comes_next_with_reminders_planned(desk, sam, now):
    answer = desk.post(ADD, form(sam))
    assert answer.url == of(Session.objects.get())
    assert Delivery.objects.waiting().count() == 3


def test_r1_a_session_uses_the_newest_version_of_the_list(desk, dana, sam, now):
    newest = dana.practice.checklists.get().edit(starter_items())
    desk.post(ADD, form(sam))
    assert Session.objects.get().version == newest


@pytest.mark.parametrize(
    ("typed", "link", "words"),
    [
        ({"client": ""}, "#id_client", "Choose a client."),
        ({"client": "x"}, "#id_client", "Choose one from the list."),
        ({"date": ""}, "#id_date", "Choose a date."),
        ({"date": "soon"}, "#id_date", "This is not a date. It looks like 2027-03-14."),
        ({"date": "2026-11-25"}, "#id_date", "This time has already passed."),
        ({"date": "2030-01-01"}, "#id_date", "Choose a date within the next two years."),
        ({"date": "9999-12-31", "time_zone": "America/New_York"}, "#id_date", "within the next two years"),
        ({"time": "late"}, "#id_time", "This is not a time. It looks like 15:00."),
        ({"date": "2027-03-14", "time": "02:30"}, "#id_time", "The clocks skip this time on that day."),
        ({"minutes": "4"}, "#id_minutes", "A session lasts at least 5 minutes."),
        ({"minutes": "481"}, "#id_minutes", "A session lasts at most 480 minutes."),
        ({"minutes": "long"}, "#id_minutes", "Write the minutes as a whole number, like 50."),
        ({"minutes": ""}, "#id_minutes", "Write how long it lasts."),
        ({"time_zone": "Mars"}, "#id_time_zone", "Choose a time zone from the list."),
        ({"way": "dance"}, "#id_way_0", "Choose how you will meet."),
        ({"way": ""}, "#id_way_0", "Choose how you will meet."),
        ({"link": "http://a.example"}, "#id_link", "The link has to begin with https://."),
        ({"link": "https://me@a.example"}, "#id_link", "The link has a name or password before the host."),
        ({"checklist": ""}, "#id_checklist", "Choose a checklist."),
    ],
)
def test_r29_what_can_not_be_taken_is_said_above_the_form(typed, link, words, desk, sam, now):
    told = errors(desk.post(ADD, form(sam, **typed)))
    assert list(told) == [link]
    assert words in told[link]
    assert not Session.objects.exists()


def test_a_refused_form_keeps_all_that_was_typed(desk, sam, now):
    typed = form(sam, minutes="4", way="voice", link="https://a.example/x", time="09:15")
    kept = values(read(desk.post(ADD, typed)))
    assert {name: kept[name] for name in typed} == {name: str(value) for name, value in typed.items()}


def test_every_link_of_the_summary_leads_to_a_field(desk, sam, now):
    answer = desk.post(ADD, {})
    ids = {element.get("id") for element in read(answer).walk()}
    assert {link.removeprefix("#") for link in errors(answer)} <= ids


def test_of_a_time_that_happens_twice_the_first_is_meant(desk, sam, now):
    desk.post(ADD, form(sam, date="2027-11-07", time="01:30"))
    assert Session.objects.get().starts_at == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)


def sent_twice(desk, typed, then=None):
    """Book from the page for adding and send its form once more, with `then` typed over; return both addresses."""
    shown = {"session": values(look(desk, ADD))["session"]}
    return [desk.post(ADD, typed | shown | more).url for more in ({}, then or {})]


def test_a_double_tap_books_one_session_and_both_lead_to_it(desk, sam, now):
    first, second = sent_twice(desk, form(sam))
    assert first == second == of(Session.objects.get())


def test_a_double_tap_is_told_once(desk, sam, now):
    *_first, page = sent_twice(desk, form(sam))
    assert look(desk, page).one("div", kind="notices").text == "The session is booked."


@pytest.mark.parametrize("then", [{"time": "17:00"}, {"date": "2026-12-04"}])
def test_a_page_that_came_back_books_another_time_as_well(then, desk, sam, now):
    assert len(set(sent_twice(desk, form(sam), then))) == Session.objects.count() == 2


def test_r16_the_id_of_a_strangers_session_books_ones_own_and_leaves_it_alone(desk, sam, lees_session, now):
    before = Session.objects.values().get()
    answer = desk.post(ADD, form(sam, session=lees_session.id))
    assert answer.url == of(Session.objects.get(client=sam))
    assert Session.objects.values().get(pk=lees_session.pk) == before


def test_without_a_client_the_page_asks_for_one_first(desk, now):
    page = look(desk, ADD)
    assert "First, a client" in page.text
    assert not page.one("main").all("form")


def test_an_archived_client_can_not_be_chosen(desk, sam, ana, now):
    desk.post(f"/desk/clients/{sam.id}/archive/")
    names = [option.text for option in look(desk, ADD).one("select", name="client").all("option")]
    assert names == ["Choose a client", "Ana P."]


# Adding the next one


def test_from_a_clients_page_the_client_is_chosen_already(desk, sam, ana, now):
    assert values(look(desk, f"{ADD}?client={ana.id}"))["client"] == str(ana.id)


def test_the_form_starts_like_the_clients_last_session_a_week_on(desk, sam, now):
    factories.session(sam, -2 * DAY, minutes=80, way="voice", time_zone="America/Los_Angeles")
    start = values(look(desk, f"{ADD}?client={sam.id}"))
    found = {name: start[name] for name in ("date", "time", "minutes", "way", "time_zone")}
    when = {"date": "2026-12-01", "time": "11:18", "time_zone": "America/Los_Angeles"}
    assert found == {**when, "minutes": "80", "way": "voice"}


def test_after_a_long_break_the_proposed_day_still_lies_ahead(desk, sam, now):
    factories.session(sam, -5 * WEEK + HOUR)
    assert values(look(desk, f"{ADD}?client={sam.id}"))["date"] == "2026-11-26"


def test_a_cancelled_session_is_no_model_for_the_next(desk, sam, sams_session, now):
    scheduling.cancel(sams_session, now)
    assert not values(look(desk, f"{ADD}?client={sam.id}"))["date"]


@pytest.mark.parametrize("text", ["x", "\x00", "00000000-0000-0000-0000-000000000000"])
def test_r29_a_client_in_the_address_who_is_none_is_not_found(text, desk, sam, now):
    assert desk.get(ADD, {"client": text}).status_code == 404


# Its page


def test_the_page_says_when_how_and_where(desk, sams_session):
    page = look(desk, of(sams_session))
    assert page.one("h1").text == "Today, 3:00 pm"
    assert "In 42 minutes" in page.text
    told = section(page, "The session")
    assert "For them Thursday 12:00 pm in Los Angeles How Video, first session Length 50 minutes" in told
    assert page.one("a", href=sams_session.link).text == sams_session.link


def test_a_link_opens_without_telling_where_it_was_clicked(desk, sams_session):
    assert look(desk, of(sams_session)).one("a", href=sams_session.link)["rel"] == "noreferrer noopener"


def test_the_open_items_are_named_apart_from_those_done_and_put_aside(desk, sams_session):
    lines = sams_session.readiness.lines
    tick(sams_session, lines[0].item.key)
    tick(sams_session, lines[1].item.key, state="na")
    opened, done = [part.text for part in look(desk, of(sams_session)).one("div", kind="columns").all("ul")]
    assert opened == " ".join(line.item.title_text for line in lines[2:])
    assert done == f"{lines[0].item.title_text} {lines[1].item.title_text} (does not apply)"


def test_a_ready_session_has_nothing_open(desk, sams_session):
    make_ready(sams_session)
    ready = section(look(desk, of(sams_session)), "Readiness")
    assert ready.startswith("Ready")
    assert "13 of 13" in ready
    assert "Still open" not in ready


def test_each_reminder_is_listed_with_its_state(desk, sam, now):
    with time_machine.travel(now - 2 * DAY, tick=False):
        session = factories.session(sam, 2 * DAY + HOUR, now - 2 * DAY)
    settle(session, "day_before", "sent", at=now - 20 * HOUR)
    settle(session, "hours_before", "failed", "address refused", at=now - HOUR)
    evening, hours, minutes = [row.text for row in look(desk, of(session)).one("tbody").all("tr")]
    assert evening == "The evening before E-mail Yesterday, 6:18 pm Sent"
    assert hours.startswith("Hours before E-mail 1:18 pm Not delivered This address takes no mail.")
    assert minutes == "Just before E-mail 3:08 pm Planned"


def test_a_reminder_that_was_left_out_says_why(desk, sams_session, now):
    settle(sams_session, "just_before", "dropped", "all done")
    assert "Not needed: everything on the list was done." in section(
        look(desk, of(sams_session)), "Reminders"
    )


def test_r15_a_reminder_that_should_be_out_by_now_says_so(desk, sams_session, now):
    with time_machine.travel(now + 38 * MINUTE, tick=False):
        told = section(look(desk, of(sams_session)), "Reminders")
    assert "Not sent yet It should have left by now. Tell your client yourself this time." in told


def test_without_an_address_the_page_says_that_none_goes_out(desk, ana, now):
    told = section(look(desk, of(factories.session(ana))), "Reminders")
    assert told.startswith("No e-mail address is noted and no phone takes notifications, so none goes out.")


def test_r20_when_the_client_stopped_them_the_page_says_so(desk, sam, sams_session):
    sam.mail_reminders = False
    sam.save()
    told = section(look(desk, of(sams_session)), "Reminders")
    assert told.startswith("They have stopped e-mails. Only they can start them again.")


def test_what_was_booked_too_late_for_reminders_says_so(desk, sam, now):
    told = section(look(desk, of(factories.session(sam, 5 * MINUTE))), "Reminders")
    assert told.startswith("It was too late for reminders when this was booked.")


def test_r28_the_page_asks_as_few_queries_with_many_ticks_and_reminders_as_with_few(desk, sam, now):
    session = factories.session(sam, 3 * DAY)
    tick(session, keys(session)[0])
    few = queries(desk, of(session))
    tick(session, *keys(session)[1:-1])
    for days in (4, 5, 6):
        scheduling.change(session, now, now + days * DAY, 50)
        settle(session, "day_before", "sent")
    assert queries(desk, of(session)) == few


# Changing and moving


def test_moving_keeps_the_ticks_and_shows_the_time_it_was_moved_from(desk, sams_session, now):
    tick(sams_session, keys(sams_session)[0])
    assert change(desk, sams_session, time="16:30").url == of(sams_session)
    page = look(desk, of(sams_session))
    assert page.one("h1").text == "Today, 4:30 pm"
    assert page.one("s").text == "Today, 3:00 pm"
    assert "1 of 13" in section(page, "Readiness")


def test_r10_moving_plans_the_reminders_anew(desk, sams_session, now):
    change(desk, sams_session, time="16:30")
    due = Delivery.objects.waiting().values_list("due_at", flat=True)
    assert sorted(due) == [now + timedelta(hours=n, minutes=m) for n, m in ((0, 12), (2, 2))]


def test_the_form_warns_that_nobody_is_told_of_a_move(desk, sams_session):
    told = look(desk, of(sams_session, "edit/")).text
    assert "With a new time, Sam K. sees “Moved” and the old time crossed out." in told
    assert "No message is sent about the move, so tell them as well." in told


def test_the_form_starts_with_what_the_session_is(desk, sams_session):
    start = values(look(desk, of(sams_session, "edit/")))
    assert (start["date"], start["time"], start["minutes"], start["way"]) == (
        "2026-11-26",
        "15:00",
        "50",
        "video",
    )
    assert start["link"] == sams_session.link
    assert "client" not in start


def test_another_way_of_meeting_is_no_move(desk, sams_session, now):
    change(desk, sams_session, way="voice")
    sams_session.refresh_from_db()
    assert (sams_session.way, sams_session.moved_from, sams_session.revision) == ("voice", None, 1)


@pytest.mark.parametrize("typed", ["15:00:30", "15:00:30.5", "15:00:59.999999"])
def test_a_start_has_no_seconds_for_no_page_shows_any(typed, desk, sam, now):
    desk.post(ADD, form(sam, time=typed))
    assert Session.objects.get().starts_at == datetime(2026, 11, 27, 20, 0, tzinfo=UTC)


def test_r10_a_session_that_is_saved_as_its_form_shows_it_is_not_moved(desk, sam, now):
    desk.post(ADD, form(sam, time="15:00:30.5"))
    session = Session.objects.get()
    shown = values(look(desk, of(session, "edit/")))
    desk.post(of(session, "edit/"), form(sam, date=shown["date"], time=shown["time"]))
    session.refresh_from_db()
    assert (session.revision, session.moved_from) == (1, None)


def test_r1_a_changed_session_keeps_the_version_it_was_made_with(desk, dana, sams_session, now):
    dana.practice.checklists.get().edit(starter_items())
    before = sams_session.version
    change(desk, sams_session, time="16:30")
    assert Session.objects.get().version == before


def test_another_list_is_taken_in_its_newest_version(desk, dana, sams_session, now):
    other = Checklist.objects.create(practice=dana.practice, name="Short")
    other.edit(starter_items()[:3])
    newest = other.edit(starter_items()[:2])
    change(desk, sams_session, checklist=other.id)
    assert Session.objects.get().version == newest


def test_a_session_that_has_begun_may_change_but_not_move_into_the_past(desk, sams_session):
    with time_machine.travel(sams_session.starts_at + MINUTE, tick=False):
        assert change(desk, sams_session, minutes="80").status_code == 302
        assert list(errors(change(desk, sams_session, time="14:00"))) == ["#id_date"]


@pytest.mark.parametrize(
    ("way", "offer"),
    [("video", "Offer voice or another time"), ("voice", "Find another time"), ("text", "Find another time")],
)
def test_r2_who_has_no_place_is_offered_voice_only_where_it_is_not_so_already(way, offer, desk, sam, now):
    session = factories.session(sam, way=way)
    answering.give(session, "no_place", 1, now - MINUTE)
    assert section(look(desk, of(session)), "What they answered").endswith(f"2:17 pm {offer}")


def test_r2_a_form_opened_before_the_client_switched_undoes_nothing_until_it_was_looked_at(
    desk, sams_session, now
):
    opened = values(look(desk, of(sams_session, "edit/")))
    scheduling.switch(Session.objects.get(), "voice", 0, now)
    refused = change(desk, sams_session, minutes=40, way=opened["way"], sequence=opened["sequence"])
    page = read(refused)
    assert (refused.status_code, Session.objects.get().way, Session.objects.get().minutes) == (
        422,
        "voice",
        50,
    )
    assert "This session has changed since you opened this page." in page.one("section", role="alert").text
    again = values(page)
    assert (again["minutes"], again["sequence"]) == ("40", "1")
    assert change(desk, sams_session, **{name: again[name] for name in ("minutes", "way", "sequence")}).url
    assert Session.objects.get().minutes == 40


@pytest.fixture
def meanwhile(monkeypatch):
    """Let something happen to a session after its form was looked at, and before it is held."""

    def let(happen):
        hold, waiting = Session.hold, [happen]

        def held(session):
            if waiting:
                waiting.pop()(Session.objects.get(pk=session.pk))
            hold(session)

        monkeypatch.setattr(Session, "hold", held)

    return let


def test_r2_a_form_that_is_being_saved_while_the_client_switches_undoes_nothing(
    desk, sams_session, now, meanwhile
):
    meanwhile(lambda row: scheduling.switch(row, "voice", 0, now))
    page = read(refused := change(desk, sams_session, minutes=40, sequence=0))
    row, again = Session.objects.get(), values(page)
    assert (refused.status_code, row.way, row.minutes, row.sequence) == (422, "voice", 50, 1)
    assert "This session has changed since you opened this page." in page.one("section", role="alert").text
    assert (again["minutes"], again["sequence"]) == ("40", "1")


def test_a_form_that_is_being_saved_while_another_tab_cancels_says_so(desk, sams_session, now, meanwhile):
    meanwhile(lambda row: scheduling.cancel(row, now))
    answer = change(desk, sams_session, minutes=40, sequence=0)
    assert (answer.status_code, Session.objects.get().minutes) == (409, 50)
    assert "The session was cancelled." in read(answer).text


def test_r29_a_form_that_has_something_else_to_mend_tells_of_the_change_as_well(desk, sams_session, now):
    scheduling.switch(Session.objects.get(), "voice", 0, now)
    for sequence in (0, "x", "\x00"):
        page = read(change(desk, sams_session, minutes="", sequence=sequence))
        assert "Write how long it lasts." in page.text
        assert "This session has changed since you opened this page." in page.text


# Cancelling


def test_cancelling_asks_once_and_says_what_it_does(desk, sams_session):
    page = look(desk, of(sams_session, "cancel/"))
    assert "Cancel this session?" in page.text
    assert "No message is sent about it, so tell them as well." in page.text
    assert not Session.objects.get().cancelled


def test_a_cancelled_session_is_crossed_out_and_sends_nothing(desk, sams_session):
    desk.post(of(sams_session, "cancel/"))
    page = look(desk, of(sams_session))
    assert page.one("h1").one("s").text == "Today, 3:00 pm"
    assert section(page, "Reminders") == "Nothing more is sent for a cancelled session."
    assert not Delivery.objects.waiting().exists()


@pytest.mark.parametrize("page", ["edit/", "cancel/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_was_cancelled_can_not_be_changed_any_more(page, method, desk, sams_session, now):
    scheduling.cancel(sams_session, now)
    answer = getattr(desk, method)(of(sams_session, page))
    assert answer.status_code == 409
    assert "The session was cancelled. Book a new one instead." in read(answer).text


@pytest.mark.parametrize("page", ["edit/", "cancel/"])
def test_what_is_over_can_not_be_changed_any_more(page, desk, sams_session):
    with time_machine.travel(sams_session.ends_at, tick=False):
        answer = desk.post(of(sams_session, page))
    assert answer.status_code == 409
    assert not Session.objects.get().cancelled


def test_r16_a_colleague_finds_nothing(kim, sams_session):
    theirs = signed_in(kim)
    assert [theirs.get(of(sams_session, page)).status_code for page in ("", "edit/", "cancel/")] == [404] * 3

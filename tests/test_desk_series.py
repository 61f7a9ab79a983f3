"""A series at the desk: made from the form of a session, shown before it is booked, added to, changed, cancelled."""

from datetime import timedelta
from functools import partial

import pytest

from checklist import repeating, scheduling
from checklist.models import Series, Session
from tests import factories
from tests.at_desk import errors, look, queries
from tests.at_once import together
from tests.conftest import signed_in
from tests.reading import read

FORM = {
    "date": "2026-12-03",
    "time": "15:00",
    "time_zone": "America/New_York",
    "minutes": "50",
    "way": "video",
}
FORM |= {"link": "https://meet.example.org/7", "map_link": "https://maps.example.org/7"}
REPEAT = {"repeat": "1", "count": "5", "opening": "1", "every": "4"}


@pytest.fixture
def form(sam, dana, now):
    """What Dana types: five Thursdays with Sam, the first and the fifth in person."""
    return {**FORM, **REPEAT, "client": sam.id, "checklist": dana.practice.checklists.get().id}


def send(desk, form, **more):
    return desk.post("/desk/sessions/add/", {**form, **more})


def hidden(page):
    """Return the hidden fields of the one form of a preview."""
    return {field["name"]: field.get("value") or "" for field in page.all("input", type="hidden")}


def confirm(desk, path, answer):
    return desk.post(path, {**hidden(read(answer)), "confirm": "1"})


def dates(answer):
    """Return the lines of a preview."""
    return [line.text for line in read(answer).one("ol").all("li")]


@pytest.fixture
def series(desk, form):
    confirm(desk, "/desk/sessions/add/", send(desk, form))
    return Series.objects.get()


def starts(series):
    return [f"{row.starts_at:%m-%d %H:%M}" for row in series.sessions.order_by("series_number")]


# Making one


@pytest.mark.parametrize("pattern", [{"opening": "1"}, {"every": "4"}])
def test_r29_visits_now_and_then_of_a_session_that_does_not_repeat_are_refused(desk, form, pattern):
    answer = desk.post("/desk/sessions/add/", {**form, "repeat": "", "opening": "0", "every": "0", **pattern})
    assert answer.status_code == 422
    assert "one session has no pattern" in answer.content.decode()
    assert not Session.objects.exists()


def test_the_dates_and_their_ways_are_shown_before_anything_is_booked(desk, form):
    answer = send(desk, form)
    assert answer.status_code == 200
    assert dates(answer) == [
        "Thursday 3 December, 3:00 pm In person",
        "Thursday 10 December, 3:00 pm Video",
        "Thursday 17 December, 3:00 pm Video",
        "Thursday 24 December, 3:00 pm Video",
        "Thursday 31 December, 3:00 pm In person",
    ]
    assert not Session.objects.exists()


def test_what_was_shown_is_booked_once_it_is_confirmed(desk, form):
    answer = confirm(desk, "/desk/sessions/add/", send(desk, form))
    series = Series.objects.get()
    assert answer.url == f"/desk/series/{series.id}/"
    assert starts(series) == [f"12-{day:02} 20:00" for day in (3, 10, 17, 24, 31)]
    page = look(desk, answer.url)
    assert "5 sessions are booked." in page.one("div", kind="notices").text
    assert len(page.one("main").one("ul").all("li")) == 5


def test_r8_a_confirmation_that_is_sent_twice_books_once(desk, form):
    shown = send(desk, form)
    answers = [confirm(desk, "/desk/sessions/add/", shown) for _ in range(2)]
    assert answers[0].url == answers[1].url
    assert Session.objects.count() == 5


def test_one_may_go_back_from_the_dates_and_finds_all_as_it_was(desk, form):
    fields = hidden(read(send(desk, form)))
    page = read(desk.post("/desk/sessions/add/", {**fields, "again": "1"}))
    assert page.one("input", name="count")["value"] == "5"
    assert page.one("input", name="link")["value"] == FORM["link"]
    assert not Session.objects.exists()


def test_a_session_that_does_not_repeat_is_booked_at_once(desk, form):
    assert send(desk, form, repeat="", opening="0", every="0").url.startswith("/desk/sessions/")
    assert not Series.objects.exists()


def test_another_session_at_that_time_is_named(desk, form, ana, now):
    factories.session(ana, timedelta(days=14, hours=1))  # 10 December, 3:18 pm
    lines = dates(send(desk, form))
    assert [line for line in lines if "Ana P." in line] == [lines[1]]
    assert "You have another session at that time: Ana P." in lines[1]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"count": ""}, "from 1 to 26"),
        ({"count": "27"}, "from 1 to 26"),
        ({"count": "0"}, "from 1 to 26"),
        ({"repeat": "4", "count": "26", "date": "2027-01-28"}, "two years away"),
        ({"repeat": "3"}, "Choose one from the list"),
        ({"every": "5"}, "Choose one from the list"),
        ({"map_link": "http://maps.example.org"}, "https://"),
    ],
)
def test_r29_what_makes_no_series_is_refused_with_words(desk, form, fields, why):
    assert why in " ".join(errors(send(desk, form, **fields)).values())


def test_r16_the_id_of_another_therapists_series_is_a_404(desk, form, lee, now):
    theirs = factories.series(lee)
    assert send(desk, form, confirm="1", series=theirs.id).status_code == 404


def test_r28_its_page_and_the_dates_take_as_many_queries_for_many_as_for_few(desk, series, form, now):
    path, counts = f"/desk/series/{series.id}/", []
    for more in (1, 20):
        repeating.book(series, more, now)
        shown = send(desk, form, count=str(more + 1))
        counts.append((queries(desk, path), len(dates(shown))))
    assert [lines for _count, lines in counts] == [2, 21]
    assert counts[0][0] == counts[1][0]


# On the client's phone


def test_the_client_reads_on_each_line_how_they_meet(series, sams_phone):
    lines = [line.text for line in read(sams_phone.get("/sessions/")).one("main").all("li")]
    assert ["In person" in line for line in lines] == [True, False, False, False, True]
    assert ["Video" in line for line in lines] == [False, True, True, True, False]


def test_a_visit_has_the_way_there_on_its_list_and_the_map(series, sams_phone):
    page = read(sams_phone.get("/"))
    assert "Find out which door to use" in page.text
    assert FORM["map_link"] in {link["href"] for link in page.all("a")}


# Adding to it


def test_more_sessions_are_shown_and_then_booked(desk, series):
    path = f"/desk/series/{series.id}/extend/"
    shown = desk.post(path, {"count": "4"})
    assert [line.rsplit(" ", 1)[-1] for line in dates(shown)] == ["Video", "Video", "Video", "person"]
    confirm(desk, path, shown)
    assert starts(series)[5:] == ["01-07 20:00", "01-14 20:00", "01-21 20:00", "01-28 20:00"]


def test_r8_more_sessions_that_are_sent_twice_are_booked_once(desk, series):
    path = f"/desk/series/{series.id}/extend/"
    shown = desk.post(path, {"count": "2"})
    assert [confirm(desk, path, shown).status_code for _ in range(2)] == [302, 200]
    assert series.sessions.count() == 7


def test_more_of_a_series_that_ended_are_all_ahead_and_shown_as_they_are_booked(desk, series, now):
    Session.objects.update(starts_at=now - timedelta(days=9), ends_at=now - timedelta(days=8))
    Series.objects.update(begins_on="2026-10-15")  # the sixth began a week ago
    path = f"/desk/series/{series.id}/extend/"
    shown = desk.post(path, {"count": "2"})
    assert [line.split(",")[0] for line in dates(shown)] == ["Today", "Thursday 3 December"]
    confirm(desk, path, shown)
    assert starts(series)[5:] == ["11-26 20:00", "12-03 20:00"]


# Changing those that follow


def following(series, number):
    row = series.sessions.get(series_number=number)
    return row, f"/desk/sessions/{row.id}/following/"


def filled(desk, path, **more):
    """Return what the form of a page would send, with some fields changed."""
    page = look(desk, path)
    fields = {
        field["name"]: field.get("value") or "" for field in page.all("input") if field["type"] != "radio"
    }
    fields |= {"way": page.one("input", checked=True)["value"], "time_zone": "America/New_York", "every": "4"}
    fields |= {"weeks": "1"}
    return {**fields, **more}


def test_a_new_time_is_shown_and_then_holds_for_this_one_and_those_that_follow(desk, series):
    _row, path = following(series, 2)
    shown = desk.post(path, filled(desk, path, date="2026-12-18", time="09:30"))
    assert [line.split(" am")[0] for line in dates(shown)] == [
        "Friday 18 December, 9:30",
        "Friday 25 December, 9:30",
        "Friday 1 January 2027, 9:30",
    ]
    confirm(desk, path, shown)
    assert starts(series) == ["12-03 20:00", "12-10 20:00", "12-18 14:30", "12-25 14:30", "01-01 14:30"]


def saved(desk, path, **more):
    """Save the form of those that follow, after a look at the dates."""
    return confirm(desk, path, desk.post(path, filled(desk, path, **more)))


def test_another_link_moves_nothing_where_the_clocks_shifted_the_session_that_was_asked_for(desk, form):
    night = {"date": "2027-02-28", "time": "02:30", "every": "0"}
    confirm(desk, "/desk/sessions/add/", send(desk, form, **night))
    series = Series.objects.get()
    _row, path = following(series, 2)  # 14 March, when the clocks skip half past two
    assert look(desk, path).one("input", name="time")["value"] == "03:30"
    saved(desk, path, link="https://meet.example.org/9", every="0")
    assert starts(series) == ["02-28 07:30", "03-07 07:30", "03-14 07:30", "03-21 06:30", "03-28 06:30"]
    assert {row.link[-1] for row in series.sessions.filter(series_number__gte=2)} == {"9"}
    saved(desk, path, date="2027-03-15", link="https://meet.example.org/9", every="0")
    assert starts(series)[2:] == ["03-15 06:30", "03-22 06:30", "03-29 06:30"]


def test_another_link_moves_nothing_where_the_session_that_was_asked_for_was_moved_by_itself(desk, series):
    alone, path = following(series, 1)
    scheduling.change(alone, factories.NOW, alone.starts_at + timedelta(days=1, hours=1), 80)
    before = starts(series)
    saved(desk, path, link="https://meet.example.org/9")
    assert starts(series) == before
    assert [row.minutes for row in series.sessions.order_by("series_number")] == [50, 80, 50, 50, 50]
    assert series.sessions.get(series_number=2).link.endswith("9")


def test_r8_a_form_that_is_saved_as_it_is_shown_changes_nothing(desk, series):
    before = list(series.sessions.order_by("pk").values())
    _row, path = following(series, 1)
    assert saved(desk, path).status_code == 302
    assert list(series.sessions.order_by("pk").values()) == before


def test_another_interval_is_shown_with_its_dates_and_then_holds(desk, series):
    _row, path = following(series, 2)
    shown = desk.post(path, filled(desk, path, weeks="2"))
    assert [line.split(",")[0] for line in dates(shown)] == [
        "Thursday 17 December", "Thursday 31 December", "Thursday 14 January 2027",
    ]  # fmt: skip
    confirm(desk, path, shown)
    assert starts(series) == ["12-03 20:00", "12-10 20:00", "12-17 20:00", "12-31 20:00", "01-14 20:00"]
    shown = desk.post(f"/desk/series/{series.id}/extend/", {"count": "1"})
    assert dates(shown)[0].startswith("Thursday 28 January 2027")


@pytest.mark.parametrize("fields", [{"date": "2028-11-20"}, {"date": "2028-08-20", "weeks": "4"}])
def test_r29_those_that_follow_stay_within_two_years(desk, series, fields):
    _row, path = following(series, 0)
    assert "two years away" in errors(desk.post(path, filled(desk, path, **fields)))["#id_date"]
    assert starts(series)[0] == "12-03 20:00"


def test_r29_no_interval_puts_those_that_follow_into_the_past(desk, series):
    Series.objects.update(begins_on="2026-09-03", weeks=4)  # so that the fifth is at Christmas
    for row in series.sessions.all():
        at = Series.objects.get().rule.start(row.series_number)
        series.sessions.filter(pk=row.pk).update(series_at=at, starts_at=at, ends_at=at + timedelta(hours=1))
    early, path = following(series, 0)
    scheduling.change(early, factories.NOW, factories.NOW + timedelta(days=3), 50)
    assert "already passed" in errors(desk.post(path, filled(desk, path, weeks="1")))["#id_date"]


def test_a_switch_that_ends_with_a_visit_is_named_so_that_the_client_hears_of_it(desk, series):
    switched, path = following(series, 3)
    scheduling.switch(switched, "voice", switched.sequence, factories.NOW)
    lines = dates(desk.post(path, filled(desk, path, way="in_person")))
    assert "Your client had switched it to voice. Tell them that it is a visit now." in lines[0]
    assert "had switched" not in lines[1]


def test_the_dates_say_what_stays_as_it_is(desk, series):
    switched, alone = series.sessions.get(series_number=3), series.sessions.get(series_number=4)
    scheduling.switch(switched, "voice", switched.sequence, factories.NOW)
    scheduling.change(alone, factories.NOW, alone.starts_at + timedelta(days=1), 50)
    _row, path = following(series, 2)
    lines = dates(desk.post(path, filled(desk, path, time="16:00")))
    assert "Your client switched it, and it stays so." in lines[1]
    assert "You moved this one by itself, so its time stays." in lines[2]


def test_r10_a_form_from_before_a_change_is_refused(desk, series):
    row, path = following(series, 2)
    fields = filled(desk, path, time="16:00")
    scheduling.switch(row, "voice", row.sequence, factories.NOW)
    assert "has changed since" in read(desk.post(path, {**fields, "confirm": "1"})).text
    assert starts(series)[2] == "12-17 20:00"


@pytest.mark.django_db(transaction=True)
def test_r8_of_forms_that_are_saved_in_two_tabs_at_the_same_moment_one_counts(desk, series, dana):
    _row, path = following(series, 2)
    fields, codes = filled(desk, path, confirm="1"), []
    tabs = [(signed_in(dana), f"1{hour}:00") for hour in range(4)]
    together(
        *(
            partial(lambda tab, at: codes.append(tab.post(path, fields | {"time": at}).status_code), *tab)
            for tab in tabs
        )
    )
    assert sorted(codes) == [302, 422, 422, 422]
    assert [row.revision for row in series.sessions.order_by("series_number")] == [1, 1, 2, 2, 2]


def test_r10_a_form_from_before_a_change_of_later_ones_is_refused(desk, series):
    (_early, path), (_late, later) = following(series, 1), following(series, 3)
    fields = filled(desk, path)
    saved(desk, later, way="voice")
    assert "has changed since" in read(desk.post(path, {**fields, "confirm": "1"})).text
    assert series.sessions.get(series_number=3).way == "voice"


def test_more_sessions_are_shown_anew_when_the_series_changed_after_they_were_shown(desk, series):
    path, (_row, change) = f"/desk/series/{series.id}/extend/", following(series, 2)
    shown = desk.post(path, {"count": "2"})
    saved(desk, change, time="16:00")
    assert "4:00 pm" in dates(confirm(desk, path, shown))[0]
    assert series.sessions.count() == 5


def test_a_change_of_one_session_says_that_it_is_for_that_one_alone(desk, series):
    row, path = following(series, 2)
    page = look(desk, f"/desk/sessions/{row.id}/edit/")
    assert "This changes this session only." in page.text
    assert path in {link["href"] for link in page.all("a")}


def test_a_session_that_is_in_no_series_has_no_such_page(desk, sams_session):
    assert desk.get(f"/desk/sessions/{sams_session.id}/following/").status_code == 404
    assert (
        "Change this one and those that follow"
        not in look(desk, f"/desk/sessions/{sams_session.id}/edit/").text
    )


def test_one_that_is_over_or_cancelled_changes_no_others(desk, series, now):
    row, path = following(series, 2)
    scheduling.cancel(row, now)
    assert desk.get(path).status_code == 409


# Cancelling


def test_one_is_cancelled_alone_or_with_those_that_follow(desk, series):
    row, _path = following(series, 2)
    path = f"/desk/sessions/{row.id}/cancel/"
    assert [button.text for button in look(desk, path).one("main").all("button")] == [
        "Cancel the session",
        "Cancel this one and 2 that follow",
    ]
    assert desk.post(path, {"following": "1"}).url == f"/desk/series/{series.id}/"
    states = series.sessions.order_by("series_number").values_list("status", flat=True)
    assert list(states) == ["planned"] * 2 + ["cancelled"] * 3


def test_the_last_one_and_one_in_no_series_are_cancelled_alone(desk, series, ana, now):
    for row in (series.sessions.get(series_number=4), factories.session(ana)):
        page = look(desk, f"/desk/sessions/{row.id}/cancel/")
        assert [button.text for button in page.one("main").all("button")] == ["Cancel the session"]


def test_the_page_of_a_client_leads_to_the_series_once(desk, sam, series):
    links = [
        link["href"]
        for link in read(desk.get(f"/desk/clients/{sam.id}/")).all("a")
        if "series" in link["href"]
    ]
    assert links == [f"/desk/series/{series.id}/"]

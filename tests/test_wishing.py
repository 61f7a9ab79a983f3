"""What a client decides about reminders: each choice is kept, planned by at once, and checked (R12, R20, R29)."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from checklist.models import Client, Delivery, Handover, Practice, Reminder
from tests import factories
from tests.conftest import SAMS_PHONE, phone
from tests.looking import DAY, HOUR, MINUTE, due, look
from tests.reading import read
from tests.subscribed import takes_notifications
from tests.wished import CHOICES, choose

pytest_plugins = ["tests.phones"]
pytestmark = pytest.mark.usefixtures("now")
HERE = ZoneInfo("America/Los_Angeles")
START = datetime(2026, 11, 29, 11, 18, tzinfo=HERE)
QUIET = {"quiet_from": "22:00", "quiet_to": "07:00"}


@pytest.fixture
def ahead(sams_phone, sam):
    """A session of Sam's on Sunday at 11:18 am."""
    return factories.session(sam, 3 * DAY)


def page(browser):
    return read(browser.get("/reminders/"))


def kept(client):
    return Client.objects.get(pk=client.pk)


def coming(browser):
    """Return the words of the list of what comes."""
    part = next(part for part in page(browser).all("section") if part.text.startswith("What comes"))
    return [line.text for line in part.all("li")]


def refused(browser, **fields):
    """Return the sentences of a form that was refused, by field."""
    answer = choose(browser, **fields)
    assert answer.status_code == 422
    rows = read(answer).one("section", role="alert").all("li")
    return dict(row.text.split(": ", 1) for row in rows)


# At what time


def test_r12_the_evening_before_comes_at_the_time_chosen(sams_phone, ahead):
    choose(sams_phone, evening="20:15")
    assert due("day_before") == datetime(2026, 11, 28, 20, 15, tzinfo=HERE)


def test_the_hours_before_are_those_chosen(sams_phone, ahead):
    choose(sams_phone, hours_before="5")
    assert due("hours_before") == START - 5 * HOUR


def test_the_minutes_before_are_those_chosen(sams_phone, ahead):
    choose(sams_phone, minutes_before="25")
    assert due("just_before") == START - 25 * MINUTE


def test_r12_what_falls_into_quiet_hours_comes_before_them(sams_phone, ahead):
    choose(sams_phone, quiet_from="17:30", quiet_to="09:30")
    assert due("day_before") == datetime(2026, 11, 28, 17, 29, tzinfo=HERE)
    assert due("hours_before") == datetime(2026, 11, 28, 17, 29, tzinfo=HERE)


def test_r12_quiet_hours_can_be_taken_away(sams_phone, sam, ahead):
    choose(sams_phone, quiet_from="17:30", quiet_to="09:30")
    choose(sams_phone)
    assert kept(sam).quiet_from is kept(sam).quiet_to is None
    assert due("day_before") == datetime(2026, 11, 28, 18, 0, tzinfo=HERE)


def test_seconds_of_a_time_are_left_out(sams_phone, sam):
    choose(sams_phone, evening="18:30:59")
    assert kept(sam).evening == time(18, 30)


def test_the_page_shows_the_choices_as_they_are(sams_phone):
    choose(sams_phone, evening="20:15", hours_before="5", minutes_before="25", **QUIET)
    fields = {field["name"]: field.get("value") for field in page(sams_phone).all("input", id=True)}
    shown = {"evening": "20:15", "hours_before": "5", "minutes_before": "25", **QUIET}
    assert {name: fields[name] for name in shown} == shown


def test_a_folded_part_says_how_things_stand(sams_phone):
    assert [part.one("summary").text for part in page(sams_phone).all("details", "fold")[1:]] == [
        "Quiet hours Off",
        "Pause Off",
    ]
    choose(sams_phone, paused_until="2026-11-30", **QUIET)
    assert [part.one("summary").text for part in page(sams_phone).all("details", "fold")[1:]] == [
        "Quiet hours 10:00 pm to 7:00 am",
        "Pause Until Monday 30 November",
    ]


# Which, and how


def test_r20_a_kind_without_a_channel_is_off(sams_phone, sam, ahead):
    choose(sams_phone, how_hours_before=[])
    assert kept(sam).unwanted == ["hours_before email", "hours_before push"]
    assert [line.split(". ")[0].split("m ")[-1] for line in coming(sams_phone)] == [
        "The evening before",
        "Just before",
    ]
    assert look(due("day_before")).kinds == ["day_before"]
    assert look(due("hours_before")).kinds == []


def test_r20_a_kind_comes_by_the_channel_that_was_chosen(sams_phone, sam, ahead, service, keys, now):
    takes_notifications(sam, service, now, SAMS_PHONE)
    choose(sams_phone, how_day_before=["push"], how_just_before=["email"])
    rows = Delivery.objects.select_related("reminder__client__practice")
    going = {(row.reminder.kind, row.channel) for row in rows if not row.obstacle}
    assert going == {
        ("day_before", "push"), ("hours_before", "push"), ("hours_before", "email"), ("just_before", "email"),
    }  # fmt: skip


def test_what_comes_by_push_and_mail_is_listed_once(sams_phone, sam, ahead, service, keys, now):
    takes_notifications(sam, service, now, SAMS_PHONE)
    assert len(coming(sams_phone)) == 3


def test_a_kind_can_be_chosen_again(sams_phone, sam, ahead):
    choose(sams_phone, how_hours_before=[])
    choose(sams_phone)
    assert kept(sam).unwanted == []
    assert len(coming(sams_phone)) == 3


def test_a_kind_that_the_practice_does_not_allow_is_not_offered_and_not_kept(sams_phone, sam, ahead):
    Practice.objects.update(kinds=["day_before"])
    choose(sams_phone, how_day_before=[], how_hours_before=[], hours_before="7")
    assert kept(sam).unwanted == ["day_before email", "day_before push"]
    assert kept(sam).hours_before == 2
    names = {field.get("name") for field in page(sams_phone).all("input")}
    assert not names & {"how_hours_before", "how_just_before", "hours_before", "minutes_before"}


def test_without_an_address_there_is_nothing_about_mail_to_choose(ana):
    names = [field.get("name") for field in page(phone(ana, "ana" * 15)).all("input")]
    assert not {"mail_reminders", "open_items_in_mail"} & set(names)
    assert [name for name in names if name and name.startswith("how_")] == [
        "how_day_before", "how_hours_before", "how_just_before", "how_nudge",
    ]  # fmt: skip


def test_without_an_address_the_choices_about_mail_stay(ana):
    choose(phone(ana, "ana" * 15), how_day_before=["email"], without=["mail_reminders"])
    assert kept(ana).unwanted == []  # refused: there is no such box
    ways = {
        "how_day_before": ["push"],
        "how_hours_before": ["push"],
        "how_just_before": [],
        "how_nudge": ["push"],
    }
    choose(phone(ana, "ana" * 15), **ways, open_items_in_mail="on", without=["mail_reminders"])
    assert kept(ana).unwanted == ["just_before push"]
    assert (kept(ana).mail_reminders, kept(ana).open_items_in_mail) == (True, False)


def test_r3_open_items_are_named_in_the_mail_only_for_those_who_want_it(sams_phone, sam):
    assert not kept(sam).open_items_in_mail
    box = page(sams_phone).one("input", name="open_items_in_mail")
    assert "checked" not in box.attrs
    choose(sams_phone, open_items_in_mail="on")
    assert kept(sam).open_items_in_mail
    choose(sams_phone)
    assert not kept(sam).open_items_in_mail


# A pause


def test_r20_nothing_comes_while_reminders_are_paused(sams_phone, ahead):
    choose(sams_phone, paused_until="2026-11-30")
    seen = page(sams_phone)
    assert coming(sams_phone) == []
    assert "Reminders are paused until Monday 30 November." in seen.text
    assert "why" not in [field.get("name") for field in seen.all("input")]
    assert look(due("day_before")).kinds == []


def test_what_comes_after_the_pause_is_listed(sams_phone, ahead):
    choose(sams_phone, paused_until="2026-11-29")
    assert len(coming(sams_phone)) == 2


def test_clearing_the_pause_lets_reminders_come_again(sams_phone, sam, ahead):
    choose(sams_phone, paused_until="2026-11-30")
    choose(sams_phone)
    assert kept(sam).paused_until is None
    assert len(coming(sams_phone)) == 3


def test_a_pause_that_is_over_does_not_stand_in_the_way_of_saving(sams_phone, sam):
    Client.objects.update(paused_until=date(2026, 11, 20))
    field = page(sams_phone).one("input", name="paused_until")
    assert not field.get("value")
    assert choose(sams_phone).status_code == 302


# What can't be taken


BAD = {
    "evening": ["", "25:00", "soon", "18:00\x00", "-1:00"],
    "hours_before": ["", "0", "25", "-2", "2.5", "two", "9" * 400, "٣x"],
    "minutes_before": ["", "4", "61", "1e1", "\x00"],
    "quiet_from": ["24:00", "x" * 5000],
    "quiet_to": ["7 o'clock"],
    "paused_until": ["2026-11-26", "2026-11-01", "0001-01-01", "2029-01-01", "9999-12-31", "2026-02-30", "tomorrow"],
    "how_day_before": [["fax"], ["email", "email push"]],
    "time_zone": ["Moon/Sea"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in BAD.items() for value in values]
)
def test_r29_what_can_not_be_taken_is_refused_with_words_and_nothing_changes(sams_phone, sam, name, value):
    both = {"quiet_from": "22:00", "quiet_to": "07:00"} if "quiet" in name else {}
    said = refused(sams_phone, **both | {name: value})
    assert len(said) == 1
    assert all(words.endswith(".") for words in said.values())
    fields = [field.name for field in Client._meta.fields]
    assert {f: getattr(kept(sam), f) for f in fields} == {f: getattr(sam, f) for f in fields}


@pytest.mark.parametrize("only", QUIET)
def test_r29_quiet_hours_need_both_times(sams_phone, only):
    [words] = refused(sams_phone, **{only: "22:00"}).values()
    assert words == "Quiet hours need both times. Or leave both empty."


def test_r29_quiet_hours_that_leave_too_little_of_the_day_are_refused(sams_phone, sam):
    said = refused(sams_phone, quiet_from="06:00", quiet_to="22:01")
    assert said == {"Quiet until": "Quiet hours can last 16 hours at most."}
    assert choose(sams_phone, quiet_from="06:00", quiet_to="22:00").status_code == 302


def test_r29_quiet_hours_that_end_when_they_begin_are_refused(sams_phone):
    assert refused(sams_phone, quiet_from="06:00", quiet_to="06:00") == {
        "Quiet until": "Choose two times that differ."
    }


def test_r29_today_is_counted_where_the_client_is(sams_phone):
    """In Auckland it is the 27th already."""
    zone = {"time_zone": "Pacific/Auckland"}
    assert refused(sams_phone, paused_until="2026-11-27", **zone)
    assert choose(sams_phone, paused_until="2026-11-28", **zone).status_code == 302


def test_a_part_with_something_to_mend_is_unfolded(sams_phone):
    answer = choose(sams_phone, paused_until="2026-11-01", hours_before="0")
    assert [
        part.one("summary").text for part in read(answer).all("details", "fold") if "open" in part.attrs
    ] == ["When they come", "Pause Off"]


# Whose


def test_r16_another_clients_choices_stay_as_they_are(sams_phone, lee, jo, ana):
    others = [kept(client) for client in (lee, jo, ana)]
    choose(sams_phone, evening="20:15", how_day_before=[], paused_until="2026-12-01", **QUIET)
    for before in others:
        now = kept(before)
        assert (now.evening, now.unwanted, now.paused_until) == (before.evening, [], None)
        assert now.quiet_from is None


def test_a_phone_of_two_clients_of_one_therapist_chooses_for_both(sams_phone, sam, ana):
    phone(ana, SAMS_PHONE)
    choose(sams_phone, evening="19:00")
    assert kept(ana).evening == kept(sam).evening == time(19, 0)


def test_r16_what_is_chosen_for_one_therapist_reaches_no_other(sams_phone, sam, lee):
    factories.enrol(lee, SAMS_PHONE, now=factories.NOW + MINUTE)
    choose(sams_phone, evening="19:00", time_zone="Pacific/Auckland")
    assert (kept(sam).evening, kept(sam).time_zone) == (time(19, 0), "Pacific/Auckland")
    assert (kept(lee).evening, kept(lee).time_zone) == (lee.evening, lee.time_zone)


def test_a_phone_of_two_therapists_chooses_for_each_within_what_that_practice_allows(sams_phone, sam, lee):
    factories.enrol(lee, SAMS_PHONE, now=factories.NOW + MINUTE)
    Practice.objects.filter(pk=lee.practice_id).update(kinds=["just_before"])
    answer = choose(sams_phone, f"?client={lee.id}", how_just_before=["email"])
    assert answer.url == f"/reminders/?client={lee.id}"
    assert kept(lee).unwanted == ["just_before push"]
    assert kept(sam).unwanted == []


def test_an_unchanged_form_changes_nothing(sams_phone, sam, ahead):
    before = list(Delivery.objects.order_by("pk").values())
    choose(sams_phone)
    assert list(Delivery.objects.order_by("pk").values()) == before
    names = [name for name in CHOICES if hasattr(sam, name)]
    assert [getattr(kept(sam), name) for name in names] == [getattr(sam, name) for name in names]


def test_a_client_of_a_practice_without_kinds_is_told_so(sams_phone):
    Practice.objects.update(kinds=[])
    assert "Your practice sends none by itself." in page(sams_phone).text
    assert choose(sams_phone, evening="nonsense").status_code == 302


# What became of a notification


@pytest.mark.parametrize(
    ("said", "words"),
    [((), "sent"), (("arrived_at",), "arrived"), (("arrived_at", "opened_at"), "opened")],
)
def test_r20_what_a_phone_said_of_a_notification_is_shown(
    sams_phone, sam, ahead, service, keys, now, said, words
):
    phone = takes_notifications(sam, service, now, SAMS_PHONE)
    delivery = Delivery.objects.get(reminder__kind="day_before", channel="push")
    Handover.objects.create(delivery=delivery, subscription=phone, **dict.fromkeys(said, now))
    Delivery.objects.filter(pk=delivery.pk).finish("sent", "", now)
    [part] = [part for part in page(sams_phone).all("section") if part.text.startswith("What was sent")]
    assert part.one("li").text.endswith(f"Notification {words}")


def test_a_nudge_can_be_switched_off_like_any_other_kind(sams_phone, desk, sams_session, sam):
    choose(sams_phone, how_nudge=[])
    assert kept(sam).unwanted == ["nudge email", "nudge push"]
    desk.post(f"/desk/sessions/{sams_session.id}/nudge/")
    assert not Reminder.objects.filter(kind="nudge").exists()


def test_a_nudge_stays_to_be_chosen_where_the_practice_sends_nothing_by_itself(sams_phone, sam):
    Practice.objects.update(kinds=[])
    choose(sams_phone, how_nudge=["email"])
    assert kept(sam).unwanted == ["nudge push"]

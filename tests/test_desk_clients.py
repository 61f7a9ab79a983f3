"""A therapist's clients: the list, adding one, their page, changing, archiving and taking back."""

from datetime import timedelta

import pytest
import time_machine

from checklist import inviting, scheduling
from checklist.models import Client, Delivery, Practice
from checklist.views.desk import clients as desk_clients
from tests import factories
from tests.at_desk import errors, keys, look, make_ready, queries, section, tick
from tests.reading import read

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
BEN = {"nickname": "Ben", "email": "", "time_zone": "Europe/Madrid"}


def entries(page):
    """Return [text] of the clients or sessions in the page's lists."""
    return [entry.text for entry in page.all("a", kind="entry")]


def of(client, more=""):
    return f"/desk/clients/{client.id}/{more}"


def its_page(desk, client):
    return look(desk, of(client))


# The list


def test_a_client_is_listed_with_the_next_session(desk, sam, sams_phone, now):
    for ahead in (-DAY, 3 * DAY, 5 * DAY):
        factories.session(sam, ahead)
    assert entries(look(desk, "/desk/clients/")) == ["Sam K. Sunday 29 November, 2:18 pm"]


def test_a_cancelled_session_is_not_the_next_one(desk, sam, sams_phone, sams_session, now):
    scheduling.cancel(sams_session, now)
    assert entries(look(desk, "/desk/clients/")) == ["Sam K. No session ahead"]


def test_who_has_no_phone_and_who_has_no_address_is_marked(desk, ana, now):
    assert entries(look(desk, "/desk/clients/")) == ["Ana P. No session ahead No phone yet No e-mail"]


def test_who_stopped_the_mails_is_marked(desk, sam, sams_phone, now):
    Client.objects.update(mail_reminders=False)
    assert entries(look(desk, "/desk/clients/")) == ["Sam K. No session ahead Stopped e-mails"]


def test_the_list_is_in_the_order_of_the_alphabet_whatever_the_case(desk, dana, now):
    for name in ("bo", "Cy", "Al"):
        factories.client(dana, name)
    assert [name[:2] for name in entries(look(desk, "/desk/clients/"))] == ["Al", "bo", "Cy"]


def test_the_archived_stand_apart(desk, sam, ana, now):
    desk.post(of(sam, "archive/"))
    page = look(desk, "/desk/clients/")
    assert section(page, "Archived") == "Sam K. Since Today"
    assert len(entries(page)) == 2


def test_an_empty_list_asks_for_the_first_client(desk, now):
    assert "Invite your first client" in look(desk, "/desk/clients/").text


def test_r28_a_long_list_asks_as_few_queries_as_a_short_one(desk, dana, now):
    def grow(many):
        for n in range(many):
            factories.session(factories.client(dana, f"Client {n}"), DAY)

    grow(2)
    few = queries(desk, "/desk/clients/")
    grow(10)
    assert queries(desk, "/desk/clients/") == few


# Adding


def test_a_new_client_belongs_to_the_therapist_and_their_practice(desk, dana, now):
    desk.post("/desk/clients/add/", BEN)
    ben = Client.objects.get(nickname="Ben")
    assert (ben.therapist, ben.practice, ben.time_zone) == (dana, dana.practice, "Europe/Madrid")


def test_a_new_client_has_an_open_invitation_and_its_page_comes_next(desk, now):
    answer = desk.post("/desk/clients/add/", BEN)
    ben = Client.objects.get(nickname="Ben")
    assert answer.url == of(ben, "invitation/")
    assert ben.invitations.open(now).count() == 1


def test_a_nickname_is_enough(desk, now):
    assert desk.post("/desk/clients/add/", BEN).status_code == 302


def test_the_form_starts_in_the_therapists_own_zone(desk, now):
    chosen = look(desk, "/desk/clients/add/").one("select", name="time_zone").one("option", selected=True)
    assert chosen["value"] == "America/New_York"


@pytest.mark.parametrize(
    ("typed", "link", "words"),
    [
        ({"nickname": " "}, "#id_nickname", "Give them a nickname."),
        ({"nickname": "x" * 41}, "#id_nickname", "Ensure this value has at most 40 characters"),
        ({"email": "ben"}, "#id_email", "This is not an e-mail address. It looks like name@example.org."),
        ({"time_zone": "Mars/Base"}, "#id_time_zone", "Choose a time zone from the list."),
    ],
)  # fmt: skip
def test_r29_what_can_not_be_taken_is_said_above_the_form(typed, link, words, desk, now):
    told = errors(desk.post("/desk/clients/add/", BEN | typed))
    assert list(told) == [link]
    assert words in told[link]
    assert not Client.objects.exists()


def test_a_refused_form_keeps_what_was_typed_and_marks_the_field(desk, now):
    page = read(desk.post("/desk/clients/add/", BEN | {"email": "ben@"}))
    field = page.one("input", name="email")
    assert (field["value"], field["aria-invalid"]) == ("ben@", "true")
    assert page.one("input", name="nickname")["value"] == "Ben"
    assert page.one("select", name="time_zone").one("option", selected=True)["value"] == "Europe/Madrid"


def test_r29_a_post_without_anything_is_refused_as_well(desk, now):
    assert "#id_nickname" in errors(desk.post("/desk/clients/add/"))


def test_r29_no_name_breaks_a_page(desk, dana, now):
    hostile = factories.client(dana, "<b>&\"'{{x}}")
    assert look(desk, of(hostile)).one("h1").text == "<b>&\"'{{x}}"


# Their page


def test_sessions_ahead_and_behind_stand_apart(desk, sam, now):
    for ahead in (-WEEK, DAY):
        factories.session(sam, ahead)
    page = its_page(desk, sam)
    assert (
        section(page, "Sessions ahead")
        == "Tomorrow, 2:18 pm Video, session 2 11:18 am in Los Angeles Not started"
    )
    assert section(page, "Behind you").startswith("Thursday 19 November, 2:18 pm Video, first session")


def test_each_session_says_how_far_the_list_is(desk, ana, now):
    for ahead in (DAY, 2 * DAY):
        factories.session(ana, ahead, way="in_person")
    first, second = ana.sessions.order_by("starts_at")
    tick(first, keys(first)[0])
    make_ready(second)
    first_entry, second_entry = entries(its_page(desk, ana))
    assert first_entry.endswith(f"1 of {len(keys(first))}")
    assert second_entry.endswith("Ready")


def test_a_cancelled_session_is_crossed_out(desk, sam, sams_session, now):
    scheduling.cancel(sams_session, now)
    page = its_page(desk, sam)
    assert page.one("s").text == "Today, 3:00 pm"
    assert entries(page)[0].endswith("Cancelled")


def test_r16_a_session_with_another_therapist_is_not_shown(desk, sam, kim, now):
    session = factories.session(sam, DAY)
    session.therapist = kim
    session.save()
    assert section(its_page(desk, sam), "Sessions ahead") == "None is planned."


@pytest.mark.parametrize(
    ("step", "words"), [(-DAY, "The last 20 are shown."), (DAY, "The next 20 are shown.")]
)
def test_of_many_sessions_twenty_are_shown_and_it_says_so(step, words, desk, sam, now):
    for n in range(21):
        factories.session(sam, (n + 1) * step)
    page = its_page(desk, sam)
    assert len(entries(page)) == 20
    assert words in page.text


def test_r28_a_long_history_asks_as_few_queries_as_a_short_one(desk, sam, now):
    def grow(first, last):
        for n in range(first, last):
            tick(factories.session(sam, -n * DAY), "slow-minutes")
            factories.session(sam, n * DAY)
            factories.enrol(sam, f"phone {n}")

    grow(1, 3)
    few = queries(desk, of(sam))
    grow(3, 12)
    assert queries(desk, of(sam)) == few


def test_a_client_elsewhere_shows_what_time_it_is_there(desk, ana, now):
    assert "Sydney It is 6:18 am there" in section(its_page(desk, ana), "Reminders")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": ""}, "E-mail None Reminders None, without an address"),
        ({}, "Reminders They go out by e-mail"),
        ({"mail_reminders": False}, "Reminders They have stopped them. Only they can start them again."),
    ],
)
def test_r20_the_page_says_whether_mail_goes_out(fields, words, desk, sam, now):
    Client.objects.filter(pk=sam.pk).update(**fields)
    assert words in section(its_page(desk, sam), "Reminders")


# Changing


def test_a_change_is_kept(knows, sam, now):
    answer = knows.post(
        of(sam, "edit/"), {"nickname": "Samira", "email": "s@example.org", "time_zone": "Asia/Tokyo"}
    )
    sam.refresh_from_db()
    assert (sam.nickname, sam.email, sam.time_zone, answer.url) == (
        "Samira",
        "s@example.org",
        "Asia/Tokyo",
        of(sam),
    )


def test_a_change_touches_nothing_but_what_was_asked(desk, sam, now):
    form = {"nickname": "Sam", "email": sam.email, "time_zone": sam.time_zone}
    before = Client.objects.values().get(pk=sam.pk)
    desk.post(of(sam, "edit/"), form)
    assert Client.objects.values().get(pk=sam.pk) == before | {"nickname": "Sam"}


def test_r20_who_stopped_the_mails_stays_without_them_when_the_name_changes(desk, sam, now):
    Client.objects.update(mail_reminders=False)
    desk.post(of(sam, "edit/"), {"nickname": "Sam", "email": "SAM@example.org", "time_zone": sam.time_zone})
    sam.refresh_from_db()
    assert not sam.mail_reminders


@pytest.fixture
def move_mail(knows, sam, now):
    """Give Sam these addresses one after the other; return whether mail goes to the last one."""

    def move(*emails):
        for email in emails:
            form = {"nickname": "Sam", "email": email, "time_zone": sam.time_zone}
            assert knows.post(of(sam, "edit/"), form).status_code == 302
        return Client.objects.get(pk=sam.pk).takes_mail

    return move


@pytest.mark.parametrize("there", [[""], ["new@example.org"], ["", "new@example.org", ""]])
def test_r20_who_stopped_the_mails_stays_without_them_when_the_same_address_comes_back(there, sam, move_mail):
    Client.objects.update(mail_reminders=False)
    assert not move_mail(*there, "Sam@example.org")


def test_r20_a_new_address_takes_mail_although_the_old_one_did_not(sam, move_mail):
    Client.objects.update(mail_reminders=False)
    assert move_mail("new@example.org")


def test_r20_every_address_at_which_the_mails_were_stopped_is_remembered(sam, move_mail):
    for email in ("one@example.org", "two@example.org"):
        move_mail(email)
        Client.objects.update(mail_reminders=False)
    assert not move_mail("three@example.org", "one@example.org")
    assert not move_mail("two@example.org")


def test_r20_who_started_the_mails_again_has_them_when_the_address_comes_back(sam, move_mail):
    Client.objects.update(mail_reminders=False)
    move_mail("", "sam@example.org")
    Client.objects.update(mail_reminders=True)
    assert move_mail("", "sam@example.org")


def test_r20_mails_stopped_while_the_desk_changes_the_address_count_for_the_old_one(sam, now):
    """The desk had read the client before the client said stop."""
    read_before = Client.objects.get(pk=sam.pk)
    Client.objects.update(mail_reminders=False)
    for email in ("", sam.email):
        desk_clients.save(read_before, {"email": email}, now)
    assert not Client.objects.get(pk=sam.pk).takes_mail


def test_r16_an_address_that_was_taken_away_is_not_kept_in_clear(sam, move_mail):
    Client.objects.update(mail_reminders=False)
    move_mail("")
    assert "sam@example.org" not in str(Client.objects.values().get(pk=sam.pk))


def test_r15_a_new_address_gets_what_the_old_one_refused(knows, sam, now):
    session = factories.session(sam, 3 * HOUR)
    refused = Delivery.objects.filter(reminder__session=session, reminder__kind="hours_before")
    refused.update(state="failed", reason="address refused", finished_at=now)
    knows.post(of(sam, "edit/"), {"nickname": "Sam", "email": "new@example.org", "time_zone": sam.time_zone})
    assert refused.get().state == "planned"


def test_another_zone_moves_the_evening_reminder(desk, sam, now):
    session = factories.session(sam, 5 * DAY)
    rows = Delivery.objects.filter(reminder__session=session, reminder__kind="day_before")
    before = rows.get().due_at
    desk.post(of(sam, "edit/"), {"nickname": "Sam", "email": sam.email, "time_zone": "America/New_York"})
    assert rows.get().due_at == before - 3 * HOUR


def test_a_refused_change_changes_nothing(desk, sam, now):
    assert "#id_nickname" in errors(desk.post(of(sam, "edit/"), BEN | {"nickname": ""}))
    sam.refresh_from_db()
    assert (sam.nickname, sam.time_zone) == ("Sam K.", "America/Los_Angeles")


def test_who_stopped_the_mails_is_asked_before_an_address_changes(desk, sam, now):
    Client.objects.update(mail_reminders=False)
    assert "A new address starts them again, so ask first." in look(desk, of(sam, "edit/")).text


def shown(page):
    """Return {name: value} of the form on a page of the desk, what it hides included."""
    fields = {field["name"]: field.get("value") or "" for field in page.one("form", kind="form").all("input")}
    lists = {each["name"]: each.one("option", selected=True)["value"] for each in page.all("select")}
    return fields | lists


def test_r20_a_form_that_was_open_while_the_client_chose_saves_what_was_changed_in_it_alone(desk, sam, now):
    session = factories.session(sam, 5 * DAY)
    evening = Delivery.objects.filter(reminder__session=session, reminder__kind="day_before")
    typed = shown(look(desk, of(sam, "edit/"))) | {"nickname": "Samira"}
    Client.objects.update(language="es", time_zone="Europe/Madrid", email="other@example.org")
    assert desk.post(of(sam, "edit/"), typed).status_code == 302
    kept = Client.objects.values_list("nickname", "language", "time_zone", "email").get()
    assert kept == ("Samira", "es", "Europe/Madrid", "other@example.org")
    assert evening.get().due_at.hour == 17  # 6 pm in Madrid


def test_a_form_that_was_refused_still_knows_how_it_was_first_shown(desk, sam, now):
    typed = shown(look(desk, of(sam, "edit/"))) | {"nickname": "", "language": "es"}
    again = shown(read(desk.post(of(sam, "edit/"), typed))) | {"nickname": "Samira"}
    Client.objects.update(time_zone="Europe/Madrid")
    desk.post(of(sam, "edit/"), again)
    kept = Client.objects.values_list("nickname", "language", "time_zone").get()
    assert kept == ("Samira", "es", "Europe/Madrid")


# Another address asks who it is


ELSEWHERE = {"nickname": "Samira", "email": "new@example.org", "time_zone": "Asia/Tokyo", "language": "es"}
ONCE_MORE = "Password: What you change here is private, so please type your password once more, then save."


@pytest.mark.parametrize("email", ["new@example.org", ""])
def test_r19_another_address_is_not_saved_before_the_password_is_typed_once_more(email, desk, sam, now):
    before = Client.objects.values().get()
    refused = desk.post(of(sam, "edit/"), ELSEWHERE | {"email": email})
    assert errors(refused) == {"#id_password": ONCE_MORE}
    assert Client.objects.values().get() == before
    assert ELSEWHERE.items() <= (shown(read(refused)) | {"email": "new@example.org"}).items()


def test_r19_with_the_password_all_that_was_typed_is_saved(desk, sam, now):
    again = shown(read(desk.post(of(sam, "edit/"), ELSEWHERE)))
    assert again["password"] == ""
    assert desk.post(of(sam, "edit/"), again | {"password": factories.PASSWORD}).status_code == 302
    kept = Client.objects.values("nickname", "email", "time_zone", "language").get()
    assert kept == ELSEWHERE
    assert desk.post(of(sam, "edit/"), ELSEWHERE | {"email": "third@example.org"}).status_code == 302


def test_r19_a_wrong_password_saves_nothing_and_after_many_none_is_tried(desk, sam, now):
    words = []
    for _ in range(12):
        words += errors(desk.post(of(sam, "edit/"), ELSEWHERE | {"password": "x"})).values()
    assert words[0] == "Password: This is not your password."
    assert words[-1] == "Password: Too many tries. Wait five minutes, then try again."
    right = ELSEWHERE | {"password": factories.PASSWORD}
    assert desk.post(of(sam, "edit/"), right).status_code == 422
    assert Client.objects.get().email == sam.email


def test_who_changes_no_address_is_not_asked(desk, sam, now):
    assert desk.post(of(sam, "edit/"), ELSEWHERE | {"email": "SAM@example.org"}).status_code == 302


# Archiving


def test_an_archived_client_is_shut_out_and_can_be_taken_back(desk, sam, sams_phone, sams_session):
    assert desk.post(of(sam, "archive/")).url == of(sam)
    assert sams_phone.get("/").status_code == 401
    desk.post(of(sam, "archive/"), {"back": "1"})
    assert sams_phone.get("/").status_code == 200


def test_the_page_of_an_archived_client_offers_the_way_back_and_nothing_new(desk, sam, now):
    desk.post(of(sam, "archive/"))
    page = its_page(desk, sam)
    assert (
        "Nothing is sent, their phone is shut out, and what they shared is neither shown nor counted."
        in page.text
    )
    links = [link["href"] for link in page.one("main").all("a")]
    assert links == ["/desk/clients/", of(sam, "edit/"), of(sam, "erase/")]


def test_archiving_twice_does_not_begin_the_time_until_all_is_erased_anew(desk, sam, now):
    desk.post(of(sam, "archive/"))
    with time_machine.travel(now + 10 * DAY, tick=False):
        desk.post(of(sam, "archive/"))
    sam.refresh_from_db()
    assert sam.archived_at == now


def test_archiving_is_not_done_by_a_get(desk, sam, now):
    assert desk.get(of(sam, "archive/")).status_code == 405


def test_r16_clients_of_others_are_not_in_the_list(desk, jo, lee, now):
    assert entries(look(desk, "/desk/clients/")) == []
    assert Practice.objects.count() == 2


def test_a_device_is_listed_with_its_days(desk, sam, now):
    with time_machine.travel(now - 3 * DAY, tick=False):
        factories.enrol(sam, "old-phone", now - 3 * DAY, "Safari, iPhone")
    shown = section(its_page(desk, sam), "Their phone")
    assert shown.startswith("Safari, iPhone Let in: Monday 23 November. Last used: Monday 23 November.")


def test_a_device_was_never_seen_tomorrow_although_it_is_tomorrow_in_utc(desk, sam, now):
    evening = now + 8 * HOUR  # 10:18 pm in New York
    with time_machine.travel(evening, tick=False):
        factories.enrol(sam, "phone", evening)
        assert "Let in: Today. Last used: Today." in section(its_page(desk, sam), "Their phone")


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (None, "No phone yet There is no open invitation."),
        (0, "Waiting Nobody has used the invitation yet. It is good until Thursday 3 December, 2:18 pm."),
        (8, "No phone yet There is no open invitation."),
    ],
)
def test_without_a_device_the_page_says_where_the_invitation_stands(made, words, desk, ana, now):
    if made is not None:
        inviting.invite(ana, now - made * DAY)
    assert section(its_page(desk, ana), "Their phone").startswith(words)

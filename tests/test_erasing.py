"""Who is erased is gone: rows, files, log lines, caches; and only who proves it gets that far (R19, R21)."""

import re
import sqlite3
import time
from contextlib import closing, nullcontext
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.mail import EmailMessage, get_connection
from django.db import IntegrityError, connection

from checklist import erasing, inviting
from checklist.channels import mailfiles
from checklist.channels.email import EmailChannel
from checklist.models import (
    Client,
    Delivery,
    Device,
    Erasure,
    Invitation,
    Limit,
    Plan,
    Session,
    Tombstone,
    answers,
    belonging,
)
from tests import factories
from tests.at_desk import look
from tests.conftest import ON_SQLITE, phone, signed_in
from tests.everything import (
    ADDRESS,
    ENDPOINT,
    NICKNAME,
    TOKEN,
    WORDS,
    database_files,
    everything,
    in_files,
    in_rows,
    send,
)
from tests.reading import read
from tests.test_logs import log
from tests.wished import CHOICES

__all__ = ["log"]  # a fixture
INTO_FILES = "django.core.mail.backends.filebased.EmailBackend"  # as on a local machine
PASSWORD = {"password": factories.PASSWORD}


@pytest.fixture
def person(dana, now):
    """A client of whom there is a row of every kind, and the browser of their phone."""
    return everything(dana)


def code_for(browser, client):
    """Ask for a code and return it."""
    assert browser.post(f"/data/{client.id}/erase/code/").status_code == 302
    return Invitation.objects.filter(kind="sure").latest("created_at").code()


def erase(browser, client):
    code = code_for(browser, client) if client.email else "erase"
    return browser.post(f"/data/{client.id}/erase/", {"code": code, "word": code})


def sync(browser, *operations):
    body = {"operations": list(operations)}
    return browser.post("/sync/", body, content_type="application/json", headers={"X-Settle": "1"})


def rows_left(client):
    return {model.__name__ for model, rows in belonging.rows_of(client).items() if rows.exists()}


# Who may


def test_r19_a_code_from_the_mailbox_proves_it(person):
    client, browser = person
    assert erase(browser, client).url == "/"
    assert not Client.objects.filter(pk=client.pk).exists()


@pytest.mark.parametrize("typed", ["", "ABCD-2345", "erase", "\x00"])
def test_r19_without_the_right_code_nothing_is_erased(typed, person):
    client, browser = person
    code_for(browser, client)
    answer = browser.post(f"/data/{client.id}/erase/", {"code": typed, "word": "erase"})
    assert answer.status_code == 422
    assert Client.objects.filter(pk=client.pk).exists()


def test_r19_a_code_is_good_for_ten_minutes_once_and_a_new_one_ends_it(person, now):
    client, browser = person
    first, second = code_for(browser, client), code_for(browser, client)
    assert browser.post(f"/data/{client.id}/erase/", {"code": first}).status_code == 422
    with time_machine.travel(now + timedelta(minutes=10), tick=False):
        assert browser.post(f"/data/{client.id}/erase/", {"code": second}).status_code == 422


def test_r18_a_code_to_erase_lets_nobody_in(person, stranger):
    client, browser = person
    code = code_for(browser, client)
    assert stranger.post("/join/code/", {"code": code}).status_code == 422
    spoken = inviting.make_code(client, factories.NOW).code()
    assert browser.post(f"/data/{client.id}/erase/", {"code": spoken}).status_code == 422


def test_r16_somebody_elses_code_erases_nobody(person, sams_phone, sam):
    client, browser = person
    code = code_for(sams_phone, sam)
    assert browser.post(f"/data/{client.id}/erase/", {"code": code}).status_code == 422


def test_r19_who_has_no_address_types_a_word(dana, now):
    client = factories.client(dana, "Ana P.")
    browser = phone(client, "a" * 43)
    path = f"/data/{client.id}/erase/"
    assert "erase" in look(browser, path).one("form", data_erase=True).text
    for typed in ("", "yes", "erased"):
        assert browser.post(path, {"word": typed}).status_code == 422
    assert browser.post(path, {"word": " Erase "}).status_code == 302
    assert not Client.objects.filter(pk=client.pk).exists()


def test_guessing_ends_after_a_while(person):
    client, browser = person
    answers = [
        browser.post(f"/data/{client.id}/erase/", {"code": "ABCD-2345"}).status_code for _ in range(21)
    ]
    assert answers == [422] * 20 + [429]


def test_no_more_than_three_codes_an_hour_are_mailed(person):
    client, browser = person
    answers = [browser.post(f"/data/{client.id}/erase/code/").status_code for _ in range(4)]
    assert answers == [302, 302, 302, 429]


def test_who_knows_the_address_does_not_use_up_the_codes_to_erase(person, stranger):
    client, browser = person
    for _ in range(4):
        stranger.post("/join/lost/", {"email": ADDRESS})
    assert browser.post(f"/data/{client.id}/erase/code/").status_code == 302


def test_r17_looking_at_the_page_erases_and_mails_nothing(person):
    client, browser = person
    browser.get(f"/data/{client.id}/erase/")
    browser.head(f"/data/{client.id}/erase/")
    assert Client.objects.filter(pk=client.pk).exists()
    assert not Invitation.objects.filter(kind="sure").exists()


def test_the_page_leads_to_the_field_and_says_there_where_the_code_went(person):
    client, browser = person
    path = f"/data/{client.id}/erase/"
    assert "The code went to" not in read(browser.get(path)).text
    assert browser.post(f"{path}code/").url == f"{path}#id_code"
    field = read(browser.get(path)).one("input", id="id_code")
    said = read(browser.get(path)).one(id=field["aria-describedby"]).text
    assert said == f"The code went to {client.email}. It is good for ten minutes."


def test_r3_the_mail_says_nothing_of_what_it_is_for(person, settings):
    client, browser = person
    settings.EMAIL_BACKEND = INTO_FILES
    code = code_for(browser, client)
    send()
    mails = "".join(path.read_text() for path in settings.EMAIL_FILE_PATH.iterdir()).split("-" * 79)
    (mail,) = [mail for mail in mails if code in mail]
    assert "Your code for Settle" in mail
    said = " ".join(mail.split())
    assert "Type it on the page that asked for it. It confirms something that can't be undone." in said
    assert "If you did not ask for it, enter it nowhere. Do not give it to anyone." in said
    assert [
        word for word in ("erase", "data", "delete", "join") if word in mail.partition(code)[2].lower()
    ] == []


# What goes


def test_r21_no_row_is_left_of_any_kind(person):
    client, browser = person
    assert rows_left(client) == {model.__name__ for model in belonging.paths()}
    erase(browser, client)
    assert rows_left(client) == set()


@pytest.mark.django_db(transaction=True)
def test_r21_nothing_with_their_name_address_or_token_is_left_anywhere(
    dana, now, log, settings, stranger, desk
):
    """Rows of all tables, the log, mails in files, the cache, the metrics, and the bytes of the database file."""
    settings.EMAIL_BACKEND = INTO_FILES
    client, browser = everything(dana)
    send()
    for path in ("/", "/sharing/", "/data/", f"/data/{client.id}/erase/", "/reminders/"):
        assert browser.get(path).status_code == 200
    browser.post(f"/data/{client.id}/export/")
    stranger.post("/join/lost/", {"email": ADDRESS})
    for path in ("/desk/", "/desk/clients/", f"/desk/clients/{client.id}/"):
        desk.get(path)
    cache.set("nobody", "1")
    hashes = [client.devices.get().token_hash, client.mailbox]
    words = (*WORDS, str(client.id), client.id.hex, hashes[1])
    assert in_rows(WORDS[:2]) and in_files([ADDRESS], settings.EMAIL_FILE_PATH)
    code = code_for(browser, client)
    send()
    assert browser.post(f"/data/{client.id}/erase/", {"code": code}).status_code == 302
    send(now + timedelta(days=3))
    assert in_rows(words) == []
    assert in_rows([hashes[0]]) == [("checklist_tombstone", hashes[0])]
    assert in_files(WORDS, settings.EMAIL_FILE_PATH) == []
    assert [word for word in WORDS if word.lower() in log.getvalue().lower()] == []
    metrics = stranger.get("/metrics").content.decode() + stranger.get("/readyz").content.decode()
    assert [word for word in words if word in metrics] == []
    if ON_SQLITE:
        kept = database_files()
        assert [word for word in (*WORDS, hashes[1]) if word.encode() in kept] == []


@pytest.mark.skipif(not ON_SQLITE, reason="how SQLite keeps its pages")
@pytest.mark.django_db(transaction=True)
def test_r21_nothing_is_left_in_the_pages_of_a_database_that_holds_many(dana, now):
    crowd = [
        factories.client(dana, f"Marigold {number}", f"marigold-{number}@mailbox.example")
        for number in range(150)
    ]
    for client in crowd:
        factories.session(client, starts_in=timedelta(days=1))
        client.nickname = f"{client.nickname} Fernsby"
        client.save()
    for client in crowd[20:120]:
        erasing.erase(client, Erasure.By.TIME, now)
    kept = database_files()
    assert [
        n for n in range(20, 120) if f"marigold-{n}@".encode() in kept or f"Marigold {n} ".encode() in kept
    ] == []
    assert b"marigold-5@" in kept


@pytest.mark.skipif(not ON_SQLITE, reason="how SQLite keeps its pages")
@pytest.mark.django_db(transaction=True)
def test_r21_who_reads_meanwhile_holds_nobody_up_and_the_sender_empties_the_log_soon_after(dana, now):
    client = factories.client(dana, NICKNAME, ADDRESS)
    with closing(
        sqlite3.connect(django_settings.DATABASES["default"]["NAME"], isolation_level=None)
    ) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM checklist_client").fetchall()
        began = time.monotonic()
        erasing.erase(client, Erasure.By.CLIENT, now)
        assert time.monotonic() - began < 10
        assert ADDRESS.encode() in database_files()
    send()
    assert ADDRESS.encode() not in database_files()
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone()[0] == 30_000


def test_r21_a_mail_that_waits_is_not_sent(person, settings):
    settings.EMAIL_BACKEND = INTO_FILES
    client, browser = person
    erase(browser, client)
    send(factories.NOW + timedelta(minutes=1))
    assert not Delivery.objects.exists()
    assert in_files([ADDRESS], settings.EMAIL_FILE_PATH) == []


def test_in_mail_files_only_what_was_written_to_them_is_taken_out(settings):
    settings.EMAIL_BACKEND = INTO_FILES
    settings.EMAIL_FILE_PATH.mkdir()
    between = "-" * 79 + "\n"
    both = settings.EMAIL_FILE_PATH / "1.log"
    both.write_text(f"To: {ADDRESS}\n\nx\n{between}To: sam@example.org\n\ny\n{between}")
    (settings.EMAIL_FILE_PATH / "2.log").write_text(f"To: {ADDRESS.upper()}\n{between}")
    mailfiles.forget(ADDRESS)
    mailfiles.forget("")
    assert both.read_text() == f"To: sam@example.org\n\ny\n{between}"
    assert (settings.EMAIL_FILE_PATH / "2.log").read_text() == ""


@pytest.mark.parametrize(
    ("theirs", "others"),
    [
        ("an@example.org", "susan@example.org"),
        ("jo@example.org", "jo@example.org.uk"),
        ("lee@bücher.example", "lee@example.org"),
        ("o'neil+x=y@example.org", "neil@example.org"),
        (f"{'a' * 60}@{'b' * 60}.example.org", f"{'a' * 60}@{'b' * 59}.example.org"),
    ],
)
def test_r21_in_mail_files_an_address_means_the_whole_of_it(theirs, others, settings):
    settings.EMAIL_BACKEND = INTO_FILES
    for to in (theirs, others):
        EmailMessage("Hello", f"to {theirs}", "hello@settle.example", [to]).send()
    mailfiles.forget(theirs)
    left = b"".join(path.read_bytes() for path in settings.EMAIL_FILE_PATH.iterdir())
    assert re.findall(rb"^To:\s+(\S+)$", left, re.M) == [others.encode()]


def test_r21_what_the_sender_writes_after_an_erasing_stands_in_its_file(dana, settings, now):
    settings.EMAIL_BACKEND = INTO_FILES
    gone = factories.client(dana, "Ana P.", ADDRESS)
    with get_connection() as sender:
        EmailMessage("Hello", "x", to=[ADDRESS], connection=sender).send()
        mailfiles.forget(gone.email)
        EmailMessage("Hello", "x", to=["sam@example.org"], connection=sender).send()
    [path] = settings.EMAIL_FILE_PATH.iterdir()
    assert re.findall(r"^To: (.*)$", path.read_text(), re.M) == ["sam@example.org"]


def test_r21_a_mail_that_was_being_written_when_they_were_erased_does_not_leave(
    person, sam, settings, now, monkeypatch
):
    settings.EMAIL_BACKEND = INTO_FILES
    client, _browser = person
    inviting.invite(sam, now, by_mail=True)
    write = EmailChannel.write

    def erased_meanwhile(channel, delivery, at):
        mail = write(channel, delivery, at)
        if delivery.reminder.client == client:
            erasing.erase(client, Erasure.By.CLIENT, now)
        return mail

    monkeypatch.setattr(EmailChannel, "write", erased_meanwhile)
    send()
    assert in_files([ADDRESS], settings.EMAIL_FILE_PATH) == []
    assert in_files(["sam@example.org"], settings.EMAIL_FILE_PATH)


@pytest.mark.django_db(transaction=True)
def test_r21_an_address_that_the_desk_changed_is_nowhere_any_more(dana, knows, settings, now):
    settings.EMAIL_BACKEND = INTO_FILES
    client, _browser = everything(dana)
    inviting.ask_for_code(ADDRESS, now)
    Limit.take("code by mail", ADDRESS, 3, 3600)
    send()
    fields = {"nickname": client.nickname, "email": "new@example.org", "time_zone": "America/New_York"}
    assert in_files([ADDRESS], settings.EMAIL_FILE_PATH)
    inviting.ask_for_code(ADDRESS, now)
    assert knows.post(f"/desk/clients/{client.id}/edit/", fields).status_code == 302
    assert in_files([ADDRESS], settings.EMAIL_FILE_PATH) == in_rows([ADDRESS]) == []
    assert not Limit.objects.exists()


def test_an_old_address_that_is_somebody_elses_as_well_keeps_its_mails(dana, omar, knows, settings, now):
    settings.EMAIL_BACKEND = INTO_FILES
    client, other = (factories.client(each, "Lee T.", ADDRESS) for each in (dana, omar))
    inviting.invite(other, now, by_mail=True)
    send()
    fields = {"nickname": "Lee", "email": "new@example.org", "time_zone": "America/New_York"}
    assert knows.post(f"/desk/clients/{client.id}/edit/", fields).status_code == 302
    assert in_files([ADDRESS], settings.EMAIL_FILE_PATH)


def test_others_keep_everything(person, sams_phone, sam, sams_session):
    client, browser = person
    inviting.ask_for_code("sam@example.org", factories.NOW)
    before = {model: set(rows.values_list("pk", flat=True)) for model, rows in belonging.rows_of(sam).items()}
    erase(browser, client)
    assert {
        model: set(rows.values_list("pk", flat=True)) for model, rows in belonging.rows_of(sam).items()
    } == before
    assert sams_phone.get("/").status_code == 200


def test_tries_that_were_counted_under_something_of_theirs_are_forgotten(person):
    client, browser = person
    device = client.devices.get()
    for what in ("check device", "test", "sync", "notifications", "add device"):
        Limit.take(what, device.token_hash, 5, 600)
    Limit.take("join", "198.51.100.7", 5, 600)
    Limit.take("invitation by mail", client.id, 5, 600)
    erase(browser, client)
    assert Limit.objects.count() == 1


@pytest.mark.parametrize(("times", "left"), [(2, 0), (3, 1)])
def test_what_is_written_of_them_in_that_very_moment_does_not_keep_them(
    times, left, person, now, monkeypatch
):
    client, _browser = person
    fails, real = iter([True] * times), Client.delete

    def delete(row):
        if next(fails, False):
            raise IntegrityError
        return real(row)

    monkeypatch.setattr(Client, "delete", delete)
    with pytest.raises(IntegrityError) if left else nullcontext():
        erasing.erase(client, Erasure.By.CLIENT, now)
    assert Client.objects.filter(pk=client.pk).count() == left
    assert Erasure.objects.count() == Tombstone.objects.count() == 1 - left


def test_erasing_twice_changes_nothing(person, now):
    client, _browser = person
    for _ in range(2):
        erasing.erase(client, Erasure.By.THERAPIST, now)
    assert Erasure.objects.count() == 1


# What their phone is told


def test_r6_what_waits_on_their_phone_is_refused_kindly(person):
    client, browser = person
    other = phone(client, "o" * 43)
    erase(browser, client)
    answer = sync(other)
    assert (answer.status_code, answer.json()) == (410, {"error": "the client was erased"})
    page = other.get("/")
    assert page.status_code == 410
    assert "Everything is erased" in page.content.decode()
    assert "js/erased.js" in page.content.decode()
    for path in ("/sessions/", "/help/", "/data/"):
        assert other.get(path).status_code == 410


def test_the_phone_that_erased_is_as_good_as_new(person):
    client, browser = person
    answer = erase(browser, client)
    assert answer.cookies["settle_device"].value == ""
    assert "Everything is erased." in browser.get("/").content.decode()
    assert sync(browser).status_code == 401


def test_r16_a_phone_that_was_only_shut_out_is_told_401_and_keeps_what_waits(sams_phone, sam):
    Device.objects.revoke()
    assert sync(sams_phone).status_code == 401


def test_a_phone_of_two_goes_on_for_the_other(dana, omar, now):
    client, browser = everything(dana)
    lee = factories.client(omar, "Lee T.")
    factories.enrol(lee, TOKEN)
    session = factories.session(lee)
    row = {
        "id": "6ba7b810-9dad-41d1-80b4-00c04fd430c8",
        "session": str(session.id),
        "item": "x",
        "state": "done",
    }
    assert erase(browser, client).url == "/data/"
    answer = sync(browser, row | {"clock": [1, 0], "seq": 1})
    assert (answer.status_code, "erased" in answer.json()) == (200, False)
    assert browser.get("/").status_code == 200
    Device.objects.revoke()
    assert sync(browser).status_code == 401  # the other one's ticks wait for a new code


def test_r6_a_phone_of_two_is_told_who_of_those_whom_it_names_was_erased_and_not_who_was_shut_out(
    dana, omar, kim, now
):
    client, browser = everything(dana)
    lee, jo = factories.client(omar, "Lee T."), factories.client(kim, "Jo M.")
    factories.enrol(lee, TOKEN)
    factories.enrol(jo, TOKEN)
    jo.devices.revoke()
    erasing.erase(client, Erasure.By.THERAPIST, now)
    body = {"cursor": {str(each): 0 for each in (client.id, lee.id, jo.id)}}
    answer = browser.post("/sync/", body, content_type="application/json", headers={"X-Settle": "1"})
    assert answer.json()["erased"] == [str(client.id)]


def test_who_is_invited_anew_on_that_phone_is_let_in(dana, person):
    client, browser = person
    browser.cookies["settle_device"] = TOKEN
    erasing.erase(client, Erasure.By.THERAPIST, factories.NOW)
    again = factories.client(dana, "Somebody new")
    token = inviting.invite(again, factories.NOW).token()
    assert browser.post("/join/", {"token": token}).status_code == 302
    assert browser.get("/").status_code == 200


def test_links_in_mails_that_were_sent_open_nothing(person, stranger):
    client, browser = person
    stop, session = client.stop_token(), client.sessions.first()
    erase(browser, client)
    assert stranger.get(f"/unsubscribe/{client.id}/{stop}/").status_code == 404
    browser.cookies["settle_device"] = TOKEN
    assert browser.get(f"/sessions/{session.id}/calendar.ics").status_code == 410


# While a request of theirs, or about them, is on its way


@pytest.fixture
def erased_within(monkeypatch, now):
    """Return a function that erases a client in the moment before a named function of the product does its work."""

    def erased_within(name, client):
        module, _dot, function = name.rpartition(".")
        work = getattr(import_module(module), function)

        def late(*args, **named):
            erasing.erase(client, Erasure.By.CLIENT, now)
            return work(*args, **named)

        monkeypatch.setattr(name, late)

    return erased_within


ON_THE_PHONE = [
    ("checklist.sharing.share", "/sharing/", {"kinds": ["items"]}),
    ("checklist.inviting.make_code", "/devices/add/", {}),
    ("checklist.reflecting.say", "/sessions/{over}/outcome/", {"give": "well"}),
    ("checklist.scheduling.switch", "/sessions/{ahead}/way/", {"way": "voice", "sequence": 0}),
    ("checklist.answering.give", "/sessions/{ahead}/answers/", {"give": "confirm", "revision": 1}),
    ("checklist.choosing.choose", "/reminders/", CHOICES),
    ("checklist.intending.intend", "/plan/", {"cue": "it is ten", "deed": "sit down", "place": ""}),
    ("checklist.intending.skip", "/first-steps/plan/", {"skip": ""}),
]


@pytest.mark.parametrize(("name", "path", "fields"), ON_THE_PHONE)
def test_r29_a_form_of_theirs_that_is_on_its_way_is_told_that_all_is_erased(
    person, erased_within, name, path, fields
):
    client, browser = person
    sessions = client.sessions.order_by("starts_at")
    path = path.format(over=sessions.first().pk, ahead=sessions.last().pk)
    erased_within(name, client)
    answer = browser.post(path, fields)
    assert answer.status_code == 410
    assert "Everything is erased" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]


def test_r29_a_script_of_theirs_that_is_on_its_way_is_told_so(person, erased_within):
    client, browser = person
    path = f"/sessions/{client.sessions.latest('starts_at').pk}/way/"
    erased_within("checklist.scheduling.switch", client)
    fields = {"way": "voice", "sequence": 0}
    answer = browser.post(path, fields, content_type="application/json", headers={"X-Settle": "1"})
    assert (answer.status_code, answer.json()) == (410, {"error": "the client was erased"})


def test_r29_ticks_of_theirs_that_are_on_their_way_are_told_so(person, erased_within, monkeypatch):
    client, browser = person
    monkeypatch.setattr("checklist.ticking.apply", lambda *_args: client.next_cursor())
    erased_within("checklist.ticking.apply", client)
    assert sync(browser).status_code == 410


def test_r29_a_phone_of_two_is_asked_once_more_for_the_one_who_is_left(dana, omar, erased_within):
    client, browser = everything(dana)
    lee = factories.client(omar, "Lee T.")
    factories.enrol(lee, TOKEN)
    erased_within("checklist.intending.intend", client)
    answer = browser.post("/plan/", {"cue": "it is ten", "deed": "sit down", "place": ""})
    assert (answer.status_code, answer.url) == (302, "/plan/")
    assert Plan.objects.get().client == lee


def test_r29_for_a_phone_of_two_what_was_of_the_other_is_not_there_any_more(dana, omar, erased_within):
    client, browser = everything(dana)
    factories.enrol(factories.client(omar, "Lee T."), TOKEN)
    path = f"/sessions/{client.sessions.latest('starts_at').pk}/way/"
    erased_within("checklist.scheduling.switch", client)
    assert browser.post(path, {"way": "voice", "sequence": 0}).status_code == 404


def test_r29_a_session_that_is_forgotten_meanwhile_is_not_there_any_more(
    sams_phone, sams_session, monkeypatch
):
    def forgotten(session, *_args):
        Session.objects.all().delete()
        session.hold()

    monkeypatch.setattr("checklist.scheduling.switch", forgotten)
    answer = sams_phone.post(f"/sessions/{sams_session.pk}/way/", {"way": "voice", "sequence": 0})
    assert answer.status_code == 404


def test_what_breaks_for_another_reason_is_not_taken_for_an_erasing(sams_phone, sams_session, monkeypatch):
    def breaks(*_args):
        raise IntegrityError

    monkeypatch.setattr("checklist.scheduling.switch", breaks)
    sams_phone.raise_request_exception = False
    answer = sams_phone.post(f"/sessions/{sams_session.pk}/way/", {"way": "voice", "sequence": 0})
    assert answer.status_code == 500


def test_r29_an_answer_from_a_mail_to_who_is_erased_meanwhile_says_that_its_link_is_spent(
    person, stranger, erased_within
):
    client, _browser = person
    token = answers.token_of(client.sessions.latest("starts_at"), client)
    erased_within("checklist.answering.give", client)
    answer = stranger.post("/answer/", {"token": token, "kind": "confirm"})
    assert answer.status_code == 422
    assert "can't be used to answer any more" in read(answer).text


CLIENT = {"nickname": "Q", "email": "q@example.org", "time_zone": "UTC", "language": ""}
SESSION = {
    "date": "2027-01-10",
    "time": "15:00",
    "minutes": 50,
    "time_zone": "UTC",
    "way": "video",
    "link": "",
}
AT_THE_DESK = [
    ("checklist.views.desk.clients.save", "clients/{client}/edit/", CLIENT),
    ("checklist.scheduling.change", "sessions/{ahead}/edit/", SESSION),
    ("checklist.scheduling.cancel", "sessions/{ahead}/cancel/", {}),
    ("checklist.inviting.make_code", "clients/{client}/code/", {}),
]


@pytest.mark.parametrize(("name", "path", "fields"), AT_THE_DESK)
def test_r29_at_the_desk_who_is_erased_meanwhile_is_not_there_any_more(
    person, knows, erased_within, name, path, fields
):
    client, _browser = person
    ahead = client.sessions.latest("starts_at")
    fields = fields | ({"checklist": ahead.version.checklist_id} if fields is SESSION else {})
    erased_within(name, client)
    answer = knows.post("/desk/" + path.format(client=client.pk, ahead=ahead.pk), fields)
    assert answer.status_code == 404


# What the therapist is told


def test_r21_the_therapist_reads_that_somebody_did_but_not_who(person, desk):
    client, browser = person
    erase(browser, client)
    for path, words in (
        ("/desk/", "Today: a client erased their data."),
        ("/desk/clients/", "A client erased their"),
    ):
        text = look(desk, path).text
        assert words in text
        assert "Zephyrine" not in text


def test_another_therapist_reads_nothing_of_it(person, kim):
    client, browser = person
    erase(browser, client)
    assert not Erasure.objects.of(kim).exists()


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("hour", [2, 11, 23])
def test_the_day_is_the_one_by_the_therapists_clock(zone, hour, dana, db):
    dana.time_zone = zone
    dana.save()
    client = factories.client(dana, "Ana P.", time_zone="Australia/Sydney")
    with time_machine.travel(datetime(2026, 11, 27, hour, tzinfo=UTC), tick=False):
        phone(client, TOKEN).post(f"/data/{client.id}/erase/", {"word": "erase"})
        factories.client(dana, "Bo")
        desk = signed_in(dana)
        assert "Today: a client erased their data." in look(desk, "/desk/").text
        assert "Today" in look(desk, "/desk/clients/").text


def test_the_day_tells_it_for_a_week(person, desk, now):
    client, browser = person
    erase(browser, client)
    with time_machine.travel(now + timedelta(days=8), tick=False):
        assert "erased their data" not in look(desk, "/desk/").text
        assert "A client erased their data." in look(desk, "/desk/clients/").text


# The therapist erases on request


def test_r19_the_password_is_asked_once_more_before_a_client_is_erased(desk, person):
    client, _browser = person
    for answer in (
        desk.get(f"/desk/clients/{client.id}/erase/"),
        desk.post(f"/desk/clients/{client.id}/erase/"),
    ):
        assert answer.url.startswith("/desk/reauthenticate/?next=")
    assert Client.objects.filter(pk=client.pk).exists()


def test_the_password_leads_back_to_the_question(desk, person):
    client, _browser = person
    path = f"/desk/clients/{client.id}/erase/"
    there = desk.get(path).url
    answer = desk.post(there, {**PASSWORD, "next": path})
    assert answer.url == path
    assert "Erase Zephyrine Quillfeather?" in look(desk, path).text


def test_a_therapist_erases_a_client_who_asked_for_it(knows, person):
    client, browser = person
    assert knows.post(f"/desk/clients/{client.id}/erase/").url == "/desk/clients/"
    assert rows_left(client) == set()
    assert sync(browser).status_code == 410
    text = look(knows, "/desk/clients/").text
    assert "You erased a client." in text
    assert "Zephyrine" not in text


def test_the_day_does_not_tell_a_therapist_what_they_did_themselves(knows, person):
    client, _browser = person
    knows.post(f"/desk/clients/{client.id}/erase/")
    assert "erased their data" not in look(knows, "/desk/").text


def test_r16_a_colleagues_client_is_a_404(knows, jo):
    assert knows.get(f"/desk/clients/{jo.id}/erase/").status_code == 404
    assert knows.post(f"/desk/clients/{jo.id}/erase/").status_code == 404


def test_the_rows_of_the_test_are_of_every_kind(person):
    client, _browser = person
    assert rows_left(client) == {model.__name__ for model in belonging.paths()}
    assert ENDPOINT in str(in_rows([ENDPOINT]))
    assert Session.objects.filter(client=client).count() == 3
    assert not Tombstone.objects.exists()

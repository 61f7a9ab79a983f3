"""R30: which language is spoken to whom, on each page and in each message, and who decides it."""

import json
import re
from datetime import timedelta

import pytest
from django.conf import settings

from checklist import calendars, erasing, inviting
from checklist.channels.email import message
from checklist.channels.letters import compose
from checklist.channels.notices import notice, trial
from checklist.device_cookie import DEVICE_COOKIE
from checklist.models import Client, Delivery, Erasure, Handover, Reminder, User
from tests import factories
from tests.conftest import SAMS_PHONE, phone, signed_in
from tests.forms import FORMS
from tests.looking import DAY
from tests.reading import read
from tests.subscribed import takes_notifications
from tests.test_sync import sync
from tests.wished import choose

pytest_plugins = ["tests.phones"]
SPAIN, MEXICO, FINLAND = (
    {"accept-language": value} for value in ("es", "es-MX,es;q=0.9,en;q=0.5", "fi,sv;q=0.8")
)
COOKIE = settings.LANGUAGE_COOKIE_NAME


def spoken(answer):
    """Return the language of a page, of its header and of its direction."""
    html = read(answer).one("html")
    return html["lang"], answer.headers["Content-Language"], html["dir"]


def speaks(person, language):
    person.language = language
    person.save(update_fields=["language"])


def pick(browser, language, **fields):
    return browser.post("/language/", {"language": language, **fields})


# Nobody that we know


@pytest.mark.parametrize(
    ("headers", "language"),
    [({}, "en"), (SPAIN, "es"), (MEXICO, "es"), (FINLAND, "en")],
    ids=lambda x: str(x)[-8:],
)
def test_who_was_asked_nothing_reads_what_the_browser_asks_for(stranger, db, headers, language):
    answer = stranger.get("/", headers=headers)
    assert spoken(answer) == (language, language, "ltr")
    assert {"Accept-Language", "Cookie"} <= set(answer.headers["Vary"].split(", "))


def test_a_choice_is_kept_in_the_browser_and_wins_over_what_it_asks_for(stranger, db):
    assert pick(stranger, "es", back="/join/code/").url == "/join/code/"
    assert spoken(stranger.get("/join/code/", headers={"accept-language": "en"}))[0] == "es"
    cookie = stranger.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 400 * 24 * 3600)


@pytest.mark.parametrize(
    "address", ["/", "/join/", "/join/code/", "/join/lost/", "/desk/sign-in/", "/desk/sign-up/"]
)
def test_in_front_of_the_app_the_other_language_is_one_tap_away_in_its_own_name(stranger, db, address):
    page = read(stranger.get(f"{address}?next=/desk/clients/"))
    button = page.one("button", name="language")
    assert (button["value"], button["lang"], button.text) == ("es", "es", "Español")
    way = page.one("input", name="back")["value"]
    assert way == (
        f"{address}?next=/desk/clients/" if "desk" in address else address
    )  # R17: no query is said again
    assert pick(stranger, "es", back=way).url == way
    assert read(stranger.get(address)).one("button", name="language").text == "English"


@pytest.mark.parametrize(
    "way", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", "x"]
)
def test_a_choice_leads_nowhere_else_than_into_settle(stranger, db, way):
    assert pick(stranger, "es", back=way).url == "/"


@pytest.mark.parametrize("language", ["", "xx", "es-XX", "../es", "\u2028"])
def test_r29_a_language_that_we_do_not_speak_is_refused_in_words(stranger, db, language):
    answer = pick(stranger, language)
    assert answer.status_code == 422
    assert "Choose one of these languages." in read(answer).text
    assert COOKIE not in stranger.cookies


def test_a_cookie_in_no_language_of_ours_is_as_good_as_none(stranger, db):
    stranger.cookies[COOKIE] = "xx"
    assert spoken(stranger.get("/", headers=SPAIN))[0] == "es"


def test_what_went_wrong_is_said_in_the_language_as_well(stranger, db):
    for answer in (
        stranger.get("/nothing/here/", headers=SPAIN),
        stranger.put("/join/", headers=SPAIN),
        stranger.get("/sessions/", headers=SPAIN),
    ):
        assert answer.status_code in (404, 405, 401)
        assert spoken(answer)[:2] == ("es", "es")


# A client


@pytest.fixture
def link(sam, now):
    """What is posted to accept Sam's invitation."""
    return {"token": inviting.invite(sam, now).token()}


def test_who_opens_the_invitation_in_a_spanish_browser_gets_spanish_for_good(stranger, sam, link):
    assert spoken(stranger.get("/join/", headers=MEXICO))[0] == "es"
    stranger.post("/join/", link, headers=MEXICO)
    sam.refresh_from_db()
    assert sam.language == "es"
    assert spoken(stranger.get("/", headers={"accept-language": "en"}))[0] == "es"


def test_what_the_therapist_set_wins_over_what_a_browser_asks_for(stranger, sam, link):
    speaks(sam, "es")
    answer = stranger.post("/join/", link, headers={"accept-language": "en"}, follow=True)
    assert spoken(answer)[0] == "es"
    assert stranger.cookies[COOKIE].value == "es"


def test_what_the_client_chose_on_the_way_in_wins_over_what_the_therapist_set(stranger, sam, link):
    speaks(sam, "es")
    pick(stranger, "en")
    stranger.post("/join/", link)
    sam.refresh_from_db()
    assert sam.language == "en"


def test_somebody_else_on_the_same_phone_does_not_inherit_the_choice(sams_phone, lee, now):
    pick(sams_phone, "es")
    sams_phone.post("/join/", {"token": inviting.invite(lee, now).token(), "person": "other"})
    assert Client.objects.get(pk=lee.pk).language == "en"
    assert spoken(sams_phone.get("/"))[0] == "en"


@pytest.mark.parametrize("end", ["revoked", "erased", "erased and looked", "left", "erased here"])
def test_whoever_had_the_phone_before_says_nothing_of_the_next_ones_language(end, ana, sam, now):
    """Ana has no address, so that she types a word to erase all."""
    speaks(ana, "es")
    speaks(sam, "en")
    browser = phone(ana, "a" * 43)
    browser.get("/")
    assert browser.cookies[COOKIE].value == "es"
    if end == "revoked":
        ana.devices.revoke(now)
    elif end == "left":
        browser.post("/leave/")
    elif end == "erased here":
        browser.post(f"/data/{ana.id}/erase/", {"word": "borrar"})
        assert browser.cookies[COOKIE].value == ""
    else:
        erasing.erase(ana, Erasure.By.THERAPIST, now)
    if end == "erased and looked":
        assert spoken(browser.get("/"))[0] == "es"
        assert browser.cookies[COOKIE].value == ""
    answer = browser.post("/join/", {"token": inviting.invite(sam, now).token()})
    assert answer.status_code == 302
    sam.refresh_from_db()
    assert sam.language == "en"
    assert spoken(browser.get("/"))[0] == "en"


def test_a_client_chooses_without_a_script_for_all_whom_the_phone_stands_for(sams_phone, sam, lee):
    factories.enrol(lee, SAMS_PHONE)
    assert "/language/" in {link["href"] for link in read(sams_phone.get("/help/")).all("a")}
    page = read(sams_phone.get("/language/"))
    assert [button.text for button in page.all("button", name="language")] == ["English", "Español"]
    assert spoken(sams_phone.post("/language/", {"language": "es"}, follow=True))[0] == "es"
    assert {client.language for client in Client.objects.filter(pk__in=(sam.pk, lee.pk))} == {"es"}


def test_the_row_decides_on_every_phone_and_the_cookie_follows_it(sam, sams_phone):
    other = phone(sam, "another-phone")
    pick(other, "es")
    assert spoken(sams_phone.get("/", headers={"accept-language": "en"}))[0] == "es"
    assert sams_phone.cookies[COOKIE].value == "es"
    assert spoken(sams_phone.get("/tools/calm/"))[0] == "es"


def test_who_was_let_in_before_there_were_languages_gets_one_with_the_first_look_of_a_day(sams_phone, sam):
    assert not sam.language
    sam.devices.update(last_seen_on=factories.NOW.date() - timedelta(days=3))
    sams_phone.get("/", headers=SPAIN)
    sam.refresh_from_db()
    assert sam.language == "es"


def test_the_phones_copies_are_in_the_language_and_are_fetched_anew_when_it_changes(sams_phone, sams_session):
    first = sync(sams_phone)
    pick(sams_phone, "es")
    then = sync(sams_phone)
    assert first["stamp"] != then["stamp"]
    assert read(sams_phone.get("/")).one("body")["data-stamp"] == then["stamp"]
    assert "Toma tres minutos tranquilos" in {line["title"] for line in then["sessions"][0]["lines"]}
    assert then["sessions"][0]["way_words"] == "Video"


def test_the_list_is_in_the_language(sams_phone, sams_session):
    pick(sams_phone, "es")
    page = read(sams_phone.get("/"))
    assert "Toma tres minutos tranquilos" in page.text
    assert "dentro de 42 minutos" in page.text
    assert "11:00" not in page.text and "12:00" in page.one("section", kind="hero").text


# What goes out


@pytest.fixture
def spanish_sam(sam):
    speaks(sam, "es")
    return sam


def letters(client, now):
    """Return what each kind of mail for that client says."""
    rows = Reminder.objects.filter(client=client).select_related("client", "session", "invitation")
    return [compose(row, now) for row in rows]


def test_mails_are_in_the_clients_language_whatever_the_server_speaks(spanish_sam, now):
    factories.session(spanish_sam, 3 * DAY)
    inviting.invite(spanish_sam, now, by_mail=True)
    inviting.mail_code(spanish_sam.email, now)
    subjects = {letter.subject for letter in letters(spanish_sam, now)}
    assert "Tu enlace para Settle" in subjects
    assert "Tu código para Settle" in subjects
    assert any(subject.startswith("Recordatorio: el domingo 29 de noviembre") for subject in subjects)
    for letter in letters(spanish_sam, now):
        assert '<html lang="es" dir="ltr">' in letter.html


def test_two_clients_of_one_minute_do_not_get_each_others_language(spanish_sam, ana, now):
    """What many get alike is kept for a minute."""
    ana.time_zone, ana.email = spanish_sam.time_zone, "ana@example.org"
    ana.save()
    rows = [factories.session(client, 3 * DAY) for client in (spanish_sam, ana)]
    mails = [
        message(Delivery.objects.get(reminder__session=row, reminder__kind="day_before"), now) for row in rows
    ]
    assert [mail.subject.split(":")[0] for mail in mails] == ["Recordatorio", "Reminder"]


def test_notifications_are_in_the_clients_language(spanish_sam, service, now):
    subscription = takes_notifications(spanish_sam, service, now)
    factories.session(spanish_sam, 3 * DAY)
    row = Delivery.objects.with_marks(now).filter(channel="push", reminder__kind="day_before").get()
    shown = notice(row.reminder, Handover(delivery=row, subscription=subscription), row.due_at)[
        "notification"
    ]
    assert (shown["title"], shown["lang"]) == ("Recordatorio", "es")
    assert shown["body"] == "Mañana a las 11:18"
    assert [action["title"] for action in shown["actions"]] == ["Ahí estaré", "Otra hora"]


def test_the_page_to_stop_mails_is_in_the_language_of_the_mails(spanish_sam, stranger):
    answer = stranger.get(f"/unsubscribe/{spanish_sam.id}/{spanish_sam.stop_token()}/")
    assert spoken(answer)[0] == "es"
    assert COOKIE not in stranger.cookies  # who opened it may be a scanner, or somebody else


def test_the_calendar_file_is_in_the_clients_language(spanish_sam, sams_session, sams_phone):
    text = sams_phone.get(f"/sessions/{sams_session.id}/calendar.ics").content.decode()
    assert "SUMMARY:Tiempo reservado" in text
    assert "PRODID:-//Settle//ES" in text


def test_a_language_that_is_spoken_no_more_falls_back_to_english(sam, now):
    speaks(sam, "xx")
    factories.session(sam, 3 * DAY)
    assert letters(sam, now)[0].subject.startswith("Reminder")


def test_a_notification_to_try_is_in_the_language_of_the_page(sam):
    assert trial()["notification"]["lang"] == "en"


# The desk


def test_a_therapist_chooses_among_the_settings_and_everything_follows(desk, dana):
    page = read(desk.get("/desk/settings/"))
    assert [option.text for option in page.one("select", name="language").all("option")][1:] == [
        "English",
        "Español",
    ]
    assert pick(desk, "es", back="/desk/").url == "/desk/"
    dana.refresh_from_db()
    assert dana.language == "es"
    assert spoken(desk.get("/desk/clients/", headers={"accept-language": "en"}))[0] == "es"
    assert spoken(signed_in(dana).get("/desk/"))[0] == "es"


def test_the_settings_keep_it(desk, dana, now):
    desk.post("/desk/settings/", {"name": "G", "therapist_name": "D", "time_zone": "UTC", "language": "es"})
    dana.refresh_from_db()
    assert dana.language == "es"
    assert desk.cookies[COOKIE].value == "es"


def test_the_therapist_can_say_what_a_new_client_reads(desk, dana):
    fields = {"nickname": "Luz", "time_zone": "America/Bogota", "language": "es"}
    desk.post("/desk/clients/add/", fields)
    assert Client.objects.get(nickname="Luz").language == "es"


def test_a_therapists_phone_does_not_change_what_the_client_reads(desk, sam):
    pick(desk, "es")
    sam.refresh_from_db()
    assert sam.language == ""


def test_who_signs_up_in_spanish_is_spoken_to_in_spanish(stranger, db):
    fields = FORMS["sign up"].good
    stranger.post("/desk/sign-up/", fields, headers=SPAIN)
    assert User.objects.get(email=fields["email"]).language == "es"


# Pages that know nobody


def test_the_pages_that_a_phone_keeps_can_be_asked_for_in_one_language(client):
    for address in ("/offline/", "/list/", "/tools/calm/"):
        for language in ("en", "es"):
            assert read(client.get(f"{address}?language={language}")).one("html")["lang"] == language
    assert read(client.get("/offline/?language=xx")).one("html")["lang"] == "en"


def test_each_language_has_a_worker_of_its_own(client):
    english, spanish = (
        client.get(f"/serviceworker.js?language={code}").content.decode() for code in ("en", "es")
    )
    assert 'LANGUAGE = "?language=es"' in spanish
    assert "Toca para abrirlo" in spanish
    version = re.compile(r'VERSION = "([^"]+)"')
    assert version.search(english)[1] != version.search(spanish)[1]


def test_the_address_decides_what_a_worker_keeps_whoever_asks(client, sams_phone, sams_session):
    pick(sams_phone, "es")
    for address in ("/serviceworker.js?language=en", "/offline/?language=en", "/tools/room/?language=en"):
        assert sams_phone.get(address).content == client.get(address, headers=SPAIN).content


def test_the_manifest_is_in_the_language(client):
    manifest = json.loads(client.get("/manifest.json", headers=SPAIN).content)
    assert manifest["lang"] == "es"
    assert manifest["description"] == "Una lista corta que te ayuda a llegar con calma y con todo a punto."


def test_the_cookie_of_a_phone_is_no_way_in(stranger, db):
    stranger.cookies[COOKIE] = "es"
    assert DEVICE_COOKIE not in stranger.cookies
    assert stranger.get("/sessions/").status_code == 401
    assert choose(stranger).status_code == 401


def test_calendars_speak_the_active_language(sams_session, now):
    assert b"Time set aside" in calendars.calendar(sams_session, now)

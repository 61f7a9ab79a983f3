"""A client's copy has everything, in plain words and in tables, and is kept nowhere (R21)."""

import csv
import io
import json
import re
import zipfile
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from checklist import exporting
from checklist.explaining import CODES, COLUMNS, legend
from checklist.models import Delivery, Item, Session, belonging
from checklist.portraying import DESCRIBED, LEFT_OUT, NAMED, OF_NOBODY
from tests import factories
from tests.at_desk import look
from tests.conftest import SAMS_PHONE
from tests.everything import ADDRESS, ENDPOINT, NICKNAME, TOKEN, everything, in_files, in_rows
from tests.reading import read

MODELS = list(apps.get_app_config("checklist").get_models())


@pytest.fixture
def person(dana, now):
    """A client of whom there is a row of every kind, and the browser of their phone."""
    return everything(dana)


def copy_of(browser, client):
    answer = browser.post(f"/data/{client.id}/export/")
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(answer.content))


def whole(browser, client):
    return json.loads(copy_of(browser, client).read("data.json"))


def table(file, name):
    return list(csv.DictReader(io.StringIO(file.read(name).decode("utf-8-sig"))))


# Complete, by the list of all models and fields


def test_r21_every_model_is_in_the_copy_or_named_with_the_reason_why_not():
    known = set(belonging.paths())
    assert {model.__name__ for model in MODELS} == {model.__name__ for model in known} | set(OF_NOBODY)
    assert not {model.__name__ for model in known} & set(OF_NOBODY)
    assert set(DESCRIBED) == known | {Item}


def test_r21_every_field_is_in_the_copy_or_named_with_the_reason_why_not():
    everywhere = {str(field) for model in DESCRIBED for field in model._meta.concrete_fields}
    exported = {str(field) for model in DESCRIBED for field in exporting.fields_of(model)}
    assert exported | set(LEFT_OUT) == everywhere
    assert not exported & set(LEFT_OUT)


def test_r21_the_way_from_a_row_to_its_client_is_found_by_the_keys():
    paths = {model.__name__: path for model, path in belonging.paths().items()}
    assert paths["Client"] == "pk"
    assert paths["Tick"] == "session__client"
    assert paths["Delivery"] == "reminder__client"
    assert paths["Invitation"] == "client"
    assert "Practice" not in paths


def test_r21_every_row_and_every_field_of_the_client_is_in_it(person):
    client, browser = person
    data = whole(browser, client)
    for model, path in belonging.paths().items():
        rows, kept = data[model._meta.model_name], model.objects.filter(**{path: client.pk})
        assert len(rows) == kept.count() > 0, model
        assert {str(row[model._meta.pk.name]) for row in rows} == {str(row.pk) for row in kept}
        assert set(rows[0]) == {field.name for field in exporting.fields_of(model)}
    assert (data["client"][0]["nickname"], data["client"][0]["email"]) == (NICKNAME, ADDRESS)
    assert data["client"][0]["therapist"] == "Dana R."
    assert (
        data["session"][0]["starts_at"] == client.sessions.earliest("created_at", "pk").starts_at.isoformat()
    )


def test_r16_nobody_else_is_in_it(person, omar):
    client, browser = person
    lee, _phone = everything(omar, "Lee Otherwise", "lee@elsewhere.example", "l" * 43)
    text = "".join(
        copy_of(browser, client).read(name).decode() for name in copy_of(browser, client).namelist()
    )
    assert [
        word for word in ("Lee Otherwise", "elsewhere.example", "Omar", str(lee.pk)) if word in text
    ] == []


def test_no_secret_is_in_it(person):
    client, browser = person
    file = copy_of(browser, client)
    text = "".join(file.read(name).decode() for name in file.namelist())
    secrets = [TOKEN, ENDPOINT, client.devices.get().token_hash, client.invitations.links().first().token()]
    assert [word for word in secrets if word in text] == []


# For people


def test_the_first_page_says_in_plain_words_what_each_part_is(person):
    client, browser = person
    file = copy_of(browser, client)
    page = file.read("index.html").decode()
    assert [name for name in file.namelist() if name not in page] == ["index.html"]
    for words in (
        "In short",
        "All of it, in files",
        "What is not in it",
        "What only your phone has",
        "The secret keys of your phones",
    ):
        assert words in page
    assert "<script" not in page
    assert not re.search(r"(?:src|href|url)\s*[=(]\s*[\"']?(?:https?:)?//", page)


def first_page(browser, client):
    """Return the page that a person opens first, read."""
    return read(SimpleNamespace(content=copy_of(browser, client).read("index.html")))


def test_in_short_it_tells_by_the_persons_own_clock_what_there_was(person):
    client, browser = person
    client.time_zone = "Australia/Sydney"
    client.save()
    Delivery.objects.filter(reminder__client=client, channel="email").update(
        state="sent", finished_at=factories.NOW
    )
    text = first_page(browser, client).one("main").text
    for words in (
        "Times on this page are those of Sydney.",
        "Friday 27 November 2026, 7:00 am Video, 50 minutes, with Dana R. Ticked: 0 of 9",
        "You answered: I'll be there (Friday 27 November 2026, 6:18 am)",
        "Ticked: 1 of 13 How it went: It went well Is it going in a direction that you want? Yes",
        "Thursday 26 November 2026 , Dana R. What is done and what is open",
        "Chrome, Android Added: Friday 27 November 2026, 6:18 am Last used:",
        "The evening before, E-mail Session: ",
        "If it is ten, then I will sit with a Quillfeather.",
    ):
        assert words in text
    assert text.index("In short") < text.index("session.csv")


def test_r30_it_is_in_the_clients_own_language(person):
    client, browser = person
    client.language = "es"
    client.save()
    page = first_page(browser, client)
    assert page.one("html")["lang"] == "es"
    assert "En resumen" in page.text and "In short" not in page.text


def test_a_name_that_ends_in_a_full_stop_is_not_given_another(sams_phone, sam):
    text = first_page(sams_phone, sam).text
    assert "Sam K." in text
    assert "K.." not in text
    assert "2026-" not in text


def test_every_code_of_every_column_is_explained(person):
    client, browser = person
    text = first_page(browser, client).text
    for model in DESCRIBED:
        rows = {column: dict(codes) for column, _words, codes in legend(model, exporting.fields_of(model))}
        for field in exporting.fields_of(model):
            if field.choices and field.name != "time_zone":
                assert {code for code, _label in field.choices} <= set(rows[field.name]), field
    assert "Not yet" in text and "na = does not apply" in text
    assert "in thousandths of a second since the year 1970" in text


def test_every_column_that_is_explained_is_there():
    for model, columns in COLUMNS.items():
        assert set(columns) <= {field.name for field in exporting.fields_of(model)}
    assert all(name in {field.name for field in exporting.fields_of(model)} for model, name in CODES)


def test_technical_names_of_what_is_left_out_are_folded_away(person):
    client, browser = person
    page = first_page(browser, client)
    (folded,) = [each for each in page.all("details") if "Subscription.p256dh" in each.text]
    assert folded.get("open") is None
    assert page.text.count("p256dh") == 1


def test_what_there_is_nothing_of_has_no_file_and_is_named(sams_phone, sam):
    file = copy_of(sams_phone, sam)
    assert sorted(file.namelist()) == ["client.csv", "data.json", "device.csv", "index.html"]
    text = first_page(sams_phone, sam).text
    assert "What there is nothing of yet, and no file" in text
    assert "0 rows" not in text
    assert "What you answered to a session." in text


def test_a_table_opens_in_a_program_for_tables_and_no_cell_is_a_formula(person):
    client, browser = person
    for nickname in ("=1+1", "+1", "-1", "@cmd", "\tx", "\rx"):
        client.nickname = nickname
        client.save()
        assert table(copy_of(browser, client), "client.csv")[0]["nickname"] == f"'{nickname}"
    client.nickname = "Łucja, “Lu”"
    client.save()
    assert table(copy_of(browser, client), "client.csv")[0]["nickname"] == "Łucja, “Lu”"


def test_a_client_of_whom_there_is_hardly_anything_gets_a_copy_as_well(sams_phone, sam):
    data = whole(sams_phone, sam)
    assert (len(data["client"]), data["session"], data["tick"]) == (1, [], [])


def test_what_only_the_phone_has_is_named_with_how_to_keep_it(sams_phone):
    text = look(sams_phone, "/data/").text
    for words in (
        "Private notes",
        "Questions you kept",
        "Ticks that were not sent yet",
        "Checks that you passed",
    ):
        assert words in text


# Asked once more, kept nowhere


def test_r19_it_is_asked_once_more_and_looking_at_the_question_gives_nothing(sams_phone, sam):
    answer = sams_phone.get(f"/data/{sam.id}/export/")
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "Get a copy of your data?" in answer.content.decode()


def test_r3_the_file_says_nothing_by_its_name_and_is_not_cached(person):
    client, browser = person
    answer = browser.post(f"/data/{client.id}/export/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="settle-data.zip"'
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_server_keeps_no_copy(person, settings, tmp_path):
    client, browser = person
    before = {table for table, _word in in_rows([NICKNAME])}
    copy_of(browser, client)
    assert {table for table, _word in in_rows([NICKNAME])} == before == {"checklist_client"}
    assert in_files([NICKNAME], tmp_path, settings.STATIC_ROOT) == []


def test_a_phone_of_two_clients_gets_a_copy_of_each(person, sams_phone, sam, lee):
    factories.enrol(lee, SAMS_PHONE)
    assert whole(sams_phone, sam)["client"][0]["nickname"] == "Sam K."
    assert whole(sams_phone, lee)["client"][0]["nickname"] == "Lee T."


def test_r28_a_copy_of_much_takes_as_many_queries_as_one_of_little(person, dana):
    client, browser = person

    def queries():
        with CaptureQueriesContext(connection) as captured:
            copy_of(browser, client)
        return len(captured)

    few = queries()
    Session.objects.bulk_create(
        Session(
            **{f.attname: getattr(row, f.attname) for f in Session._meta.concrete_fields if f.name != "id"}
        )
        for row in list(client.sessions.all()) * 4
    )
    assert queries() == few
    assert NAMED

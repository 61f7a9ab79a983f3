"""A practice says the items of its list in its own words, in each language; booked sessions keep theirs (R1, R30)."""

import pytest
from django.utils.translation import override

from checklist.models import Client, Session
from checklist.pure.starter import STARTER
from tests import factories
from tests.reading import read
from tests.test_speaking import pick, speaks

KEY = "slow-minutes"
STARTED = next(item for item in STARTER if item.key == KEY)
ENGLISH = {"title": "Sit down and breathe", "why": "It helps to arrive."}
SPANISH = {"title": "Siéntate y respira", "why": "Ayuda a llegar."}


@pytest.fixture
def getting_ready(dana):
    return dana.practice.checklists.get()


@pytest.fixture
def address(getting_ready):
    return f"/desk/checklists/{getting_ready.id}/{KEY}/"


def item(checklist):
    return checklist.current.items.get(key=KEY)


def fields(**texts):
    """Return what is posted: {language: {"title", "why"}} in the form's names."""
    return {f"{name}_{code}": text for code, said in texts.items() for name, text in said.items()}


def shown(checklist):
    """Return what a client reads in each language."""
    return {code: item(checklist).said_in(code) for code in ("en", "es")}


def test_the_starters_words_are_translated_when_they_are_shown(getting_ready):
    assert shown(getting_ready)["en"] == {"title": STARTED.title, "why": STARTED.why}
    assert shown(getting_ready)["es"]["title"] == "Toma tres minutos tranquilos"


def test_a_practice_writes_both_languages(desk, getting_ready, address):
    assert desk.post(address, fields(en=ENGLISH, es=SPANISH)).url == "/desk/checklists/"
    assert shown(getting_ready) == {"en": ENGLISH, "es": SPANISH}
    assert ENGLISH["title"] in read(desk.get("/desk/checklists/")).text


def test_what_is_left_empty_shows_the_original(desk, getting_ready, address):
    desk.post(address, fields(en=ENGLISH, es={"title": "", "why": ""}))
    assert shown(getting_ready) == {"en": ENGLISH, "es": ENGLISH}
    assert read(desk.get(address)).one("input", name="title_es").get("value") in ("", None)


STALE = "Still the earlier words: Español. Change them as well, or empty them."


def test_words_of_another_language_that_stayed_as_they_were_are_named(desk, getting_ready, address):
    before = shown(getting_ready)["es"]
    answer = desk.post(address, fields(en=ENGLISH, es=before), follow=True)
    assert STALE in read(answer).text
    assert shown(getting_ready)["es"] == before


@pytest.mark.parametrize("spanish", [SPANISH, {"title": "", "why": ""}])
def test_words_that_were_changed_or_emptied_as_well_are_not(desk, getting_ready, address, spanish):
    assert (
        "Still the earlier words"
        not in read(desk.post(address, fields(en=ENGLISH, es=spanish), follow=True)).text
    )


def test_where_only_another_language_changed_nothing_is_left_behind(desk, getting_ready, address):
    starters = {"title": STARTED.title, "why": STARTED.why}
    answer = desk.post(address, fields(en=starters, es=SPANISH), follow=True)
    assert "Still the earlier words" not in read(answer).text


def test_what_is_left_empty_under_the_starters_words_shows_their_translation_as_the_page_says(
    desk, getting_ready, address
):
    before = shown(getting_ready)
    starters = {"title": STARTED.title, "why": STARTED.why}
    desk.post(address, fields(en=starters, es={"title": before["es"]["title"], "why": ""}))
    assert shown(getting_ready) == before
    page = read(desk.get(address))
    assert page.one("textarea", name="why_es").text == before["es"]["why"]
    assert "What you leave empty here shows as Settle translates it." in page.text
    assert "Where you changed the words at the top, it shows as they stand there." in page.text


def test_a_form_that_is_saved_as_it_is_changes_no_word(desk, getting_ready, address):
    page = read(desk.get(address)).one("main")
    same = {
        field["name"]: field.get("value") or field.text for field in page.all("input") + page.all("textarea")
    }
    before = shown(getting_ready)
    desk.post(address, same)
    assert shown(getting_ready) == before
    assert item(getting_ready).texts == {}


def test_only_spanish_in_other_words_leaves_english_to_the_starter(desk, getting_ready, address):
    desk.post(address, fields(en={"title": STARTED.title, "why": STARTED.why}, es=SPANISH))
    assert shown(getting_ready) == {"en": {"title": STARTED.title, "why": STARTED.why}, "es": SPANISH}
    assert item(getting_ready).title == STARTED.title


def test_a_therapist_who_works_in_spanish_writes_the_original_in_spanish(desk, dana, getting_ready, address):
    speaks(dana, "es")
    names = [
        field["name"]
        for field in read(desk.get(address)).one("main").all("input")
        if "title" in field["name"]
    ]
    assert names == ["title_es", "title_en"]
    desk.post(address, fields(es=SPANISH, en={"title": "", "why": ""}))
    assert shown(getting_ready) == {"en": SPANISH, "es": SPANISH}
    assert item(getting_ready).title == SPANISH["title"]


def test_r1_a_booked_session_keeps_the_words_that_it_has(
    desk, sam, sams_session, getting_ready, address, now
):
    desk.post(address, fields(en=ENGLISH, es=SPANISH))
    before = Session.objects.with_lists().get(pk=sams_session.pk).version
    assert before.items.get(key=KEY).title == STARTED.title
    after = factories.session(sam, now=now).version
    assert (after.number, after.items.get(key=KEY).title) == (before.number + 1, ENGLISH["title"])
    assert after.items.count() == before.items.count()


def test_a_client_reads_them_in_their_language(desk, sam, sams_phone, address, now):
    desk.post(address, fields(en=ENGLISH, es=SPANISH))
    factories.session(sam, now=now)
    assert ENGLISH["title"] in read(sams_phone.get("/")).text
    pick(sams_phone, "es")
    page = read(sams_phone.get("/")).text
    assert SPANISH["title"] in page and SPANISH["why"] in page and ENGLISH["title"] not in page


def test_our_source_does_not_stand_under_the_practices_words(desk, getting_ready):
    row = getting_ready.current.items.exclude(source="").first()
    said = {code: row.said_in(code) for code in ("en", "es")}
    assert row.source_text
    path = f"/desk/checklists/{getting_ready.id}/{row.key}/"
    desk.post(path, fields(en=said["en"], es=said["es"] | {"why": "Otra cosa."}))
    row = getting_ready.current.items.get(key=row.key)
    assert row.source_text
    with override("es"):
        assert row.source_text == ""
    desk.post(path, fields(en=said["en"] | {"why": "Something else."}, es=said["es"]))
    assert getting_ready.current.items.get(key=row.key).source_text == ""


def test_r29_the_original_needs_a_title_and_nothing_typed_is_lost(desk, getting_ready, address):
    answer = desk.post(address, fields(en={"title": "", "why": "x"}, es={"title": "y" * 81, "why": ""}))
    assert answer.status_code == 422
    assert read(answer).one("input", name="title_es")["value"] == "y" * 81
    assert getting_ready.current.number == 1


def test_r16_another_practices_list_is_not_there(omar, getting_ready, address, desk):
    other = omar.practice.checklists.get()
    assert desk.get(f"/desk/checklists/{other.id}/{KEY}/").status_code == 404
    assert desk.get(f"/desk/checklists/{getting_ready.id}/nothing/").status_code == 404
    assert Client.objects.count() == 0

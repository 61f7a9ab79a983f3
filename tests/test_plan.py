"""The client's own if-then sentence: kept, shown where it helps, shared by choice alone, skipped for good."""

import json
from datetime import timedelta

import pytest
from django.utils import translation

from checklist import intending
from checklist.channels.letters import compose
from checklist.models import Client, Plan, Reminder, Share
from tests import factories
from tests.conftest import SAMS_PHONE, phone
from tests.reading import read

PLAN = {"cue": "Thursday, 2:45 pm", "deed": "sit down with my headphones", "place": "the blue room"}
SENTENCE = "If it is Thursday, 2:45 pm, then I will sit down with my headphones in the blue room."
OFFER = "Make a plan in one line"


def page(browser, address="/plan/"):
    return read(browser.get(address))


def keep(browser, **parts):
    return browser.post("/plan/", {**PLAN, **parts})


def shown(browser, address):
    """Return the sentence on a page, without what leads to changing it; empty where there is none."""
    return " ".join(part.parts[0].strip() for part in page(browser, address).all("p", kind="plan"))


def sync(browser, **asked):
    body = json.dumps({"operations": [], **asked})
    return browser.post("/sync/", body, content_type="application/json", headers={"X-Settle": "1"}).json()


# Making one


def test_three_parts_make_one_sentence(sams_phone, sams_session):
    assert keep(sams_phone).url == "/plan/"
    assert shown(sams_phone, "/plan/") == SENTENCE


def test_the_place_may_be_left_out_and_a_full_stop_is_not_doubled(sams_phone, sam, now):
    keep(sams_phone, deed="set off. ", place="")
    assert Plan.objects.get().sentence == "If it is Thursday, 2:45 pm, then I will set off."


def test_r30_the_sentence_is_one_frame_that_another_language_may_order_anew(sams_phone, now, monkeypatch):
    keep(sams_phone)
    frame = "%(place)s: %(deed)s, %(cue)s!"
    monkeypatch.setattr(translation._trans, "gettext", lambda text: frame if "%(place)s" in text else text)
    assert Plan.objects.get().sentence == "the blue room: sit down with my headphones, Thursday, 2:45 pm!"


@pytest.mark.parametrize("field", ["cue", "deed"])
@pytest.mark.parametrize("value", ["", "  ", "...", "x" * 101, "two\nlines", "a\u202eb"])
def test_r29_a_part_that_can_not_be_kept_is_refused_with_words_and_the_rest_stays(
    sams_phone, field, value, now
):
    answer = keep(sams_phone, **{field: value})
    assert answer.status_code == 422
    assert read(answer).one("section", role="alert")
    assert read(answer).one("input", name="place")["value"] == "the blue room"
    assert not Plan.objects.exists()


def test_markup_in_it_stays_words(sams_phone, sams_session):
    keep(sams_phone, deed="<b>&")
    assert "then I will <b>& in" in shown(sams_phone, "/")


def test_it_can_be_changed_at_any_time(sams_phone, sam, now):
    keep(sams_phone)
    assert page(sams_phone).one("input", name="deed")["value"] == PLAN["deed"]
    keep(sams_phone, deed="breathe")
    assert Plan.objects.get().deed == "breathe"


def test_a_phone_of_two_clients_of_one_therapist_keeps_it_for_both(sams_phone, sam, ana, now):
    phone(ana, SAMS_PHONE)
    keep(sams_phone)
    assert set(Plan.objects.values_list("client", flat=True)) == {sam.id, ana.id}


@pytest.fixture
def for_two(sams_phone, lee):
    """Sam's phone, which stands for a client of another therapist as well, let in for that one later."""
    factories.enrol(lee, SAMS_PHONE, now=factories.NOW + timedelta(minutes=1))
    return sams_phone


@pytest.mark.parametrize("end", [{}, {"delete": "1"}, {"without": "1"}])
def test_r16_what_is_written_for_one_therapist_reaches_no_other(for_two, sam, end):
    for_two.post("/plan/", end or PLAN)
    assert [plan.client for plan in Plan.objects.all()] == [sam]


def test_r16_it_is_written_for_the_therapist_that_the_page_is_about(for_two, lee):
    answer = for_two.post(f"/plan/?client={lee.id}", PLAN)
    assert answer.url == f"/plan/?client={lee.id}"
    assert [plan.client for plan in Plan.objects.all()] == [lee]
    assert not page(for_two).one("input", name="deed").get("value")


def test_r16_a_sentence_to_start_from_is_for_the_therapist_that_the_page_is_about(for_two, lee):
    first = page(for_two, f"/plan/?client={lee.id}").one("section", aria_labelledby="ideas").all("a")[0]
    for_two.post("/plan/" + first["href"].partition("#")[0], PLAN)
    assert [plan.client for plan in Plan.objects.all()] == [lee]


def test_a_phone_of_two_therapists_names_both_and_says_whose_it_is(for_two):
    chips = page(for_two).one("nav", **{"aria-label": "With whom"}).all("a")
    assert [(chip.text, chip.get("aria-current")) for chip in chips] == [
        ("Dana R.", "true"),
        ("Omar B.", None),
    ]


def test_a_phone_of_one_therapist_is_not_asked(sams_phone):
    assert "more than one therapist" not in page(sams_phone).text


@pytest.mark.parametrize("named", ["x", "6ba7b810-9dad-41d1-80b4-00c04fd430c8"])
def test_r16_a_client_who_is_not_of_this_phone_is_a_404(sams_phone, named):
    assert sams_phone.get(f"/plan/?client={named}").status_code == 404
    assert sams_phone.post(f"/plan/?client={named}", PLAN).status_code == 404


# Where it shows


@pytest.mark.parametrize("where", ["/", "the session"])
def test_it_shows_on_the_first_page_and_where_a_reminder_leads(where, sams_phone, sams_session):
    keep(sams_phone)
    assert shown(sams_phone, "/" if where == "/" else f"/sessions/{sams_session.id}/") == SENTENCE


def test_it_is_gone_from_the_page_of_a_session_that_is_over(sams_phone, sam, now):
    keep(sams_phone)
    over = factories.session(sam, -timedelta(hours=3))
    assert shown(sams_phone, f"/sessions/{over.id}/") == ""


def test_a_phone_fetches_it_for_when_there_is_no_connection_and_again_once_it_changed(
    sams_phone, sam, sams_session
):
    keep(sams_phone)
    first = sync(sams_phone)
    assert [row["plan"] for row in first["sessions"]] == [SENTENCE]
    assert sync(sams_phone, cursor=first["cursor"], stamp=first["stamp"])["sessions"] == []
    keep(sams_phone, place="the hall")
    (again,) = sync(sams_phone, cursor=first["cursor"], stamp=first["stamp"])["sessions"]
    assert again["plan"].endswith("in the hall.")


def test_r3_no_mail_and_no_notification_has_a_word_of_it(sams_phone, sam, sams_session, now):
    sam.open_items_in_mail = True
    sam.save()
    keep(sams_phone, deed="hum softly")
    rows = Reminder.objects.select_related("session", "client").filter(session=sams_session)
    letters = [compose(reminder, now) for reminder in rows]
    assert letters
    assert not [letter for letter in letters if "hum softly" in f"{letter.subject}{letter.text}{letter.html}"]
    assert "hum softly" not in sams_phone.get(f"/sessions/{sams_session.id}/calendar.ics").content.decode()


# Who sees it (R20)


def test_r20_the_therapist_sees_it_only_while_it_is_shared(sams_phone, desk, sam, sams_session):
    keep(sams_phone)
    address = f"/desk/clients/{sam.id}/"
    for sharing, seen in (([], ""), ([Share.PLAN], SENTENCE), ([], "")):
        Client.objects.filter(pk=sam.pk).update(sharing=sharing)
        assert shown(desk, address) == seen
    assert PLAN["deed"] not in desk.get(f"/desk/sessions/{sams_session.id}/").content.decode()


def test_r20_the_page_says_who_sees_it(sams_phone, sam, now):
    assert "Only you see it." in page(sams_phone).text
    Client.objects.filter(pk=sam.pk).update(sharing=[Share.PLAN])
    assert "You share your plan with Dana R." in page(sams_phone).text


# Offered, and not wanted


def test_it_is_offered_before_the_first_session_until_there_is_one(sams_phone, sams_session):
    assert OFFER in page(sams_phone, "/").text
    keep(sams_phone)
    assert OFFER not in page(sams_phone, "/").text


def test_it_is_not_offered_before_a_later_session(sams_phone, sam, now):
    factories.session(sam, -timedelta(days=7))
    factories.session(sam)
    assert OFFER not in page(sams_phone, "/").text


def test_who_wants_none_is_not_asked_again_and_can_make_one_all_the_same(sams_phone, sams_session):
    assert sams_phone.post("/plan/", {"without": "1"}, follow=True).status_code == 200
    assert OFFER not in page(sams_phone, "/").text
    keep(sams_phone)
    assert shown(sams_phone, "/") == SENTENCE


def test_what_was_planned_can_be_taken_away(sams_phone, sam, sams_session, now):
    keep(sams_phone)
    intending.without([sam], now)
    assert shown(sams_phone, "/") == ""
    assert Plan.objects.get().deed == ""


def test_a_plan_is_deleted_after_one_small_step_and_the_list_still_leads_to_another(sams_phone, sam, now):
    factories.session(sam, -timedelta(days=7))
    factories.session(sam)
    keep(sams_phone)
    step = page(sams_phone).one("details")
    assert "its words can't be brought back" in step.text
    answer = sams_phone.post("/plan/", {step.one("button")["name"]: "1"}, follow=True)
    assert "Your plan is deleted." in read(answer).one("div", role="status").text
    assert OFFER in page(sams_phone, "/").text
    assert page(sams_phone).all("details") == []
    assert Plan.objects.get().deed == ""


def test_who_deleted_a_plan_and_wants_no_other_is_not_asked_again(sams_phone, sams_session):
    keep(sams_phone)
    sams_phone.post("/plan/", {"delete": "1"})
    assert page(sams_phone).one("button", name="without")
    sams_phone.post("/plan/", {"without": "1"})
    assert OFFER not in page(sams_phone, "/").text


def test_who_deleted_a_plan_and_skips_the_next_is_not_asked_again(sams_phone, sam, sams_session, now):
    keep(sams_phone)
    intending.skip([sam], now)
    assert Plan.objects.get().deed == PLAN["deed"]
    intending.delete([sam], now)
    intending.skip([sam], now)
    assert OFFER not in page(sams_phone, "/").text


def test_each_part_has_an_example_that_reads_well_in_the_frame(sams_phone, sam, now):
    seen = page(sams_phone)
    for name, words in (
        ("cue", "Thursday after lunch"),
        ("deed", "sit down with"),
        ("place", "the blue room"),
    ):
        described = seen.one("input", name=name)["aria-describedby"]
        assert words in seen.one(id=described).text


# Suggestions


@pytest.mark.parametrize("address", ["/plan/", "/first-steps/plan/"])
@pytest.mark.parametrize("minutes", [14, 1, -10])
def test_no_suggestion_names_a_time_that_has_passed(address, minutes, sams_phone, sam, now):
    factories.session(sam, timedelta(minutes=minutes))
    assert ideas(sams_phone, address) == {"a quarter of an hour before we meet"}
    factories.session(sam, timedelta(days=7))
    assert ideas(sams_phone, address) == {"Thursday, 11:03 am"}


def test_a_visit_wants_more_time_to_get_ready(sams_phone, sam, now):
    factories.session(sam, timedelta(minutes=59), way="in_person", link="")
    assert ideas(sams_phone, "/plan/") == {"an hour before we meet"}


def ideas(browser, address):
    """Return by what the suggestions of a page begin."""
    links = [link for link in page(browser, address).all("a", kind="entry") if "like=" in link["href"]]
    return {link.text.removeprefix("If it is ").partition(", then I will ")[0] for link in links}


@pytest.mark.parametrize("way", ["video", "voice", "text", "in_person"])
def test_each_way_of_meeting_has_sentences_to_start_from_with_the_time_of_the_session(
    way, sams_phone, sam, now
):
    factories.session(sam, timedelta(hours=2), way=way, link="")
    ideas = [link for link in page(sams_phone).all("a", kind="entry") if "like=" in link["href"]]
    assert len(ideas) == 2
    when = "Thursday, 12:18 pm" if way == "in_person" else "Thursday, 1:03 pm"
    assert all(idea.text.startswith(f"If it is {when}, then I will ") for idea in ideas)
    form = page(sams_phone, f"/plan/{ideas[1]['href']}")
    assert form.one("input", name="deed")["value"] in ideas[1].text


def test_a_suggestion_that_there_is_not_leaves_the_form_as_it_is(lees_phone, lee, now):
    lees_phone.post("/plan/", PLAN)
    assert page(lees_phone, "/plan/?like=nothing").one("input", name="cue")["value"] == PLAN["cue"]

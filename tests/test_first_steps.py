"""The first steps on a phone: four short screens, each to be skipped, left, gone on with, or left out for good."""

import pytest

from checklist import inviting
from checklist.models import Device, Plan
from tests import factories
from tests.conftest import SAMS_PHONE
from tests.reading import read
from tests.test_installing import IPHONE

STEPS = ["what", "reminders", "install", "plan"]
GO_ON = "Go on with the first steps"
PLAN = {"cue": "Thursday", "deed": "sit down", "place": ""}


@pytest.fixture
def fresh(stranger, sam, now):
    """A phone that was just let in by a link."""
    stranger.post("/join/", {"token": inviting.invite(sam, now).token()})
    return stranger


def at(browser):
    """Return the step that a phone goes on with."""
    return browser.get("/first-steps/").url.removeprefix("/first-steps/").strip("/")


def send(browser, step, **fields):
    return browser.post(f"/first-steps/{step}/", fields)


def test_the_join_button_opens_the_first_of_four_screens(stranger, sam, now):
    answer = stranger.post("/join/", {"token": inviting.invite(sam, now).token()}, follow=True)
    assert answer.redirect_chain[-1][0] == "/first-steps/what/"
    assert "Step 1 of 4" in read(answer).text
    assert "Who sees what" in read(answer).text


def test_one_goes_from_screen_to_screen_by_plain_forms_to_the_list(fresh):
    seen = ["what"]
    while (address := send(fresh, seen[-1], skip="1").url) != "/":
        seen.append(address.removeprefix("/first-steps/").strip("/"))
    assert seen == STEPS
    assert GO_ON not in read(fresh.get("/")).text


def test_who_leaves_finds_the_way_on_where_they_were(fresh, sam):
    send(fresh, "what")
    factories.session(sam)
    assert GO_ON in read(fresh.get("/")).text
    assert at(fresh) == "reminders"


def test_the_way_on_is_there_before_anything_is_planned(fresh):
    assert GO_ON in read(fresh.get("/")).text


def test_all_of_them_can_be_left_out_for_good(fresh, sam):
    factories.session(sam)
    assert send(fresh, "what", never="1").url == "/"
    assert GO_ON not in read(fresh.get("/")).text
    assert Device.objects.get().first_steps == []


def test_who_was_through_may_look_at_them_again_in_order(fresh):
    send(fresh, "what", never="1")
    assert at(fresh) == "what"
    assert send(fresh, "what").url == "/first-steps/reminders/"
    assert send(fresh, "install", skip="1").url == "/first-steps/plan/"


def test_the_screens_have_the_parts_that_there_are(fresh):
    assert "Notifications on this phone" in read(fresh.get("/first-steps/reminders/")).text
    assert "Add to Home screen" in read(fresh.get("/first-steps/install/")).text
    assert fresh.get("/first-steps/plan/").context["form"].fields.keys() == {"cue", "deed", "place"}


def test_an_iphone_gets_a_pass_on_the_screen_about_installing(fresh):
    page = read(fresh.get("/first-steps/install/", headers={"User-Agent": IPHONE}))
    assert "?for=home" in page.one("link", rel="manifest")["href"]


def test_a_plan_is_kept_and_ends_the_steps(fresh, sam):
    send(fresh, "what")
    send(fresh, "reminders")
    send(fresh, "install")
    assert send(fresh, "plan", **PLAN).url == "/"
    assert Plan.objects.get(client=sam).deed == "sit down"


def test_r29_a_plan_that_can_not_be_kept_is_shown_again(fresh):
    answer = send(fresh, "plan", cue="Thursday", deed="")
    assert answer.status_code == 422
    assert read(answer).one("input", name="cue")["value"] == "Thursday"
    assert "plan" in Device.objects.get().first_steps


def test_a_plan_that_is_skipped_here_is_not_offered_again(fresh, sam):
    send(fresh, "what", never="1")
    factories.session(sam)
    assert "Make a plan in one line" in read(fresh.get("/")).text
    send(fresh, "plan", skip="1")
    assert "Make a plan in one line" not in read(fresh.get("/")).text


def test_skipping_the_plan_does_not_take_away_one_that_there_is(fresh):
    send(fresh, "plan", **PLAN)
    send(fresh, "plan", skip="1")
    assert Plan.objects.get().deed == "sit down"


def test_a_second_phone_is_only_asked_what_belongs_to_a_phone(sams_phone, stranger, sam, now):
    stranger.post("/join/code/", {"code": inviting.make_code(sam, now).code()})
    assert at(stranger) == "reminders"
    assert send(stranger, "reminders").url == "/first-steps/install/"
    assert send(stranger, "install").url == "/"


def test_r18_the_app_that_an_iphone_makes_goes_on_and_does_not_begin_anew(fresh, sam, now):
    send(fresh, "what")
    app, token = type(fresh)(), inviting.make_pass(sam.devices.get(), now).token()
    assert app.post("/join/", {"token": token}).url == "/"
    assert at(app) == "reminders"
    assert send(app, "reminders").url == "/first-steps/plan/"


def test_adding_a_therapist_to_a_phone_asks_nothing_again(sams_phone, lee, now):
    answer = sams_phone.post("/join/", {"token": inviting.invite(lee, now).token(), "person": "same"})
    assert answer.url == "/"
    assert not Device.objects.holding(SAMS_PHONE).exclude(first_steps=[]).exists()


def test_joining_once_more_leaves_a_phone_where_it_was(fresh, sam, now):
    send(fresh, "what")
    fresh.post("/join/", {"token": inviting.invite(sam, now).token(), "person": "same"})
    assert at(fresh) == "reminders"

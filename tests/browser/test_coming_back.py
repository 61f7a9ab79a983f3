"""Coming back, flow by flow, in English and light at 390 px and in Spanish and dark at 320 px (R30, R31)."""

import io
import zipfile

import pytest
from playwright.sync_api import expect

from checklist.models import Client, Device, Fit, Invitation, Outcome, Plan, Series
from tests import factories, over
from tests.browser import harness
from tests.browser.conftest import at_desk, invitation_link, let_in
from tests.browser.kept import carries_a_tick, has_copies, sessions, settle_in, until
from tests.browser.reader import WAYS, Reader
from tests.browser.test_progress import KEPT
from tests.test_speaking import speaks


@pytest.fixture(params=WAYS)
def language(request):
    return request.param


@pytest.fixture(autouse=True)
def excused(watch):
    watch.excuse("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "Failed to load resource")


@pytest.fixture
def sam(sam, language):
    speaks(sam, language)
    return sam


@pytest.fixture
def sams(people, sam, sams_session, language):
    """Sam's phone with the worker in charge."""
    return Reader(settle_in(let_in(people(harness.SETTLED), sam)), language)


@pytest.fixture
def after(people, sam, language, now):
    """Sam's phone an hour after the fourth session."""
    over.past(sam, 4)
    return Reader(let_in(people(harness.PHONE), sam), language)


def plan(reader):
    reader.field("If it is …").fill("Thursday")
    reader.field("then I will …").fill("sit down with tea")
    reader.press("Save my plan")


def test_first_steps_lead_to_a_plan_that_is_on_the_list(phone, sam, sams_session, language):
    newcomer = Reader(phone, language)
    phone.goto(invitation_link(sam))
    if language != "en":
        phone.get_by_role("button", name="Español").tap()
    newcomer.press("Get started")
    newcomer.stands_at("What this is")
    newcomer.press("Next")
    newcomer.stands_at("Reminders")
    newcomer.press("Next")
    newcomer.stands_at("On your home screen")
    newcomer.press("Next")
    newcomer.stands_at("Your plan")
    plan(newcomer)
    expect(phone.locator(".plan")).to_contain_text("sit down with tea")
    newcomer.look()


def test_a_plan_is_changed_and_is_there_without_a_network(sams):
    sams.go("/plan/")
    plan(sams)
    sams.sees("Back to my list")
    until(sams.page, lambda: "sit down with tea" in str(sessions(sams.page)))
    sams.lose_the_network()
    sams.go("/")
    expect(sams.page.locator(".plan")).to_contain_text("sit down with tea")


def test_a_plan_is_deleted_and_the_list_leads_to_another(sams):
    sams.go("/plan/")
    plan(sams)
    sams.unfold("Delete my plan")
    sams.sees("It goes from your list, and its words can't be brought back.")
    sams.press("Delete it")
    sams.sees("Your plan is deleted. You can make another one here whenever you like.")
    sams.go("/")
    sams.follow("Make a plan in one line")
    sams.stands_at("Your plan")


def test_who_wants_no_plan_is_not_asked_again(sams):
    sams.go("/plan/")
    sams.press("No plan for me. Don't ask again.")
    expect(sams.button("No plan for me. Don't ask again.")).to_have_count(0)
    sams.look()
    assert Plan.objects.get().skipped


def test_after_a_session_one_tap_and_three_more_say_how_it_went_and_fits(after):
    after.go("/")
    after.sees("How did it go?")
    after.press("It went well")
    for question in Fit.Question:
        after.sees(question.label)
        after.press("Partly")
    expect(after.page.locator("#fit")).to_have_count(0)
    after.look()
    fit = Fit.objects.get()
    assert Outcome.objects.get().kind == "well"
    assert (fit.goals, fit.tasks, fit.connection) == (2, 2, 2)


def test_what_was_said_is_taken_back(after, sam):
    session = sam.sessions.latest("starts_at")
    after.go(f"/sessions/{session.id}/")
    after.press("Technical trouble")
    expect(after.button("Technical trouble")).to_have_attribute("aria-pressed", "true")
    after.press("Technical trouble")
    expect(after.button("Technical trouble")).to_have_attribute("aria-pressed", "false")
    after.look()
    assert not Outcome.objects.exists()


def test_progress_is_read_and_stays_without_a_network(sams, sam):
    for session in over.past(sam, 5):
        over.get_ready(session, 5)
    sams.go("/progress/")
    until(sams.page, lambda: sams.page.evaluate(KEPT))
    for _network in ("with", "without"):
        sams.stands_at("Progress")
        sams.sees("Sessions kept")
        sams.unfold("See it as a table")
        expect(sams.page.get_by_role("table").first.locator("tbody tr")).to_have_count(5)
        sams.look()
        sams.lose_the_network()
        sams.page.reload()


def test_questions_are_picked_and_stay_without_a_network(sams, sams_session):
    sams.go(f"/tools/questions/#{sams_session.id}")
    sams.unfold("How they work")
    with sams.page.expect_response(carries_a_tick):
        sams.field("How do you like to work?").check()
    sams.field("Your own question").fill("Is there a lift?")
    sams.press("Add it")
    sams.look()
    sams.lose_the_network()
    sams.go(f"/tools/questions/#{sams_session.id}")
    picked = sams.page.locator("[data-kept] > li > b")
    expect(picked).to_have_text([sams.say("How do you like to work?"), "Is there a lift?"])


def test_what_is_shared_is_said_and_changed(sams, sam):
    sams.go("/sharing/")
    sams.field("How a session went").check()
    sams.unfold("Item by item")
    sams.look()
    sams.press("Save")
    expect(sams.field("How a session went")).to_be_checked()
    sams.look()
    sam.refresh_from_db()
    assert "outcome" in sam.sharing


def test_the_first_page_of_a_copy_is_read_without_the_app(after, sam, tmp_path, watch):
    after.go(f"/data/{sam.id}/export/")
    with after.page.expect_download() as copy:
        after.press("Get the file")
    zipfile.ZipFile(copy.value.path()).extractall(tmp_path)
    index = (tmp_path / "index.html").as_uri()
    watch.excuse(f"another origin: {index}")  # itself, and nothing else
    after.page.goto(index)
    after.sees("In short")
    after.page.locator("summary").first.click()
    after.look()


def test_a_copy_is_taken_then_all_is_erased(sams, sam, language):
    sams.go("/help/")
    sams.follow("My data: get a copy, or erase it")
    sams.follow("Get a copy")
    sams.look()
    with sams.page.expect_download() as copy:
        sams.press("Get the file")
    index = zipfile.ZipFile(io.BytesIO(copy.value.path().read_bytes())).read("index.html").decode()
    assert f'lang="{language}"' in index
    sams.sees("Here it is: settle-data.zip is with the downloads of this phone.")
    sams.look()
    sams.go(f"/data/{sam.id}/erase/")
    sams.press("Mail me a code")
    sams.sees("The code from your mail")
    expect(sams.field("The code from your mail")).to_be_focused()
    expect(sams.field("The code from your mail")).to_be_in_viewport()
    expect(sams.page.get_by_text("sam@example.org").last).to_be_in_viewport()
    code = Invitation.objects.filter(client=sam, kind="sure").latest("created_at").code()
    sams.field("The code from your mail").fill(code)
    sams.press("Erase it all")
    said = sams.page.get_by_text(sams.say("Everything is erased."))
    expect(said).to_be_visible()  # on a page in the browser's language: nothing is known of a person any more
    assert not Client.objects.exists()


def test_another_phone_is_taken_out(sams, sam):
    factories.enrol(sam, "another-phone" * 3)
    sams.go("/devices/")
    sams.unfold("Take out")
    sams.sees(
        "Once it has a connection, it can't open your list any more. A phone that stays offline goes on showing what it"
        " has. What you ticked stays."
    )
    sams.page.get_by_role("button", name=sams.say("Take it out")).tap()
    sams.sees("That phone is taken out.")
    sams.look()
    assert Device.objects.filter(revoked_at=None).count() == 1


def test_a_series_with_visits_is_booked_and_the_client_sees_where(people, dana, sam, language, now):
    speaks(dana, language)
    desk = Reader(at_desk(people(harness.PHONE), dana), language)
    desk.go(f"/desk/sessions/add/?client={sam.id}")
    desk.page.locator("[name=date]").fill("2026-11-27")
    desk.page.locator("[name=time]").fill("15:00")
    desk.page.locator("[name=way][value=video]").check()
    desk.unfold("Repeat")
    desk.field("Does it repeat?").select_option("1")
    desk.field("How many sessions?").fill("4")
    desk.field("In person first").select_option("1")
    desk.look()
    desk.press("Book it")
    desk.stands_at("These are the dates")
    desk.page.locator("[name=confirm]").tap()
    until(desk.page, lambda: Series.objects.exists())
    desk.look()
    ways = sam.sessions.order_by("starts_at").values_list("way", flat=True)
    assert list(ways) == ["in_person", "video", "video", "video"]
    page = let_in(people(harness.PHONE), sam)
    page.goto("/")
    has_copies(page, 4)
    Reader(page, language).go("/sessions/")


def test_outcomes_are_read_at_the_desk(people, dana, sam, language):
    speaks(dana, language)
    over.share(sam, "items", "outcome")
    for session in over.past(sam, 12):
        over.get_ready(session)
        over.say(session, "well", session.ends_at)
    desk = Reader(at_desk(people(harness.PHONE), dana), language)
    desk.go("/desk/outcomes/")
    desk.stands_at("Outcomes")
    desk.sees("How to read this")
    expect(desk.page.locator("td.numbers").first).to_have_text("12")

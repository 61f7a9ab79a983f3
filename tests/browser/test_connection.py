"""The page of the connection check: what it says of a line, what it offers, how it is left (R20, R22, R23)."""

import re

import pytest
from django.templatetags.static import static
from playwright.sync_api import expect

from checklist import scheduling
from tests import factories
from tests.browser import harness
from tests.browser.checked import (
    FAIR,
    GOOD,
    PAGE,
    POOR,
    SILENT,
    answers,
    measures,
    measuring,
    start,
    title,
    unfolded,
)
from tests.browser.conftest import let_in
from tests.browser.kept import carries_a_tick, has_copies, log, until

ITEM = "connection"
PASSES = "async (address) => Object.keys(await (await import(address)).kept())"


@pytest.fixture(autouse=True)
def excused(watch):
    watch.excuse("Failed to load resource", "ERR_FAILED", "ERR_INTERNET_DISCONNECTED")


def run(page, figures=None, at=PAGE, **found):
    measures(page, {"figures": figures, **found})
    page.goto(at)
    start(page)
    expect(title(page)).to_be_visible()


def says(page):
    return page.locator("[data-sentence]")


def tries(page):
    return page.locator("[data-steps] li")


def figure(page, name):
    return page.locator(f"[data-figure={name}]")


def kept(page):
    return page.locator("[data-kept-words]")


# The verdict


@pytest.mark.parametrize(("figures", "words"), [(GOOD, "Good for video"), (FAIR, "Fair for video")])
def test_a_line_that_is_good_or_fair_ticks_the_item(ready, sams_session, figures, words):
    with ready.expect_response(carries_a_tick):
        run(ready, figures)
    expect(title(ready)).to_have_text(words)
    expect(kept(ready)).to_have_text("Ticked on your list. The tick is sent.")
    assert sams_session.ticks.get().operation.item == ITEM


def test_a_poor_line_ticks_nothing_and_says_that_a_person_can(ready, sams_session):
    run(ready, POOR)
    expect(title(ready)).to_have_text("Weak for video right now")
    expect(says(ready)).to_have_text("Data goes out slowly. Your picture is likely to freeze.")
    expect(ready.get_by_text("You can still tick this by hand on your list.")).to_be_visible()
    assert log(ready) == []
    assert not sams_session.ticks.exists()


def test_the_steps_to_try_are_those_for_this_verdict_and_at_most_three(ready):
    run(ready, POOR)
    expect(tries(ready)).to_have_text(
        [
            re.compile("Pause photo backups"),
            re.compile("nearer to the Wi-Fi router"),
            re.compile("mobile data instead"),
        ]
    )
    run(ready, GOOD)
    expect(tries(ready)).to_have_count(0)
    expect(ready.get_by_role("heading", name="What you can try")).to_be_hidden()


def test_the_browsers_word_on_its_network_is_used_and_not_needed(people):
    page = people(harness.PHONE, color_scheme="light")
    page.context.add_init_script(
        "Object.defineProperty(navigator, 'connection', { value: { type: 'cellular' } })"
    )
    run(page, POOR)
    expect(tries(page).nth(1)).to_contain_text("Move to a window")
    expect(tries(page).nth(2)).to_have_text("Try Wi-Fi instead of mobile data.")


def test_without_the_browsers_word_on_its_network_it_works_all_the_same(people):
    page = people(harness.PHONE, color_scheme="light")
    page.context.add_init_script("delete Navigator.prototype.connection")
    page.goto(PAGE)
    start(page)
    expect(title(page)).to_be_visible()
    expect(figure(page, "late")).to_have_text(re.compile("of 12$"))


def test_r23_packet_loss_is_not_measured_and_that_is_said(ready):
    run(ready, GOOD)
    expect(ready.get_by_text("Not measured: packet loss.")).to_be_visible()
    unfolded(ready)
    expect(figure(ready, "loss")).to_have_text("Not measured")


def test_r22_what_is_missing_is_named_and_the_line_is_not_called_good(ready):
    run(ready, {**GOOD, "up": None})
    expect(title(ready)).to_have_text("Fair for video")
    expect(ready.get_by_text("Not measured: data going out and packet loss.")).to_be_visible()
    unfolded(ready)
    expect(figure(ready, "up")).to_have_text("Not measured")


def test_the_figures_stand_in_units_behind_a_summary(ready):
    run(ready, {**GOOD, "up": 800})
    expect(figure(ready, "rtt")).to_be_hidden()
    unfolded(ready)
    for name, words in (("rtt", "41 ms"), ("late", "0 of 12"), ("down", "9.2 Mb/s"), ("up", "800 kb/s")):
        expect(figure(ready, name)).to_have_text(words)


def test_r30_figures_are_written_in_the_way_of_the_readers_language(ready):
    german = ready.request.get(PAGE).text().replace('lang="en', 'lang="de')
    ready.route(f"**{PAGE}", lambda route: route.fulfill(body=german, content_type="text/html"))
    run(ready, GOOD)
    unfolded(ready)
    expect(figure(ready, "down")).to_have_text("9,2 Mb/s")


def test_a_line_that_answers_nothing_gets_no_verdict(ready, sams_session):
    run(ready, {**SILENT, "late": 12, "probes": 12})
    expect(title(ready)).to_have_text("It could not be measured")
    assert log(ready) == []


@pytest.mark.parametrize(
    ("way", "words"),
    [("video", "Weak for video right now"), ("voice", "Good for a voice call"), ("text", "Good for text")],
)
def test_the_way_of_meeting_of_the_session_is_what_the_line_is_held_to(sams, sam, clock, way, words):
    session = factories.session(sam, way=way)
    sams.goto("/")
    has_copies(sams)
    run(sams, POOR, at=f"{PAGE}#{session.id}")
    expect(title(sams)).to_have_text(words)


def test_without_a_session_it_is_held_to_video_and_has_nothing_to_offer(phone):
    run(phone, POOR)
    expect(title(phone)).to_have_text("Weak for video right now")
    expect(phone.get_by_role("button", name=re.compile("Switch"))).to_have_count(0)
    expect(phone.get_by_label("Keep these figures")).to_be_hidden()


# Why it can't be measured


def test_offline_it_says_so_and_gives_no_verdict(phone):
    phone.goto(PAGE)
    phone.context.set_offline(True)
    start(phone)
    expect(title(phone)).to_have_text("This phone is offline")
    expect(tries(phone)).to_have_count(3)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            {"status": 200, "content_type": "text/html", "body": "<h1>Hotel</h1>"},
            "The Wi-Fi wants something first",
        ),
        ({"status": 302, "headers": {"Location": "/help/"}}, "The Wi-Fi wants something first"),
        ({"status": 511, "body": "sign in"}, "The Wi-Fi wants something first"),
        ({"status": 500, "body": "no"}, "The check is not working right now"),
        (
            {"status": 403, "content_type": "application/json", "body": "{}"},
            "The check is not working right now",
        ),
    ],
)
def test_an_answer_that_is_not_ours_is_told_from_one_that_is(phone, answer, words):
    phone.goto(PAGE)
    phone.route("**/tools/connection/start/", lambda route: route.fulfill(**answer))
    start(phone)
    expect(title(phone)).to_have_text(words)


def test_no_answer_at_all_is_no_verdict(phone):
    phone.goto(PAGE)
    phone.route("**/tools/connection/start/", lambda route: route.abort())
    start(phone)
    expect(title(phone)).to_have_text("The server can not be reached")


@pytest.mark.parametrize(
    ("wait", "words"), [("240", "in 4 minutes"), ("9", "in a minute"), ("", "in a minute")]
)
def test_when_there_were_too_many_it_says_when_to_try_again(phone, wait, words):
    phone.goto(PAGE)
    phone.route(
        "**/tools/connection/start/", lambda route: route.fulfill(status=429, headers={"Retry-After": wait})
    )
    start(phone)
    expect(title(phone)).to_have_text("Time for a short break")
    expect(says(phone)).to_contain_text(f"You can try again {words}.")


# On the way


def test_it_can_be_stopped_and_asks_nothing_more(ready, sams_session):
    ready.goto(PAGE)
    measuring(ready)
    ready.get_by_role("button", name="Stop").click()
    expect(ready.get_by_text("Stopped. You can start again when you like.").first).to_be_visible()
    expect(ready.get_by_role("button", name="Start", exact=True)).to_be_focused()
    asked = []
    ready.on("request", lambda request: asked.append(request.url))
    ready.clock.fast_forward(20_000)
    ready.clock.run_for(1000)
    assert [url for url in asked if "/tools/connection/" in url] == []
    expect(title(ready)).to_be_hidden()
    assert log(ready) == []


def test_out_of_sight_it_stops_because_it_would_measure_the_browser(phone):
    phone.goto(PAGE)
    measuring(phone)
    phone.evaluate("""() => {
      Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }""")
    expect(phone.locator("[data-note]")).to_contain_text("out of sight")


def test_r31_progress_is_said_aloud_once_a_step_and_the_verdict_has_the_focus(phone):
    phone.goto(PAGE)
    phone.evaluate("""() => {
      window.heard = [];
      const part = document.querySelector("[data-aloud]");
      new MutationObserver(() => heard.push(part.textContent)).observe(part, { childList: true });
    }""")
    phone.get_by_role("button", name="Start", exact=True).focus()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("button", name="Stop")).to_be_focused()
    expect(title(phone)).to_be_focused()
    heard = phone.evaluate("heard")
    assert heard[:4] == [
        "Getting in touch with the server",
        "Counting replies: 0 of 12",
        "How fast data comes in",
        "How fast data goes out",
    ]
    assert len(heard) == 5
    assert heard[4].startswith(title(phone).inner_text())


# In a simpler way


def test_a_poor_line_offers_a_simpler_way_and_that_it_can_be_undone(ready, sams_session):
    run(ready, POOR)
    expect(ready.get_by_text("Dana R. sees the change and can undo it. So can you.")).to_be_visible()
    with ready.expect_response(carries_a_tick):
        ready.get_by_role("button", name="Switch this session to voice").click()
    expect(title(ready)).to_have_text("Good for a voice call")
    expect(ready.get_by_text("This session is by voice now. Dana R. sees that.")).to_be_visible()
    sams_session.refresh_from_db()
    assert (sams_session.way, sams_session.arranged_way) == ("voice", "video")
    ready.get_by_role("button", name="Back to video").click()
    expect(title(ready)).to_have_text("Weak for video right now")
    expect(ready.get_by_text("It is as it was before. Dana R. sees that.")).to_be_visible()
    sams_session.refresh_from_db()
    assert sams_session.way == "video"


def test_a_session_that_changed_meanwhile_is_not_switched(ready, sams_session, clock):
    run(ready, POOR)
    scheduling.change(sams_session, clock.now, sams_session.starts_at, 30)
    ready.get_by_role("button", name="Switch this session to voice").click()
    expect(ready.locator("[data-switched]")).to_have_text(
        "This session has changed since. Look at it again first."
    )
    sams_session.refresh_from_db()
    assert sams_session.way == "video"


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (401, {}, "This phone has no way to that session any more."),
        (500, {}, "That did not work. Nothing was changed."),
    ],
)
def test_a_switch_that_is_refused_says_why_and_changes_nothing(ready, watch, status, body, words):
    answers(ready, "way", status, **body)
    run(ready, POOR)
    ready.get_by_role("button", name="Switch this session to voice").click()
    expect(ready.locator("[data-switched]")).to_contain_text(words)
    expect(title(ready)).to_have_text("Weak for video right now")
    expect(ready.get_by_role("button", name="Switch this session to voice")).to_be_visible()


def test_a_switch_without_a_connection_says_so(ready):
    run(ready, POOR)
    ready.context.set_offline(True)
    ready.get_by_role("button", name="Switch this session to voice").click()
    expect(ready.locator("[data-switched]")).to_contain_text("That needs a connection")


# The figures and the session


def test_r20_the_figures_stay_on_the_phone_unless_the_person_says_otherwise(ready, sams_session):
    run(ready, FAIR)
    box = ready.get_by_label("Keep these figures with the session")
    expect(box).not_to_be_checked()
    expect(
        ready.get_by_text(
            "If you share checks, Dana R. can then see them. You can take them back, here or on the page of"
            " the session."
        )
    ).to_be_visible()
    assert not sams_session.checks.exists()
    box.check()
    expect(ready.locator("#kept-figures")).to_contain_text("Kept. Dana R. can see them, if you share checks.")
    kept_one = sams_session.checks.get()
    assert (kept_one.verdict, kept_one.way, kept_one.rtt, kept_one.loss) == ("fair", "video", 320, None)
    box.uncheck()
    expect(ready.locator("#kept-figures")).to_contain_text("Taken back.")
    assert not sams_session.checks.exists()


def test_r20_the_figures_of_the_next_check_are_kept_only_by_a_choice_of_their_own(ready, sams_session):
    run(ready, FAIR)
    box = ready.get_by_label("Keep these figures with the session")
    box.check()
    expect(ready.locator("#kept-figures")).to_contain_text("Kept.")
    sams_session.checks.all().delete()
    run(ready, GOOD)
    expect(box).not_to_be_checked()
    assert not sams_session.checks.exists()


def test_r22_a_poor_line_takes_away_what_an_earlier_check_said(ready, sams_session):
    run(ready, GOOD)
    assert ready.evaluate(PASSES, static("js/passes.js")) == ["connection_check"]
    run(ready, POOR)
    until(ready, lambda: ready.evaluate(PASSES, static("js/passes.js")) == [])


def test_a_line_that_goes_away_on_the_way_gets_no_verdict(ready, sams_session):
    ready.goto(PAGE)
    ready.route("**/tools/connection/down/**", lambda route: ready.context.set_offline(True) or route.abort())
    start(ready)
    expect(title(ready)).to_have_text("This phone is offline")
    assert not sams_session.ticks.exists()


def test_figures_that_can_not_be_kept_say_why_and_the_box_is_empty_again(ready):
    run(ready, FAIR)
    ready.context.set_offline(True)
    box = ready.get_by_label("Keep these figures with the session")
    box.click()
    expect(ready.locator("#kept-figures")).to_contain_text("That needs a connection")
    expect(box).not_to_be_checked()


def test_it_is_opened_from_the_list(people, sam, sams_session):
    page = let_in(people(harness.PHONE), sam)
    page.goto("/")
    has_copies(page)
    page.locator(f"#{ITEM}").get_by_role("link", name="Check the connection").tap()
    page.wait_for_url(f"**{PAGE}#{sams_session.id}")
    expect(page.get_by_text("good enough for your video session")).to_be_visible()

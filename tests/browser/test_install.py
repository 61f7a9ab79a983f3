"""The app goes on the home screen, opens without a network, and keeps nobody's page there (R3, R25, R26)."""

import json
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from checklist.views.client import toolbox
from tests.browser import harness, probes
from tests.browser.conftest import let_in
from tests.browser.kept import carries_a_tick

PRIVATE = re.compile(r"therap|counsel|clinic|session|mental|dana|sam k|green room", re.I)


@pytest.fixture
def installed(people, sam, sams_session):
    """Sam's phone on the page of the next session, with the service worker in charge."""
    page = let_in(people(harness.INSTALLED), sam)
    page.goto("/")
    page.evaluate(probes.CONTROLLED)
    return page


def manifest(page):
    """Return what Chromium makes of the page's manifest."""
    return page.context.new_cdp_session(page).send("Page.getAppManifest")


# Installing


def test_chromium_finds_nothing_that_stands_against_installing(server, chromium, watch, tmp_path):
    """In a profile of its own: what can be installed can't be installed in a private window."""
    with chromium.profile(tmp_path, base_url=server.url, **harness.INSTALLED) as context:
        watch.over(context)
        page = context.pages[0]
        page.goto("/")
        page.evaluate(probes.CONTROLLED)
        assert context.new_cdp_session(page).send("Page.getInstallabilityErrors") == {
            "installabilityErrors": []
        }


def test_the_manifest_parses_without_errors(phone):
    phone.goto("/")
    assert manifest(phone)["errors"] == []


def test_the_manifest_says_who_the_app_is_and_where_it_starts(phone):
    phone.goto("/")
    said = json.loads(manifest(phone)["data"])
    assert (said["id"], said["start_url"], said["scope"], said["display"]) == ("/", "/", "/", "standalone")
    assert {icon["purpose"] for icon in said["icons"]} == {"any", "maskable"}


def test_every_picture_of_the_manifest_has_the_size_that_it_claims(phone):
    phone.goto("/")
    said = json.loads(manifest(phone)["data"])
    for picture in said["icons"] + said["screenshots"]:
        size = phone.evaluate(probes.PICTURE_SIZE, picture["src"])
        assert size == picture["sizes"], picture["src"]


def test_nothing_on_the_home_screen_says_what_it_is_for(installed):
    said = json.loads(manifest(installed)["data"])
    seen = [said["name"], said["short_name"], said["description"], installed.title()]
    seen += [picture["src"] + picture.get("label", "") for picture in said["icons"] + said["screenshots"]]
    seen += installed.locator("link[rel~=icon], link[rel=apple-touch-icon]").evaluate_all(
        "all => all.map(e => e.href)"
    )
    seen += installed.locator("meta[name=apple-mobile-web-app-title]").evaluate_all(
        "all => all.map(e => e.content)"
    )
    assert not [words for words in seen if PRIVATE.search(urlsplit(words).path)]


# The service worker


def test_the_worker_registers_under_the_strict_policy(installed):
    where = installed.evaluate(
        "async () => { const r = await navigator.serviceWorker.ready; return [r.scope, r.active.scriptURL]; }"
    )
    assert [urlsplit(address).path for address in where] == ["/", "/serviceworker.js"]


def test_no_other_script_address_gets_past_the_policy(installed, watch):
    watch.excuse("policy:", "trusted-types")
    refused = installed.evaluate(
        "() => { try { trustedTypes.createPolicy('settle', {createScriptURL: a => a}); return 'made'; }"
        " catch (error) { return error.name; } }"
    )
    assert refused == "TypeError"


def test_text_can_not_be_made_into_a_script(installed, watch):
    watch.excuse("policy:", "TrustedHTML", "require-trusted-types-for")
    refused = installed.evaluate(
        "() => { try { document.body.innerHTML = '<b>x</b>'; return 'made'; } catch (e) { return e.name; } }"
    )
    assert refused == "TypeError"


def test_an_inline_script_does_not_run(phone, watch):
    watch.excuse("policy:", "Content Security Policy")

    def slip_in(route):
        answer = route.fetch()
        route.fulfill(
            response=answer, body=answer.text().replace("<main", "<script>window.ran = true</script><main")
        )

    phone.route("/", slip_in)
    phone.goto("/")
    assert phone.evaluate("window.ran") is None
    assert "window.ran" in phone.content()


def test_without_a_network_the_offline_page_is_shown(installed, watch):
    watch.excuse("ERR_INTERNET_DISCONNECTED")
    installed.context.set_offline(True)
    installed.goto("/reminders/")
    expect(installed.get_by_role("heading", level=1)).to_have_text("You are offline")
    assert (
        installed.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
        != "rgba(0, 0, 0, 0)"
    )


def test_trying_again_with_a_network_leads_to_the_page_that_was_asked_for(installed, watch):
    watch.excuse("ERR_INTERNET_DISCONNECTED")
    installed.context.set_offline(True)
    installed.goto("/reminders/")
    installed.context.set_offline(False)
    installed.get_by_role("link", name="Try again").tap()
    expect(installed.get_by_role("heading", level=1)).to_have_text("Reminders")


def test_no_persons_page_is_kept_on_the_phone(installed):
    for address in ("/sessions/", "/reminders/", "/help/", "/devices/", "/"):
        installed.goto(address)
    kept = installed.evaluate(probes.KEPT)
    assert "/offline/" in kept
    pages = {"/offline/", "/list/", *(tool.address for tool in toolbox.PAGES)}
    assert {path for path in kept if not path.startswith("/static/")} == pages
    assert not [path for path, text in kept.items() if re.search("Dana|Sam K|Green Room|csrf", text)]


def test_the_worker_lets_forms_and_the_log_pass_by(installed, sams_session):
    with installed.expect_response(carries_a_tick) as answer:
        installed.get_by_role("checkbox").first.tap()
    assert not answer.value.from_service_worker

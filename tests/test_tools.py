"""The pages of the tools: the same for everybody, allowed what they use, kept by the worker; the way to them (R26)."""

import json
import re

import pytest
from django.template.loader import get_template
from django.test import Client as Browser

from checklist.pure.starter import STARTER
from checklist.views import pwa
from checklist.views.client import toolbox
from checklist.views.client.toolbox import PAGES, TOOLS
from project import policy
from tests.reading import read
from tests.test_headers import POLICY

every_tool = pytest.mark.parametrize("tool", PAGES, ids=lambda tool: tool.name)


def allowed(answer):
    """Return the features that a page may use."""
    rules = dict(part.split("=") for part in answer.headers["Permissions-Policy"].split(", "))
    return {name for name, whom in rules.items() if whom != "()"}


# The page


@every_tool
def test_a_tool_is_the_same_for_everybody(tool, client, sams_phone, sams_session, desk):
    browsers = (client, sams_phone, desk, Browser(headers={"Cookie": "settle_lock=1; settle_device=x"}))
    assert len({browser.get(tool.address).content for browser in browsers}) == 1


@every_tool
def test_a_tool_touches_no_database_and_sets_no_cookie(tool, client):
    """Without the `db` mark a query would fail the test."""
    answer = client.get(tool.address)
    assert answer.status_code == 200
    assert not answer.cookies


@every_tool
def test_a_message_for_a_person_does_not_end_up_on_a_tool(tool, sams_phone):
    sams_phone.post("/devices/add/")
    page = read(sams_phone.get(tool.address))
    assert page.all("div", kind="notices") == []


@every_tool
def test_r26_a_tool_may_use_what_the_table_says_and_keeps_the_content_policy(tool, client):
    answer = client.get(tool.address)
    assert allowed(answer) == set(tool.uses)
    assert set(answer.headers["Content-Security-Policy"].split("; ")) == POLICY
    assert answer.headers["Cache-Control"] == "no-cache"


def test_r26_other_pages_may_use_nothing_of_a_tools(client, db):
    for address in ("/", "/offline/", "/desk/sign-in/", "/nothing-here/", "/tools/nothing/"):
        assert allowed(client.get(address)) == {"clipboard-write"}, address


@pytest.mark.parametrize(("feature", "name"), [("microphone", "room"), ("camera", "picture")])
def test_r23_microphone_and_camera_are_open_on_the_page_of_their_check_alone(feature, name):
    assert [tool.name for tool in TOOLS if feature in tool.uses] == [name]


@every_tool
def test_a_feature_that_a_tool_uses_is_one_that_all_other_pages_close(tool):
    assert set(tool.uses) <= set(policy.FEATURES)


@pytest.mark.parametrize(
    "address", ["/tools/", "/tools/nothing/", "/tools/calm", "/tools/Calm/", "/tools/../"]
)
def test_r29_there_is_no_other_tool(address, client, db):
    assert client.get(address, follow=True).status_code == (200 if address == "/tools/calm" else 404)


@every_tool
def test_r7_without_scripts_a_tool_says_that_the_item_can_be_ticked_by_hand(tool, client):
    page = read(client.get(tool.address))
    assert "by hand on your list" in page.one("noscript").text
    assert page.one("section", kind="stage").hidden
    assert {link["href"] for link in page.one("main").all("a")} >= {"/"}


@pytest.mark.parametrize("name", ["room", "picture"])
def test_r24_a_check_says_what_it_can_not_know_and_that_it_can_be_ticked_by_hand(name, client):
    answer = client.get(f"/tools/{name}/")
    assert "can't" in read(answer).one("main").text
    assert "You can also tick it by hand." in answer.content.decode()


@every_tool
def test_a_tool_keeps_help_in_reach(tool, client):
    page = read(client.get(tool.address))
    assert "call your local emergency number" in page.text
    assert "/help/" in {link["href"] for link in page.all("a")}


@every_tool
def test_every_word_that_the_modules_of_a_tool_ask_for_is_on_its_page(tool, client):
    (template,) = read(client.get(tool.address)).all("template", id="words")
    words = {row["data-word"] for row in template.walk()}
    sources = [(pwa.settings.BASE_DIR / "static" / "js" / f"{name}.js").read_text() for name in tool.modules]
    asked = {name for text in sources for name in re.findall(r"""\bword\("([\w-]+)\"""", text)}
    assert asked <= words


# The way to it


@every_tool
def test_a_tool_belongs_to_an_item_of_the_starter_list(tool):
    assert tool.key in {item.tool for item in STARTER}


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_the_phones_own_page_leads_to_each_tool_by_the_session_of_the_list(tool, client):
    (item,) = read(client.get("/offline/")).all("template", id="item")
    chips = [chip for chip in item.all("div", kind="chips") if chip.get("data-if") == tool.key]
    assert [chip.one("a")["href"] for chip in chips] == [f"{tool.address}#{{session}}"]


def test_a_therapists_own_words_are_not_taken_for_the_place_of_an_id(sams_phone, sams_session, dana):
    odd = 'Breathe #{session}" out'
    items = list(dana.practice.checklists.get().current.items.all())
    for item in items:
        item.pk = None
        item.title = odd if item.tool == "calm_timer" else item.title
    sams_session.version = dana.practice.checklists.get().edit(items)
    sams_session.save()
    page = read(sams_phone.get("/"))
    assert odd in {box.text for box in page.all("button", role="checkbox")}


def test_the_markup_of_an_item_with_a_tool_is_made_once_for_all_sessions(
    sams_phone, sams_session, lees_phone, lees_session
):
    sams_phone.get("/")
    template = get_template("client/item_parts.html").template
    made, render = [], template.render
    template.render = lambda context: made.append(context["row"]["key"]) or render(context)
    try:
        assert f"/tools/calm/#{lees_session.id}" in lees_phone.get("/").content.decode()
    finally:
        del template.render
    assert "slow-minutes" not in made


# The worker


@pytest.fixture
def worker(client):
    return client.get("/serviceworker.js").content.decode()


def version(client):
    return re.search(r'VERSION = "([^"]+)"', client.get("/serviceworker.js").content.decode())[1]


def test_the_worker_keeps_the_page_of_each_tool(worker):
    assert json.loads(re.search(r"TOOLS = (\[.*\]);", worker)[1]) == [
        f"/tools/{tool.name}/" for tool in PAGES
    ]


def test_the_worker_keeps_the_modules_of_each_tool():
    assert {f"js/{name}.js" for tool in PAGES for name in tool.modules} <= set(pwa.SHELL)


def test_the_workers_version_changes_with_the_page_of_a_tool(client, monkeypatch):
    before = version(client)
    monkeypatch.setattr(toolbox.Tool, "page", lambda tool: "other words")
    assert version(client) != before


def test_the_workers_version_changes_with_what_a_tool_may_use(client, monkeypatch):
    before = version(client)
    monkeypatch.setattr(policy, "FEATURES", policy.FEATURES[1:])
    assert version(client) != before

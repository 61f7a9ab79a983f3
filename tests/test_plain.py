"""The page for who has to leave quickly: nothing of ours is on it, and every phone has it at hand (R3, R25)."""

import re

from django.test import Client as Browser

from checklist.views import pwa
from tests.reading import read
from tests.test_neutral import BANNED


def test_r3_it_names_neither_the_app_nor_what_it_is_for(client):
    text = client.get("/list/").content.decode()
    assert BANNED.findall(text) == []
    assert not re.search("settle", text, re.IGNORECASE)


def test_it_is_the_same_for_everybody_and_reads_no_cookie(client, sams_phone, sams_session, desk):
    browsers = (client, sams_phone, desk, Browser(headers={"Cookie": "settle_lock=1; settle_device=x"}))
    assert len({browser.get("/list/").content for browser in browsers}) == 1
    assert not client.get("/list/").cookies


def test_nothing_on_it_leads_back_or_runs(client):
    page = read(client.get("/list/"))
    assert page.all("a") == page.all("script") == page.all("form") == []
    assert [link["href"] for link in page.all("link", rel="manifest")] == []


def test_it_can_be_ticked_like_a_list_of_its_own(client):
    boxes = read(client.get("/list/")).all("input", type="checkbox")
    assert len(boxes) > 3


def test_the_worker_keeps_it_and_its_version_changes_with_it(client, monkeypatch):
    before = client.get("/serviceworker.js").content.decode()
    assert 'PLAIN = "/list/"' in before
    monkeypatch.setattr(pwa, "plain_page", lambda: "other words")
    after = client.get("/serviceworker.js").content.decode()
    assert re.search(r'VERSION = "(.+)"', after)[1] != re.search(r'VERSION = "(.+)"', before)[1]


def test_it_takes_no_form(client):
    assert client.post("/list/").status_code == 405

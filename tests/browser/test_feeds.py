"""A calendar that keeps up by itself, as a person gets it: make the address, copy it, take it back."""

from urllib.parse import urlsplit

from playwright.sync_api import expect


def test_a_person_gets_the_address_copies_it_and_takes_it_back(sams, sams_session):
    sams.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sams.goto("/reminders/")
    sams.get_by_role("link", name="Keep your sessions in your calendar").tap()
    sams.get_by_role("button", name="Make a private address").tap()
    address = sams.get_by_label("Address", exact=True).input_value()
    link = sams.get_by_role("link", name="Add to this phone's calendar").get_attribute("href")
    assert link == address.replace("http:", "webcal:")
    sams.get_by_role("button", name="Copy it").tap()
    expect(sams.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    assert sams.evaluate("navigator.clipboard.readText()") == address
    path = urlsplit(address).path
    assert sams.request.get(path).text().count("BEGIN:VEVENT") == 2
    sams.get_by_text("Take it back", exact=True).tap()
    sams.get_by_role("button", name="Take the address back").tap()
    expect(sams.get_by_role("button", name="Make a private address")).to_be_visible()
    assert sams.request.get(path).status == 404

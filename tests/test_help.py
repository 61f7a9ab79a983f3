"""If you need help now: in reach from every page, with the practice's own numbers."""

import pytest

from checklist.views.client.calling import dial
from tests.conftest import SAMS_PHONE, phone
from tests.reading import read


@pytest.fixture
def practice(dana):
    return dana.practice


def page(browser):
    answer = browser.get("/help/")
    assert answer.status_code == 200
    return read(answer)


def card(page, name):
    """Return the card under that heading."""
    return next(
        part for part in page.all("section") if part.all("h2") and part.one("h2").text.startswith(name)
    )


def calls(part):
    return {link.text: link["href"] for link in part.all("a")}


# If you need help now


def test_without_numbers_of_its_own_the_page_says_to_call_the_emergency_number(sams_phone):
    now = card(page(sams_phone), "If you need help now")
    assert "call your local emergency number" in now.text
    assert calls(now) == {}


def test_in_the_united_states_988_is_one_tap_away(sams_phone, practice):
    practice.country = "US"
    practice.save()
    assert calls(card(page(sams_phone), "If you need help now")) == {
        "Call 988": "tel:988",
        "Text 988": "sms:988",
    }


def test_the_practices_own_numbers_can_be_called(sams_phone, practice):
    practice.help_numbers = "Night line: 555 0100\nCrisis team (city): +1 (555) 010-0199"
    practice.save()
    assert calls(card(page(sams_phone), "If you need help now")) == {
        "Night line: 555 0100": "tel:5550100",
        "Crisis team (city): +1 (555) 010-0199": "tel:+15550100199",
    }


def test_a_line_that_can_not_be_called_is_no_dead_link(sams_phone, practice):
    practice.help_numbers = "Come by at any time"
    practice.save()
    now = card(page(sams_phone), "If you need help now")
    assert "Come by at any time" in now.text
    assert calls(now) == {}


def test_help_comes_first_on_the_page(sams_phone):
    assert page(sams_phone).all("h2")[0].text == "If you need help now"


def test_the_page_does_not_pretend_that_somebody_reads_along(sams_phone):
    assert "no one reads along" in page(sams_phone).text


@pytest.mark.parametrize(
    "address", ["/", "/sessions/", "/sessions/{id}/", "/reminders/", "/help/", "/devices/", "/leave/"]
)
def test_help_is_one_tap_away_from_every_page(sams_phone, sams_session, address):
    tabs = read(sams_phone.get(address.format(id=sams_session.id))).one("nav", kind="tabs")
    assert "/help/" in {link["href"] for link in tabs.all("a")}


@pytest.mark.parametrize(
    ("address", "tab"),
    [
        ("/", "Ready"),
        ("/sessions/", "Sessions"),
        ("/progress/", "Progress"),
        ("/reminders/", "Reminders"),
        ("/help/", "Help"),
    ],
)
def test_the_tab_of_the_page_is_marked(sams_phone, sams_session, address, tab):
    tabs = read(sams_phone.get(address)).one("nav", kind="tabs")
    assert [link.text for link in tabs.all("a", aria_current="page")] == [tab]


@pytest.mark.parametrize(
    ("number", "link"),
    [
        ("555 0142", "tel:5550142"),
        ("+44 (20) 7946-0000", "tel:+442079460000"),
        ("555.0142/3", "tel:55501423"),
        ("", ""),
        ("ask at the desk", ""),
    ],
)
def test_a_number_as_people_write_it_becomes_one_that_can_be_called(number, link):
    assert dial(number) == link


# If the call drops


def test_if_the_call_drops_the_practices_words_and_its_number_are_there(sams_phone, practice):
    practice.dropped_call, practice.phone = "Stay where you are.\nI call you back.", "555 0142"
    practice.save()
    drops = page(sams_phone).one("section", id="call-drops")
    assert "Stay where you are. I call you back." in drops.text
    assert calls(drops) == {"Call 555 0142": "tel:5550142"}


def test_without_words_of_its_own_the_page_says_something_of_use(sams_phone):
    drops = page(sams_phone).one("section", id="call-drops")
    assert "Try the same link again." in drops.text
    assert calls(drops) == {}


def test_a_practices_words_are_never_markup(sams_phone, practice):
    practice.dropped_call = "<img src=x onerror=alert(1)>"
    practice.save()
    assert "<img src=x onerror=alert(1)>" in page(sams_phone).one("section", id="call-drops").text


def test_a_phone_of_two_practices_has_the_words_and_the_numbers_of_both(sams_phone, practice, omar, lee):
    practice.help_numbers, omar.practice.help_numbers = "Night line: 1234", "Night line: 1234\nHarbour: 5678"
    practice.save(), omar.practice.save()
    phone(lee, SAMS_PHONE)
    seen = page(sams_phone)
    assert list(calls(card(seen, "If you need help now")).values()) == ["tel:1234", "tel:5678"]
    assert {"If the call drops: Green Room", "If the call drops: Harbour"} <= {
        part.text for part in seen.all("h2")
    }


def test_r16_another_practices_numbers_are_never_shown(sams_phone, omar, lee):
    omar.practice.help_numbers = "Harbour: 5678"
    omar.practice.save()
    assert "5678" not in page(sams_phone).text


# Who sees what, and this phone


def test_r20_the_page_says_what_the_therapist_sees(sams_phone):
    text = card(page(sams_phone), "Who sees what").text
    assert "which items are done, which are open and which do not apply" in text
    for told in (
        "time zone",
        "kind of phone",
        "day you last used it",
        "if reminders are on, reached you and were opened",
    ):
        assert told in text


def test_the_page_leads_to_the_home_screen_to_the_phones_and_to_signing_out(sams_phone):
    assert calls(card(page(sams_phone), "This phone")) == {
        "Put Settle on your home screen": "/install/",
        "See your phones": "/devices/",
        "App lock": "/lock/",
        "Sign this phone out": "/leave/",
    }

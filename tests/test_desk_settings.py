"""What clients see of the practice, and the therapist's own name, zone and password."""

import pytest

from checklist.models import Client, Session
from tests import factories
from tests.at_desk import errors, look, rows, section
from tests.conftest import signed_in
from tests.looking import DAY
from tests.reading import read

SETTINGS = "/desk/settings/"
TYPED = {
    "name": "Quiet House",
    "therapist_name": "Dana Reyes",
    "time_zone": "Europe/Madrid",
    "country": "US",
    "phone": "+1 (555) 0142",
    "dropped_call": "Wait five minutes.\r\nThen I call you.",
    "help_numbers": "Night line: 555 0100\r\n\r\nPractice: 555 0142",
    "kinds": ["day_before", "hours_before", "just_before"],
}


def post(desk, **typed):
    return desk.post(SETTINGS, TYPED | typed)


def test_all_that_is_set_is_kept(desk, dana, now):
    assert post(desk).url == SETTINGS
    dana.refresh_from_db()
    practice = dana.practice
    assert (dana.name, dana.time_zone) == ("Dana Reyes", "Europe/Madrid")
    assert (practice.name, practice.country, practice.phone) == ("Quiet House", "US", "+1 (555) 0142")
    assert practice.numbers() == [("Night line", "555 0100"), ("Practice", "555 0142")]


@pytest.mark.usefixtures("sam")
def test_a_kind_that_is_left_out_is_not_sent_and_comes_back_when_it_is_let_in_again(desk, now):
    post(desk, kinds=["just_before"])
    assert set(kinds_of(factories.session(Client.objects.get(), 3 * DAY))) == {"just_before"}
    post(desk)
    assert len(kinds_of(Session.objects.latest("starts_at"))) == 3


def kinds_of(session):
    return session.reminders.values_list("kind", flat=True)


@pytest.mark.usefixtures("sam")
def test_no_kind_at_all_is_a_choice_too(desk, now):
    post(desk, kinds=[])
    assert not kinds_of(factories.session(Client.objects.get(), 3 * DAY)).exists()


def test_saving_is_confirmed_on_the_same_page(desk, now):
    assert read(desk.post(SETTINGS, TYPED, follow=True)).one("div", kind="notices").text == "Saved."


def test_the_form_starts_with_what_is_set(desk, now):
    post(desk)
    page = look(desk, SETTINGS)
    assert page.one("input", name="phone")["value"] == "+1 (555) 0142"
    assert page.one("textarea", name="help_numbers").text == "Night line: 555 0100 Practice: 555 0142"
    assert [option["value"] for option in page.all("option", selected=True)] == [
        "Europe/Madrid", "", "US", "24", "12",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "link", "words"),
    [
        ({"name": ""}, "#id_name", "Give the practice a name."),
        ({"therapist_name": " "}, "#id_therapist_name", "Write your name."),
        ({"time_zone": "Mars"}, "#id_time_zone", "Choose a time zone from the list."),
        ({"country": "XX"}, "#id_country", "XX"),
        ({"kinds": ["nudge"]}, "#id_kinds_0", "nudge"),
        ({"kinds": ["\x00"]}, "#id_kinds_0", "Select a valid choice"),
        ({"phone": "call me"}, "#id_phone", "This is not a phone number."),
        ({"phone": "12"}, "#id_phone", "This is not a phone number."),
        ({"phone": "1" * 16}, "#id_phone", "This is not a phone number."),
        ({"dropped_call": "x" * 301}, "#id_dropped_call", "300 characters"),
        (
            {"help_numbers": "555 0100"},
            "#id_help_numbers",
            "Write each line as a name, a colon and a number.",
        ),
        ({"help_numbers": "Line: soon"}, "#id_help_numbers", "This is not a phone number."),
        *(
            ({"turn_url": url, "turn_secret": "x"}, "#id_turn_url", "This is no TURN server.")
            for url in (
                "turn.example.org",
                "https://turn.example.org",
                "turn:localhost",
                "turn:turn.example.org:70000",
                "turn:turn.example.org:0",
                "turn:me@turn.example.org",
                "turn:turn.example.org?transport=x",
                "turn:",
            )
        ),
        ({"turn_secret": "x"}, "#id_turn_url", "Write the address of the server that this secret is for."),
        ({"turn_url": "turn:turn.example.org"}, "#id_turn_secret", "Write the secret of this server."),
        (
            {"turn_url": "turn:turn.example.org", "turn_secret": "x" * 201},
            "#id_turn_secret",
            "200 characters",
        ),
    ],
)
def test_r29_what_can_not_be_taken_is_said_above_the_form(typed, link, words, desk, dana, now):
    told = errors(post(desk, **typed))
    assert list(told) == [link]
    assert words in told[link]
    dana.refresh_from_db()
    assert dana.name == "Dana R."


@pytest.mark.parametrize("name", ["a\u202eb", "a\u200bb", "a\x00b", "a\nb"])
def test_r29_a_name_that_could_lie_is_refused(name, desk, now):
    assert "#id_name" in errors(post(desk, name=name))


def test_clients_see_the_new_help_numbers(desk, sam, sams_phone, now):
    post(desk)
    page = read(sams_phone.get("/help/"))
    assert "Night line" in page.text


def test_the_desks_times_follow_the_therapists_zone(desk, sams_session, now):
    post(desk)
    assert rows(desk)["Sam K."][0].startswith("9:00 pm")


def test_a_colleague_changes_the_practice_and_their_own_name_only(kim, dana, now):
    post(signed_in(kim), therapist_name="Kim Vale")
    dana.refresh_from_db()
    kim.refresh_from_db()
    assert (dana.name, kim.name, dana.practice.name) == ("Dana R.", "Kim Vale", "Quiet House")


def test_r16_a_stranger_changes_nothing_here(omar, dana, now):
    post(signed_in(omar))
    dana.practice.refresh_from_db()
    assert dana.practice.name == "Green Room"


def test_the_page_shows_the_address_and_leads_to_the_password(desk, dana, now):
    page = look(desk, SETTINGS)
    assert section(page, "Signing in").startswith(f"E-mail {dana.email}")
    assert page.one("a", href="/desk/password/").text == "Change your password"


# The password


def change(desk, old, new):
    return desk.post("/desk/password/", {"oldpassword": old, "password1": new})


def test_a_new_password_is_taken_and_one_stays_signed_in(desk, dana, now):
    answer = change(desk, factories.PASSWORD, "three-quiet-rivers")
    assert answer.url == SETTINGS
    assert look(desk, SETTINGS).one("div", kind="notices").text == "Your new password is set."
    dana.refresh_from_db()
    assert dana.check_password("three-quiet-rivers")


def test_other_browsers_are_signed_out_by_a_new_password(desk, dana, now):
    other = signed_in(dana)
    change(desk, factories.PASSWORD, "three-quiet-rivers")
    assert other.get(SETTINGS).status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("", "three-quiet-rivers", {"#id_oldpassword": "Type the password you have now."}),
        ("wrong", "three-quiet-rivers", {"#id_oldpassword": "This is not the password you have now."}),
        (factories.PASSWORD, "", {"#id_password1": "Choose a password."}),
        (factories.PASSWORD, "short", {"#id_password1": "This password is too short."}),
        (factories.PASSWORD, "dana@example.org", {"#id_password1": "too similar"}),
        (factories.PASSWORD, "1234567890123", {"#id_password1": "entirely numeric"}),
    ],
)
def test_r29_a_password_that_can_not_be_taken_is_said_so(old, new, told, desk, dana, now):
    found = errors(change(desk, old, new))
    ((link, words),) = told.items()
    assert words in found[link]
    dana.refresh_from_db()
    assert dana.check_password(factories.PASSWORD)


def test_passwords_are_never_sent_back(desk, now):
    page = read(change(desk, "my-old-secret", "short"))
    assert [field.get("value") for field in page.all("input", type="password")] == [None, None]


# A TURN server (R25)


TURN = {"turn_url": "turns:turn.example.org:5349?transport=tcp", "turn_secret": "only-once-told"}


def turn_of(dana):
    dana.practice.refresh_from_db()
    return dana.practice.turn_url, dana.practice.turn_secret


def test_r25_there_is_no_turn_server_until_a_practice_names_one(desk, dana, now):
    post(desk)
    assert turn_of(dana) == ("", "")


def test_the_secret_of_a_turn_server_is_kept_and_never_shown_again(desk, dana, now):
    post(desk, **TURN)
    assert turn_of(dana) == tuple(TURN.values())
    page = desk.get(SETTINGS).content.decode()
    assert TURN["turn_url"] in page
    assert TURN["turn_secret"] not in page
    refused = post(desk, **TURN, name="")
    assert TURN["turn_secret"] not in refused.content.decode()


def test_a_secret_left_empty_stays_and_goes_with_its_server(desk, dana, now):
    post(desk, **TURN)
    post(desk, turn_url=TURN["turn_url"], turn_secret="")
    assert turn_of(dana) == tuple(TURN.values())
    post(desk, turn_url="", turn_secret="")
    assert turn_of(dana) == ("", "")


def test_another_server_does_not_get_the_secret_of_the_first(desk, dana, now):
    post(desk, **TURN)
    told = errors(post(desk, turn_url="turn:other.example.org", turn_secret=""))
    assert list(told) == ["#id_turn_secret"]
    assert turn_of(dana) == tuple(TURN.values())


def test_the_form_says_whether_a_secret_is_set(desk, now):
    assert "A secret is set." not in desk.get(SETTINGS).content.decode()
    post(desk, **TURN)
    assert "A secret is set." in desk.get(SETTINGS).content.decode()

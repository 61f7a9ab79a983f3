"""Whatever arrives, the answer is a 4xx with words, never a 500, and what was typed is still there (R29)."""

from html import escape

import pytest
from django.core.exceptions import ValidationError

from checklist.forms.plain import HIDDEN, readable
from checklist.models import Client, Plan, Practice, Series, Session, User
from tests.forms import FORMS, browsers, filled, good, post, rows, words
from tests.kept import undone

__all__ = ["browsers", "rows"]  # fixtures


# Forms: each field with each bad value


BAD = {
    "nothing": "",
    "blanks": "   ",
    "too long": "x" * 5000,
    "NUL": "\x00",
    "NUL inside": "a\x00b",
    "control characters": "a\x1b[31m\x07\x85b",
    "half a surrogate": b"a\xed\xa0\x80b",
    "bytes that are no text": b"\xff\xfe\xc3",
    "turned right to left": "a\u202egro.elpmaxe",
    "a mark that can't be seen": "a\u200b\ufeffb",
    "another line": "a\nb\r\nc\u2028d",
    "Arabic digits": "\u0663\u0664",
    "forty digits": "9" * 40,
    "five thousand digits": "9" * 5000,
    "below zero": "-1",
    "a script": "<script>alert(1)</script>",
    "a link that runs": "javascript:alert(1)//https://meet.example.org",
    "emoji": "\U0001f9d8\u200d\u2640\ufe0f",
    "two at once": ["a", "b"],
}
# What a field by itself might take and a form then keep; the others are tried on all fields at once.
KEEPABLE = (
    "NUL inside", "control characters", "half a surrogate", "turned right to left", "a mark that can't be seen",
    "another line", "emoji",
)  # fmt: skip


def kept_text():
    """Return every text that people typed and that was kept."""
    fields = {Client: ("nickname", "email"), Practice: ("name", "phone", "dropped_call", "help_numbers")}
    fields |= {User: ("name", "email"), Session: ("link", "time_zone")}
    fields |= {Plan: ("cue", "deed", "place"), Series: ("link", "map_link")}
    return [
        text for model, names in fields.items() for row in model.objects.values_list(*names) for text in row
    ]


def trouble(answer):
    """Return what is wrong with the answer to a bad form, or nothing."""
    if answer.status_code >= 500:
        return f"{answer.status_code} {answer.exc_info[1]!r}" if answer.exc_info else answer.status_code
    if answer.status_code in (200, 302):
        text = "".join(kept_text())
        unreadable = {letter for letter in text if letter in HIDDEN or letter < " "} - {"\r", "\n"}
        return f"kept {unreadable}" if unreadable else None
    return None if words(answer) else f"{answer.status_code} without words"


@pytest.mark.parametrize("name", FORMS)
def test_r29_no_value_in_any_field_breaks_a_form_and_nothing_unreadable_is_kept(name, browsers, rows):
    form = FORMS[name]
    browser, path, fields = browsers[form.who], filled(form.path, rows), good(form, rows)
    tried = form.tried or form.good
    cases = {what: dict.fromkeys(tried, value) for what, value in BAD.items()}
    cases |= {(field, what): {field: BAD[what]} for field in tried for what in KEEPABLE}
    wrong = {}
    for case, bad in cases.items():
        with undone():
            wrong[case] = trouble(post(browser, path, fields | bad))
    assert {key: value for key, value in wrong.items() if value} == {}


@pytest.mark.parametrize("name", FORMS)
def test_r29_a_field_that_is_missing_breaks_no_form(name, browsers, rows):
    form = FORMS[name]
    browser, path, fields = browsers[form.who], filled(form.path, rows), good(form, rows)
    for field in form.tried or form.good:
        with undone():
            assert not trouble(post(browser, path, {k: v for k, v in fields.items() if k != field})), field


@pytest.mark.parametrize("name", [name for name, form in FORMS.items() if form.typed])
def test_r29_a_refused_form_shows_what_was_typed_again(name, browsers, rows):
    form = FORMS[name]
    typed = {field: f"<{field}> & \u202e\u00fc" for field in form.typed}
    answer = post(browsers[form.who], filled(form.path, rows), good(form, rows) | typed)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert [field for field, value in typed.items() if escape(value) not in text] == []


@pytest.mark.parametrize("name", [name for name, form in FORMS.items() if form.typed])
def test_r29_a_form_with_nothing_in_it_is_refused_and_says_what_to_fill_in(name, browsers, rows):
    form = FORMS[name]
    answer = post(browsers[form.who], filled(form.path, rows), {})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert "This field is required" not in answer.content.decode()


def test_a_password_is_never_shown_again(browsers, rows):
    secret_word = "what-i-typed-there"
    for name in ("sign in", "sign up", "password", "once more the password"):
        form = FORMS[name]
        fields = dict.fromkeys(good(form, rows), secret_word)
        answer = post(
            browsers[form.who],
            form.path,
            {**fields, "email": "x", "login": "x", "name": "x", "practice": "x"},
        )
        assert answer.status_code == 422
        assert secret_word not in answer.content.decode()


# One field at a time: what is refused, with which words


def refused(browsers, rows, name, **fields):
    """Return the words beside a refused field of a form that is good but for it."""
    form = FORMS[name]
    answer = post(browsers[form.who], filled(form.path, rows), good(form, rows) | fields)
    assert answer.status_code == 422, fields
    (field,) = fields
    return " ".join(answer.context["form"].errors[field])


LINKS = {
    "javascript:alert(1)": "This is not a link",
    "data:text/html,<p>x</p>": "This is not a link",
    "meet.example.org": "This is not a link",
    "https://": "This is not a link",
    "https:///room": "This is not a link",
    "https://localhost/": "This is not a link",
    "https://1.2.3.999/room": "This is not a link",
    "https://a|b.example/room": "This is not a link",
    "https://a%zz.example/room": "This is not a link",
    "https://meet..example/room": "This is not a link",
    "https://-a.example/room": "This is not a link",
    "https://meet.example.org:99999/": "This is not a link",
    "https://meet.example.org:x/": "This is not a link",
    "https://[::1": "This is not a link",
    "https://meet.example.org/a room": "This is not a link",
    "https://evil.example\\@meet.example.org/": "This is not a link",
    'https://meet.example.org/"><b>': "This is not a link",
    "http://meet.example.org/": "begin with https://",
    "ftp://meet.example.org/": "begin with https://",
    "//meet.example.org/": "begin with https://",
    "https://meet.example.org@evil.example/": "name or password",
    "https://a:b@evil.example/": "name or password",
    "https://@evil.example/": "name or password",
    "https://meet.example.org/\u202egnp.exe": "can't be shown",
    "https://meet.exa\u200bmple.org/": "can't be shown",
    "https://meet.example.org/\x00": "",
    "https://meet.example.org/" + "x" * 500: "at most 500",
}
DATES = {
    "2026-11-25": "already passed",
    "1969-12-31": "already passed",
    "0001-01-01": "already passed",
    "9999-12-31": "within the next two years",
    "2028-12-01": "within the next two years",
    "0000-01-01": "This is not a date",
    "2027-02-29": "This is not a date",
    "2027-13-01": "This is not a date",
    "10000-01-01": "This is not a date",
    "tomorrow": "This is not a date",
    "": "Choose a date",
}
TIMES = {
    "24:00": "not a time",
    "15:60": "not a time",
    "noon": "not a time",
    "-1:00": "not a time",
    "": "Choose a time",
}
MINUTES = {
    "0": "at least 5",
    "-50": "at least 5",
    "481": "at most 480",
    "50.5": "whole number",
    "fifty": "whole number",
}
MINUTES |= {"9" * 40: "at most 480", "9" * 5000: "whole number", "1e2": "whole number", "": ""}
ADDRESSES = [
    "sam",
    "sam@",
    "@example.org",
    "sam@example",
    "a b@example.org",
    "sam@example.org\x00",
    "sam@exam\u202eple.org",
]
ADDRESSES += [
    "s\u0430m@example.org",
    "sam@ex\u00e4mple.org",
    "x" * 250 + "@example.org",
    "sam@example.org, eve@example.org",
]
PHONES = [
    "call me",
    "12",
    "1" * 16,
    "555-0142 ext 7",
    "\u0665\u0665\u0665 \u0660\u0661\u0664\u0662",
    "tel:5550142",
    "+1 555<b>",
]
HELP = ["Night line", "Night line:", ": 555 0100", "Night line: none", "Fine: 555 0100\nNot fine"]


def test_r29_a_link_that_can_not_be_trusted_is_refused(browsers, rows):
    for link, why in LINKS.items():
        assert why in refused(browsers, rows, "session", link=link), link


def test_r29_a_date_that_is_none_or_past_or_far_is_refused(browsers, rows):
    for date, why in DATES.items():
        assert why in refused(browsers, rows, "session", date=date), date


def test_r29_an_hour_of_today_that_has_passed_is_refused(browsers, rows):
    form = FORMS["session"]
    answer = post(browsers["dana"], form.path, good(form, rows) | {"date": "2026-11-26", "time": "14:17"})
    assert answer.status_code == 422
    assert "already passed" in answer.content.decode()


def test_r29_a_time_that_is_none_is_refused(browsers, rows):
    for time, why in TIMES.items():
        assert why in refused(browsers, rows, "session", time=time), time


def test_r29_a_length_that_is_none_is_refused(browsers, rows):
    for minutes, why in MINUTES.items():
        assert why in refused(browsers, rows, "session", minutes=minutes), minutes


def test_r29_an_address_that_is_none_is_refused(browsers, rows):
    for address in ADDRESSES:
        assert refused(browsers, rows, "client", email=address), address


def test_r29_an_address_may_be_as_long_as_the_database_holds_and_no_longer(browsers, rows):
    longest = "x" * 64 + "@" + ".".join(["y" * 61] * 3) + ".org"
    form = FORMS["client"]
    assert len(longest) == 254
    assert post(browsers["dana"], form.path, good(form, rows) | {"email": longest}).status_code == 302
    assert "at most 254" in refused(browsers, rows, "client", email=longest + "x")


def test_r29_a_number_that_can_not_be_dialled_is_refused(browsers, rows):
    for phone in PHONES:
        assert "not a phone number" in refused(browsers, rows, "practice", phone=phone), phone


UNSEEN = [
    "\u00ad",
    "\u034f",
    "\u115f",
    "\u17b4",
    "\u180e",
    "\u206a",
    "\u2800",
    "\u3164",
    "\uffa0",
    "\U000e0041",
    "\U0001d159",
    "\ufffc",
]


@pytest.mark.parametrize("letter", UNSEEN, ids=ascii)
def test_r29_a_letter_that_can_not_be_seen_is_refused_inside_a_name(letter):
    with pytest.raises(ValidationError, match="can't be shown"):
        readable(f"Sam{letter}K.")


@pytest.mark.parametrize(
    "name",
    [
        "\u200d",
        "\u200c\u200c",
        "\ufe0f",
        "\u200d \u200d",
        "\u180b",
        "\U000e0100",
        "\u0300\u0301",
        " \u0e49",
        "\u20dd",
    ],
    ids=ascii,
)
def test_r29_a_name_of_marks_that_only_join_or_choose_a_shape_is_refused(name):
    with pytest.raises(ValidationError, match="can't be shown"):
        readable(name)


def test_r29_a_letter_with_marks_piled_upon_it_is_refused():
    readable("Z" + "\u0335\u0336\u0300\u0301")
    for more in ("\u0302", "\ufe0f", "\u200d\u0302"):
        with pytest.raises(ValidationError, match="can't be shown"):
            readable("Sam Z" + "\u0335\u0336\u0300\u0301" + more + "a")


NAMES = [
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "\u845b\U000e0100",
    "\U0001f9d8\u200d\u2640\ufe0f",
    "Jos\u00e9",
    "\u0928\u094d\u200d",
    "Nguy\u1ec5n Th\u1ecb H\u01b0\u01a1\u0300ng",  # Vietnamese
    "\u0924\u0943\u0937\u094d\u0923\u093e \u0921\u093c\u0940\u0902",  # Hindi
    "\u0645\u064f\u062d\u064e\u0645\u0651\u064e\u062f\u064c",  # Arabic with vowels
    "\u0671\u0644\u0644\u0651\u064e\u0670\u0647\u0650",  # and with an alef above
    "\u05e9\u05c1\u05bc\u05b8\u05dc\u05d5\u05b9\u05dd \u05de\u05b9\u05e9\u05c1\u05b6\u05bd\u05d4",  # Hebrew with points
    "\u0e19\u0e49\u0e33\u0e1d\u0e19 \u0e1b\u0e34\u0e48\u0e19",  # Thai
    "\u101b\u103d\u103e\u1031 \u101c\u103b\u103e\u1031\u102c\u1037\u103a",  # Burmese
    "\u0f66\u0f90\u0fb1\u0f7c\u0f44 \u0f67\u0f71\u0f74\u0f83",  # Tibetan
    "\u179f\u17d2\u179a\u17b8 \u1785\u17b7\u178f\u17d2\u178a\u17b6",  # Khmer
    "O\u0323\u0301l\u00e1b\u00eds\u00ed",  # Yoruba
    "",
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_name_may_have_joiners_and_choices_of_shape_between_its_letters(name):
    assert readable(name) is None


def test_r29_a_nickname_that_nobody_could_see_is_refused(browsers, rows):
    assert "can't be shown" in refused(browsers, rows, "client", nickname="\u3164\u2800")


def test_r29_help_lines_without_a_name_or_a_number_are_refused(browsers, rows):
    for text in HELP:
        assert refused(browsers, rows, "practice", help_numbers=text), text


def test_r29_a_zone_that_there_is_not_is_refused(browsers, rows):
    for zone in ("", "Mars/Base", "EST5EDT", "../etc/passwd", "america/new_york", "America/New York", "\x00"):
        assert refused(browsers, rows, "client", time_zone=zone), zone


def session_at(browsers, rows, date, time, zone):
    form = FORMS["session"]
    fields = good(form, rows) | {"date": date, "time": time, "time_zone": zone}
    return post(browsers["dana"], form.path, fields)


GAPS = [
    ("2027-03-14", "02:30", "America/New_York"),
    ("2027-03-14", "02:00", "America/New_York"),
    ("2027-03-28", "01:30", "Europe/London"),
    ("2027-10-03", "02:15", "Australia/Lord_Howe"),
]


def test_r29_a_time_that_the_clocks_skip_is_refused(browsers, rows):
    for gap in GAPS:
        answer = session_at(browsers, rows, *gap)
        assert answer.status_code == 422, gap
        assert "The clocks skip this time" in answer.content.decode()


def test_r11_a_time_that_happens_twice_is_taken_as_the_first(browsers, rows):
    assert session_at(browsers, rows, "2027-11-07", "01:30", "America/New_York").status_code == 302
    assert (
        Session.objects.latest("created_at", "starts_at").starts_at.isoformat() == "2027-11-07T05:30:00+00:00"
    )


def test_arabic_digits_are_read_as_the_digits_that_they_are(browsers, rows):
    answer = session_at(browsers, rows, "\u0662\u0660\u0662\u0667-\u0660\u0663-\u0661\u0665", "15:00", "UTC")
    assert answer.status_code in (302, 422)

"""The starter checklist: which items each way of meeting gets, and how its words are written."""

import ast
import inspect
import re
from collections import Counter

import pytest

from checklist.pure import starter
from checklist.pure.readiness import PHASES, applies
from checklist.pure.starter import STARTER
from tests.readability import grade, syllables
from tests.shingles import copied

WAYS = ("video", "voice", "text", "in_person")
ONLINE = ("video", "voice", "text")
TIPS = {"connect", "connection", "place", "time", "opening", "consistency"}
ON_THE_DEVICE = {"connection_check", "room_check", "picture_check", "dropped_call"}
TOOLS = ON_THE_DEVICE | {
    "privacy_message", "calm_timer", "note", "calendar", "questions", "do_not_disturb", "progress",
}  # fmt: skip

# The papers that a fact may come from, each with the figures that may be quoted from it.
FIGURES = {
    "Wagner and others, 2014": set(),
    "Nordgren and others, 2014": {"46", "7", "10"},
    "Andrews and others, 2018": {"64"},
    "Turgoose and others, 2018": {"41"},
}
STATES_A_FACT = re.compile(
    r"\d|%|\bper ?cent|\b(stud(y|ies)|trials?|research\w*|reviews?|papers?|evidence|prove[ns]?|found that)\b",
    re.IGNORECASE,
)
SCOLDS = re.compile(
    r"\b(fail\w*|miss(ed|ing)?|broke\w*|must|should\w*|ought|never|forg[eo]t\w*|wrong\w*|fault|bad(ly)?|late|lazy"
    r"|have to|need to|supposed|at least|only if|streak|sorry|blame\w*|excuse\w*)\b",
    re.IGNORECASE,
)
PROMISES = re.compile(
    r"\b(cure[sd]?|heal\w*|guarantee\w*|promise\w*|always|diagnos\w*|symptoms?|medic\w*|doctors?|dose"
    r"|(will|to) (get|feel|be) (better|well)|works for you)\b",
    re.IGNORECASE,
)
SAYS_WHAT_FOR = re.compile(r"therap|clinic|counsel|psych|mental|treatment|patient|disorder", re.IGNORECASE)

every_item = pytest.mark.parametrize("item", STARTER, ids=lambda item: item.key)


def items(way, *, first=True):
    """The items of a session met this way."""
    return [item for item in STARTER if applies(item, way, first)]


def extras(way):
    """The keys of what only a first session has."""
    return {item.key for item in items(way) if item.first_session_only}


def tools(way, *, first=True):
    return {item.tool for item in items(way, first=first)} - {""}


def tips(way, *, first=True):
    return {item.tip for item in items(way, first=first)}


def keys(way, *, first=True):
    return {item.key for item in items(way, first=first)}


def words(way):
    return " ".join(f"{item.title}. {item.why}" for item in items(way)).lower()


# What is on the list


@pytest.mark.parametrize("way", ONLINE)
def test_all_six_tips_are_on_the_list_of_a_first_session_online(way):
    assert tips(way) == TIPS


def test_a_first_session_in_person_has_every_tip_but_the_connection():
    assert tips("in_person") == TIPS - {"connection"}


@pytest.mark.parametrize("way", WAYS)
def test_a_later_session_leaves_only_how_we_connect_to_the_question_after_it(way):
    assert tips(way) - tips(way, first=False) == {"connect"}


@pytest.mark.parametrize("way", WAYS)
def test_each_session_has_something_to_do_in_each_phase(way):
    assert {item.phase for item in items(way, first=False)} == set(PHASES)


def test_a_first_video_session_offers_every_tool():
    assert tools("video") == TOOLS


@pytest.mark.parametrize("way", ["voice", "text", "in_person"])
def test_the_camera_is_for_video_alone(way):
    assert "picture_check" not in tools(way)
    assert not re.search(r"camera|picture|video|\blight\b|your face", words(way))


@pytest.mark.parametrize("way", ["voice", "video"])
def test_a_spoken_session_checks_the_connection_and_the_room_each_time(way):
    assert {"connection_check", "room_check"} <= tools(way, first=False)


def test_a_voice_session_has_headphones():
    assert "headphones" in keys("voice", first=False)


def test_a_text_session_keeps_the_screen_private_the_alerts_off_and_time_to_type():
    assert {"private-screen", "alerts-off", "time-to-type"} <= keys("text", first=False)


def test_a_text_session_neither_listens_nor_plans_for_a_call():
    assert not {"room_check", "dropped_call"} & tools("text")
    assert not re.search(r"\b(calls?|ring|headphones|hear)\b", words("text"))


def test_a_session_in_person_checks_no_device():
    assert not ON_THE_DEVICE & tools("in_person")
    assert not re.search(r"connection|camera|headphones|link\b|\bcalls?\b|screen|online", words("in_person"))


def test_a_session_in_person_has_the_way_there_and_something_for_the_wait():
    assert {"way-there", "for-the-wait"} <= keys("in_person", first=False)


@pytest.mark.parametrize("way", ["video", "voice"])
def test_a_call_has_where_you_are_today_and_what_we_do_if_it_drops_each_time(way):
    assert {"where-today", "call-drops"} <= keys(way, first=False)


def test_where_you_are_is_said_not_to_be_stored():
    (item,) = [item for item in STARTER if item.key == "where-today"]
    assert "does not store" in item.why
    assert item.tool == ""


@pytest.mark.parametrize("way", WAYS)
def test_only_a_first_session_asks_what_to_ask_and_goes_in_the_calendar(way):
    assert {"what-to-ask", "calendar"} <= extras(way)


@pytest.mark.parametrize(
    ("way", "key"),
    [("video", "join-video"), ("voice", "join-voice"), ("text", "join-text"), ("in_person", "find-the-door")],
)
def test_only_a_first_session_says_how_to_get_in(way, key):
    assert key in extras(way)
    assert not [item for item in STARTER if item.key == key and item.ways != (way,)]


@pytest.mark.parametrize("way", ONLINE)
def test_only_a_first_session_online_picks_where_to_sit(way):
    assert "where-to-sit" in extras(way)


@pytest.mark.parametrize("key", ["join-video", "join-voice"])
def test_before_a_first_call_you_know_who_to_call(key):
    (item,) = [item for item in STARTER if item.key == key]
    assert re.search(r"who to call\b", item.why)


@pytest.mark.parametrize(
    ("way", "first", "fewest", "most"),
    [
        ("video", False, 7, 9), ("video", True, 11, 13),
        ("voice", False, 7, 9), ("voice", True, 11, 13),
        ("text", False, 6, 8), ("text", True, 10, 12),
        ("in_person", False, 5, 6), ("in_person", True, 8, 10),
    ],
)  # fmt: skip
def test_the_list_stays_short(way, first, fewest, most):
    assert fewest <= len(items(way, first=first)) <= most


# In which order, and how it is kept


def test_items_come_in_the_order_of_the_phases():
    phases = [PHASES.index(item.phase) for item in STARTER]
    assert phases == sorted(phases)


@pytest.mark.parametrize("way", WAYS)
def test_the_last_thing_before_a_session_is_a_calm_moment(way):
    assert items(way, first=False)[-1].tool == "calm_timer"


@pytest.mark.parametrize("first", [True, False], ids=["first", "later"])
@pytest.mark.parametrize("way", WAYS)
def test_no_tool_is_offered_twice_for_one_session(way, first):
    counted = Counter(item.tool for item in items(way, first=first) if item.tool)
    assert [tool for tool, times in counted.items() if times > 1] == []


def test_keys_are_unique():
    assert [key for key, times in Counter(item.key for item in STARTER).items() if times > 1] == []


@every_item
def test_a_key_is_a_slug(item):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", item.key)


@every_item
def test_phase_tool_tip_and_ways_are_known(item):
    assert item.phase in PHASES
    assert item.tip in TIPS
    assert item.tool in TOOLS | {""}
    assert item.ways == tuple(way for way in WAYS if way in item.ways) != ()


def test_an_item_cannot_be_changed():
    with pytest.raises(AttributeError):
        STARTER[0].title = "Something else"


def test_every_sentence_is_marked_for_translation():
    marked = {
        ast.literal_eval(call.args[0])
        for call in ast.walk(ast.parse(inspect.getsource(starter)))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "gettext_noop"
    }
    shown = {text for item in STARTER for text in (item.title, item.why, item.source) if text}
    assert shown | {starter.STARTER_NAME} == marked


# How the words are written


@every_item
def test_a_title_fits_a_phone(item):
    assert 0 < len(item.title) <= 60


@every_item
def test_a_title_is_a_line_without_a_full_stop(item):
    assert re.fullmatch(r"[A-Z][^.!?\n]*[^.!?\s]", item.title)


@every_item
def test_why_is_one_or_two_short_sentences(item):
    assert 0 < len(item.why) <= 170
    assert item.why.endswith(".")
    assert len(re.findall(r"[.!?](?:\s|$)", item.why)) <= 2


@every_item
def test_a_fact_names_its_source_and_a_source_belongs_to_a_fact(item):
    assert bool(STATES_A_FACT.search(item.why)) == bool(item.source)


@every_item
def test_only_known_facts_are_stated(item):
    assert item.source in {"", *FIGURES}
    assert set(re.findall(r"\d+", item.why)) <= FIGURES.get(item.source, set())


@every_item
def test_a_title_states_no_fact(item):
    assert not STATES_A_FACT.search(item.title)


@every_item
def test_nothing_scolds(item):
    assert SCOLDS.findall(f"{item.title}. {item.why}") == []


@every_item
def test_nothing_promises_an_outcome_or_gives_medical_advice(item):
    assert not PROMISES.search(f"{item.title}. {item.why}")


@every_item
def test_a_title_may_be_shown_outside_the_app(item):
    """R3: a nudge can list what is open, and a calendar can be shared."""
    assert not SAYS_WHAT_FOR.search(item.title)


@every_item
def test_no_run_of_seven_words_comes_from_the_articles(item):
    assert copied(f"{item.title}. {item.why}") == []


@every_item
def test_each_item_reads_at_grade_six_or_below(item):
    assert grade(f"{item.title}. {item.why}") <= 6


@every_item
def test_each_why_alone_reads_at_grade_six_or_below(item):
    assert grade(item.why) <= 6


def test_the_whole_reads_at_grade_six_or_below():
    assert grade(" ".join(f"{item.title}. {item.why}" for item in STARTER)) <= 6


# The measures themselves


def test_a_run_copied_from_an_article_is_caught():
    assert copied("Remember: CHOOSE a quiet, comfortable part of your home!") == [
        "choose a quiet comfortable part of your",
        "a quiet comfortable part of your home",
    ]


def test_the_grade_is_the_published_formula():
    assert grade("The cat sat on the mat.") == pytest.approx(0.39 * 6 + 11.8 * 1 - 15.59)


def test_a_hard_text_has_a_high_grade():
    assert grade("Individually tailored interventions demonstrate considerable effectiveness.") > 12


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("you", 1), ("time", 1), ("helped", 1), ("you'll", 1), ("quiet", 2), ("minutes", 2), ("going", 2),
        ("table", 2), ("started", 2), ("wi-fi", 2), ("people", 2), ("session", 2), ("changes", 2),
        ("easier", 3), ("video", 3), ("therapist", 3), ("privacy", 3), ("connection", 3), ("CBT", 3),
        ("available", 4), ("64", 4), ("individual", 5),
    ],
)  # fmt: skip
def test_syllables_are_counted_as_spoken(word, count):
    assert syllables(word) == count

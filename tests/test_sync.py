"""/sync/, the phone's log: what it answers, what it refuses and why; it never breaks (R4, R6, R16, R29)."""

import json
import uuid
from datetime import timedelta

import pytest
from django.test import Client as Browser

from checklist import inviting, scheduling, ticking
from checklist.forms.operations import MOST
from checklist.models import Device, Session, Tick
from checklist.views.client.ours import HEADER, LONGEST
from tests import factories
from tests.conftest import SAMS_PHONE, phone

NOW_MS = ticking.milliseconds(factories.NOW)
OURS = {HEADER: "1", "Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}


def operation(session, item="connection", state="done", **fields):
    """Return one operation as a phone writes it."""
    row = {
        "id": str(uuid.uuid4()),
        "session": str(getattr(session, "id", session)),
        "item": item,
        "state": state,
    }
    return row | {"clock": [NOW_MS, 0], "seq": 1} | fields


def post(browser, body, content_type="application/json", **headers):
    """Post a body, a text or something to write as JSON, with the headers of our own page."""
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return browser.post("/sync/", text, content_type=content_type, headers={**OURS, **headers})


def sync(browser, *operations, cursor=None):
    """Return the answer to a batch that was taken."""
    answer = post(browser, {"cursor": cursor, "sent_at": NOW_MS, "operations": list(operations)})
    assert answer.status_code == 200, answer.content
    return answer.json()


def results(answer):
    return [(result["status"], result["reason"]) for result in answer["results"]]


# What is taken


def test_a_batch_is_answered_one_by_one_in_its_order(sams_phone, sams_session):
    sent = [
        operation(sams_session),
        operation(sams_session, item="nothing"),
        operation(sams_session, item="quiet-room"),
    ]
    answer = sync(sams_phone, *sent)
    assert results(answer) == [("applied", ""), ("refused", "unknown item"), ("applied", "")]
    assert [result["id"] for result in answer["results"]] == [row["id"] for row in sent]


def test_the_answer_has_the_folded_state_of_each_session_that_changed(sams_phone, sams_session):
    answer = sync(sams_phone, operation(sams_session), operation(sams_session, item="picture", state="na"))
    (row,) = answer["sessions"]
    assert (row["id"], row["items"]) == (str(sams_session.id), {"connection": "done", "picture": "na"})


def test_r4_the_answer_has_the_greatest_clock_so_that_a_slow_phones_next_tick_comes_after(
    sams_phone, sams_session
):
    answer = sync(
        sams_phone, operation(sams_session, clock=[NOW_MS - 5, 2]), operation(sams_session, clock=[7, 0])
    )
    assert answer["sessions"][0]["clock"] == [NOW_MS - 5, 2]


def test_r4_a_batch_sent_again_counts_once_and_is_answered_the_same(sams_phone, sams_session):
    batch = [operation(sams_session), operation(sams_session, item="quiet-room")]
    first, again = sync(sams_phone, *batch), sync(sams_phone, *batch)
    assert results(again) == [("duplicate", "")] * 2
    assert again["sessions"] == first["sessions"]
    assert Tick.objects.count() == 2


def test_r4_one_operation_twice_in_a_batch_counts_once(sams_phone, sams_session):
    same = operation(sams_session)
    assert results(sync(sams_phone, same, same)) == [("applied", ""), ("duplicate", "")]


def test_each_of_two_operations_with_one_id_has_an_answer_of_its_own(sams_phone, sams_session):
    good = operation(sams_session)
    bad = {**good, "state": "perhaps"}
    assert results(sync(sams_phone, bad, good, bad)) == [
        ("refused", "unknown state"),
        ("applied", ""),
        ("refused", "unknown state"),
    ]


def test_r4_a_clock_of_next_year_is_held_back(sams_phone, sams_session):
    sync(sams_phone, operation(sams_session, clock=[NOW_MS + 10**10, 0], seq=5))
    assert list(Tick.objects.values_list("ms", "count")) == [(NOW_MS, 0)]


def test_r4_a_count_that_is_used_up_leaves_room_for_what_an_honest_phone_ticks_next(sams_phone, sams_session):
    last, ahead = [NOW_MS, 2**31 - 1], [NOW_MS + 9, 0]
    sync(sams_phone, operation(sams_session, clock=last), operation(sams_session, clock=ahead, state="na"))
    clock = sync(sams_phone)["sessions"][0]["clock"]
    assert clock == [NOW_MS + 1, 0]
    after = [clock[0], clock[1] + 1]
    assert results(sync(sams_phone, operation(sams_session, clock=after, state="open"))) == [("applied", "")]
    assert sync(sams_phone)["sessions"][0]["items"] == {"connection": "open"}


def test_a_phone_whose_app_is_older_may_leave_out_the_sequence(sams_phone, sams_session):
    row = operation(sams_session)
    del row["seq"]
    assert results(sync(sams_phone, row)) == [("applied", "")]


def test_an_empty_batch_asks_only_for_news(sams_phone, sams_session):
    answer = sync(sams_phone)
    assert (answer["results"], [row["id"] for row in answer["sessions"]]) == ([], [str(sams_session.id)])


def test_a_body_without_operations_asks_only_for_news(sams_phone, sams_session):
    assert post(sams_phone, {}).json()["results"] == []


def test_the_answer_is_kept_by_nobody(sams_phone, sams_session):
    assert "no-store" in post(sams_phone, {}).headers["Cache-Control"]


# The cursor


def test_the_cursor_leaves_out_what_the_phone_knows(sams_phone, sams_session):
    known = sync(sams_phone)
    assert sync(sams_phone, cursor=known["cursor"])["sessions"] == []


def test_the_cursor_brings_what_another_phone_changed(sam, sams_phone, sams_session):
    known = sync(sams_phone)["cursor"]
    sync(phone(sam, "a-second-phone"), operation(sams_session))
    assert [row["items"] for row in sync(sams_phone, cursor=known)["sessions"]] == [{"connection": "done"}]


@pytest.mark.parametrize("what", ["book", "change", "cancel", "renumber"])
def test_the_cursor_brings_what_the_desk_changed(what, sam, sams_phone, sams_session, now):
    known, start = sync(sams_phone)["cursor"], sams_session.starts_at
    if what == "book":
        factories.session(sam, starts_in=timedelta(days=9))
    elif what == "change":
        scheduling.change(sams_session, now, start, 45)
    elif what == "cancel":
        scheduling.cancel(sams_session, now)
    else:
        factories.session(sam, starts_in=timedelta(minutes=9))
    changed = sync(sams_phone, cursor=known)["sessions"]
    assert len(changed) == (2 if what == "renumber" else 1)


def test_an_old_cursor_brings_the_same_again(sams_phone, sams_session):
    old = sync(sams_phone)["cursor"]
    sync(sams_phone, operation(sams_session))
    assert sync(sams_phone, cursor=old)["sessions"] == sync(sams_phone, cursor=old)["sessions"] != []


def test_a_bare_number_for_a_cursor_means_from_the_start(sams_phone, sams_session):
    assert len(sync(sams_phone, cursor=0)["sessions"]) == len(sync(sams_phone, cursor=99)["sessions"]) == 1


def test_a_cursor_from_before_a_backup_was_restored_starts_anew(sam, sams_phone, sams_session):
    assert len(sync(sams_phone, cursor={str(sam.id): 10**6})["sessions"]) == 1


def test_a_phone_of_two_clients_misses_neither_ones_news(sam, lee, sams_phone, sams_session, lees_session):
    for _ in range(5):
        sync(sams_phone, operation(sams_session))
    known = sync(sams_phone)["cursor"]
    inviting.enrol(lee, SAMS_PHONE, "Chrome, Android", factories.NOW)
    assert [row["id"] for row in sync(sams_phone, cursor=known)["sessions"]] == [str(lees_session.id)]
    known = sync(sams_phone, cursor=known)["cursor"]
    sync(phone(lee, "lees-other-phone"), operation(lees_session))
    assert [row["items"] for row in sync(sams_phone, cursor=known)["sessions"]] == [{"connection": "done"}]


# R16: a stranger's rows


def test_r16_a_strangers_session_is_refused_like_one_that_does_not_exist(
    sams_phone, sams_session, lees_session
):
    answer = sync(sams_phone, operation(lees_session), operation(uuid.uuid4()))
    assert results(answer) == [("refused", "unknown session")] * 2
    assert not Tick.objects.exists()


def test_r16_a_strangers_sessions_are_never_in_the_answer(sams_phone, sams_session, lees_session, lees_phone):
    sync(lees_phone, operation(lees_session))
    assert [row["id"] for row in sync(sams_phone, operation(lees_session))["sessions"]] == [
        str(sams_session.id)
    ]


def test_r16_a_strangers_cursor_opens_nothing(sams_phone, sams_session, lee, lees_session):
    answer = sync(sams_phone, cursor={str(lee.id): 0})
    assert str(lee.id) not in answer["cursor"]
    assert str(lees_session.id) not in json.dumps(answer)


def test_r6_each_tick_is_kept_under_the_client_whose_session_it_is(
    sam, lee, sams_phone, sams_session, lees_session
):
    inviting.enrol(lee, SAMS_PHONE, "Chrome, Android", factories.NOW)
    sync(sams_phone, operation(sams_session), operation(lees_session))
    assert {(tick.session_id, tick.device.client_id) for tick in Tick.objects.all()} == {
        (sams_session.id, sam.id),
        (lees_session.id, lee.id),
    }


# Who may ask at all


def test_401_for_a_browser_that_nobody_let_in(stranger, db):
    assert post(stranger, {}).status_code == 401


def test_401_for_a_revoked_device_and_nothing_is_taken(sams_phone, sams_session):
    Device.objects.all().revoke()
    answer = post(sams_phone, {"operations": [operation(sams_session)]})
    assert (answer.status_code, answer.json()) == (401, {"error": "this device was revoked"})
    assert not Tick.objects.exists()


def test_401_for_the_phone_of_an_archived_client(sam, sams_phone, sams_session, now):
    sam.archived_at = now
    sam.save()
    assert post(sams_phone, {}).status_code == 401


def test_a_therapist_has_no_log(desk):
    assert post(desk, {}).status_code == 401


FROM_ELSEWHERE = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://testserver.evil.example"},
    {"Origin": "https://testserver"},
    {"Origin": ""},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
]


def test_403_for_another_sites_page(sams_phone, sams_session):
    body = {"operations": [operation(sams_session)]}
    answers = [post(sams_phone, body, **headers) for headers in FROM_ELSEWHERE]
    assert [answer.status_code for answer in answers] == [403] * len(FROM_ELSEWHERE)
    assert not Tick.objects.exists()


def test_403_without_our_header(sams_phone, sams_session):
    answer = sams_phone.post("/sync/", {"operations": []}, content_type="application/json")
    assert answer.status_code == 403


def test_403_for_a_body_that_any_form_could_post(sams_phone, sams_session):
    types = [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json-seq",
        "multipart/form-data",
        "",
    ]
    answers = [post(sams_phone, "{}", content_type=content_type) for content_type in types]
    assert [answer.status_code for answer in answers] == [403] * len(types)


def test_the_type_may_name_its_encoding(sams_phone, sams_session):
    assert post(sams_phone, "{}", content_type="application/json; charset=utf-8").status_code == 200


def test_no_form_token_is_needed_because_a_page_from_the_cache_has_an_old_one(sams_session, sams_phone):
    strict = Browser(enforce_csrf_checks=True)
    strict.cookies = sams_phone.cookies
    assert post(strict, {}).status_code == 200


def test_405_for_anything_but_a_post(sams_phone, sams_session):
    methods = ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"]
    answers = [sams_phone.generic(method, "/sync/", headers=OURS) for method in methods]
    assert [answer.status_code for answer in answers] == [405] * len(methods)


# R29: whatever arrives


NOT_JSON = {
    "nothing": " ",
    "half an object": '{"operations": [',
    "no quotes": "{operations: []}",
    "a list nested too deep": "[" * 60_000,
    "a list nested too deep and closed": '{"operations":' + "[" * 30_000 + "]" * 30_000 + "}",
    "objects nested too deep": '{"a":' * 20_000,
    "bytes that are no text": b'{"operations": ["\xff\xfe\xfd"]}',
    "a number with too many digits": '{"cursor": ' + "9" * 5000 + "}",
}
NOT_A_BATCH = {
    "a list": [],
    "a text": "operations",
    "a number": 7,
    "null": None,
    "true": True,
    "operations is null": {"operations": None},
    "operations is an object": {"operations": {}},
    "operations is a text": {"operations": "[]"},
    "an operation is null": {"operations": [None]},
    "an operation is a list": {"operations": [[]]},
    "an operation has no id": {"operations": [{}]},
    "too many operations": {"operations": [{}] * (MOST + 1)},
    "a cursor below zero": {"cursor": -1},
    "a cursor with a fraction": {"cursor": 1.5},
    "a cursor that is a text": {"cursor": "1"},
    "a cursor that is true": {"cursor": True},
    "a cursor that is a list": {"cursor": [1]},
    "a cursor with a text in it": {"cursor": {"a": "1"}},
    "a cursor with true in it": {"cursor": {"a": True}},
    "a cursor beyond what a phone can count": {"cursor": 2**53 + 1},
}
NOT_IDS = [
    "",
    "1",
    7,
    None,
    [],
    {},
    True,
    "x" * 36,
    "\ud800" * 36,
    "\x00" * 36,
    "\u0660" * 32,
    "g" * 32,
    "{" + "0" * 32 + "}",
]


def test_r29_400_for_what_is_not_json(sams_phone, sams_session):
    answers = {name: post(sams_phone, body) for name, body in NOT_JSON.items()}
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(NOT_JSON, 400)
    assert {answer.json()["error"] for answer in answers.values()} == {"The body is not JSON."}


def test_r29_400_with_words_for_json_that_is_no_batch(sams_phone, sams_session):
    answers = {name: post(sams_phone, body) for name, body in NOT_A_BATCH.items()}
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(NOT_A_BATCH, 400)
    assert all(answer.json()["error"].endswith(".") for answer in answers.values())


def test_r29_400_for_an_id_that_no_phone_makes(sams_phone, sams_session):
    answers = [post(sams_phone, {"operations": [operation(sams_session, id=id)]}) for id in NOT_IDS]
    assert [answer.status_code for answer in answers] == [400] * len(NOT_IDS)


def test_r29_numbers_that_are_none_are_refused_one_by_one(sams_phone, sams_session):
    for number in ("1e400", "-1e400", "NaN", "Infinity", "-Infinity"):
        text = json.dumps(
            {"operations": [operation(sams_session, clock=["HERE", 0]), operation(sams_session)]}
        )
        answer = post(sams_phone, text.replace('"HERE"', number))
        assert results(answer.json()) == [("refused", "unreadable clock"), ("applied", "")], number


CLOCKS = [
    None,
    7,
    [],
    [1],
    [1, 2, 3],
    ["1", 0],
    [1.5, 0],
    [-1, 0],
    [0, -1],
    [True, 0],
    [2**63, 0],
    [0, 2**64],
    [0, 2**31],
]
CLOCKS += [{}, "now", [[], []], [10**400, 0]]
SEQUENCES = [-1, 1.5, "1", None, [], True, 2**63, 10**400]
STATES = ["", "DONE", "done ", None, 1, [], {}, "\ud800", "\x00", "x" * 10_000]
ITEMS = [
    "",
    None,
    1,
    [],
    {},
    "\ud800",
    "\udfff\ud800",
    "connection\x00",
    "\u202enoitcennoc",
    "conn\u00e9ction",
]
ITEMS += ["x" * 10_000, "__proto__"]
UNREADABLE = {
    ("clock", "unreadable clock"): CLOCKS,
    ("seq", "unreadable sequence"): SEQUENCES,
    ("state", "unknown state"): STATES,
    ("item", "unknown item"): ITEMS,
    ("session", "unknown session"): NOT_IDS,
}


@pytest.mark.parametrize(("part", "reason"), UNREADABLE)
def test_r29_what_can_not_be_read_is_refused_with_its_reason(part, reason, sams_phone, sams_session):
    values = UNREADABLE[part, reason]
    batch = [operation(sams_session) | {part: value} for value in values]
    assert results(sync(sams_phone, *batch)) == [("refused", reason)] * len(values)
    assert not Tick.objects.exists()


def test_r29_an_operation_with_a_part_missing_is_refused(sams_phone, sams_session):
    whole = operation(sams_session)
    batch = [
        {key: value for key, value in whole.items() if key != part}
        for part in ("session", "item", "state", "clock")
    ]
    assert [status for status, _ in results(sync(sams_phone, *batch))] == ["refused"] * 4


def test_r6_what_can_not_be_read_does_not_hold_up_the_rest(sams_phone, sams_session):
    batch = [operation(sams_session, clock=None), operation(sams_session), operation(sams_session, state=7)]
    assert [status for status, _ in results(sync(sams_phone, *batch))] == ["refused", "applied", "refused"]


def test_the_largest_batch_that_is_allowed_is_taken(sams_phone, sams_session):
    rows = [
        operation(sams_session, state="done" if number % 2 else "open", seq=number) for number in range(MOST)
    ]
    assert results(sync(sams_phone, *rows)) == [("applied", "")] * MOST


def test_r29_413_for_a_body_that_is_too_long(sams_phone, sams_session):
    answers = [post(sams_phone, " " * size) for size in (LONGEST + 1, 600 * 1024, 3 * 1024 * 1024)]
    assert [answer.status_code for answer in answers] == [413] * 3
    assert answers[0].json() == {"error": "too much at once"}


def test_a_body_as_long_as_allowed_is_read(sams_phone, sams_session):
    assert post(sams_phone, "{}".ljust(LONGEST)).status_code == 200


def test_r29_what_nobody_asked_for_is_passed_over(sams_phone, sams_session):
    row = operation(sams_session, extra="\ud800", device=1, ms=3)
    answer = post(sams_phone, {"operations": [row], "client": "x", "sent_at": "yesterday"})
    assert results(answer.json()) == [("applied", "")]


@pytest.fixture
def hasty(monkeypatch):
    """Let a phone send two batches with ticks in a while, which are really 600."""
    monkeypatch.setattr("checklist.views.client.sync.BATCHES", 2)


def test_a_phone_that_sends_too_often_is_told_when_to_come_back(hasty, sams_phone, sams_session):
    answers = [post(sams_phone, {"operations": [operation(sams_session)]}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert (answers[2].json(), answers[2].headers["Retry-After"]) == ({"error": "too often"}, "60")
    assert Tick.objects.count() == 2


def test_a_phone_may_ask_for_news_and_another_one_tick_all_the_same(hasty, sam, sams_phone, sams_session):
    for _ in range(4):
        post(sams_phone, {"operations": [operation(sams_session)]})
    assert sync(sams_phone)["sessions"]
    assert results(sync(phone(sam, "a-second-phone"), operation(sams_session))) == [("applied", "")]


def test_a_phone_that_was_off_for_a_week_sends_all_its_ticks_at_once(sams_phone, sams_session):
    batches = [[operation(sams_session) for _ in range(100)] for _ in range(8)]
    assert all(results(sync(sams_phone, *batch)) == [("applied", "")] * 100 for batch in batches)


def test_r28_the_answer_needs_as_many_queries_for_twelve_sessions_as_for_two(
    sam, sams_phone, sams_session, now, django_assert_num_queries
):
    factories.session(sam, starts_in=timedelta(days=1))
    sync(sams_phone)
    with django_assert_num_queries(4):  # the device, the sessions with their versions, items and ticks
        sync(sams_phone)
    for day in range(2, 12):
        factories.session(sam, starts_in=timedelta(days=day))
    with django_assert_num_queries(4):
        assert len(sync(sams_phone)["sessions"]) == 12
    assert Session.objects.count() == 12

"""Notifications that are started over an open connection: nobody waits for the answer, which means the same."""

import select
import socket
import threading

import pytest

from checklist.carrying import Way
from checklist.channels import CarryInstead, NotDelivered
from checklist.channels.notifying import ENOUGH, PushChannel, Round
from checklist.channels.push import Pusher, payload
from checklist.models import Handover, Subscription
from checklist.models.reasons import Reason
from tests.factories import NOW
from tests.looking import HOUR
from tests.pushes import Says

pytest_plugins = ["tests.phones"]
WORDS = payload("Reminder", "Today at 3:00 pm", "https://settle.example/", "t", "en", {}, [])
HOW = {"urgency": "normal", "topic": "topic"}
PATIENCE, HASTE = 10, 0.3  # seconds that an answer may take


@pytest.fixture
def channel(service, keys):
    """The channel of notifications, its service on loopback."""
    service.clock = NOW.timestamp
    channel = PushChannel(lambda: Pusher(service.poster(total=PATIENCE)))
    yield channel
    channel.close()


@pytest.fixture
def message(service):
    """Make the Round of a delivery to so many new phones."""

    def message(phones=1, ends=NOW + HOUR):
        there = [service.subscribe() for _phone in range(phones)]
        rows = [Subscription(endpoint=one.endpoint, p256dh=one.p256dh, auth=one.auth) for one in there]
        return Round([(Handover(subscription=row), WORDS) for row in rows], HOW, NOW, ends)

    return message


@pytest.fixture
def warm(channel, message):
    """Let a connection be open, because something was carried over it before."""
    channel.carry(message(), None)
    return channel


def endpoint(message):
    return message.letters[0][0].subscription.endpoint


@pytest.fixture
def start(warm):
    """Start a message; what has not ended by then is broken off after the test."""
    begun = []

    def start(message):
        begun.append(warm.start(message))
        return begun[-1]

    yield start
    for each in begun:
        if each:
            each.drop()


def outcome(started):
    """Wait for what becomes of a message that was started; return True, or the exception."""
    try:
        while not started.ended():
            pass
        return True
    except (NotDelivered, CarryInstead) as error:
        return error


def after(channel, service, message, **says):
    """Start a message to a service that answers in this way; return what became of it."""
    service.answers[endpoint(message)] = [Says(**says)]
    return outcome(channel.start(message))


def test_over_an_open_connection_a_phone_is_told_without_a_thread(warm, message, service):
    assert outcome(warm.start(message())) is True
    assert len(service.messages) == 2 and service.connections == 1


def test_without_an_open_connection_it_has_to_be_carried(channel, message):
    assert channel.start(message()) is None


def test_another_services_connection_is_no_use(start, message):
    round_ = message()
    round_.letters[0][0].subscription.endpoint = "https://web.push.apple.com/x"
    assert start(round_) is None
    assert start(message())


def test_who_has_several_phones_is_told_by_a_thread(warm, message):
    assert warm.start(message(phones=2)) is None


def test_one_connection_carries_one_at_a_time(start, message):
    assert start(message())
    assert start(message()) is None


def test_the_connection_is_free_again_once_the_answer_is_there(warm, message):
    for _each in range(3):
        assert outcome(warm.start(message())) is True


def test_nothing_is_known_before_the_answer(start, message, service):
    round_ = message()
    service.answers[endpoint(round_)] = [Says(how="hang")]
    assert start(round_).ended() is False


@pytest.mark.parametrize(
    ("status", "reason", "gone"),
    [
        (410, Reason.PUSH_GONE, True),
        (403, Reason.PUSH_KEY, False),
        (429, Reason.PUSH_PUT_OFF, False),
        (500, Reason.PUSH_PUT_OFF, False),
        (307, Reason.PUSH_REFUSED, False),
    ],
)
def test_a_status_means_what_it_means_when_it_is_carried(warm, message, service, status, reason, gone):
    error = after(warm, service, round_ := message(), status=status)
    assert (error.reason, error.gone) == (reason, gone)
    assert len(round_.gone) == gone


def test_how_long_to_wait_is_read(warm, message, service):
    assert after(warm, service, message(), status=429, headers={"Retry-After": "120"}).retry_after == 120


def test_an_answer_in_pieces_is_put_together(warm, message, service):
    round_ = message()
    pieces = b"HTTP/1.1 201 Crea", b"ted\r\nContent-Length: 0\r\n\r\n"
    service.answers[endpoint(round_)] = [Says(raw=pieces[0], unasked=pieces[1])]
    started = warm.start(round_)
    select.select([started], [], [], PATIENCE)
    assert started.ended() is False
    service.cue.set()
    assert outcome(started) is True


@pytest.mark.parametrize(("status", "outcome_"), [(201, True), (410, Reason.PUSH_GONE)])
def test_a_status_counts_when_what_should_follow_it_does_not_come(warm, message, service, status, outcome_):
    warm.idle[0].poster.total = HASTE
    head = b"HTTP/1.1 %d It\r\nContent-Length: 5\r\n\r\n" % status
    found = after(warm, service, message(), raw=head, how="hang")
    assert getattr(found, "reason", found) == outcome_
    assert warm.start(message()) is None


@pytest.mark.parametrize("how", ["close", "reset"])
def test_a_connection_that_ended_without_a_word_is_replaced(warm, message, service, how):
    assert isinstance(after(warm, service, message(), how=how), CarryInstead)
    assert warm.start(message()) is None


def test_r9_what_was_written_a_while_ago_is_looked_at_again_instead(warm, message, service):
    round_ = message()
    round_.written -= 60
    assert after(warm, service, round_, how="close").reason == Reason.PUSH_NOT_REACHED


@pytest.mark.parametrize(
    "says",
    [
        {"how": "hang"},
        {"how": "trickle"},
        {"raw": b"nonsense\r\n\r\n"},
        {"raw": b"HTTP/1.1 201 Created\r\nX: " + b"x" * 40_000},
        {"raw": b"HTTP/1.1 201 Cre", "how": "close"},
    ],
)
def test_no_answer_and_one_that_is_none_are_a_passing_trouble(warm, message, service, says):
    warm.idle[0].poster.total = HASTE
    error = after(warm, service, message(), **says)
    assert (error.reason, error.permanent) == (Reason.PUSH_NOT_REACHED, False)
    assert warm.start(message()) is None


def test_an_answer_after_which_the_connection_ends_counts(warm, message, service):
    raw = b"HTTP/1.1 201 Created\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    assert after(warm, service, message(), raw=raw, how="close") is True
    assert warm.start(message()) is None


def test_a_service_that_does_not_answer_is_left_alone_for_the_rest_of_a_look(warm, message, service):
    for _time in range(ENOUGH):
        after(warm, service, message(), raw=b"nonsense\r\n\r\n")
        warm.idle.append(Pusher(service.poster()))
        warm.idle[-1].hand_over(
            service.subscribe(), WORDS, 60, "normal", "topic", NOW
        )  # its connection is open
    assert warm.start(message()) is None


def test_a_service_that_answers_again_is_not_given_up(warm, message):
    row = message().letters[0][0].subscription
    for _time in range(ENOUGH - 1):
        warm.failed(row, message(), NotDelivered(Reason.PUSH_NOT_REACHED))
    assert outcome(warm.start(message())) is True
    warm.failed(row, message(), NotDelivered(Reason.PUSH_NOT_REACHED))
    assert outcome(warm.start(message())) is True


def test_a_bug_is_left_to_who_carries_and_costs_no_connection(warm, message, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr("checklist.channels.sealing.seal", lambda *_words: 1 / 0)
        assert warm.start(message()) is None
    assert outcome(warm.start(message())) is True


def test_r10_nothing_is_started_for_what_has_begun(warm, message):
    assert warm.start(message(ends=NOW)) is None


def test_what_is_started_and_what_is_carried_lands(warm, message, service):
    with Way(warm, 4, lambda: False) as way:
        for number in range(4):
            way.put(number, message())
        landed = []
        while way.going:
            landed += way.landed()
    assert sorted(each.delivery for each in landed) == [0, 1, 2, 3]
    assert {each.error for each in landed} == {None}
    assert len(service.messages) == 5


def test_what_was_started_over_an_ended_connection_is_carried(warm, message, service):
    round_ = message()
    service.answers[endpoint(round_)] = [Says(how="close")]
    with Way(warm, 4, lambda: False) as way:
        way.put("a delivery", round_)
        [landed] = way.landed()
    assert landed.error is None
    assert service.connections == 2


def test_asked_to_end_it_breaks_off_what_was_started(warm, message, service, monkeypatch):
    monkeypatch.setattr("checklist.carrying.GRACE", 0.02)
    monkeypatch.setattr("checklist.carrying.LOOK", 0.01)
    round_ = message()
    service.answers[endpoint(round_)] = [Says(how="hang")]
    with Way(warm, 4, lambda: True) as way:
        way.put("a delivery", round_)
        [landed] = way.landed()
    assert landed.error.reason == Reason.PUSH_NOT_REACHED


def test_asked_to_end_what_was_started_has_its_time_whoever_else_is_carried(warm, message, service):
    """A look at both is short; so many of them are not the time that it was to have."""
    round_, others = message(), message(phones=2)
    service.answers[endpoint(round_)] = [Says(raw=b"HTTP/1.1 201 Cre", unasked=b"ated\r\n\r\n")]
    service.answers[endpoint(others)] = [Says(how="hang")]
    with Way(warm, 4, lambda: True) as way:
        way.put("started", round_)
        way.put("carried", others)
        threading.Timer(HASTE, service.cue.set).start()
        [landed] = way.landed()
        service.over.set()
    assert (landed.delivery, landed.error) == ("started", None)


def test_what_is_under_way_when_marking_fails_is_broken_off(warm, message, service):
    round_ = message()
    service.answers[endpoint(round_)] = [Says(how="hang")]
    with pytest.raises(socket.herror), Way(warm, 4, lambda: False) as way:
        way.put("a delivery", round_)
        raise socket.herror
    assert warm.start(message()) is None

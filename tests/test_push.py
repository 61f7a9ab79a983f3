"""Web push: what the phone gets, what the service is told, and what each of its answers means (R3, R9, R10, R15)."""

import json
import logging
import socket
import ssl
import time
import traceback
from datetime import UTC, datetime, timedelta

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from checklist.channels import NotDelivered, answers, posting, sealing
from checklist.channels.answers import Answer, seconds_to_wait
from checklist.channels.push import Pusher, addressed, not_delivered, payload, seconds_until, topic
from tests.factories import NOW
from tests.pushes import APPLE, FCM, PushService, Says, Subscription, raw, text

pytest_plugins = ["tests.pushing"]
ACTIONS = [{"action": "confirm", "title": "I'll be there", "navigate": "https://settle.example/c/"}]
WORDS = payload(
    "Reminder", "Today at 3:00 pm", "https://settle.example/s/", "tag", "en", {"id": "d1"}, ACTIONS
)


@pytest.fixture
def pusher(service, keys):
    service.clock = NOW.timestamp
    pusher = Pusher(service.poster())
    yield pusher
    pusher.close()


@pytest.fixture
def phone(service):
    return service.subscribe()


@pytest.fixture
def send(pusher, phone):
    """Send to a phone; return the NotDelivered, or None when it was taken."""

    def send(to=phone, words=WORDS, ttl=60, urgency="normal", name="topic", now=NOW):
        try:
            return pusher.hand_over(to, words, ttl, urgency, name, now)
        except NotDelivered as error:
            return error

    return send


@pytest.fixture
def after(send, service, phone):
    """Send once to a service that answers in this way; return the NotDelivered."""

    def after(status=201, headers=None, **more):
        service.answers[phone.endpoint] = [Says(status, headers or {}, **more)]
        return send()

    return after


@pytest.fixture
def hasty(pusher):
    """Let no request take longer than a moment."""
    pusher.poster.total = 0.3


def meaning(error):
    return error.reason, error.permanent, error.gone, error.retry_after


# What arrives


def test_the_phone_can_open_what_is_sent(send, service, phone):
    assert send() is None
    [message] = service.messages
    assert (message.endpoint, message.payload) == (phone.endpoint, WORDS)


def test_the_message_is_in_the_form_that_a_browser_shows_by_itself():
    notification = WORDS["notification"]
    assert (WORDS["web_push"], WORDS["mutable"]) == (8030, True)
    assert notification["title"] == "Reminder" and notification["body"] == "Today at 3:00 pm"
    assert notification["navigate"] == "https://settle.example/s/"
    assert (notification["tag"], notification["lang"], notification["dir"]) == ("tag", "en", "auto")
    assert (notification["data"], notification["actions"]) == ({"id": "d1"}, ACTIONS)


def test_the_service_is_told_how_long_how_urgent_and_in_place_of_what(send, service):
    send(ttl=90, urgency="high", name="abc123")
    headers = service.messages[0].headers
    assert (headers["ttl"], headers["urgency"], headers["topic"]) == ("90", "high", "abc123")
    assert (headers["content-encoding"], headers["host"]) == ("aes128gcm", FCM)


def test_the_service_is_told_nothing_else(send, service):
    """No name of a program, no cookie, no address of ours but the contact in the token."""
    send()
    named = {"host", "authorization", "ttl", "urgency", "topic"}
    assert set(service.messages[0].headers) == named | {"content-encoding", "content-type", "content-length"}


def test_r3_the_service_can_not_read_the_words(service, phone):
    to = sealing.receiver(phone.p256dh, phone.auth)
    assert b"Reminder" not in sealing.seal(json.dumps(WORDS).encode(), to)


def test_no_two_messages_are_sealed_alike(phone):
    to = sealing.receiver(phone.p256dh, phone.auth)
    assert len({sealing.seal(b"words", to)[:86] for _ in range(20)}) == 20


def test_words_in_any_script_arrive_as_they_are(send, service):
    words = payload("Recordatorio ñ 🌱", "‏غدًا", "https://settle.example/", "t", "ar", {}, [])
    send(words=words)
    assert service.messages[0].payload == words


def test_sealing_gives_what_rfc_8291_has_as_its_example():
    """Appendix A, with its keys and salt."""
    private = ec.derive_private_key(
        int.from_bytes(raw("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), ec.SECP256R1()
    )
    point = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    to = sealing.receiver(point, "BTBZMqHH6r4Tts7J_aSIgg")
    sealed = sealing._seal(
        b"When I grow up, I want to be a watermelon", to, private, raw("DGv6ra1nlYgDCS1FRnbzlw")
    )
    assert text(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEq"
        "KK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@given(st.binary(max_size=sealing.LONGEST))
def test_whatever_is_sealed_another_program_opens(message):
    key = ec.derive_private_key(7, ec.SECP256R1())
    point = key.public_key().public_bytes(sealing.Encoding.X962, sealing.PublicFormat.UncompressedPoint)
    sealed = sealing.seal(message, sealing.receiver(text(point), text(bytes(16))))
    assert http_ece.decrypt(sealed, private_key=key, auth_secret=bytes(16), version="aes128gcm") == message


def of_size(size):
    """Return a payload that is so many bytes when written."""
    bare = payload("", "", "", "", "", {}, [])
    rest = size - len(json.dumps(bare, separators=(",", ":")))
    return payload("", "x" * rest, "", "", "", {}, [])


def test_the_longest_message_fills_what_services_take(send, service):
    assert send(words=of_size(3993)) is None
    assert service.messages[0].headers["content-length"] == "4096"


@pytest.mark.parametrize("size", [3994, 4096, 100_000])
def test_a_message_that_is_too_long_never_leaves(send, service, size):
    assert meaning(send(words=of_size(size))) == ("error", True, False, None)
    assert service.connections == 0


def test_length_counts_bytes_not_letters(send, service):
    bare = of_size(2000)
    bare["notification"]["body"] = "é" * 2500
    assert send(words=bare).reason == "error"


# Topic, TTL, urgency


def test_r9_a_repeat_has_the_same_topic_and_another_delivery_another():
    assert topic("d1") == topic("d1") != topic("d2")


def test_a_topic_is_letters_and_digits_and_says_nothing(settings):
    name = topic("3f0e2a54-0000-4000-8000-000000000001")
    assert len(name) == 32 and name.isascii() and name.isalnum()
    settings.SECRET_KEY = "another-key"
    assert topic("3f0e2a54-0000-4000-8000-000000000001") != name


@pytest.mark.parametrize("name", ["", "x" * 33, "a-b", "a b", "a\r\nX: y", "é", "topic\n"])
def test_a_topic_that_is_none_is_our_own_mistake(send, service, name):
    with pytest.raises(ValueError):
        send(name=name)
    assert service.connections == 0


@pytest.mark.parametrize("urgency", ["", "urgent", "HIGH", "high\r\nX: y", None])
def test_an_urgency_that_is_none_is_our_own_mistake(send, service, urgency):
    with pytest.raises(ValueError):
        send(urgency=urgency)
    assert service.connections == 0


@pytest.mark.parametrize("ttl", [0, -1, -86400])
def test_r10_what_would_come_after_the_start_is_not_sent(send, service, ttl):
    assert meaning(send(ttl=ttl)) == ("too late", True, False, None)
    assert service.connections == 0


@pytest.mark.parametrize(("away", "seconds"), [(90.9, 90), (1, 1), (0.9, 0), (0, 0), (-0.1, -1), (-60, -60)])
def test_r10_the_ttl_never_reaches_past_the_start(away, seconds):
    assert seconds_until(NOW + timedelta(seconds=away), NOW) == seconds


def test_the_ttl_is_at_most_what_services_keep(send, service):
    send(ttl=10**9)
    assert service.messages[0].headers["ttl"] == str(28 * 24 * 3600)


# What the service answers (R15)


@pytest.mark.parametrize("status", [200, 201, 202])
def test_taken_is_taken(after, status):
    assert after(status) is None


@pytest.mark.parametrize(
    ("status", "meant"),
    [
        (404, ("push gone", True, True, None)),
        (410, ("push gone", True, True, None)),
        (400, ("push refused", True, False, None)),
        (413, ("push refused", True, False, None)),
        (405, ("push refused", True, False, None)),
        (415, ("push refused", True, False, None)),
        (204, ("push refused", True, False, None)),
        (301, ("push refused", True, False, None)),
        (307, ("push refused", True, False, None)),
        (401, ("push key", True, False, None)),
        (403, ("push key", True, False, None)),
        (406, ("push put off", False, False, None)),
        (408, ("push put off", False, False, None)),
        (425, ("push put off", False, False, None)),
        (429, ("push put off", False, False, None)),
        (500, ("push put off", False, False, None)),
        (502, ("push put off", False, False, None)),
        (503, ("push put off", False, False, None)),
        (504, ("push put off", False, False, None)),
        (599, ("push put off", False, False, None)),
    ],
)
def test_each_status_has_its_meaning(after, status, meant):
    assert meaning(after(status)) == meant


def test_no_status_is_without_a_meaning():
    errors = [not_delivered(Answer(status), NOW) for status in range(200, 600)]
    assert all(error.reason.startswith("push ") for error in errors)
    assert all(error.permanent for error in errors if error.gone)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        ("00120", 120),
        (" 120 ", 120),
        ("Thu, 26 Nov 2026 19:20:00 GMT", 120),
        ("Thursday, 26-Nov-26 19:20:00 GMT", 120),
        ("Thu, 26 Nov 2026 19:17:00 GMT", 0),
        ("Thu, 26 Nov 1970 19:17:00 GMT", 0),
        ("Thu, 26 Nov 2099 19:17:00 GMT", 86400),
        ("99999999", 86400),
        ("9" * 5000, 86400),
        ("-1", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        ("Thu, 99 Nov 2026 19:20:00 GMT", None),
        ("Thu, 26 Nov 2026 19:20:00 +99999999999999999", None),
    ],
)
def test_how_long_to_wait_is_read_as_seconds_or_date_within_a_day(after, status, words, seconds):
    assert after(status, {"Retry-After": words}).retry_after == seconds


def test_digits_of_another_script_are_no_seconds():
    assert seconds_to_wait("\u0661\u0662", NOW) is None


@given(st.text("0123456789 +-:,;.GMTThuNovFri\u0663\xe9\x00"))
def test_no_text_to_wait_by_breaks_anything(words):
    wait = seconds_to_wait(words, NOW)
    assert wait is None or 0 <= wait <= 86400


def test_a_date_to_wait_for_counts_from_the_moment_of_sending():
    assert (
        seconds_to_wait("Thu, 26 Nov 2026 19:20:00 -0000", datetime(2026, 11, 26, 19, 19, tzinfo=UTC)) == 60
    )


@pytest.mark.parametrize("how", ["reset", "close", "hang", "trickle"])
def test_a_service_that_does_not_answer_is_a_passing_trouble(after, hasty, how):
    began = time.monotonic()
    assert meaning(after(how=how)) == ("push not reached", False, False, None)
    assert time.monotonic() - began < 20 * 0.3


@pytest.mark.parametrize(
    "words",
    [
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 two hundred\r\n\r\n",
        b"HTTP/1.1 2010 Created\r\n\r\n",
        b"HTTP/1.1 999 Odd\r\n\r\n",
        b"HTTP/2 201 Created\r\n\r\n",
        b"\r\n\r\n",
        b"HTTP/1.1 201 Created\r\nX: " + b"x" * 40_000,
    ],
)
def test_an_answer_that_is_none_is_a_passing_trouble(after, hasty, words):
    assert meaning(after(raw=words)) == ("push not reached", False, False, None)


def test_an_interim_answer_is_not_the_answer(after):
    assert after(raw=b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n").gone


def test_nobody_listening_is_a_passing_trouble(send, service):
    service.stop()
    assert meaning(send()) == ("push not reached", False, False, None)


@pytest.mark.parametrize("names", [[APPLE], ["evil.example"], ["*.com"]])
def test_a_service_that_can_not_show_who_it_is_gets_nothing(names, tmp_path, keys):
    """Whoever answers at the address: without a certificate for the host, no word is sent."""
    service = PushService(tmp_path, names)
    pusher = Pusher(service.poster())
    with pytest.raises(NotDelivered) as error:
        pusher.hand_over(service.subscribe(FCM), WORDS, 60, "normal", "topic", NOW)
    service.stop()
    assert meaning(error.value) == ("push not reached", False, False, None)
    assert (service.connections, service.requests) == (1, 0)


def test_a_certificate_of_an_authority_that_nobody_knows_is_not_taken(service, phone, keys):
    pusher = Pusher(posting.Poster(dial=service.dial))
    with pytest.raises(NotDelivered):
        pusher.hand_over(phone, WORDS, 60, "normal", "topic", NOW)
    assert service.requests == 0


def test_the_usual_poster_checks_certificate_and_host_name():
    context = posting.Poster().context
    assert (context.check_hostname, context.verify_mode) == (True, ssl.CERT_REQUIRED)
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize(
    "change",
    [
        {"p256dh": ""},
        {"p256dh": None},
        {"p256dh": "!" * 87},
        {"p256dh": text(bytes(65))},
        {"p256dh": text(b"\x04" + bytes(64))},
        {"p256dh": text(b"\x02" + bytes(32))},
        {"auth": ""},
        {"auth": text(bytes(15))},
        {"auth": text(bytes(17))},
        {"auth": "é" * 22},
        {"endpoint": "https://settle.example/"},
    ],
)
def test_r29_a_subscription_that_can_not_be_one_is_gone(send, service, phone, change):
    broken = Subscription(**{**vars(phone), **change})
    assert meaning(send(broken)) == ("push address", True, True, None)
    assert service.connections == 0
    with pytest.raises(NotDelivered):
        addressed(broken)


def test_keys_with_padding_are_fine(send, phone):
    assert send(Subscription(phone.endpoint, phone.p256dh + "=", phone.auth + "==")) is None


def test_without_keys_of_ours_nothing_is_sent_and_nothing_given_up(service, phone, settings, tmp_path):
    settings.PUSH_KEY_FILE = tmp_path / "none.pem"
    pusher = Pusher(service.poster())
    with pytest.raises(NotDelivered) as error:
        pusher.hand_over(phone, WORDS, 60, "normal", "topic", NOW)
    assert meaning(error.value) == ("push key", False, False, None)
    assert service.connections == 0


# The connection


def test_many_messages_share_a_connection_and_a_token(send, service):
    phones = [service.subscribe() for _ in range(20)]
    assert [send(phone) for phone in phones] == [None] * 20
    assert (len(service.messages), service.connections) == (20, 1)
    assert len({message.headers["authorization"] for message in service.messages}) == 1


def test_each_service_has_its_own_connection_and_token(send, service):
    for host in (FCM, APPLE, FCM, APPLE):
        assert send(service.subscribe(host)) is None
    assert service.connections == 2
    assert len({message.headers["authorization"] for message in service.messages}) == 2


def test_a_token_is_renewed_before_it_ends(send, service):
    send()
    later = NOW + timedelta(hours=11)
    service.clock = later.timestamp
    assert send(now=later) is None
    first, second = (message.claims["exp"] for message in service.messages)
    assert second - first == 11 * 3600


@pytest.mark.parametrize("status", [410, 400, 429, 503])
def test_an_error_with_a_plain_end_keeps_the_connection(after, send, service, status):
    after(status, body=b'{"reason": "x"}')
    assert send() is None
    assert service.connections == 1


@pytest.mark.parametrize(
    "says",
    [
        Says(how="reset"),
        Says(how="close"),
        Says(how="hang"),
        Says(headers={"Connection": "close"}),
        Says(headers={"Content-Length": 5000}, body=b"x" * 5000),
        Says(headers={"Content-Length": -1}),
        Says(headers={"Transfer-Encoding": "chunked"}),
        Says(headers={"Content-Length": 1}, body=b"more than it says"),
        Says(headers={"Content-Length": 20}, body=b"less than it says"),
        Says(raw=b"HTTP/1.0 201 Created\r\nContent-Length: 0\r\n\r\n"),
        Says(raw=b"HTTP/1.1 201 Created\r\n\r\n"),
        Says(raw=b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\nHTTP/1.1 410 Gone\r\n\r\n"),
    ],
    ids=repr,
)
def test_a_connection_whose_state_is_not_known_is_thrown_away(says, send, service, phone, hasty, pusher):
    service.answers[phone.endpoint] = [says]
    send()
    assert pusher.poster.lines == {}
    assert send() is None
    assert service.connections == 2


def test_no_more_than_2_kb_of_an_answer_is_taken_in(after, service, hasty):
    """A body without end does not even hold the next one up: the status is all that we need."""
    read = []

    def more():
        read.append(1)
        return b"HTTP/1.1 410 Gone\r\nContent-Length: 2049\r\n\r\n" + b"x" * 10

    answer, keep = answers.Reader(more).answer()
    assert (answer.status, keep, len(read)) == (410, False, 1)


def test_r9_a_connection_that_the_service_ended_in_between_is_opened_anew(send, service, pusher):
    send()
    pusher.poster.lines[FCM].sock.shutdown(socket.SHUT_RDWR)
    assert send() is None
    assert (len(service.messages), service.connections) == (2, 2)


def test_r9_a_connection_that_ends_under_the_message_is_tried_once_anew(send, after, service, phone):
    """It had been idle too long for the service. Should it have taken the message, Topic makes one of two."""
    send()
    assert after(how="close") is None
    assert (len(service.messages), service.connections) == (2, 2)


def test_a_new_connection_that_ends_is_not_tried_again(after, service):
    assert after(how="close").reason == "push not reached"
    assert (service.requests, service.connections) == (1, 1)


def test_an_answer_cut_short_is_not_tried_again(send, after, service, hasty):
    send()
    assert after(raw=b"HTTP/1.1 20", how="close").reason == "push not reached"
    assert service.requests == 2


def test_what_a_service_says_unasked_is_not_taken_for_an_answer(send, after, service, pusher):
    """Else the next phone would be given up for a 410 that was never about it."""
    after(unasked=b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n")
    service.cue.set()
    assert pusher.poster.lines[FCM].poll.poll(5000)
    assert send() is None
    assert service.connections == 2


def test_an_old_connection_is_opened_anew_so_that_its_name_is_looked_up_again(send, service, pusher):
    send()
    pusher.poster.lines[FCM].since -= posting.OLDEST + 1
    assert send() is None
    assert service.connections == 2


def test_no_more_than_a_few_connections_are_kept(send, service, pusher):
    for number in range(posting.MOST + 3):
        assert send(service.subscribe(f"h{number}.push.apple.com")) is None
    assert len(pusher.poster.lines) == posting.MOST


def test_closing_ends_every_connection_and_never_raises(send, pusher):
    send()
    line = pusher.poster.lines[FCM]
    line.sock.close()
    pusher.close()
    pusher.close()
    assert pusher.poster.lines == {}
    assert send() is None


# What stays between us and the phone


@pytest.mark.parametrize(
    "says", [Says(), Says(410), Says(403), Says(307), Says(how="reset"), Says(raw=b"?\r\n\r\n")]
)
def test_nothing_of_endpoint_keys_or_token_is_logged_or_said_in_an_error(
    says, send, service, phone, caplog, hasty
):
    caplog.set_level(logging.DEBUG)
    service.answers[phone.endpoint] = [says]
    error = send()
    send()
    said = caplog.text + "".join(traceback.format_exception(error) if error else [])
    token = service.messages[-1].headers["authorization"]
    for secret in (phone.endpoint, "secret-part", phone.p256dh, phone.auth, token, token[10:40], "3:00 pm"):
        assert secret not in said

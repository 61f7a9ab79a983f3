"""Where a push may go (SSRF): no form of address leads to a connection inside, whatever a browser claims (R25)."""

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.channels import NotDelivered, endpoints
from checklist.channels.posting import Poster
from checklist.channels.push import Pusher, payload, topic
from checklist.pure.public import is_public
from tests.factories import NOW
from tests.pushes import FCM, Says, Subscription, text

pytest_plugins = ["tests.pushing"]

WORDS = payload("Reminder", "Today at 3:00 pm", "https://settle.example/", "t", "en", {}, [])
OUTSIDE = "142.250.74.10"
# Of a phone that nobody has; any point on the curve will do, and this is the one that the curve is built from.
POINT = "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"
AUTH = text(bytes(16))

# Endpoints whose host names an address inside, or dresses as one on the list.
FORMS = [
    "https://127.0.0.1/x",
    "https://127.0.0.1:443/x",
    "https://localhost/x",
    "https://LOCALHOST/x",
    "https://localhost./x",
    "https://localhost.localdomain/x",
    "https://2130706433/x",
    "https://0x7f000001/x",
    "https://0x7f.0.0.1/x",
    "https://017700000001/x",
    "https://0177.0.0.1/x",
    "https://127.1/x",
    "https://127.0.1/x",
    "https://0/x",
    "https://0.0.0.0/x",
    "https://127.0.0.1./x",
    "https://127%2e0%2e0%2e1/x",
    "https://127。0。0。1/x",
    "https://①②⑦.0.0.1/x",
    "https://١٢٧.0.0.1/x",
    "https://[::1]/x",
    "https://[::]/x",
    "https://[0:0:0:0:0:0:0:1]/x",
    "https://[::ffff:127.0.0.1]/x",
    "https://[::ffff:7f00:1]/x",
    "https://[::127.0.0.1]/x",
    "https://[64:ff9b::127.0.0.1]/x",
    "https://[64:ff9b:1::7f00:1]/x",
    "https://[2002:7f00:1::]/x",
    "https://[2001:0:7f00:1::]/x",
    "https://[fe80::1%25lo]/x",
    "https://[::1%25lo]/x",
    "https://[fc00::1]/x",
    "https://10.0.0.1/x",
    "https://100.64.0.1/x",
    "https://169.254.169.254/latest/meta-data",
    "https://192.168.1.1/x",
    "https://224.0.0.1/x",
    "https://255.255.255.255/x",
    f"https://{FCM}@127.0.0.1/x",
    f"https://{FCM}:x@127.0.0.1/x",
    f"https://user@{FCM}/x",
    f"https://127.0.0.1\\@{FCM}/x",
    f"https://127.0.0.1#@{FCM}/x",
    f"https://127.0.0.1?@{FCM}/x",
    f"https://127.0.0.1/@{FCM}",
    f"https://{FCM}#@127.0.0.1/x",
    f"https://{FCM}\\.localhost/x",
    f"https://{FCM}:80/x",
    f"https://{FCM}:8443/x",
    f"https://{FCM}:0443/x",
    f"https://{FCM}:/x",
    f"https://{FCM}:443@127.0.0.1/x",
    f"https://{FCM}.:443/x",
    f"https://{FCM}./x",
    f"https://.{FCM}/x",
    f"https://{FCM}.evil.example/x",
    f"https://evil{FCM}/x",
    f"https://evil.{FCM}/x",
    "https://push.apple.com.evil.example/x",
    "https://web.push.apple.com.evil.example/x",
    "https://push.apple.com/x",
    "https://evilpush.apple.com/x",
    "https://a.b.push.apple.com/x",
    "https://.push.apple.com/x",
    "https://*.push.apple.com/x",
    "https://-.push.apple.com/x",
    "https://127.0.0.1%00.push.apple.com/x",
    "https://127.0.0.1\x00.push.apple.com/x",
    "https://127.0.0.1 .push.apple.com/x",
    "https://notify.windows.com/x",
    "https://notify.windows.com.evil.example/x",
    "https://evil_.notify.windows.com/x",
    "https://fcm。googleapis。com/x",
    "https://fcm.google\u0430pis.com/x",
    "https://\uff46\uff43\uff4d.googleapis.com/x",
    "https://fcm.goo\u0261leapis.com/x",
    "https://fcm.googleapi\u017f.com/x",
    "https://xn--fcm-hoa.googleapis.com/x",
    "https://FCM.googleapis.com/x",
    "HTTPS://fcm.googleapis.com/x",
    f"http://{FCM}/x",
    f"ws://{FCM}/x",
    "file:///etc/passwd",
    "gopher://127.0.0.1/x",
    f"//{FCM}/x",
    f"https:/{FCM}/x",
    f"https:{FCM}/x",
    f"https:///{FCM}/x",
    f" https://{FCM}/x",
    f"https://{FCM}/x\n",
    f"https://{FCM}/x\r\nHost: 127.0.0.1",
    f"https://{FCM}/x y",
    f"https://{FCM}/x#127.0.0.1",
    f"https://{FCM}/é",
    f"https://{FCM}\t/x",
    f"https://{FCM}",
    f"https://{FCM}/" + "x" * 3000,
    "https://" + "a" * 300 + ".push.apple.com/x",
    "https://" + "a" * 64 + ".push.apple.com/x",
    "",
    None,
    b"https://fcm.googleapis.com/x",
    7,
]
# What a name on the list must not stand for.
INSIDE = [
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1"),  # noqa: S104
    *("127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.0.170"),
    *(
        "192.0.2.1",
        "192.31.196.1",
        "192.52.193.1",
        "192.88.99.1",
        "192.168.0.1",
        "192.175.48.1",
        "198.18.0.1",
    ),
    *("198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1"),
    *(
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::ffff:0:127.0.0.1",
    ),
    *("64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "100:0:0:1::1", "2001::1"),
    *(
        "2001:0:7f00:1::",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:808:808::",
    ),
    *(
        "2620:4f:8000::1",
        "3fff::1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%lo",
    ),
    *("fec0::1", "ff02::1", "ff0e::1", "2607:f8b0::1%lo", "localhost", "127.1", "0x7f.1", "", "2130706433"),
]
OUT = [
    "8.8.8.8",
    OUTSIDE,
    "100.63.255.255",
    "100.128.0.1",
    "172.32.0.1",
    "2607:f8b0:4005::200a",
    "2a00:1450::1",
]


class Listener:
    """Listens on loopback, IPv4 and IPv6 at one port, and counts who comes."""

    def __init__(self):
        self.sockets = [socket.create_server(("127.0.0.1", 0))]
        self.port = self.sockets[0].getsockname()[1]
        if socket.has_ipv6:
            self.sockets.append(socket.create_server(("::1", self.port), family=socket.AF_INET6))

    @property
    def accepted(self):
        """Return how many connections came; each has been accepted by the system before its client goes on."""
        came = 0
        for listening in self.sockets:
            listening.setblocking(False)
            try:
                while True:
                    listening.accept()[0].close()
                    came += 1
            except BlockingIOError:
                continue
        return came

    def close(self):
        for listening in self.sockets:
            listening.close()


@pytest.fixture
def listener():
    try:
        listener = Listener()
    except OSError:  # the same port was taken for IPv6
        listener = Listener()
    yield listener
    listener.close()


@pytest.fixture
def hand_over(settings, keys, listener):
    """Hand a message to an endpoint through the real way out; only the port is that of the listener."""

    def hand_over(endpoint, **seams):
        def dial(host, seconds):
            return endpoints.dial(host, 1, port=listener.port, **seams)

        pusher = Pusher(Poster(dial=dial, total=2))
        with pytest.raises(NotDelivered) as error:
            pusher.hand_over(Subscription(endpoint, POINT, AUTH), WORDS, 60, "normal", topic(1), NOW)
        assert pusher.poster.lines == {}
        return error.value

    return hand_over


def resolving(*addresses):
    """Return a resolver for which every name stands for these addresses."""

    def resolve(host, port, **kinds):
        families = [socket.AF_INET6 if ":" in address else socket.AF_INET for address in addresses]
        return [
            (family, socket.SOCK_STREAM, 6, "", (address, port))
            for family, address in zip(families, addresses, strict=True)
        ]

    return resolve


# No connection


def test_the_listener_counts_who_comes(listener):
    socket.create_connection(("127.0.0.1", listener.port)).close()
    assert listener.accepted == 1


def test_there_are_more_than_sixty_forms():
    assert len({repr(form) for form in FORMS}) == len(FORMS) > 60


@pytest.mark.parametrize("form", FORMS, ids=ascii)
def test_a_form_that_is_no_endpoint_causes_no_connection(form, hand_over, listener):
    """Even when every name in the world stands for this machine, or is looked up as it is."""
    for seams in ({"resolve": resolving("127.0.0.1")}, {"resolve": resolving("::1")}):
        error = hand_over(form, **seams)
        assert (error.reason, error.permanent, error.gone) == ("push address", True, True)
    assert listener.accepted == 0


@pytest.mark.parametrize("form", FORMS, ids=ascii)
def test_a_form_that_is_no_endpoint_is_not_even_looked_up(form, hand_over):
    hand_over(form, resolve=lambda *words, **more: pytest.fail("looked up"))


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_on_the_list_that_stands_for_an_address_inside_causes_no_connection(
    address, hand_over, listener
):
    """It may be our own resolver that is in trouble, so the phone is not given up."""
    error = hand_over(
        f"https://{FCM}/x",
        resolve=resolving(address),
        connect=lambda *words, **more: pytest.fail("connected"),
    )
    assert (error.reason, error.permanent, error.gone) == ("push not reached", False, False)
    assert listener.accepted == 0


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_the_real_way_to_connect_is_not_taken_inside_either(address, hand_over, listener):
    hand_over(f"https://{FCM}/x", resolve=resolving(address))
    assert listener.accepted == 0


@pytest.mark.parametrize("inside", ["127.0.0.1", "::1", "10.0.0.1", "64:ff9b::7f00:1"])
@pytest.mark.parametrize("first", [True, False])
def test_one_address_inside_spoils_the_others(inside, first, hand_over, listener):
    both = (inside, OUTSIDE) if first else (OUTSIDE, inside)
    hand_over(f"https://{FCM}/x", resolve=resolving(*both), connect=lambda *w, **m: pytest.fail("connected"))
    assert listener.accepted == 0


def test_a_name_that_changes_between_look_and_connection_changes_nothing(hand_over, listener):
    """Rebinding: the first answer is fine, each later one is this machine. We ask once, and connect to the first."""
    asked, reached = [], []

    def resolve(host, port, **kinds):
        asked.append(host)
        return resolving(OUTSIDE if len(asked) == 1 else "127.0.0.1")(host, port)

    def connect(address, timeout):
        reached.append(address)
        raise ConnectionRefusedError

    hand_over(f"https://{FCM}/x", resolve=resolve, connect=connect)
    assert (asked, reached) == ([FCM], [(OUTSIDE, listener.port)])
    assert listener.accepted == 0


def test_python_looks_up_nothing_for_an_address_that_was_checked(monkeypatch, hand_over, listener):
    """The real connect takes the address as it is: no name ever reaches it."""
    reached = []

    def connect(self, address):
        reached.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    hand_over(f"https://{FCM}/x", resolve=resolving(OUTSIDE))
    assert reached == [(OUTSIDE, listener.port)]


@pytest.mark.parametrize("status", [300, 301, 302, 303, 305, 307, 308])
def test_a_redirect_to_this_machine_is_not_followed(status, service, keys, listener):
    pusher, phone = Pusher(service.poster()), service.subscribe()
    service.answers[phone.endpoint] = [Says(status, {"Location": f"https://127.0.0.1:{listener.port}/x"})]
    with pytest.raises(NotDelivered) as error:
        pusher.hand_over(phone, WORDS, 60, "normal", topic(1), NOW)
    pusher.close()
    assert (error.value.reason, error.value.permanent, error.value.gone) == ("push refused", True, False)
    assert (service.requests, listener.accepted) == (1, 0)


def test_no_proxy_of_the_environment_is_asked(monkeypatch, hand_over, listener):
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{listener.port}")
    hand_over(f"https://{FCM}/x", resolve=resolving(OUTSIDE), connect=_refuse)
    assert listener.accepted == 0


def _refuse(address, timeout):
    raise ConnectionRefusedError


# What is fine


@pytest.mark.parametrize(
    "text",
    [
        "https://fcm.googleapis.com/fcm/send/dGVzdA:APA91bF-x_y",
        "https://fcm.googleapis.com:443/wp/dGVzdA",
        "https://jmt17.google.com/fcm/send/dGVzdA:APA91",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAAAB-_x=",
        "https://web.push.apple.com/QGVzdA-_0",
        "https://wns2-by3p.notify.windows.com/w/?token=BQYAAAB%2bx%3d%3d",
    ],
)
def test_the_browser_makers_services_are_fine(text):
    endpoint = endpoints.parse(text)
    assert text.replace(":443", "") == endpoint.origin + endpoint.path


def test_a_setting_adds_hosts(settings):
    settings.PUSH_HOSTS = ["push.ours.net", "*.more.ours.net"]
    assert endpoints.parse("https://push.ours.net/x").host == "push.ours.net"
    assert endpoints.parse("https://a.more.ours.net/x").origin == "https://a.more.ours.net"
    with pytest.raises(endpoints.Refused):
        endpoints.parse("https://more.ours.net/x")


def test_an_added_host_is_looked_at_like_any_other(settings, hand_over, listener):
    settings.PUSH_HOSTS = ["127.0.0.1", "localhost.localdomain"]
    for host in settings.PUSH_HOSTS:
        assert hand_over(f"https://{host}/x", resolve=resolving("127.0.0.1")).reason == "push not reached"
    assert listener.accepted == 0


def test_an_endpoint_does_not_show_when_printed():
    assert "secret-part" not in repr(endpoints.parse(f"https://{FCM}/secret-part"))


def test_the_next_address_is_tried_when_one_does_not_answer():
    tried = []

    def connect(address, timeout):
        tried.append(address[0])
        if len(tried) == 1:
            raise TimeoutError
        return "connected"

    both = resolving("2607:f8b0:4005::200a", OUTSIDE)
    assert endpoints.dial(FCM, 5, resolve=both, connect=connect) == "connected"
    assert tried == ["2607:f8b0:4005::200a", OUTSIDE]


def test_connecting_ends_after_its_seconds():
    with pytest.raises(TimeoutError):
        endpoints.dial(FCM, 0, resolve=resolving(OUTSIDE), connect=lambda *w, **m: pytest.fail("connected"))


def test_a_name_that_nobody_knows_is_a_passing_trouble(hand_over):
    def resolve(*words, **more):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    error = hand_over(f"https://{FCM}/x", resolve=resolve)
    assert (error.reason, error.permanent) == ("push not reached", False)


# The table


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", OUT)
def test_an_address_outside_is_public(address):
    assert is_public(address)


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_what_python_keeps_inside_our_table_does_as_well(address):
    assert not is_public(str(address)) or (address.is_global and not address.is_multicast)


@given(st.ip_addresses(v=4))
def test_no_ipv4_address_gets_through_dressed_as_ipv6(address):
    packed = address.packed
    dresses = [
        bytes(10) + b"\xff\xff" + packed,
        bytes(12) + packed,
        bytes.fromhex("0064ff9b") + bytes(8) + packed,
        bytes.fromhex("0064ff9b0001") + bytes(6) + packed,
        bytes.fromhex("2002") + packed + bytes(10),
        bytes.fromhex("20010000") + packed + bytes(8),
        bytes.fromhex("fe80") + bytes(6) + bytes.fromhex("00005efe") + packed,
    ]
    assert not any(is_public(str(ipaddress.IPv6Address(dress))) for dress in dresses)

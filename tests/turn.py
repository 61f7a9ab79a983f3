"""A real TURN server (Debian's coturn) on loopback, and a way to it that loses packets."""

import contextlib
import select
import shutil
import socket
import subprocess
import threading
import time

HOST, SECRET = "127.0.0.1", "a-secret-of-the-practice"
BINDING = b"\x00\x01\x00\x00\x21\x12\xa4\x42" + b"settle-test!"  # a STUN request that any such server answers
SENT = range(200, 330)  # bytes of a packet of the check on its way to the server, with all that is around it


def udp_port():
    """Return a loopback port for UDP that nobody has."""
    with socket.socket(type=socket.SOCK_DGRAM) as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def _answers(port):
    with socket.socket(type=socket.SOCK_DGRAM) as asking:
        asking.settimeout(0.2)
        with contextlib.suppress(OSError):
            asking.sendto(BINDING, (HOST, port))
            return bool(asking.recv(2048))
    return False


@contextlib.contextmanager
def turn_server(folder):
    """Run one as long as the block lasts; gives its port."""
    program = shutil.which("turnserver")
    assert program, "This test needs a TURN server: apt-get install coturn"
    port = udp_port()
    options = f"""-n --listening-ip={HOST} --relay-ip={HOST} --listening-port={port} --use-auth-secret
      --static-auth-secret={SECRET} --realm=settle --no-cli --no-tls --no-dtls --allow-loopback-peers --no-stdout-log
      --userdb={folder}/turn.sqlite --pidfile={folder}/pid --log-file={folder}/log""".split()
    process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while not _answers(port):
            assert process.poll() is None and time.monotonic() < deadline, "the TURN server did not start"
        yield port
    finally:
        process.kill()
        process.wait()


class Sieve:
    """A UDP port in front of another that lets every n-th packet of the check fall through; use it as a context."""

    def __init__(self, port, every):
        self._behind, self._every, self._seen, self._out = port, every, 0, {}
        self._front, self._over = socket.socket(type=socket.SOCK_DGRAM), threading.Event()
        self._front.bind((HOST, 0))
        self.port = self._front.getsockname()[1]
        self._thread = threading.Thread(target=self._carry, daemon=True)

    @property
    def links(self):
        """Who has sent something."""
        return list(self._out.values())

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join(10)
        for end in (self._front, *self._out):
            end.close()

    def _carry(self):
        while not self._over.is_set():
            for end in select.select([self._front, *self._out], [], [], 0.1)[0]:
                with contextlib.suppress(OSError):
                    data, who = end.recvfrom(4096)
                    self._to_server(data, who) if end is self._front else self._front.sendto(
                        data, self._out[end]
                    )

    def _to_server(self, data, who):
        self._seen += len(data) in SENT
        if len(data) in SENT and self._seen % self._every == 0:
            return
        known = [end for end, phone in self._out.items() if phone == who]
        end = known[0] if known else socket.socket(type=socket.SOCK_DGRAM)
        self._out[end] = who
        end.sendto(data, (HOST, self._behind))

"""A push service on loopback that takes everything and keeps nothing; prints its port, ends with its input."""

import re
import socket
import ssl
import sys
import threading
from pathlib import Path

from tests.certificates import certify
from tests.proofs._server import HOST
from tests.pushes import FCM

TAKEN = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"
LENGTH = re.compile(rb"\r\nContent-Length: ([0-9]+)")


def _answer(sock):
    read = b""
    while True:
        while (end := read.find(b"\r\n\r\n") + 4) < 4 or len(read) < end + int(LENGTH.search(read)[1]):
            more = sock.recv(65536)
            if not more:
                return sock.close()
            read += more
        read = read[end + int(LENGTH.search(read)[1]) :]
        sock.sendall(TAKEN)


def _serve(listener, context):
    while True:
        sock = context.wrap_socket(listener.accept()[0], server_side=True)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=_answer, args=(sock,), daemon=True).start()


if __name__ == "__main__":
    listener, context = socket.create_server((HOST, 0)), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certify(Path(sys.argv[1]), [FCM])[1])
    print(listener.getsockname()[1], flush=True)
    threading.Thread(target=_serve, args=(listener, context), daemon=True).start()
    sys.stdin.read()

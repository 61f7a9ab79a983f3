"""A port in front of the server that can be closed and opened again: a server that is down, as a phone sees it."""

import contextlib
import socket
import threading


class Relay:
    """Hands connections on to the server behind it."""

    def __init__(self, host, port):
        self._behind, self._links = (host, port), []
        self._port = 0
        self.open()

    @property
    def url(self):
        return f"http://{self._behind[0]}:{self._port}"

    def open(self):
        """Take connections, on the same port as before."""
        self._listener = socket.create_server((self._behind[0], self._port))
        self._port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=[self._listener], daemon=True).start()

    def close(self):
        """Cut all connections and take no new ones."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for link in self._links:
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
        self._links.clear()

    def _accept(self, listener):
        with contextlib.suppress(OSError):
            while True:
                phone, _address = listener.accept()
                server = socket.create_connection(self._behind)
                self._links += [phone, server]
                threading.Thread(target=self._both, args=[phone, server], daemon=True).start()

    def _both(self, phone, server):
        with phone, server:
            back = threading.Thread(target=self._carry, args=[server, phone], daemon=True)
            back.start()
            self._carry(phone, server)
            back.join()

    @staticmethod
    def _carry(one, other):
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)

"""A TCP proxy between a client and a server, which can cut connections, swallow what is said, or refuse newcomers.

with proxy(url) as between:
    conn = connect(between.url)
    between.cut()
"""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit


class Proxy:
    """Passes bytes on in both directions, until told otherwise. Any thread may tell."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        assert parts.hostname is not None
        self._server = (parts.hostname, parts.port or 5432)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = parts._replace(netloc=f"{parts.netloc.rpartition('@')[0]}@127.0.0.1:{self.port}").geturl()
        self.accepted = 0
        """Connections that were let through so far."""
        self.refused = 0
        """Connections that were turned away so far."""
        self.change: Callable[[bytes], bytes] = bytes
        """What becomes of each piece that passes, in either direction."""
        self._refuses = False
        self._silent: set[socket.socket] = set()
        self._pairs: dict[socket.socket, socket.socket] = {}
        self._commands: list[str] = []
        self._done = threading.Event()
        self._wake, self._waker = socket.socketpair()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def connections(self) -> int:
        """Connections there are now."""
        return len(self._pairs) // 2

    def cut(self) -> None:
        """End every connection there is, on both sides."""
        self._tell("cut")

    def swallow(self) -> None:
        """From now on nothing that is said on the connections there are arrives, and nobody is told: a black hole."""
        self._tell("swallow")

    def refuse(self) -> None:
        """Turn newcomers away."""
        self._tell("refuse")

    def admit(self) -> None:
        """Let newcomers in again."""
        self._tell("admit")

    def close(self) -> None:
        self._tell("close")
        self._thread.join(20)

    def _tell(self, command: str) -> None:
        """Returns when it is done."""
        self._done.clear()
        self._commands.append(command)
        self._waker.send(b"\0")
        assert self._done.wait(20), f"the proxy did not {command}"

    def _serve(self) -> None:
        while True:
            readable, _, _ = select.select([self._wake, self._listener, *self._pairs], [], [])
            for sock in readable:
                if sock is self._wake:
                    sock.recv(1)
                    if not self._obey(self._commands.pop(0)):
                        self._done.set()
                        return
                    self._done.set()
                    break  # the others may be gone
                if sock is self._listener:
                    self._accept()
                elif sock in self._pairs:
                    self._pass_on(sock)

    def _obey(self, command: str) -> bool:
        match command:
            case "cut":
                self._end(*self._pairs)
            case "swallow":
                self._silent.update(self._pairs)
            case "refuse":
                self._refuses = True
            case "admit":
                self._refuses = False
            case _:
                self._end(*self._pairs)
                for sock in (self._listener, self._wake, self._waker):
                    sock.close()
                return False
        return True

    def _accept(self) -> None:
        client, _ = self._listener.accept()
        if self._refuses:
            self.refused += 1
            client.close()
            return
        try:
            server = socket.create_connection(self._server, 20)
        except OSError:
            self.refused += 1
            client.close()
            return
        self.accepted += 1
        self._pairs[client] = server
        self._pairs[server] = client

    def _pass_on(self, sock: socket.socket) -> None:
        try:
            data = sock.recv(65536)
            if data and sock not in self._silent:
                self._pairs[sock].sendall(self.change(data))
        except OSError:
            data = b""
        if not data:
            self._end(sock)

    def _end(self, *socks: socket.socket) -> None:
        for sock in socks:
            other = self._pairs.pop(sock, None)
            self._silent.discard(sock)
            sock.close()
            if other is not None:
                self._end(other)


@contextmanager
def proxy(url: str) -> Iterator[Proxy]:
    """A proxy in front of the server of `url`; its own `url` leads through it."""
    between = Proxy(url)
    try:
        yield between
    finally:
        between.close()

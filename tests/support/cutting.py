"""A proxy that counts the bytes of one direction and cuts the connection after so many of them.

with cutting(url) as between:
    conn = connect(between.url)
    between.cut_after("down", 7)
    conn.execute(...)     # the server's answer ends after 7 bytes
"""

from __future__ import annotations

import socket
import struct
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from tests.support.proxy import Proxy

Direction = Literal["up", "down"]
RESET = struct.pack("ii", 1, 0)


class Cutting(Proxy):
    """See the module. `up` is what the client says. For one connection at a time."""

    def __init__(self, url: str) -> None:
        self.passed: Counter[Direction] = Counter()
        """Bytes that got through since `cut_after` was called."""
        self._clients: set[socket.socket] = set()
        self._direction: Direction = "up"
        self._left: int | None = None
        self._reset = False
        super().__init__(url)

    def cut_after(self, direction: Direction, count: int | None, *, reset: bool = False) -> None:
        """Let so many bytes through from now on, None: all; `reset`: and then be rude about it. Nothing may be under way."""
        self.passed.clear()
        self._direction, self._left, self._reset = direction, count, reset

    def _accept(self) -> None:
        before = {*self._pairs}
        super()._accept()
        self._clients.update([sock for sock in self._pairs if sock not in before][:1])  # it is noted before its server

    def _pass_on(self, sock: socket.socket) -> None:
        direction: Direction = "up" if sock in self._clients else "down"
        try:
            data = sock.recv(65536)
            cut = False
            if direction == self._direction and self._left is not None:
                data, cut = data[: self._left], len(data) >= self._left
                self._left -= len(data)
            self.passed[direction] += len(data)  # before anybody can have them
            if data:
                self._pairs[sock].sendall(data)
        except OSError:
            data, cut = b"", True
        if cut:
            self._left = None  # the next connection is another one
        if cut or not data:
            self._clients.discard(sock)
            self._end(sock)
            self._reset = self._reset and not cut

    def _end(self, *socks: socket.socket) -> None:
        if self._reset:
            for sock in socks:
                if sock in self._pairs:
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        super()._end(*socks)


@contextmanager
def cutting(url: str) -> Iterator[Cutting]:
    """One in front of the server of `url`; its own `url` leads through it."""
    between = Cutting(url)
    try:
        yield between
    finally:
        between.close()

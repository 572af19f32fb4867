"""The socket of a connection, as the garbage collector meets it."""

from __future__ import annotations

import socket


class Quiet(socket.socket):
    """Is closed without a warning of its own.

    Of a cycle the collector may come to the socket before the connection, which warns of itself if there is reason to (`Unclosed`).
    """

    __slots__ = ()

    def __del__(self) -> None:
        self.close()

"""A server that says why it ends the connection, and resets it before its words are read: they are read all the same."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from ferrow.errors import ConnectionLost
from tests.support import maybe
from tests.support.deadlines import connected
from tests.support.hostile import LOGIN, message

GOODBYE = message(b"E", b"SFATAL\x00VFATAL\x00C57P01\x00Mterminating connection due to administrator command\x00\x00")
RESET = struct.pack("ii", 1, 0)


@contextmanager
def resetting() -> Iterator[tuple[str, Callable[[], None]]]:
    """The URL of a server that lets one client in, and what ends its connection."""
    goes = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)

        def serve() -> None:
            client, _ = listener.accept()
            with client:
                client.recv(65536)
                client.sendall(LOGIN)
                goes.wait(20)
                client.sendall(GOODBYE)
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)

        thread = threading.Thread(target=serve)
        thread.start()

        def end() -> None:
            goes.set()
            thread.join(20)

        yield f"postgresql://ada@127.0.0.1:{listener.getsockname()[1]}/d?sslmode=disable", end
        end()


@pytest.mark.parametrize("timeout", [None, 60])
async def test_why_is_told_whoever_asks_next(colour: str, timeout: float | None) -> None:
    """A loop does not turn in between: it learns of the reset by what it writes."""
    with resetting() as (url, end):
        async with connected(colour, url) as conn:
            end()
            with pytest.raises(ConnectionLost, match=r"^terminating connection due to administrator command") as caught:
                await maybe(conn.query("SELECT 1", timeout=timeout))
            assert caught.value.sqlstate == "57P01"
            assert conn.is_closed()


async def test_a_script_is_told_too(colour: str) -> None:
    with resetting() as (url, end):
        async with connected(colour, url) as conn:
            end()
            with pytest.raises(ConnectionLost, match=r"^terminating connection due to administrator command"):
                await maybe(conn.script("SELECT 1; SELECT 2"))

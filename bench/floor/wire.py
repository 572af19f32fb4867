"""Just enough of PostgreSQL's protocol to ask a prepared statement and to see where its answer ends."""

from __future__ import annotations

import asyncio
import select
import socket
import struct
from collections.abc import Iterable

from bench.settings import postgres_url

SYNC = b"S\0\0\0\x04"
READY = b"Z\0\0\0\x05I"


def connect(sql: str) -> socket.socket:
    """A connection on which `sql` is prepared as `s`."""
    from ferrow._core import PgSession
    from ferrow.wire.postgresql import address, make_session
    from ferrow.wire.url import parse

    where = parse(postgres_url())
    place = address(where)
    if isinstance(place, str):
        sock = socket.socket(socket.AF_UNIX)
        sock.connect(place)
    else:
        sock = socket.create_connection(place)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # Logging in is not what is measured here, so Ferrow does it; then it leaves.
    session = make_session(PgSession, where)
    session.attach(sock.fileno())
    session.connect_blocking(10.0)
    ask(sock, prepare("s", sql), bytearray(65536))
    return sock


def prepare(name: str, sql: str) -> bytes:
    """The request that prepares `sql` under a name."""
    return message(b"P", name.encode() + b"\0" + sql.encode() + b"\0" + struct.pack("!h", 0)) + SYNC


def query(sql: str) -> bytes:
    """The request of a simple query."""
    return message(b"Q", sql.encode() + b"\0")


def ask(sock: socket.socket, request: bytes, buffer: bytearray) -> None:
    """Send a request of any size and read its answer, both at once: neither side may wait for the other to read."""
    sock.setblocking(False)
    left, tail = memoryview(request), b""
    try:
        while tail != READY:
            readable, writable, _ = select.select([sock], [sock] if left else [], [])
            if writable:
                left = left[sock.send(left) :]
            if readable:
                count = sock.recv_into(buffer)
                if not count:
                    raise ConnectionError("the server closed the connection")
                tail = (tail + bytes(buffer[max(0, count - 6) : count]))[-6:]
    finally:
        sock.setblocking(True)


def requests(keys: Iterable[int]) -> list[bytes]:
    """One request per key, parameter and results binary."""
    return [_bind(struct.pack("!hhhii", 1, 1, 1, 4, key)) for key in keys]


def request() -> bytes:
    """The request of a statement without parameters."""
    return _bind(struct.pack("!hh", 0, 0))


def wait_ready(sock: socket.socket, buffer: bytearray) -> int:
    """Read one answer; the number of its bytes. `buffer` is 6 bytes or more."""
    total = 0
    tail = b""
    while tail != READY:
        count = sock.recv_into(buffer)
        if not count:
            raise ConnectionError("the server closed the connection")
        total += count
        tail = (tail + bytes(buffer[max(0, count - 6) : count]))[-6:]
    return total


class Counting(asyncio.BufferedProtocol):
    """A future for each answer, and nothing done with it."""

    def __init__(self) -> None:
        self.received = 0
        self._buffer = bytearray(1 << 18)
        self._view = memoryview(self._buffer)
        self._tail = b""
        self._loop = asyncio.get_running_loop()
        self._waiting: asyncio.Future[None] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport) or hasattr(transport, "write")
        self._transport = transport  # type: ignore[assignment]

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._view

    def buffer_updated(self, nbytes: int) -> None:
        self.received += nbytes
        self._tail = (self._tail + self._buffer[max(0, nbytes - 6) : nbytes])[-6:]
        if self._tail == READY and self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            waiting.set_result(None)

    def ask(self, request: bytes) -> asyncio.Future[None]:
        assert self._transport is not None
        self._waiting = waiting = self._loop.create_future()
        self._transport.write(request)
        return waiting


class Many(Counting):
    """A future for the last of several answers."""

    def __init__(self) -> None:
        super().__init__()
        self._left = 0

    def buffer_updated(self, nbytes: int) -> None:
        received = self._tail + self._buffer[:nbytes]
        self._left -= received.count(READY)
        self._tail = received[-(len(READY) - 1) :]
        if self._left == 0 and self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            waiting.set_result(None)

    def ask_many(self, requests: list[bytes]) -> asyncio.Future[None]:
        """Write them at once."""
        self._left = len(requests)
        return self.ask(b"".join(requests))


async def protocol(sql: str) -> tuple[asyncio.BaseTransport, Counting]:
    """A connection of the running loop on which `sql` is prepared as `s`."""
    sock = connect(sql)
    sock.setblocking(False)
    return await asyncio.get_running_loop().create_connection(Counting, sock=sock)


async def many(sql: str) -> tuple[asyncio.BaseTransport, Many]:
    """The same, for several answers at once."""
    sock = connect(sql)
    sock.setblocking(False)
    return await asyncio.get_running_loop().create_connection(Many, sock=sock)


def _bind(parameters: bytes) -> bytes:
    """Bind with binary results, Execute, Sync."""
    results = struct.pack("!hh", 1, 1)
    return message(b"B", b"\0s\0" + parameters + results) + message(b"E", b"\0" + struct.pack("!i", 0)) + SYNC


def message(kind: bytes, body: bytes = b"") -> bytes:
    """One message of the protocol."""
    return kind + struct.pack("!i", len(body) + 4) + body

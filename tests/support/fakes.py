"""Servers of a list: each takes any number of clients, does with them what its test says, and remembers who came.

with fake() as first, fake(standby=True) as second:
    connect(hosts(first, second))
    assert second.logins == 1
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.support.hostile import BOUND, NO_PARAMETERS, PARSED, READY, SELECTED, message

CANCEL = struct.pack("!i", 80877102)


def refusal(sqlstate: str, text: str) -> bytes:
    """What a server says that does not let a client in."""
    return message(b"E", f"SFATAL\0VFATAL\0C{sqlstate}\0M{text}\0\0".encode())


def column(oid: int, size: int) -> bytes:
    return message(b"T", struct.pack("!h", 1) + b"a\0" + struct.pack("!ihihih", 0, 0, oid, size, -1, 0))


def _texts(said: bytes) -> bytes:
    """A column that is sent as text: of cstring if that was asked for."""
    return column(2275, -2) if b"out(" in said else column(25, -1)


def row(value: bytes) -> bytes:
    return message(b"D", struct.pack("!hi", 1, len(value)) + value)


class Fake:
    """One server. What it does may be changed at any time; it takes effect with the next client."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self.port: int = listener.getsockname()[1] if listener.family != socket.AF_UNIX else 0
        self.standby = False
        self.read_only = False
        self.reports = True
        """Whether it says so by itself, as PostgreSQL 14 and newer; older ones are asked."""
        self.answer: bytes | None = None
        """What a client hears instead of being let in; empty: the server hangs up."""
        self.silent = False
        self.asks_for_password = False
        self.logins = 0
        self.passwords: list[str] = []
        self.startups: list[bytes] = []
        self.cancels: list[bytes] = []
        self.cancelled = threading.Event()
        """It was asked to cancel. What it holds is answered then."""
        self._held = False
        self.open = 0
        """Clients there are now."""
        self._clients: list[socket.socket] = []
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def hold(self) -> None:
        """Answer nobody any more before it is asked to cancel."""
        self._held = True

    def close(self) -> None:
        """Stop, and end what there is."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for client in self._clients:
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)

    def left(self) -> bool:
        """Whether every client has gone, waiting for it."""
        until = time.monotonic() + 10
        while self.open and time.monotonic() < until:
            time.sleep(0.002)
        return self.open == 0

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self.open += 1
            self._clients.append(client)
            threading.Thread(target=self._client, args=(client,), daemon=True).start()

    def _client(self, client: socket.socket) -> None:
        try:
            with client:
                client.settimeout(30)
                self._talk(client)
        except OSError:
            pass  # the client has had enough
        finally:
            with self._lock:
                self.open -= 1

    def _talk(self, client: socket.socket) -> None:
        startup = client.recv(65536)
        if startup[4:8] == CANCEL:
            self.cancels.append(startup)
            self.cancelled.set()
            return
        if not startup:
            return
        self.startups.append(startup)
        if self.silent:
            client.recv(1)
            return
        if self.answer is not None:
            client.sendall(self.answer)
            return
        if self.asks_for_password:
            client.sendall(message(b"R", struct.pack("!i", 3)))
            self.passwords.append(client.recv(65536)[5:-1].decode())
        self.logins += 1
        client.sendall(self._welcome())
        while said := client.recv(65536):
            if said[:1] == b"X":
                return
            if self._held:
                self.cancelled.wait(30)
            client.sendall(self._reply(said))

    def _welcome(self) -> bytes:
        told = {"server_version": "18.0", "client_encoding": "UTF8"}
        if self.reports:
            told["in_hot_standby"] = "on" if self.standby else "off"
            told["default_transaction_read_only"] = "on" if self.read_only else "off"
        return (
            message(b"R", struct.pack("!i", 0))
            + b"".join(message(b"S", f"{name}\0{value}\0".encode()) for name, value in told.items())
            + message(b"K", struct.pack("!ii", 4711, self.port))
            + READY
        )

    def _reply(self, said: bytes) -> bytes:
        if said[:1] == b"Q":
            return message(b"I") + READY
        if said[:1] != b"P":
            return BOUND + row(self._value) + SELECTED + READY
        if b"transaction_read_only" in said:
            kind, self._value = _texts(said), b"on" if self.standby or self.read_only else b"off"
        elif b"pg_is_in_recovery" in said:
            kind, self._value = _texts(said), b"t" if self.standby else b"f"
        else:
            kind, self._value = column(23, 4), struct.pack("!i", self.port)
        return PARSED + NO_PARAMETERS + kind + READY


@contextmanager
def fake(address: str = "127.0.0.1", *, standby: bool = False, read_only: bool = False) -> Iterator[Fake]:
    """A server on a port of its own, or on the unix socket with that path."""
    if address.startswith(("/", "\0")):
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(address)
        listener.listen(64)
    else:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        listener = socket.create_server((address, 0), family=family, backlog=64)
    server = Fake(listener)
    server.standby, server.read_only = standby, read_only
    try:
        yield server
    finally:
        server.close()


def hosts(*servers: Fake, options: str = "") -> str:
    """The URL of a list."""
    return f"postgresql://ada@{','.join(f'127.0.0.1:{one.port}' for one in servers)}/library?{options}"


def closed_port() -> int:
    """One on which nobody listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


async def gone(colour: str, *servers: Fake) -> bool:
    """Whether every client has left these servers, once a loop has had the time to close what it aborted."""
    if colour == "async":
        await asyncio.sleep(0)
    return all(server.left() for server in servers)

"""Floors of writing to PostgreSQL: bytes that were encoded before, sent over a plain socket."""

from __future__ import annotations

import struct
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from bench.case import Group, Loop, Work, async_case, sync_case
from bench.data import User, users
from bench.floor import wire

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_COPY_HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)


def many() -> bytes:
    """One execution of the prepared statement per user, and a Sync."""
    bind = struct.pack("!hhh", 1, 1, 5)
    execute = wire.message(b"E", bytes(5))
    executions = [
        wire.message(b"B", b"\0w\0" + bind + _values(user) + struct.pack("!h", 0)) + execute for user in users()
    ]
    return b"".join([*executions, wire.SYNC])


def copied() -> bytes:
    """The data of a binary COPY, and its end."""
    records = b"".join(struct.pack("!h", 5) + _values(user) for user in users())
    return wire.message(b"d", _COPY_HEADER + records + b"\xff\xff") + wire.message(b"c")


def _values(user: User) -> bytes:
    number, email, age, is_active, created_at = user
    text = email.encode()
    micros = (created_at - _EPOCH) // datetime.resolution
    return b"".join(
        (
            struct.pack("!ii", 4, number),
            struct.pack("!i", len(text)) + text,
            struct.pack("!i", -1) if age is None else struct.pack("!ii", 4, age),
            struct.pack("!i?", 1, is_active),
            struct.pack("!iq", 8, micros),
        )
    )


@dataclass(frozen=True)
class Writing:
    """What is created and prepared once (or nothing), said before each time, and then sent."""

    create: str | None
    empty: str
    prepare: str | None
    copy: str | None
    request: Callable[[], bytes]


def floor(group: Group, writing: Writing) -> None:
    """The request's bytes, up to the server's last word."""

    @sync_case(group, "floor", "Python socket, bytes only")
    def python() -> Iterator[Work]:
        with _opened(writing) as (empty, run):
            yield Work(run, before=empty)


def floor_async(groups: dict[Loop, Group], writing: Writing) -> None:
    """The same where calls are awaited; there is nothing to await."""

    @async_case(groups, "floor", "Python socket, bytes only")
    async def python() -> AsyncIterator[Work]:
        with _opened(writing) as (empty, run):

            async def emptied() -> None:
                empty()

            async def awaited() -> None:
                run()

            yield Work(awaited, before=emptied)


@contextmanager
def _opened(writing: Writing) -> Iterator[tuple[Callable[[], None], Callable[[], None]]]:
    data, buffer = writing.request(), bytearray(1 << 18)
    with wire.connect("SELECT 1") as sock:
        if writing.create is not None:
            wire.ask(sock, wire.query(writing.create), buffer)
        if writing.prepare is not None:
            wire.ask(sock, wire.prepare("w", writing.prepare), buffer)

        def empty() -> None:
            wire.ask(sock, wire.query(writing.empty), buffer)

        def run() -> None:
            if writing.copy is not None:
                sock.sendall(wire.query(writing.copy))
                sock.recv_into(buffer)  # CopyInResponse
            wire.ask(sock, data, buffer)

        yield empty, run

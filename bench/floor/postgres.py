"""Floors on PostgreSQL, to be added to any group: the same requests and answers, nothing encoded and nothing decoded."""

from __future__ import annotations

import ctypes
from collections.abc import AsyncIterator, Iterator

from bench.case import Group, Loop, Work, async_case, sync_case
from bench.clock import Slowest
from bench.data import SELECT_ALL, SELECT_ONE, keys

_ONE = SELECT_ONE + "$1"


def points(group: Group) -> None:
    """One query per operation of the group."""

    @sync_case(group, "floor", "Python socket, bytes only")
    def python() -> Iterator[Work]:
        from bench.floor import wire

        asked = wire.requests(keys(group.ops))
        buffer = bytearray(65536)
        with wire.connect(_ONE) as sock:

            def run() -> None:
                for request in asked:
                    sock.send(request)
                    wire.wait_ready(sock, buffer)

            yield Work(run)

    @sync_case(group, "floor", "C, bytes only")
    def c() -> Iterator[Work]:
        from bench.floor import compiled, wire

        answers = compiled.library("postgres").answers
        answers.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_long, ctypes.c_long]
        answers.restype = ctypes.c_long
        asked = wire.requests(keys(group.ops))
        blob, size = b"".join(asked), len(asked[0])
        with wire.connect(_ONE) as sock:

            def run() -> None:
                if answers(sock.fileno(), blob, size, group.ops) <= 0:
                    raise ConnectionError("the server closed the connection")

            yield Work(run)


def connections(group: Group, groups: dict[Loop, Group]) -> None:
    """A connection, a login and one query per operation; the core logs in, which is all that it does."""

    def body(count: int) -> None:
        from bench.floor import wire

        buffer = bytearray(65536)
        for request in wire.requests(keys(count)):
            with wire.connect(_ONE) as sock:
                sock.send(request)
                wire.wait_ready(sock, buffer)

    @sync_case(group, "floor", "Python socket, login in the core, bytes only")
    def blocking() -> Iterator[Work]:
        yield Work(lambda: body(group.ops))

    @async_case(groups, "floor", "Python socket, login in the core, bytes only")
    async def meanwhile() -> AsyncIterator[Work]:
        async def run() -> None:
            body(group.ops)  # nothing else is meant to happen on the loop

        yield Work(run)


def points_async(groups: dict[Loop, Group]) -> None:
    """One awaited query per operation."""
    count = groups["asyncio"].ops

    @async_case(groups, "floor", "buffered protocol and a future, bytes only")
    async def protocol() -> AsyncIterator[Work]:
        from bench.floor import wire

        asked = wire.requests(keys(count))
        transport, protocol = await wire.protocol(_ONE)

        async def run() -> None:
            for request in asked:
                await protocol.ask(request)

        yield Work(run)
        transport.close()


def tasks_async(groups: dict[Loop, Group], count: int, at_once: int) -> None:
    """`count` queries, so many of them at once, on four connections; `at_once` divides `count`."""
    each = at_once // 4

    @async_case(groups, "floor", f"4 buffered protocols, {each} requests at once each, bytes only")
    async def protocols() -> AsyncIterator[Work]:
        from bench.floor import wire

        asked = wire.requests(keys(count))
        batches = [asked[start : start + each] for start in range(0, count, each)]
        found = [await wire.many(_ONE) for _ in range(4)]
        clock = Slowest()

        async def run() -> None:
            clock.clear()
            for start in range(0, len(batches), 4):
                with clock:
                    for answer in [
                        protocol.ask_many(batches[start + number]) for number, (_, protocol) in enumerate(found)
                    ]:
                        await answer

        yield Work(run, seconds=clock.percentile if groups["asyncio"].ops == 1 else None)
        for transport, _ in found:
            transport.close()


def table(group: Group, sql: str = SELECT_ALL) -> None:
    """All rows of one query."""

    @sync_case(group, "floor", "Python socket, bytes only")
    def python() -> Iterator[Work]:
        from bench.floor import wire

        buffer = bytearray(1 << 18)
        with wire.connect(sql) as sock:

            def run() -> None:
                sock.send(wire.request())
                wire.wait_ready(sock, buffer)

            yield Work(run)


def table_async(groups: dict[Loop, Group], sql: str = SELECT_ALL) -> None:
    """All rows of one awaited query."""

    @async_case(groups, "floor", "buffered protocol, bytes only")
    async def protocol() -> AsyncIterator[Work]:
        from bench.floor import wire

        transport, protocol = await wire.protocol(sql)

        async def run() -> None:
            await protocol.ask(wire.request())

        yield Work(run)
        transport.close()

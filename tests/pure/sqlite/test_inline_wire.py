"""The asyncio wire with reads in the loop's thread: where they run, in which order, and that the loop goes on turning."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from ferrow._core import Shape
from ferrow.errors import InterfaceError
from ferrow.wire.aio.sqlite import AsyncioSqliteWire, open_sqlite
from ferrow.wire.settings import Settings
from ferrow.wire.url import parse
from tests.pure.sqlite.ask import TUPLES
from tests.pure.sqlite.attempts import COUNT, TRIES

T = TypeVar("T")
WHERE = Shape.instances(str, ["x"], build="call", factory=lambda x: threading.current_thread().name)
"""Instead of each row the thread that built it."""
THREAD = "ferrow-sqlite"
HERE = threading.main_thread().name
READ = "SELECT a AS x FROM t WHERE a = ?"


def with_wire(path: str, body: Callable[[AsyncioSqliteWire], Awaitable[T]], *, inline_reads: bool = True) -> T:
    async def main() -> T:
        wire = await open_sqlite(Settings(dialect="sqlite", database=path, inline_reads=inline_reads))
        await wire.script("CREATE TABLE t (a INTEGER PRIMARY KEY)")
        await wire.run_many("INSERT INTO t VALUES (?)", [[n] for n in range(100)], TUPLES)
        try:
            return await body(wire)
        finally:
            if not wire.closed:
                await wire.close()

    return asyncio.run(main())


async def where(wire: AsyncioSqliteWire, sql: str, params: list[object]) -> str:
    return str((await wire.run(sql, params, WHERE)).rows[0])


async def settled(wire: AsyncioSqliteWire, sql: str, params: list[object]) -> None:
    """Until the read runs in the loop."""
    for _ in range(TRIES):
        if await where(wire, sql, params) == HERE:
            return
    raise AssertionError("never inline")


def test_a_short_read_runs_in_the_loop(path: str) -> None:
    async def body(wire: AsyncioSqliteWire) -> None:
        assert await where(wire, READ, [1]) == THREAD
        await settled(wire, READ, [1])

    with_wire(path, body)


def test_what_takes_longer_runs_in_the_thread(path: str) -> None:
    sql = COUNT.replace("max(x)", "max(x) AS x")

    async def body(wire: AsyncioSqliteWire) -> None:
        await settled(wire, sql, [2])
        assert (await wire.run(sql, [100_000], TUPLES)).rows == [(100_000,)]
        assert await where(wire, sql, [100_000]) == THREAD

    with_wire(path, body)


def test_it_can_be_switched_off(path: str) -> None:
    async def body(wire: AsyncioSqliteWire) -> None:
        for _ in range(20):
            assert await where(wire, READ, [1]) == THREAD

    with_wire(path, body, inline_reads=False)
    assert parse("sqlite:///x.db").inline_reads is True
    assert parse("sqlite:///x.db?inline_reads=off").inline_reads is False
    assert parse("sqlite:///x.db", inline_reads=False).inline_reads is False


def test_statements_asked_together_keep_their_order(path: str) -> None:
    async def body(wire: AsyncioSqliteWire) -> None:
        sql = "SELECT count(*) FROM t"
        for _ in range(5):
            await wire.run(sql, None, TUPLES)
        for turn in range(20):
            write = wire.run("INSERT INTO t VALUES (?)", [1000 + turn], TUPLES)
            before, _, after = await asyncio.gather(wire.run(sql, None, TUPLES), write, wire.run(sql, None, TUPLES))
            assert (before.rows, after.rows) == ([(100 + turn,)], [(101 + turn,)])

    with_wire(path, body)


def test_a_task_of_nothing_but_reads_lets_the_loop_turn(path: str) -> None:
    async def body(wire: AsyncioSqliteWire) -> None:
        await settled(wire, READ, [1])
        loop = asyncio.get_running_loop()
        turns = 0

        def turn() -> None:
            nonlocal turns
            turns += 1
            loop.call_soon(turn)

        turn()
        for _ in range(1000):
            await wire.run(READ, [1], TUPLES)
        assert turns >= 5

    with_wire(path, body)


def test_a_task_of_nothing_but_reads_can_be_cancelled(path: str) -> None:
    async def body(wire: AsyncioSqliteWire) -> None:
        await settled(wire, READ, [1])

        async def for_ever() -> None:
            while True:
                await wire.run(READ, [1], TUPLES)

        task = asyncio.create_task(for_ever())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await wire.settle(5)
        assert (await wire.run(READ, [1], TUPLES)).rows == [(1,)]

    with_wire(path, body)


def test_an_error_while_a_result_is_built_is_the_same_in_both_threads(path: str) -> None:
    def stop(x: int) -> object:
        if x == 5:
            raise StopIteration
        return x

    shape = Shape.instances(object, ["x"], build="call", factory=stop)

    async def body(wire: AsyncioSqliteWire) -> None:
        for _ in range(5):
            with pytest.raises(RuntimeError, match="StopIteration"):
                await wire.run(READ, [5], shape)
            assert (await wire.run(READ, [4], shape)).rows == [4]

    with_wire(path, body)


def test_nothing_runs_after_the_end(path: str) -> None:
    async def body(wire: AsyncioSqliteWire) -> None:
        await settled(wire, READ, [1])
        await asyncio.to_thread(wire.abort)
        with pytest.raises(InterfaceError, match="Connection is closed"):
            await wire.run(READ, [1], TUPLES)

    with_wire(path, body)

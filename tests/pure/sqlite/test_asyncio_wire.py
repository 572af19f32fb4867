import asyncio
import random
import subprocess
import sys
import textwrap
import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from ferrow._core import Shape
from ferrow.abc import Status, Wire
from ferrow.errors import ConnectionLost, InterfaceError, OperationalError, QueryCancelled
from ferrow.wire.aio.sqlite import AsyncioSqliteWire, open_sqlite
from ferrow.wire.settings import Settings
from tests.pure.sqlite.ask import TUPLES
from tests.pure.sqlite.test_threads import BEGUN, ENDLESS, begins
from tests.support.deadlines import eventually

T = TypeVar("T")
ONE = Shape.column()


def threads() -> set[threading.Thread]:
    """Of connections."""
    return {thread for thread in threading.enumerate() if thread.name == "ferrow-sqlite"}


def with_wire(path: str, body: Callable[[AsyncioSqliteWire], Awaitable[T]]) -> T:
    async def main() -> T:
        wire = await open_sqlite(Settings(dialect="sqlite", database=path))
        try:
            return await body(wire)
        finally:
            if not wire.closed:
                await wire.close()

    return asyncio.run(main())


def test_it_is_a_wire(path: str) -> None:
    async def body(wire: AsyncioSqliteWire) -> None:
        as_wire: Wire = wire
        assert as_wire.dialect == "sqlite"
        await wire.script("CREATE TABLE t (a); BEGIN")
        assert wire.status is Status.TRANSACTION
        assert (await wire.run_many("INSERT INTO t VALUES (?)", [[1], [2]], TUPLES)).rowcount == 2
        await wire.script("COMMIT")
        assert (await wire.run("SELECT a FROM t", None, ONE)).rows == [1, 2]
        assert (wire.status, wire.busy, wire.closed) == (Status.IDLE, False, False)
        assert await wire.settle(1) is True
        await wire.close()
        assert wire.closed
        assert await wire.settle(1) is False
        with pytest.raises(InterfaceError, match="Connection is closed"):
            await wire.run("SELECT 1", None, TUPLES)
        await wire.close()

    with_wire(path, body)


def test_errors_arrive_and_statements_keep_their_order(path: str) -> None:
    async def body(wire: AsyncioSqliteWire) -> None:
        answers = await asyncio.gather(
            wire.run("SELECT 1", None, ONE),
            wire.run("SELEC 2", None, ONE),
            wire.run("SELECT 3", None, ONE),
            return_exceptions=True,
        )
        assert [getattr(answer, "rows", type(answer).__name__) for answer in answers] == [[1], "ProgrammingError", [3]]

    with_wire(path, body)


def test_opening_can_fail(path: str) -> None:
    others = threads()

    async def main() -> None:
        with pytest.raises(OperationalError, match="unable to open"):
            await open_sqlite(Settings(dialect="sqlite", database=path, mode="ro"))

    asyncio.run(main())
    for thread in threads() - others:
        thread.join()  # it has said why it could not open, and is about to end


def test_the_loop_runs_while_a_statement_does(path: str) -> None:
    async def body(wire: AsyncioSqliteWire) -> None:
        task = asyncio.create_task(wire.run(ENDLESS, None, ONE))
        for _ in range(20):
            await asyncio.sleep(0.005)
        assert wire.busy
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await wire.settle(5) is True
        assert not wire.busy
        assert (await wire.run("SELECT 1", None, ONE)).rows == [1]

    with_wire(path, body)


def test_a_statement_cancelled_in_the_queue_never_runs(path: str) -> None:
    async def body(wire: AsyncioSqliteWire) -> None:
        await wire.script("CREATE TABLE t (a)")
        first = asyncio.create_task(wire.run(ENDLESS, None, ONE))
        second = asyncio.create_task(wire.run("INSERT INTO t VALUES (1)", None, ONE))
        third = asyncio.create_task(wire.run("SELECT count(*) FROM t", None, ONE))
        await asyncio.sleep(0.05)
        second.cancel()
        await asyncio.sleep(0)
        first.cancel()
        assert (await third).rows == [0]

    with_wire(path, body)


def test_an_interrupt_never_hits_a_neighbour(path: str) -> None:
    async def body(wire: AsyncioSqliteWire) -> None:
        chance = random.Random(7)
        sql = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < ?) SELECT count(*) FROM n"
        cancelled = 0
        for round_number in range(300):
            steps = [chance.randrange(1, 3000) for _ in range(4)]
            if round_number % 5 == 0:  # it does not end before it is cancelled, however slow this machine is
                steps[round_number % 4] = 10**12
            tasks = [asyncio.create_task(wire.run(sql, [n], ONE)) for n in steps]
            await asyncio.sleep(chance.random() * 0.0005)
            victim = tasks[round_number % 4]
            victim.cancel()
            for n, task in zip(steps, tasks, strict=True):
                try:
                    assert (await task).rows == [n]
                except asyncio.CancelledError:
                    assert task is victim
                    cancelled += 1
        assert cancelled > 50
        assert await wire.settle(5)
        assert wire.status is Status.IDLE

    with_wire(path, body)


def test_an_interrupt_that_came_too_late_is_forgotten(path: str) -> None:
    """What it was meant for never looks."""

    async def body(wire: AsyncioSqliteWire) -> None:
        begun, over = threading.Event(), threading.Event()

        def busy() -> None:
            begun.set()
            over.wait(30)

        task = asyncio.create_task(wire.call(busy))
        await eventually("async", begun.is_set)
        task.cancel()
        await asyncio.wait({task})
        over.set()
        assert (
            await wire.run(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 9) SELECT max(i) FROM n",
                None,
                ONE,
            )
        ).rows == [9]

    with_wire(path, body)


def test_settle_ends_what_others_wait_for(path: str) -> None:
    async def body(wire: AsyncioSqliteWire) -> None:
        tasks = [asyncio.create_task(wire.run(ENDLESS, None, ONE)) for _ in range(3)]
        await asyncio.sleep(0.05)
        assert await wire.settle(5) is True
        for task in tasks:
            with pytest.raises(QueryCancelled):
                await task

    with_wire(path, body)


def test_a_cancelled_write_fails_its_transaction(path: str) -> None:
    async def body(wire: AsyncioSqliteWire) -> None:
        await wire.script("CREATE TABLE t (a)")
        await wire.script("BEGIN")
        begun = begins(wire.core)
        task = asyncio.create_task(wire.run(f"INSERT INTO t {BEGUN}", None, ONE))
        await asyncio.to_thread(begun.wait)
        task.cancel()
        assert await wire.settle(5) is True
        assert wire.status is Status.FAILED
        await wire.script("ROLLBACK")
        assert wire.status is Status.IDLE
        with pytest.raises(asyncio.CancelledError):
            await task

    with_wire(path, body)


def test_close_interrupts_and_joins(path: str) -> None:
    async def body(wire: AsyncioSqliteWire) -> None:
        mine = threads() - others
        assert len(mine) == 1
        begun = begins(wire.core)
        task = asyncio.create_task(wire.run(BEGUN, None, ONE))
        await asyncio.to_thread(begun.wait)
        await wire.close()
        with pytest.raises(ConnectionLost, match=r"^Connection is closed$"):
            await task
        assert not mine & threads()

    others = threads()
    with_wire(path, body)


def test_abort_from_another_thread(path: str) -> None:
    async def body(wire: AsyncioSqliteWire) -> None:
        begun = begins(wire.core)
        tasks = [asyncio.create_task(wire.run(BEGUN, None, ONE)) for _ in range(2)]
        await asyncio.to_thread(begun.wait)
        await asyncio.to_thread(wire.abort)
        found = await asyncio.gather(*tasks, return_exceptions=True)
        assert [repr(error) for error in found] == ["ConnectionLost('Connection is closed')"] * 2
        assert wire.closed

    with_wire(path, body)


async def test_a_forgotten_wire_ends_its_thread(path: str) -> None:
    others = threads()

    async def main() -> None:
        wire = await open_sqlite(Settings(dialect="sqlite", database=path))
        await wire.run("SELECT 1", None, ONE)
        del wire

    await asyncio.to_thread(asyncio.run, main())
    await eventually("async", lambda: not threads() - others)


PROGRAMS = {
    "open connections": "await wire.run('SELECT 1', None, ONE)",
    "a running statement": "task = asyncio.create_task(wire.run(ENDLESS, None, ONE)); await asyncio.sleep(0.05)",
    "an exit from inside": "task = asyncio.create_task(wire.run(ENDLESS, None, ONE)); await asyncio.sleep(0.05); sys.exit(0)",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_interpreter_ends_at_once_and_in_silence(name: str, path: str) -> None:
    program = textwrap.dedent(f"""
        import asyncio, sys
        from ferrow._core import Shape
        from ferrow.wire.aio.sqlite import open_sqlite
        from ferrow.wire.settings import Settings

        ONE = Shape.column()
        ENDLESS = {ENDLESS!r}

        async def main():
            global wire
            wire = await open_sqlite(Settings(dialect="sqlite", database={path!r}))
            {PROGRAMS[name]}

        asyncio.run(main())
    """)
    # What is at work never ends by itself.
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")

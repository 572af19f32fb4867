"""Under asyncio nothing waits but who has asked, and nobody is in another one's transaction."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import nullcontext
from pathlib import Path
from typing import Any, ClassVar

import pytest

from ferrow.errors import NotSupportedError, QueryTimeout
from ferrow.repository import AsyncDatabase, Database
from tests.support.given import PAIRS, WAYS, Way

SLOW = {
    "sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 300000000) SELECT max(x) FROM n",
    "postgresql": "SELECT pg_sleep(20)",
    "mariadb": "SELECT SLEEP(20)",
}
"""Statements that end when they are told to, and not before."""
UNSTOPPABLE = ("pg8000", "mysqlclient")
"""Drivers whose connections have no way to stop a statement, nor tell how to open another one that would."""


@pytest.fixture(params=[one for one in PAIRS if one.values[0][1] == "async" and "one-thread" not in str(one.id)])
def pair(request: pytest.FixtureRequest) -> tuple[Way, str]:
    value: tuple[Way, str] = request.param
    return value


async def test_the_loop_goes_on_and_a_cancelled_caller_leaves_at_once(db: AsyncDatabase, way: Way) -> None:
    """Defect 45: half a second without a turn of the loop."""
    if way.name in UNSTOPPABLE:
        pytest.skip(f"{way.name} cannot cancel: see the test below")
    task = asyncio.create_task(db.fetchall(SLOW[way.backend]))
    for _ in range(20):
        await asyncio.sleep(0.005)
    assert not task.done(), "the loop ticks meanwhile"

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await asyncio.wait_for(db.fetchone("SELECT 1 AS one"), 15) == {"one": 1}


@pytest.mark.parametrize("turns", [2, 14, 22, 30])
async def test_who_is_cancelled_at_once_leaves_the_connection_in_order(db: AsyncDatabase, way: Way, turns: int) -> None:
    """Also while it is made ready, by its first statement: drivers close one whose reading is cancelled."""
    if way.name in UNSTOPPABLE:
        pytest.skip(f"{way.name} cannot cancel")
    task = asyncio.create_task(db.fetchall(SLOW[way.backend]))
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.wait_for(db.fetchone("SELECT 1 AS one"), 60) == {"one": 1}


async def test_a_cancelled_transaction_is_rolled_back(db: AsyncDatabase, way: Way) -> None:
    if way.name in UNSTOPPABLE:
        pytest.skip(f"{way.name} cannot cancel")
    await db.execute("CREATE TABLE things (name VARCHAR(40))")

    async def work() -> None:
        async with db.transaction():
            await db.execute("INSERT INTO things VALUES ('a')")
            await db.execute(SLOW[way.backend])

    task = asyncio.create_task(work())
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await asyncio.wait_for(db.fetchall("SELECT * FROM things"), 15) == []
    await db.execute("INSERT INTO things VALUES ('b')")
    assert await db.fetchall("SELECT * FROM things") == [{"name": "b"}]


async def test_a_deadline(db: AsyncDatabase, way: Way) -> None:
    if way.name in UNSTOPPABLE:
        pytest.skip(f"{way.name} cannot cancel")
    with pytest.raises(QueryTimeout):
        await db.engine.run(SLOW[way.backend], timeout=0.05)
    assert await asyncio.wait_for(db.fetchone("SELECT 1 AS one"), 15) == {"one": 1}


async def test_tasks_queue_and_never_share_a_transaction(db: AsyncDatabase) -> None:
    """Defect 12: one task committed what another rolled back."""
    await db.execute("CREATE TABLE things (name VARCHAR(40))")

    async def kept(name: str) -> None:
        async with db.transaction():
            await db.execute("INSERT INTO things VALUES (%s)", [name])
            await asyncio.sleep(0.01)

    async def undone(name: str) -> None:
        async with db.transaction():
            await db.execute("INSERT INTO things VALUES (%s)", [name])
            await asyncio.sleep(0.01)
            raise LookupError

    found = await asyncio.gather(kept("a"), undone("x"), kept("b"), undone("y"), return_exceptions=True)

    assert [type(one) for one in found] == [type(None), LookupError, type(None), LookupError]
    assert [row["name"] for row in await db.fetchall("SELECT name FROM things ORDER BY name")] == ["a", "b"]


class Slow(sqlite3.Connection):
    """A connection whose statements wait until they are let go, and cannot be interrupted."""

    gate = threading.Event()
    waits = threading.Event()

    def cursor(self, *args: Any) -> sqlite3.Cursor:
        return super().cursor(SlowCursor)

    def interrupt(self) -> None:
        pass


class SlowCursor(sqlite3.Cursor):
    def execute(self, sql: str, *args: Any) -> Any:
        if "things" in sql:
            Slow.waits.set()
            Slow.gate.wait(10)
        return super().execute(sql, *args)


async def test_what_cannot_be_cancelled_is_waited_for_in_the_background(tmp_path: Path) -> None:
    conn = sqlite3.connect(tmp_path / "a.db", check_same_thread=False, factory=Slow)
    conn.execute("CREATE TABLE names (name)")
    db = AsyncDatabase(conn)
    Slow.gate.clear()
    Slow.waits.clear()
    task = asyncio.create_task(db.execute("INSERT INTO names SELECT 'things'"))
    assert await asyncio.to_thread(Slow.waits.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    after = asyncio.create_task(db.fetchall("SELECT name FROM names"))
    await asyncio.sleep(0.02)
    assert not after.done(), "the connection is still at work"

    Slow.gate.set()

    assert await asyncio.wait_for(after, 10) in ([], [{"name": "things"}])
    assert not conn.in_transaction
    await db.aclose()


class Early(sqlite3.Connection):
    """A connection that is told to stop before its statement has begun, and so does not hear it."""

    told = 0

    def interrupt(self) -> None:
        self.told += 1
        if self.told > 2:
            super().interrupt()


@pytest.mark.parametrize("cancelled", [True, False])
async def test_a_statement_that_was_told_to_stop_too_early_is_told_again(tmp_path: Path, cancelled: bool) -> None:
    db = AsyncDatabase(sqlite3.connect(tmp_path / "a.db", check_same_thread=False, factory=Early))
    if cancelled:
        task = asyncio.create_task(db.fetchall(SLOW["sqlite"]))
        await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    else:
        with pytest.raises(QueryTimeout):
            await db.engine.run(SLOW["sqlite"], timeout=0.02)
    assert await asyncio.wait_for(db.fetchone("SELECT 1 AS one"), 10) == {"one": 1}
    await db.aclose()


class Asked(sqlite3.Connection):
    """A connection that keeps which threads have asked it for what a newer SQLite tells nobody while a statement runs."""

    asked: ClassVar[set[int]] = set()

    @property
    def total_changes(self) -> int:  # type: ignore[override]
        self.asked.add(threading.get_ident())
        return super().total_changes

    @property
    def in_transaction(self) -> bool:  # type: ignore[override]
        self.asked.add(threading.get_ident())
        return super().in_transaction


@pytest.mark.parametrize("within", [False, True])
async def test_nobody_waits_for_the_mutex_of_a_statement_that_is_late(tmp_path: Path, within: bool) -> None:
    db = AsyncDatabase(sqlite3.connect(tmp_path / "a.db", check_same_thread=False, factory=Asked))
    async with db.transaction() if within else nullcontext():
        assert await db.fetchone("SELECT 1 AS one") == {"one": 1}
        Asked.asked.clear()
        with pytest.raises(QueryTimeout):
            await db.engine.run(SLOW["sqlite"], timeout=0.02)
        assert threading.get_ident() not in Asked.asked
        assert await db.fetchone("SELECT 1 AS one") == {"one": 1}
    await db.aclose()


def test_one_who_blocks_is_told_again_too(tmp_path: Path) -> None:
    conn = sqlite3.connect(tmp_path / "a.db", check_same_thread=False, factory=Early)
    with Database(conn) as db:
        with pytest.raises(QueryTimeout):
            db.engine.run(SLOW["sqlite"], timeout=0.02)
        assert conn.told >= 3
        assert db.fetchone("SELECT 1 AS one") == {"one": 1}


@pytest.mark.parametrize("way", [way for way in WAYS if "sync" in way.colours], ids=lambda way: way.name)
def test_a_deadline_of_who_blocks(way: Way, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(f"{way.backend}_url")
    with Database(asyncio.run(way.opened(url))) as db:
        if way.name in UNSTOPPABLE or way.module == "ferrow":
            with pytest.raises(NotSupportedError, match="no way to stop a statement"):
                db.engine.run("SELECT 1", timeout=5)
            return
        with pytest.raises(QueryTimeout):
            db.engine.run(SLOW[way.backend], timeout=0.05)
        assert db.fetchone("SELECT 1 AS one") == {"one": 1}
        assert db.engine.run("SELECT 1", timeout=5).rowcount == 1


def test_threads_queue_too(tmp_path: Path) -> None:
    with Database(sqlite3.connect(tmp_path / "a.db", check_same_thread=False)) as db:
        db.execute("CREATE TABLE things (name)")

        def work(name: str) -> None:
            for place in range(20):
                try:
                    with db.transaction():
                        db.execute("INSERT INTO things VALUES (?)", [f"{name}{place}"])
                        if place % 2:
                            raise LookupError
                except LookupError:
                    pass

        threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found = [row["name"] for row in db.fetchall("SELECT name FROM things")]
        assert sorted(found) == sorted(f"{name}{place}" for name in "abcd" for place in range(0, 20, 2))


def test_two_loops_after_each_other(tmp_path: Path) -> None:
    conn = sqlite3.connect(tmp_path / "a.db", check_same_thread=False)
    db = AsyncDatabase(conn)
    asyncio.run(_noop(db, "CREATE TABLE things (name)"))
    asyncio.run(_noop(db, "INSERT INTO things VALUES (1)"))
    assert asyncio.run(_fetched(db)) == [{"name": 1}]
    db.close()


async def _noop(db: AsyncDatabase, sql: str) -> None:
    await db.execute(sql)


async def _fetched(db: AsyncDatabase) -> Any:
    return await db.fetchall("SELECT name FROM things")

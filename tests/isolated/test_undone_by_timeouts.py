"""A MariaDB that rolls back the whole transaction when a lock has been waited for too long, instead of the statement alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import DatabaseError, OperationalError
from ferrow.repository import AsyncDatabase, Database, MySQLDialect
from tests.support import entered, maybe
from tests.support.given import ON_MARIADB, Way, begin
from tests.support.mariadb import started

pytestmark = pytest.mark.mariadb
MINE, LOCKED, LATER = [f"UPDATE kept SET n = n + 1 WHERE id = {row}" for row in (1, 2, 3)]
UNDONE = "has rolled back the transaction"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with started("--innodb-rollback-on-timeout=1", "--innodb-lock-wait-timeout=0") as url:
        yield url


@pytest.fixture
def url(server: str) -> str:
    with driver.connect(server) as conn:
        conn.script("DROP TABLE IF EXISTS kept; CREATE TABLE kept (id int PRIMARY KEY, n int NOT NULL)")
        conn.script("INSERT INTO kept VALUES (1, 0), (2, 0), (3, 0)")
    return server


@pytest.fixture(autouse=True)
def other(url: str) -> Iterator[Any]:
    """Has the row that we want."""
    with driver.connect(url) as conn:
        conn.execute("BEGIN")
        conn.execute(LOCKED)
        yield conn


async def _rows(of: Any) -> list[int]:
    return [row[0] for row in await maybe(of.query("SELECT n FROM kept ORDER BY id"))]


async def _stream(of: Any) -> None:
    async with entered(of.stream("SELECT * FROM kept ORDER BY id FOR UPDATE")) as rows:
        if hasattr(rows, "__aiter__"):
            async for _ in rows:
                pass
        else:
            for _ in rows:
                pass


WAYS_TO_WAIT = {
    "a statement": lambda of: of.execute(LOCKED),
    "many rows": lambda of: of.run_many("UPDATE kept SET n = ? WHERE id = ?", [[9, 3]] * 9 + [[9, 2]] * 9),
    "many new rows": lambda of: of.run_many("REPLACE INTO kept VALUES (?, ?)", [[3, 9], [2, 9], [4, 9], [5, 9]]),
    "a stream": _stream,
}


@pytest.mark.parametrize("way", WAYS_TO_WAIT)
async def test_what_comes_behind_it_is_refused(engine: Any, way: str) -> None:
    async with entered(engine.connection()) as conn:
        block = conn.transaction()
        await maybe(block.start())
        await maybe(block.execute(MINE))
        with pytest.raises(OperationalError, match="Lock wait timeout"):
            await maybe(WAYS_TO_WAIT[way](block))
        with pytest.raises(DatabaseError, match=UNDONE):
            await maybe(block.execute(LATER))
        with pytest.raises(OperationalError, match="was not committed"):
            await maybe(block.commit())
        assert (conn.is_closed(), conn.status.value) == (False, "idle")
        assert await _rows(conn) == [0, 0, 0]


async def test_it_leaves_nested_blocks(engine: Any) -> None:
    async with entered(engine.connection()) as conn:
        with pytest.raises(OperationalError, match="Lock wait timeout") as caught:
            async with entered(conn.transaction()) as tx:
                await maybe(tx.execute(MINE))
                async with entered(tx.transaction()) as inner:
                    await maybe(inner.execute(LOCKED))
        assert not hasattr(caught.value, "__notes__")
        assert (conn.is_closed(), conn.status.value) == (False, "idle")
        assert await _rows(conn) == [0, 0, 0]


async def test_a_transaction_in_words_of_the_program(engine: Any) -> None:
    async with entered(engine.connection()) as conn:
        await maybe(conn.execute("BEGIN"))
        await maybe(conn.execute(MINE))
        with pytest.raises(OperationalError, match="Lock wait timeout"):
            await maybe(conn.execute(LOCKED))
        with pytest.raises(DatabaseError, match=UNDONE):
            await maybe(conn.execute(LATER))
        await maybe(conn.execute("ROLLBACK"))
        await maybe(conn.execute(LATER))
        assert await _rows(conn) == [0, 0, 1]


async def test_outside_of_one_nothing_is_left_open(engine: Any) -> None:
    async with entered(engine.connection()) as conn:
        for way in ("a statement", "many rows", "many new rows"):
            with pytest.raises(OperationalError, match="Lock wait timeout"):
                await maybe(WAYS_TO_WAIT[way](conn))
            assert conn.status.value == "idle"
        await maybe(conn.execute(LATER))
        assert await _rows(conn) == [0, 0, 1]


@pytest.mark.parametrize("begun", [False, True], ids=["by us", "by the program"])
@ON_MARIADB
async def test_over_a_given_connection(url: str, way: Way, colour: str, begun: bool) -> None:
    conn: Any = await way.opened(url)
    try:
        engine: Any = (AsyncDatabase if colour == "async" else Database)(conn, MySQLDialect()).engine
        if begun:
            await begin(conn, way, MINE)
            with pytest.raises(OperationalError, match="Lock wait timeout"):
                await maybe(engine.execute(LOCKED))
            for _ in range(2):
                with pytest.raises(DatabaseError, match=UNDONE):
                    await maybe(engine.execute(LATER))
            await maybe(conn.rollback())
        else:
            with pytest.raises(OperationalError, match="was not committed"):
                async with entered(engine.transaction()) as tx:
                    await maybe(tx.execute(MINE))
                    with pytest.raises(OperationalError, match="Lock wait timeout"):
                        await maybe(tx.execute(LOCKED))
                    with pytest.raises(DatabaseError, match=UNDONE):
                        await maybe(tx.execute(LATER))
        assert await _rows(engine) == [0, 0, 0]
        await maybe(engine.execute(LATER))
        assert await _rows(engine) == [0, 0, 1]
    finally:
        await maybe(conn.close())

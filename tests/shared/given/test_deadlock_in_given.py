"""A deadlock in a nested block over a given connection to MariaDB or MySQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ferrow.errors import DeadlockDetected, ProgrammingError
from ferrow.repository import AsyncDatabase, Database, MySQLDialect
from ferrow.wire.drive import drive
from tests.support import maybe
from tests.support.deadlocked import HAVE, WANT, Other
from tests.support.given import ON_MARIADB, WAYS, Way, begin

pytestmark = pytest.mark.mariadb


@pytest.fixture
def colour() -> str:
    return "sync"


@pytest.fixture
def other(mariadb_url: str, colour: str) -> Iterator[Other]:
    other = Other(mariadb_url, colour)
    yield other
    other.close()


@pytest.mark.parametrize("begun", [False, True], ids=["by us", "by the program"])
@pytest.mark.parametrize("name", ["pymysql", "pymysql-autocommit"])
def test_it_is_what_leaves_the_blocks(mariadb_url: str, other: Other, name: str, begun: bool) -> None:
    conn: Any = next(way for way in WAYS if way.name == name).open(mariadb_url)
    try:
        engine = Database(conn, MySQLDialect()).engine
        if begun:
            conn.query("BEGIN")
            conn.query("INSERT INTO locked VALUES (0, 0)")
        with pytest.raises(DeadlockDetected) as caught, engine.transaction() as tx:
            tx.execute(HAVE)
            other.begin()
            drive(other.waits())
            with engine.transaction() as inner:
                inner.execute(WANT)
        assert not hasattr(caught.value, "__notes__")
        conn.rollback()
        conn.query("SELECT count(*) FROM locked WHERE id = 0")
        assert [int(count) for (count,) in conn._result.rows] == [0]
    finally:
        conn.close()


COUNT = "SELECT count(*) FROM locked WHERE id < 0"


@pytest.mark.parametrize("end", ["rollback", "commit"])
@ON_MARIADB
async def test_the_program_ends_its_transaction_itself(
    mariadb_url: str, other: Other, way: Way, colour: str, end: str
) -> None:
    conn: Any = await way.opened(mariadb_url)
    try:
        engine: Any = (AsyncDatabase if colour == "async" else Database)(conn, MySQLDialect()).engine
        await begin(conn, way, "INSERT INTO locked VALUES (-1, 0)")
        await maybe(engine.execute(HAVE))
        other.begin()
        await other.waits()
        with pytest.raises(DeadlockDetected):
            await maybe(engine.execute(WANT))
        for _ in range(2):
            with pytest.raises(ProgrammingError, match="has rolled back the transaction"):
                await maybe(engine.execute("INSERT INTO locked VALUES (-2, 0)"))
        await maybe(getattr(conn, end)())
        assert (await maybe(engine.query_one(COUNT)))[0] == 0
        await begin(conn, way, "INSERT INTO locked VALUES (-3, 0)")
        await maybe(engine.execute("INSERT INTO locked VALUES (-4, 0)"))
        await maybe(conn.rollback())
        await maybe(engine.execute("INSERT INTO locked VALUES (-5, 0)"))
        assert (await maybe(engine.query_one(COUNT)))[0] == 1
    finally:
        await maybe(conn.close())

"""A statement that is prepared anew each time, and has other columns than the last time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ferrow import driver
from tests.support import maybe
from tests.support.colours import Runner


@pytest.fixture
def conn(postgresql_url: str, colour: str, runner: Runner) -> Iterator[Any]:
    async def opened() -> Any:
        connect = driver.connect_async if colour == "async" else driver.connect
        return await maybe(connect(postgresql_url, prepared_statements="unnamed", autocommit=True))

    conn = runner.run(opened())
    yield conn
    runner.run(maybe(conn.close()))


async def described(conn: Any, sql: str) -> tuple[Any, Any]:
    """The description, and the rows if there are any."""
    cursor = conn.cursor()
    await maybe(cursor.execute(sql))
    return cursor.description, None if cursor.description is None else await maybe(cursor.fetchall())


async def test_the_same_type_with_other_digits(conn: Any, pg: Any) -> None:
    await maybe(pg.script("CREATE TABLE t (n numeric(5, 2))"))
    for _ in range(3):
        assert await described(conn, "SELECT n FROM t") == ((("n", 1700, None, None, 5, 2, None),), [])
    await maybe(pg.script("ALTER TABLE t ALTER n TYPE numeric(7, 3)"))
    assert await described(conn, "SELECT n FROM t") == ((("n", 1700, None, None, 7, 3, None),), [])


async def test_rows_where_there_were_none(conn: Any) -> None:
    await maybe(conn.script("CREATE TABLE t (n integer); PREPARE p AS INSERT INTO t VALUES (1)"))
    for _ in range(3):
        assert await described(conn, "EXECUTE p") == (None, None)
    await maybe(conn.script("DO $$ BEGIN EXECUTE 'DEALLOCATE p'; EXECUTE 'PREPARE p AS SELECT 5 AS five'; END $$"))
    assert await described(conn, "EXECUTE p") == ((("five", 23, None, None, None, None, None),), [(5,)])

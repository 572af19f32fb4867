"""What becomes of a division by zero on MariaDB and MySQL."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.errors import CheckViolation, DataError
from tests.support import entered, maybe

pytestmark = pytest.mark.only(backend="mariadb")


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO t VALUES (2, 1 / 0)",
        "INSERT INTO t SELECT 2, 1 % n FROM t",
        "UPDATE t SET n = 1 / n",
        "UPDATE t SET n = MOD(id, n) WHERE id = 1",
        "UPDATE t SET n = 2 WHERE 1 / n IS NULL",
        "INSERT INTO kept (n) VALUES (0)",
    ],
)
async def test_none_is_written(engine: Any, sql: str) -> None:
    async with entered(engine.connection()) as conn:
        await maybe(conn.script("CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 0)"))
        await maybe(conn.script("CREATE TABLE kept (n int, c double AS (1 / n) STORED)"))
        with pytest.raises(DataError, match="Division by 0") as caught:
            await maybe(conn.execute(sql))
        assert caught.value.sqlstate == "22012"
        assert await maybe(conn.query("SELECT id, n FROM t")) == [(1, 0)]


async def test_none_fulfils_a_check(engine: Any, mysql: bool) -> None:
    async with entered(engine.connection()) as conn:
        await maybe(conn.script("CREATE TABLE held (n int, CHECK (1 / n < 9))"))
        with pytest.raises(CheckViolation if mysql else DataError):
            await maybe(conn.execute("INSERT INTO held (n) VALUES (0)"))
        assert await maybe(conn.query("SELECT n FROM held")) == []


async def test_it_is_null_where_it_is_only_read(engine: Any) -> None:
    async with entered(engine.connection()) as conn:
        assert await maybe(conn.query_one("SELECT 1 / 0, 1 % 0, 1 DIV 0, MOD(1, 0)")) == (None, None, None, None)

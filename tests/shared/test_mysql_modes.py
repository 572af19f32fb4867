"""What a session of MariaDB or MySQL is told by its user that changes how values are written."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import Any

import pytest

from ferrow.errors import DatabaseError, OperationalError, ProgrammingError, QueryTimeout
from tests.support import entered, items, maybe
from tests.support.deadlines import LIMIT

pytestmark = pytest.mark.only(backend="mariadb")

ESCAPES = "\N{EURO SIGN}' OR 1 = 1 -- "
"""Where a session reads GBK, the last byte of the sign and the backslash behind it are one character."""


@pytest.mark.parametrize(
    "sql",
    ["SET NAMES gbk", "SET CHARACTER SET gbk", "SET /* here */ @@character_set_client = gbk", "SET charset 'sjis'"],
)
async def test_no_value_is_written_for_another_charset(engine: Any, sql: str) -> None:
    async with entered(engine.connection()) as conn:
        await maybe(conn.script(sql))
        asked = "SELECT 1 FROM DUAL WHERE 'x' = ?"
        for ask in (
            lambda: conn.query(asked, [ESCAPES]),
            lambda: conn.run_many(asked, [[ESCAPES]] * 10),
            lambda: items(conn.stream(asked, [ESCAPES])),
        ):
            with pytest.raises(ProgrammingError, match=r"character_set_client is (gbk|sjis), .* SET NAMES utf8mb4"):
                await maybe(ask())
        assert (await maybe(conn.query_one("SELECT 1")))[0] == 1
        await maybe(conn.script("SET NAMES utf8mb4"))
        assert await maybe(conn.query(asked, [ESCAPES])) == []


@pytest.mark.parametrize("sql", ["/* x */ ROLLBACK", " rollback work", "-- x\nROLLBACK"])
@pytest.mark.parametrize("way", ["script", "execute"])
async def test_a_transaction_that_the_server_has_undone_is_rolled_back(engine: Any, sql: str, way: str) -> None:
    async with entered(engine.connection()) as conn:
        conn.wire.inner._failed = True  # as behind a deadlock
        with pytest.raises(DatabaseError, match="roll back"):
            await maybe(conn.query("SELECT 1"))
        await maybe(getattr(conn, way)(sql))
        assert (await maybe(conn.query_one("SELECT 1")))[0] == 1


@pytest.mark.parametrize("sql", ["COMMIT", "/* x */ COMMIT"])
@pytest.mark.parametrize("way", ["script", "execute"])
async def test_and_none_is_committed(engine: Any, sql: str, way: str) -> None:
    async with entered(engine.connection()) as conn:
        conn.wire.inner._failed = True
        with pytest.raises(OperationalError, match="was not committed"):
            await maybe(getattr(conn, way)(sql))
        assert (await maybe(conn.query_one("SELECT 1")))[0] == 1


async def test_rows_that_do_not_come_are_not_waited_for(engine: Any) -> None:
    """Those before them have: they are more than what the server gathers."""
    rows = " UNION ALL ".join(f"SELECT {number} AS n" for number in range(1, 6))
    sql = f"SELECT REPEAT('x', 100000), SLEEP(IF(n = 3, 30, 0)) FROM ({rows}) AS some"
    async with entered(engine.connection()) as conn:
        with pytest.raises(QueryTimeout):
            await maybe(items(conn.stream(sql, timeout=LIMIT)))
        assert conn.is_closed()


@pytest.mark.parametrize("sql", ["SET sql_mode = 'ANSI_QUOTES'", "SET NAMES utf8mb4", "SET @@sql_mode = ''"])
@pytest.mark.parametrize("inside", [False, True], ids=["alone", "in a block"])
async def test_the_warnings_of_what_sets_them_can_be_read(engine: Any, sql: str, inside: bool) -> None:
    async with entered(engine.connection()) as conn, AsyncExitStack() as stack:
        if inside:
            await stack.enter_async_context(entered(conn.transaction()))
        await maybe(conn.script("SET sql_mode = 'PIPES_AS_CONCAT'"))  # in which what is too large is made to fit
        await maybe(conn.script(f"{sql}, div_precision_increment = 1000"))
        ((_, _, said),) = await maybe(conn.query("SHOW WARNINGS"))
        assert "div_precision_increment" in said


MODE = "SET @@sql_mode = ''"
WAYS = [
    [MODE],
    ["PREPARE made FROM 'SET @@sql_mode = '''", "EXECUTE made"],
    ["SET session_track_system_variables = ''", MODE],
]


@pytest.mark.parametrize("ways", WAYS, ids=["plain", "prepared", "untold"])
async def test_a_text_is_read_in_the_mode_that_the_session_has_by_now(engine: Any, ways: list[str]) -> None:
    sql = 'SELECT "\\"?", ?'
    async with entered(engine.connection()) as conn:
        await maybe(conn.script("SET sql_mode = 'PIPES_AS_CONCAT'"))
        await maybe(conn.script("SET sql_mode = 'ANSI_QUOTES'"))
        assert conn.wire.reading == "mysql"
        for one in ways:
            await maybe(conn.script(one.replace('"', "'").replace("'SET @@sql_mode = '''", "'SET @@sql_mode = '''''")))
        assert await maybe(conn.query(sql, ["a value"])) == [('"?', "a value")]


async def test_what_a_server_does_not_tell_is_asked(engine: Any) -> None:
    """Behind a proxy, say, that has no idea of it."""
    async with entered(engine.connection()) as conn:
        conn.wire.inner._tracks = False
        conn.wire.inner._modes = conn.wire.inner._modes._replace(names=False)
        await maybe(conn.script("SET sql_mode = 'ANSI_QUOTES'"))
        assert conn.wire.reading == "mysql"

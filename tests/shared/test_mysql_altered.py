"""A session of MariaDB or MySQL that another task or thread sets otherwise, after values were written and before they are sent."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from ferrow.errors import NotNullViolation, ProgrammingError
from tests.support import entered, items, maybe

pytestmark = pytest.mark.only(backend="mariadb")

GBK = "\N{EURO SIGN}' OR 1 = 1 -- "
"""Where a session reads GBK, the last byte of the sign and the backslash behind it are one character."""
PLAIN = "\\' OR 1 = 1 -- "
ASKED = "SELECT 1 FROM DUAL WHERE 'x' = ?"
INSERT = "INSERT INTO many (n, name) VALUES (?, ?)"
APART = "INSERT INTO many (n, name) VALUES (? + 0, ?)"

Between = Callable[[Any, str, str], list[str]]


@pytest.fixture
def between(colour: str, monkeypatch: pytest.MonkeyPatch) -> Between:
    """Has another task or thread run a statement when a text with this mark in it is about to be sent; the list is empty once it has run."""

    def between(conn: Any, mark: str, sql: str) -> list[str]:
        kind, waiting = type(conn.wire.inner), [sql]

        async def elsewhere() -> None:
            if not waiting:
                return
            statement = waiting.pop()
            if colour == "async":
                await asyncio.create_task(conn.script(statement))
            else:
                other = threading.Thread(target=conn.script, args=[statement])
                other.start()
                other.join()

        take_turn = kind.take_turn

        async def turn(self: Any, deadline: Any, what: str) -> None:
            if mark in what:
                await elsewhere()
            await take_turn(self, deadline, what)

        monkeypatch.setattr(kind, "take_turn", turn)
        return waiting

    return between


async def _table(conn: Any) -> None:
    await maybe(conn.script("CREATE TABLE many (n integer, name varchar(40) NOT NULL)"))


async def _count(conn: Any) -> int:
    return (await maybe(conn.query_one("SELECT count(*) FROM many")))[0]


@pytest.mark.parametrize(
    ("sets", "value", "told"),
    [
        ("SET NAMES gbk", GBK, "is gbk"),
        ("SET sql_mode = 'NO_BACKSLASH_ESCAPES'", PLAIN, "NO_BACKSLASH_ESCAPES"),
    ],
    ids=["charset", "mode"],
)
@pytest.mark.parametrize("way", ["query", "run_many", "query in a block", "stream in a block"])
async def test_no_value_comes_out_of_its_literal(
    engine: Any, between: Between, sets: str, value: str, told: str, way: str
) -> None:
    ways: dict[str, Callable[[Any], Any]] = {
        "query": lambda conn: conn.query(ASKED, [value]),
        "stream": lambda conn: items(conn.stream(ASKED, [value])),
        "run_many": lambda conn: conn.run_many(ASKED, [[value]] * 10),
    }
    asks = ways[way.partition(" ")[0]]
    async with entered(engine.connection()) as conn:
        waiting = between(conn, "SELECT 1 FROM", sets)
        if way.endswith("block"):
            async with entered(conn.transaction()) as tx:
                with pytest.raises(ProgrammingError, match=told):
                    await maybe(asks(tx))
        else:
            with pytest.raises(ProgrammingError, match=told):
                await maybe(asks(conn))
        assert not waiting
        assert (await maybe(conn.query_one("SELECT 1")))[0] == 1


@pytest.mark.parametrize("sql", [INSERT, APART])
async def test_rows_are_not_inserted_either(engine: Any, between: Between, sql: str) -> None:
    async with entered(engine.connection()) as conn:
        await _table(conn)
        waiting = between(conn, "INSERT", "SET NAMES gbk")
        with pytest.raises(ProgrammingError, match="is gbk"):
            await maybe(conn.run_many(sql, [(number, GBK) for number in range(10)]))
        assert (waiting, await _count(conn)) == ([], 0)


async def test_values_are_written_again_where_the_statement_is_read_otherwise(engine: Any, between: Between) -> None:
    sql = 'SELECT "\\"?", ?'  # where texts are in double quotes, the first mark is in one
    async with entered(engine.connection()) as conn:
        waiting = between(conn, "SELECT", "SET sql_mode = ''")
        assert await maybe(conn.query(sql, ["a value"])) == [('"?', "a value")]
        assert not waiting


async def test_rows_are_taken_apart_again_where_values_are_made_to_fit(engine: Any, between: Between) -> None:
    async with entered(engine.connection()) as conn:
        await _table(conn)
        waiting = between(conn, "INSERT", "SET sql_mode = 'ANSI_QUOTES'")
        with pytest.raises(NotNullViolation) as caught:
            await maybe(conn.run_many(INSERT, [(1, "a"), (2, None), (3, "c")]))
        assert (waiting, caught.value.row, await _count(conn)) == ([], 2, 0)
        await maybe(conn.script("SET sql_mode = 'STRICT_ALL_TABLES,ANSI_QUOTES'"))
        waiting.append("SET sql_mode = 'ANSI_QUOTES'")
        rows = ((number, "a") for number in range(10))  # which come but once
        assert (await maybe(conn.run_many(INSERT, rows))).rowcount == 10
        assert (waiting, await _count(conn)) == ([], 10)


async def test_rows_are_not_read_otherwise_than_those_before(engine: Any) -> None:
    modes = [["ANSI_QUOTES"], ["NO_BACKSLASH_ESCAPES"]]
    async with entered(engine.connection()) as conn:
        with pytest.raises(ProgrammingError, match="the sql_mode or charset of this session has changed while rows"):
            await maybe(conn.run_many("SET sql_mode = ?", modes))
        assert "BACKSLASH" not in (await maybe(conn.query_one("SELECT @@sql_mode")))[0]

"""Arguments of another kind than wanted: what is wrong, and what to write, with the same words on every database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ferrow.errors import DataError, InterfaceError, ProgrammingError
from tests.support import entered, items, maybe

ONE = {"postgresql": "SELECT $1::int4 AS a", "sqlite": "SELECT ? AS a", "mysql": "SELECT ? AS a"}
INSERT = {dialect: f"INSERT INTO t VALUES ({sql.split()[1].partition('::')[0]})" for dialect, sql in ONE.items()}


async def stream(conn: Any, sql: str, params: Any) -> None:
    async with entered(conn.stream(sql, params)) as rows:
        await items(rows)


WAYS: dict[str, Callable[[Any, str, Any], Any]] = {
    "query": lambda conn, sql, params: conn.query(sql, params),
    "execute": lambda conn, sql, params: conn.execute(sql, params),
    "run_many": lambda conn, sql, params: conn.run_many(sql, [params]),
    "cursor": lambda conn, sql, params: conn.cursor().execute(sql, params),
    "stream": stream,
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
async def test_parameters_that_can_be_read_once_only(conn: Any, way: Any) -> None:
    """A statement may be sent a second time."""
    for params in ((value for value in [1]), {"a": 1}.values(), map(int, "1")):
        with pytest.raises(ProgrammingError, match=f"not {type(params).__name__}; pass list\\(\\) of it"):
            await maybe(way(conn, ONE[conn.dialect], params))
    with pytest.raises(ProgrammingError, match="not set; write \\[value\\] for a single one"):
        await maybe(way(conn, ONE[conn.dialect], {1}))


async def test_other_sequences_are_parameters(conn: Any) -> None:
    assert await maybe(conn.query(ONE[conn.dialect], range(5, 6))) == [(5,)]
    row = (await maybe(conn.query(ONE[conn.dialect], [7])))[0]
    assert await maybe(conn.query(ONE[conn.dialect], row)) == [(7,)]


class Frame:
    """As much of a DataFrame as is asked for."""

    def __iter__(self) -> Any:
        return iter(["a"])

    def itertuples(self, index: bool = True) -> Any:
        return iter([(1,), (2,)])


async def pipelined(conn: Any, sql: str, rows: Any) -> None:
    async with entered(conn.pipeline()) as pipe:
        await maybe(pipe.run_many(sql, rows))


async def inside(conn: Any, sql: str, rows: Any) -> None:
    async with entered(conn.transaction()) as tx:
        await maybe(tx.run_many(sql, rows))


MANY: dict[str, Callable[[Any, str, Any], Any]] = {
    "run_many": lambda conn, sql, rows: conn.run_many(sql, rows),
    "executemany": lambda conn, sql, rows: conn.cursor().executemany(sql, rows),
    "pipeline": pipelined,
    "transaction": inside,
}


@pytest.mark.parametrize("way", MANY.values(), ids=MANY)
async def test_rows_that_are_none(conn: Any, way: Any) -> None:
    await maybe(conn.execute("CREATE TEMPORARY TABLE t (a INTEGER)"))
    sql = INSERT[conn.dialect]
    with pytest.raises(ProgrammingError, match=r"a Frame gives its columns .* pass its itertuples\(index=False\)"):
        await maybe(way(conn, sql, Frame()))
    for rows in (5, "ab", {"a": 1}, None):
        with pytest.raises(
            ProgrammingError,
            match=f"takes a list of rows of parameters, not {type(rows).__name__}; for a single row there is (run|execute)",
        ):
            await maybe(way(conn, sql, rows))
    await maybe(way(conn, sql, Frame().itertuples(index=False)))
    assert await maybe(conn.query("SELECT a FROM t")) == [(1,), (2,)]


@pytest.mark.parametrize("name", ["readonly", "deferrable"])
async def test_options_of_transactions_are_bools(conn: Any, name: str) -> None:
    for value in ("false", "no", 0, 1, None):
        with pytest.raises(DataError, match=f"{name} is True or False, not {value!r}"):
            async with entered(conn.transaction(**{name: value})):
                pass
        with pytest.raises(DataError):
            await maybe(conn.begin(**{name: value}))
    async with entered(conn.transaction(readonly=True, deferrable=False)):
        pass


async def test_a_closed_cursor_is_no_block(conn: Any) -> None:
    cursor = conn.cursor()
    await maybe(cursor.close())
    with pytest.raises(InterfaceError, match="the cursor is closed"):
        async with entered(cursor):
            pass


async def test_more_rows_than_any_list_has(conn: Any) -> None:
    cursor = conn.cursor()
    await maybe(cursor.execute("SELECT 1"))
    assert await maybe(cursor.fetchmany(2**100)) == [(1,)]

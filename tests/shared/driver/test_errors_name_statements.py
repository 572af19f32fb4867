"""Every error about a statement has its text, also where it was refused here and the database has not seen it."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from ferrow.errors import DatabaseError, DataError, ProgrammingError
from tests.support import entered, maybe

WRONG: list[tuple[str, Any]] = [
    ("SELECT CAST($1 AS integer)", []),
    ("SELECT CAST($1 AS integer)", [1, 2]),
    ("SELECT CAST($1 AS integer)", [object()]),
    ("SELECT CAST($1 AS integer)", [2**70]),
    ("SELECT nope", None),
    ("SELEC 1", None),
]


@pytest.mark.parametrize(("sql", "params"), WRONG)
async def test_of_a_statement(conn: Any, sql: str, params: Any) -> None:
    for call in (conn.query, conn.query_one, conn.execute, conn.run):
        for _ in range(2):  # what is prepared the second time is refused at another place
            with pytest.raises(DatabaseError) as caught:
                await maybe(call(sql, params))
            assert caught.value.query == sql
    again = pickle.loads(pickle.dumps(caught.value))
    for duplicate in (again, copy.copy(caught.value)):
        assert (type(duplicate), str(duplicate)) == (type(caught.value), str(caught.value))
        assert (duplicate.query, duplicate.sqlstate, duplicate.parameter) == (
            sql, caught.value.sqlstate, caught.value.parameter,
        )  # fmt: skip
    assert await maybe(conn.query_one("SELECT 1")) == (1,)


async def test_of_many_rows(conn: Any) -> None:
    await maybe(conn.script("CREATE TABLE t (n integer)"))
    sql = "INSERT INTO t VALUES ($1)"
    for count in (1, 100):
        with pytest.raises(DataError) as caught:
            await maybe(conn.run_many(sql, [[1]] * count + [[object()]]))
        assert (caught.value.query, caught.value.row) == (sql, count + 1)
    assert await maybe(conn.query("SELECT n FROM t")) == []


async def test_of_a_cursor_it_is_what_was_sent(conn: Any, backend: str) -> None:
    sent = {"postgresql": "SELECT CAST($1 AS integer)", "sqlite": "SELECT CAST(?1 AS integer)"}[backend]
    for params in ((object(),), (1, 2)):
        cur = conn.cursor()
        with pytest.raises(DatabaseError) as caught:
            await maybe(cur.execute("SELECT CAST(%s AS integer)", params))
        assert caught.value.query == cur.query == sent
        await maybe(conn.rollback())


async def test_of_a_value_that_cannot_be_read(pg: Any) -> None:
    sql = "SELECT $1::text::date"
    for call in (pg.query, pg.query_one, pg.run):
        with pytest.raises(DataError, match="infinite date") as caught:
            await maybe(call(sql, ["infinity"]))
        assert caught.value.query == sql


async def test_of_a_statement_in_a_pipeline(pg: Any) -> None:
    sql = "SELECT $1::integer"
    with pytest.raises(DataError) as caught:
        async with entered(pg.pipeline()) as pipe:
            pipe.query("SELECT 1")
            pipe.query(sql, ["x"])
    assert caught.value.query == sql


@pytest.mark.parametrize("params", [{1}, frozenset({1}), bytearray(b"a"), memoryview(b"a"), b"a", "a", 5])
async def test_what_is_no_list_of_parameters_is_the_same_error_on_every_database(conn: Any, params: Any) -> None:
    for call in (conn.query, conn.query_one, conn.execute):
        with pytest.raises(
            ProgrammingError, match=rf"parameters are a list.*not {type(params).__name__}; write \[value\]"
        ):
            await maybe(call("SELECT $1", params))
    assert await maybe(conn.query_one("SELECT 1")) == (1,)

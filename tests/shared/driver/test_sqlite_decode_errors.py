"""A value that is not of its column's declared type, in any row and column of SQLite: its error, and the next answer is right.

The same on PostgreSQL: test_decode_errors.py.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from ferrow._core import Shape
from ferrow.errors import DataError
from tests.support import entered, items, maybe
from tests.support.shapes import places_of, way

ROWS = 2500  # several chunks of a stream
NAMES = ("a", "b", "c")
ROW = {"first row": 1, "middle row": ROWS // 2, "last row": ROWS}
COLUMN = {"first column": 0, "middle column": 1, "last column": 2}
WRONG = "no valid date"
QUERY = "SELECT a, b, c FROM t ORDER BY n"

columns = pytest.mark.parametrize("column", COLUMN.values(), ids=COLUMN)
everywhere = places_of(ROW, COLUMN)

BAD = {
    "BOOLEAN": "'true'",
    "DATE": "'2024-02-30'",
    "TIMESTAMP": "'2024-01-02'",
    "TIMESTAMPTZ": "'2024-13-01 00:00:00+01:00'",
    "TIME": "'25:00'",
    "UUID": "x'00'",
    "DECIMAL_TEXT": "'1_0'",
    "JSON_TEXT": "'{'",
    "TEXT": "CAST(x'61ff' AS TEXT)",
}
"""What another program may have stored in columns of these types."""


async def filled(lite: Any, row: int, column: int, declared: str = "DATE", bad: str = "'never'") -> None:
    """Many rows of three columns of a type, one value of which is not of it."""
    bad_one = ", ".join(bad if at == column else "NULL" for at in range(3))
    await maybe(
        lite.script(
            f"""
            CREATE TABLE t (n INTEGER PRIMARY KEY, a {declared}, b {declared}, c {declared});
            WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {ROWS})
            INSERT INTO t (n, a, b, c) SELECT n, NULL, NULL, NULL FROM s WHERE n <> {row};
            INSERT INTO t (n, a, b, c) VALUES ({row}, {bad_one});
            """
        )
    )


async def assert_right(lite: Any) -> None:
    assert tuple(await maybe(lite.query_one("SELECT 1 AS one, 'two' AS two"))) == (1, "two")
    assert (await maybe(lite.run("SELECT ? AS n", [7], Shape.dicts()))).rows == [{"n": 7}]


@everywhere
async def test_in_a_result(lite: Any, row: int, column: int, shape: str) -> None:
    await filled(lite, row, column)
    for _ in range(2):  # the statement is prepared the second time
        with pytest.raises(DataError, match=f"column {NAMES[column]}: .*{WRONG}"):
            await maybe(lite.run(QUERY, None, way(shape, NAMES, column).shape))
        await assert_right(lite)
    await maybe(lite.script("DROP TABLE t"))  # nobody reads it any more


@columns
@pytest.mark.parametrize("declared", BAD)
async def test_of_every_type(lite: Any, column: int, declared: str) -> None:
    await filled(lite, 5, column, declared, BAD[declared])
    with pytest.raises(DataError, match=f"column {NAMES[column]}: "):
        await maybe(lite.query(QUERY))
    await assert_right(lite)
    assert await maybe(lite.query("SELECT a, b, c FROM t WHERE n <> 5")) == [(None, None, None)] * (ROWS - 1)


async def test_json_deeper_than_python_goes(lite: Any) -> None:
    """SQLite does not look at what it keeps; 3.13 goes some 10,000 levels deep, older ones less."""
    await maybe(lite.script("CREATE TABLE t (a JSON_TEXT); INSERT INTO t VALUES (NULL)"))
    await maybe(lite.execute("UPDATE t SET a = CAST(? AS TEXT)", ["[" * 100_000 + "]" * 100_000]))
    with pytest.raises(DataError, match=r"column a: .* is no valid json"):
        await maybe(lite.query("SELECT a FROM t"))
    await assert_right(lite)


async def test_an_error_that_is_not_the_values(lite: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON too deep for the core is read by Python, where KeyboardInterrupt or MemoryError may be raised."""

    def interrupted(*_: Any) -> None:
        raise MemoryError("no more")

    await maybe(lite.script("CREATE TABLE t (a JSON_TEXT)"))
    await maybe(lite.execute("INSERT INTO t VALUES (?)", ["[" * 300 + "]" * 300]))
    with monkeypatch.context() as patch:
        patch.setattr(json.JSONDecoder, "decode", interrupted)
        with pytest.raises(MemoryError, match="no more"):
            await maybe(lite.query("SELECT a FROM t"))
    await assert_right(lite)


@everywhere
async def test_in_a_stream(lite: Any, row: int, column: int, shape: str) -> None:
    """The rows before it have come, in whole chunks."""
    await filled(lite, row, column)
    seen: list[Any] = []
    async with entered(lite.stream(QUERY, chunk=500, shape=way(shape, NAMES, column).shape)) as stream:
        with pytest.raises(DataError, match=WRONG):
            if hasattr(stream, "__aiter__"):
                async for one in stream:
                    seen.append(one)
            else:
                for one in stream:
                    seen.append(one)
    assert len(seen) == (row - 1) // 500 * 500
    await assert_right(lite)
    await maybe(lite.script("DROP TABLE t"))


@columns
async def test_beside_another_stream(lite: Any, column: int) -> None:
    """In a transaction of several; a value is not the database's business, so the transaction goes on."""
    await filled(lite, ROWS, column)
    async with entered(lite.transaction()):
        async with entered(lite.stream("SELECT n FROM t ORDER BY n", chunk=100, shape=Shape.column(0))) as good:
            step = getattr(good, "__anext__", None) or good.__next__
            assert await maybe(step()) == 1
            with pytest.raises(DataError, match=WRONG):
                await items(lite.stream(QUERY, chunk=500))
            await assert_right(lite)
            assert await items(good) == [*range(2, ROWS + 1)]
    await assert_right(lite)


@columns
@pytest.mark.parametrize("row", ROW.values(), ids=ROW)
async def test_in_what_a_change_returns(lite: Any, row: int, column: int) -> None:
    """The change is made, all of it, as on PostgreSQL: only what is said of it cannot be read."""
    await filled(lite, row, column)
    change = "UPDATE t SET n = n + 10000 RETURNING a, b, c"
    with pytest.raises(DataError, match=WRONG):
        await maybe(lite.query(change))
    assert await maybe(lite.query_one("SELECT min(n), max(n) FROM t")) == (10001, 10000 + ROWS)
    with pytest.raises(ZeroDivisionError):
        async with entered(lite.transaction()) as tx:
            with pytest.raises(DataError, match=WRONG):
                await maybe(tx.query(change))
            assert await maybe(tx.query_one("SELECT min(n), max(n) FROM t")) == (20001, 20000 + ROWS)
            raise ZeroDivisionError
    assert await maybe(lite.query_one("SELECT min(n), max(n) FROM t")) == (10001, 10000 + ROWS)


@columns
async def test_in_a_cursor(lite: Any, column: int) -> None:
    await filled(lite, ROWS, column)
    async with entered(lite.cursor()) as cursor:
        with pytest.raises(DataError, match=WRONG):
            await maybe(cursor.execute(QUERY))
            await maybe(cursor.fetchall())
        await maybe(cursor.execute("SELECT 1, 'two'"))
        assert await maybe(cursor.fetchall()) == [(1, "two")]
    await assert_right(lite)

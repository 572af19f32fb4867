"""A value that Python cannot hold, in any row and column: its error, and the next answer on that connection is right."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from ferrow._core import Shape
from ferrow.errors import DataError
from tests.support import entered, items, maybe
from tests.support.shapes import places_of, way

pytestmark = pytest.mark.postgresql

ROWS = 20_000  # several readings of the socket, and several chunks of a stream
NAMES = ("a", "b", "c")

# What Python has no equal for: a date after its last, text as such is fine, an array that holds one, a range that does.
BAD = ["'infinity'::date", "ARRAY['2026-01-01', 'infinity']::date[]", "daterange('2026-01-01', 'infinity')"]

ROW = {"first row": 1, "middle row": ROWS // 2, "last row": ROWS}
COLUMN = {"first column": 0, "middle column": 1, "last column": 2}

places = pytest.mark.parametrize("row", ROW.values(), ids=ROW)
columns = pytest.mark.parametrize("column", COLUMN.values(), ids=COLUMN)
everywhere = places_of(ROW, COLUMN)


def sql(row: int, column: int, bad: str = BAD[0]) -> str:
    """Many rows of three columns, one value of which cannot be decoded."""
    values = ["n", "'text ' || n", "n * 1.5"]
    values[column] = f"CASE WHEN n = {row} THEN {bad} END"
    listed = ", ".join(f"{value} AS {name}" for name, value in zip(NAMES, values, strict=True))
    return f"SELECT {listed} FROM generate_series(1, {ROWS}) n"


def deep(levels: int) -> Any:
    """Lists in lists, as this Python reads them; None: it does not go that deep."""
    try:
        return json.loads("[" * levels + "]" * levels)
    except RecursionError:
        return None


async def assert_right(pg: Any) -> None:
    assert tuple(await maybe(pg.query_one("SELECT 1 AS one, 'two' AS two"))) == (1, "two")
    assert (await maybe(pg.run("SELECT $1::int AS n", [7], Shape.dicts()))).rows == [{"n": 7}]


async def test_json_is_read_as_deep_as_python_goes(pg: Any) -> None:
    """jiter goes 200 levels deep, the encoder and the database much further."""
    for levels in (199, 200, 500):
        document: Any = {"é": 1.5}
        for _ in range(levels):
            document = [document]
        for kind in ("json", "jsonb"):
            assert (await maybe(pg.query_one(f"SELECT $1::{kind}", [document])))[0] == document
    document, sql = deep(3000), "SELECT (repeat('[', 3000) || repeat(']', 3000))::json FROM generate_series(1, 100)"
    if document is None:
        with pytest.raises(DataError, match="a JSON value that does not parse"):
            await maybe(pg.query(sql))
    else:  # Python 3.13 goes further than the server: the refusal is in test_sqlite_decode_errors.py
        assert [row[0] for row in await maybe(pg.query(sql))] == [document] * 100
    await assert_right(pg)


async def test_half_of_a_surrogate_pair_in_json(pg: Any) -> None:
    """`json` keeps the text, of which `jsonb` lets no such thing in."""
    for text in (r'"\ud800"', r'["\udc00"]', r'{"\ud83d": 1}'):
        with pytest.raises(DataError, match=r"^column json: .*half of a surrogate pair is no character.*::text"):
            await maybe(pg.query_one(f"SELECT '{text}'::json"))
        assert await maybe(pg.query_one(f"SELECT '{text}'::json::text")) == (text,)
    await assert_right(pg)


@everywhere
async def test_in_a_result(pg: Any, row: int, column: int, shape: str) -> None:
    for _ in range(2):  # the statement is prepared the second time
        with pytest.raises(DataError, match="an infinite date"):
            await maybe(pg.run(sql(row, column), None, way(shape, NAMES, column).shape))
        await assert_right(pg)


@columns
@pytest.mark.parametrize("bad", BAD[1:], ids=["array", "range"])
async def test_inside_of_a_value(pg: Any, column: int, bad: str) -> None:
    with pytest.raises(DataError, match="an infinite date"):
        await maybe(pg.query(sql(5, column, bad)))
    await assert_right(pg)


@columns
@places
async def test_between_pipelined_neighbours(postgresql_url: str, row: int, column: int) -> None:
    from ferrow import driver

    async with driver.AsyncConnection(postgresql_url) as pg:
        async with asyncio.TaskGroup() as tasks:
            before = [tasks.create_task(pg.query_one("SELECT $1::int", [n])) for n in range(5)]
            failing = tasks.create_task(asyncio.wait([asyncio.ensure_future(pg.query(sql(row, column)))]))
            after = [tasks.create_task(pg.query_one("SELECT $1::text", [str(n)])) for n in range(5)]
        assert [task.result()[0] for task in before] == [*range(5)]
        (failed,) = failing.result()[0]
        assert isinstance(failed.exception(), DataError)
        assert [task.result()[0] for task in after] == [*"01234"]
        await assert_right(pg)


@everywhere
async def test_in_a_stream(pg: Any, row: int, column: int, shape: str) -> None:
    """The rows before it have come, in whole chunks."""
    seen: list[Any] = []
    async with entered(pg.stream(sql(row, column), chunk=500, shape=way(shape, NAMES, column).shape)) as stream:
        with pytest.raises(DataError, match="an infinite date"):
            if hasattr(stream, "__aiter__"):
                async for one in stream:
                    seen.append(one)
            else:
                for one in stream:
                    seen.append(one)
    assert len(seen) <= row - 1
    assert len(seen) == (row - 1) // 500 * 500
    await assert_right(pg)


@columns
@places
async def test_beside_another_stream(pg: Any, row: int, column: int) -> None:
    """In a transaction of several portals; a value is not the server's business, so the transaction goes on."""
    async with entered(pg.transaction()):
        async with entered(
            pg.stream("SELECT n FROM generate_series(1, 3000) n", chunk=100, shape=Shape.column(0))
        ) as good:
            step = getattr(good, "__anext__", None) or good.__next__
            assert await maybe(step()) == 1
            with pytest.raises(DataError, match="an infinite date"):
                await items(pg.stream(sql(row, column), chunk=500))
            await assert_right(pg)
            assert await items(good) == [*range(2, 3001)]
    await assert_right(pg)


@columns
@places
async def test_in_a_copy(pg: Any, row: int, column: int) -> None:
    with pytest.raises(DataError, match="an infinite date"):
        await items(pg.copy_out(sql=sql(row, column)))
    await assert_right(pg)
    assert await items(pg.copy_out(sql="SELECT 1, 'two'")) == [(1, "two")]


@columns
@places
async def test_in_a_transaction(pg: Any, row: int, column: int) -> None:
    async with entered(pg.transaction()) as tx:
        await maybe(tx.execute("CREATE TABLE kept (n integer)"))
        with pytest.raises(DataError, match="an infinite date"):
            await maybe(tx.query(sql(row, column)))
        await assert_right(pg)
        await maybe(tx.execute("INSERT INTO kept VALUES (1)"))
    assert await maybe(pg.query_one("SELECT n FROM kept")) == (1,)

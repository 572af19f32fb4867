"""A value that Python cannot hold, in any row and column, by each way that rows take: its error, and the next answer is right.

What shapes, transactions and neighbours make of it: test_decode_errors.py.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest

from ferrow._core import Shape
from ferrow.driver import connect_async
from ferrow.errors import DataError
from tests.support import entered, items, maybe
from tests.support.effort import EFFORT
from tests.support.relay import Counter, relayed

pytestmark = pytest.mark.postgresql

ROWS = 1200  # several readings of the socket, and several chunks of a stream
SETUP = "CREATE TYPE dated AS (price money, at date); CREATE TYPE prices AS (first dated, others dated[])"
BAD = {
    "in binary": "'infinity'::date",
    "in an array": "ARRAY['2026-01-01', 'infinity']::date[]",
    "in a record": "ROW(1, 'infinity'::date)",
    "as text": "ROW('1', 'infinity')::dated",
    "in a list as text": "ROW(NULL, ARRAY[ROW('1', 'infinity')]::dated[])::prices",
}


def sql(row: int, column: int, bad: str, when: str = "true") -> str:
    """Many rows of three columns, one value of which cannot be decoded."""
    values = ["n", "'text ' || n", "n * 1.5"]
    values[column] = f"CASE WHEN n = {row} AND {when} THEN {bad} END"
    return f"SELECT {values[0]} AS a, {values[1]} AS b, {values[2]} AS c FROM generate_series(1, {ROWS}) n"


Way = Callable[[Any, Callable[..., str]], Awaitable[Any]]


async def query(pg: Any, ask: Callable[..., str]) -> Any:
    return await maybe(pg.query(ask()))


async def prepared(pg: Any, ask: Callable[..., str]) -> Any:
    await maybe(pg.prepare(ask()))
    return await maybe(pg.query(ask()))


async def given(pg: Any, ask: Callable[..., str]) -> Any:
    """The same statement has answered before."""
    assert len(await maybe(pg.query(ask("$1 = 2"), [1]))) == ROWS
    return await maybe(pg.query(ask("$1 = 2"), [2]))


async def fetchone(pg: Any, ask: Callable[..., str]) -> Any:
    async with entered(pg.cursor()) as cursor:
        await maybe(cursor.execute(ask()))
        while await maybe(cursor.fetchone()) is not None:
            pass


async def fetchmany(pg: Any, ask: Callable[..., str]) -> Any:
    async with entered(pg.cursor()) as cursor:
        await maybe(cursor.execute(ask()))
        while await maybe(cursor.fetchmany(100)):
            pass


async def streamed(pg: Any, ask: Callable[..., str]) -> Any:
    return await items(pg.stream(ask(), chunk=100))


async def copied(pg: Any, ask: Callable[..., str]) -> Any:
    return await items(pg.copy_out(sql=ask()))


async def run_many(pg: Any, ask: Callable[..., str]) -> Any:
    return (await maybe(pg.run_many(ask("$1 = 2"), [[1], [2], [3]], Shape.tuples()))).rows


async def piped(pg: Any, ask: Callable[..., str]) -> Any:
    """Its neighbours get their answers."""
    async with entered(pg.pipeline()) as pipe:
        before = pipe.query("SELECT 'before'")
        failing = pipe.query(ask())
        alike = [pipe.query(ask("$1 = 2"), [n]) for n in (1, 2, 3)]
        behind = pipe.query("SELECT 'behind'")
    assert await maybe(before.result()) == [("before",)]
    assert [len(await maybe(alike[at].result())) for at in (0, 2)] == [ROWS, ROWS]
    with pytest.raises(DataError, match="an infinite date"):
        await maybe(alike[1].result())
    assert await maybe(behind.result()) == [("behind",)]
    return await maybe(failing.result())


ALL: dict[str, Way] = {
    way.__name__: way for way in (query, prepared, given, fetchone, fetchmany, streamed, copied, run_many, piped)
}


@pytest.mark.parametrize("way", ALL)
@pytest.mark.parametrize("bad", BAD)
async def test_in_each_row_and_column(pg: Any, way: str, bad: str) -> None:
    await maybe(pg.script(SETUP))
    first = [*ALL].index(way) + [*BAD].index(bad)
    for at, row in enumerate((1, ROWS // 2, ROWS)):
        for column in range(3) if EFFORT > 1 else [(first + at) % 3]:

            def ask(when: str = "true", row: int = row, column: int = column) -> str:
                return sql(row, column, BAD[bad], when)

            with pytest.raises(DataError, match="an infinite date") as caught:
                await ALL[way](pg, ask)
            assert caught.value.column == "abc"[column]
            assert await maybe(pg.query("SELECT 1 AS one, 'two' AS two")) == [(1, "two")]
            assert (await maybe(pg.run("SELECT $1::int AS n", [7], Shape.dicts()))).rows == [{"n": 7}]
            good = "SELECT ROW('1', '2026-01-02')::dated::text AS dated"
            assert await maybe(pg.query(good)) == [("($1.00,2026-01-02)",)]


@pytest.mark.only(colour="async")
async def test_a_value_is_no_reason_to_look_up_its_type_again_and_again(pg: Any, postgresql_url: str) -> None:
    """Perhaps the type has changed, so it is asked about; then it has not."""
    await maybe(pg.script(SETUP))
    count = Counter()
    async with relayed(postgresql_url, count.said, count.answered) as url, await connect_async(url) as conn:
        assert await conn.query("SELECT ROW('1', '2026-01-02')::dated") == [(("$1.00", date(2026, 1, 2)),)]
        before = count.trips
        with pytest.raises(DataError, match="an infinite date"):
            await conn.query("SELECT ROW('1', 'infinity')::dated")
        assert count.trips - before <= 3

"""A loop over a stream or a COPY that is left early: whoever goes on with the connection finds it free."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from ferrow import create_engine
from ferrow.driver import AsyncConnection, Shape
from ferrow.errors import InterfaceError

pytestmark = pytest.mark.only(colour="async")

ROWS = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 10) SELECT n FROM c"


async def leave(pieces: Any) -> None:
    async for row in pieces:
        assert row[0] == 1
        break


async def begun(conn: Any) -> None:
    async with await conn.begin() as tx:
        assert await tx.query_one("SELECT 7") == (7,)


async def streamed(conn: Any) -> None:
    assert [row[0] async for row in conn.stream(ROWS, chunk=3)] == list(range(1, 11))


async def fetched(conn: Any) -> None:
    cur = conn.cursor()
    await cur.execute("INSERT INTO t VALUES (1)")
    assert await (await cur.execute("SELECT 7")).fetchall() == [(7,)]
    await conn.rollback()


async def piped(conn: Any) -> None:
    async with conn.pipeline() as pipe:
        one = pipe.query("SELECT 7")
    assert await one == [(7,)]


NEXT: dict[str, Callable[[Any], Any]] = {
    "query": lambda conn: conn.query("SELECT 7"),
    "script": lambda conn: conn.script("INSERT INTO t VALUES (1); DELETE FROM t"),
    "run_many": lambda conn: conn.run_many("INSERT INTO t VALUES ($1)", [[1], [2]], Shape.tuples()),
    "batch": lambda conn: conn.execute_batch(["DELETE FROM t", "INSERT INTO t VALUES (1)"]),
    "prepare": lambda conn: conn.prepare("SELECT n FROM t"),
    "clear_cache": lambda conn: conn.clear_cache(),
    "begin": begun,
    "stream": streamed,
    "cursor": fetched,
    "pipeline": piped,
}


@pytest.mark.parametrize("following", NEXT.values(), ids=NEXT)
async def test_what_comes_next_waits_for_the_end_of_the_stream(conn: Any, following: Callable[[Any], Any]) -> None:
    await conn.script("CREATE TABLE t (n integer)")
    await leave(conn.stream(ROWS, chunk=2))
    await following(conn)
    assert conn.status == "idle"
    # A second time: what stood in for the wire has gone.
    await leave(conn.stream(ROWS, chunk=2))
    await following(conn)
    assert await conn.query_one("SELECT 7") == (7,)


async def test_what_it_did_is_undone(pg: Any) -> None:
    await pg.script("CREATE TABLE t (n integer)")
    async for _ in pg.stream("INSERT INTO t SELECT generate_series(1, 5) RETURNING n", chunk=1):
        break
    assert await pg.query_one("SELECT count(*) FROM t") == (0,)


async def test_an_exception_of_the_loops_body_leaves_it_as_well(conn: Any) -> None:
    with pytest.raises(ZeroDivisionError):
        async for row in conn.stream(ROWS, chunk=2):
            row[0] / 0
    assert await conn.query_one("SELECT 7") == (7,)


async def test_several_tasks_wait_and_one_that_is_cancelled_disturbs_nobody(conn: Any) -> None:
    await leave(conn.stream(ROWS, chunk=2))
    tasks = [asyncio.ensure_future(conn.query_one("SELECT $1", [str(number)])) for number in range(4)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert [*map(type, answers)][1] is asyncio.CancelledError
    assert [answers[at] for at in (0, 2, 3)] == [("0",), ("2",), ("3",)]
    assert await conn.query_one("SELECT 7") == (7,)


async def test_a_loop_that_is_still_there_is_not_left(conn: Any) -> None:
    loop = aiter(conn.stream(ROWS, chunk=2))
    assert (await anext(loop))[0] == 1
    with pytest.raises(InterfaceError, match="a stream is open"):
        await conn.query("SELECT 7")
    assert (await anext(loop))[0] == 2
    await loop.aclose()
    assert await conn.query_one("SELECT 7") == (7,)


async def test_leaving_a_loop_inside_the_block_closes_nothing(conn: Any) -> None:
    async with conn.stream(ROWS, chunk=2) as rows:
        await leave(rows)
        with pytest.raises(InterfaceError, match="a stream is open"):
            await conn.query("SELECT 7")
        assert [row[0] async for row in rows] == list(range(2, 11))


async def test_inside_a_transaction_it_goes_on(conn: Any) -> None:
    await conn.script("CREATE TABLE t (n integer)")
    async with conn.transaction() as tx:
        await tx.execute("INSERT INTO t VALUES (1)")
        await leave(tx.stream(ROWS, chunk=2))
        await tx.execute("INSERT INTO t VALUES (2)")
        await leave(tx.stream(ROWS, chunk=2))
    assert await conn.query("SELECT n FROM t ORDER BY n") == [(1,), (2,)]


async def test_a_connection_may_be_closed_at_once(
    url: str, nothing_left: None, caplog: pytest.LogCaptureFixture
) -> None:
    async with AsyncConnection(url) as conn:
        await leave(conn.stream(ROWS, chunk=2))
    await asyncio.sleep(0)
    assert conn.is_closed()
    assert caplog.records == []


async def test_one_lent_by_an_engine_goes_back_and_comes_again(
    url: str, nothing_left: None, caplog: pytest.LogCaptureFixture
) -> None:
    engine = await create_engine(url, max_size=1)
    for _ in range(5):
        async with engine.connection() as conn:
            await leave(conn.stream(ROWS, chunk=2))
    for _ in range(5):
        async with engine.connection() as conn:
            await leave(conn.stream(ROWS, chunk=2))
            assert await conn.query_one("SELECT 7") == (7,)
    assert await engine.query_one("SELECT 7") == (7,)
    await engine.close()
    assert caplog.records == []


async def test_one_that_another_thread_collects_is_closed_by_the_loop(conn: Any) -> None:
    loops = [aiter(conn.stream(ROWS, chunk=2))]
    assert (await anext(loops[0]))[0] == 1
    await asyncio.to_thread(loops.clear)
    while True:
        try:
            assert await conn.query_one("SELECT 7") == (7,)
            break
        except InterfaceError:
            await asyncio.sleep(0)


@pytest.mark.parametrize("inside", [False, True], ids=["alone", "in a transaction"])
async def test_a_copy_too(pg: Any, inside: bool) -> None:
    if inside:
        await pg.begin()
    for _ in range(3):
        await leave(pg.copy_out(sql="SELECT generate_series(1, 100000)"))
        assert await pg.query_one("SELECT 7") == (7,)
    assert pg.status == ("transaction" if inside else "idle")


async def test_tasks_that_share_a_stream_all_find_its_end(pg: Any) -> None:
    async def take(rows: Any) -> list[int]:
        found: list[int] = []
        while piece := await rows.fetch(2):
            found += [row[0] for row in piece]
            await asyncio.sleep(0)  # so that one asks while another one waits for the end
        return found

    for length in range(97, 102):  # decides who asks while another one waits for the end
        async with pg.stream(f"SELECT generate_series(1, {length})", chunk=2) as rows:
            shares = await asyncio.gather(*[take(rows) for _ in range(2)])
        assert sorted(number for share in shares for number in share) == list(range(1, length + 1))
    assert await pg.query_one("SELECT 7") == (7,)

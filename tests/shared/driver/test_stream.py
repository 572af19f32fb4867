"""Results read in pieces, on both databases and in both colours."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow._core import Row, Shape
from ferrow.errors import DatabaseError, DataError, InterfaceError, ProgrammingError, UniqueViolation
from tests.support import entered, items, maybe

NUMBERS = "SELECT n FROM numbers WHERE n <= $1 ORDER BY n"


async def fill(conn: Any, count: int) -> None:
    await maybe(conn.execute("CREATE TABLE numbers (n integer PRIMARY KEY)"))
    await maybe(
        conn.execute(
            "INSERT INTO numbers WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < $1) SELECT n FROM c",
            [count],
        )
    )


@pytest.mark.parametrize("chunk", [1, 3, 10, 11, 1000])
async def test_all_rows_in_order(conn: Any, chunk: int) -> None:
    await fill(conn, 10)
    rows = await items(conn.stream(NUMBERS, [10], chunk=chunk))
    assert [row["n"] for row in rows] == list(range(1, 11))
    assert all(type(row) is Row for row in rows)
    assert await items(conn.stream(NUMBERS, [0], chunk=chunk)) == []
    assert len(await maybe(conn.query(NUMBERS, [10]))) == 10  # the connection is free again


async def test_rows_take_any_shape(conn: Any) -> None:
    await fill(conn, 3)
    assert await items(conn.stream(NUMBERS, [3], chunk=2, shape=Shape.tuples())) == [(1,), (2,), (3,)]
    assert await items(conn.stream(NUMBERS, [2], shape=Shape.column(0))) == [1, 2]
    assert await items(conn.stream(NUMBERS, [1], shape=Shape.dicts())) == [{"n": 1}]


async def test_fetch_and_columns(conn: Any) -> None:
    await fill(conn, 10)
    async with entered(conn.stream(NUMBERS, [10], chunk=4)) as rows:
        assert rows.columns == ("n",)
        assert [row[0] for row in await maybe(rows.fetch(3))] == [1, 2, 3]
        assert [row[0] for row in await maybe(rows.fetch())] == [4, 5, 6, 7]
        assert [row[0] for row in await maybe(rows.fetch(100))] == [8, 9, 10]
        assert await maybe(rows.fetch()) == []
        assert await maybe(rows.fetch()) == []


async def test_a_loop_inside_the_block_can_be_left_and_gone_on_with(conn: Any, colour: str) -> None:
    await fill(conn, 10)
    seen = []
    async with entered(conn.stream(NUMBERS, [10], chunk=4)) as rows:
        if colour == "async":
            async for row in rows:
                seen.append(row[0])
                if row[0] == 2:
                    break
            seen.append((await anext(rows))[0])
        else:
            for row in rows:
                seen.append(row[0])
                if row[0] == 2:
                    break
            seen.append(next(rows)[0])
        seen += [row[0] for row in await maybe(rows.fetch(1))]
        seen += [row[0] for row in await items(rows)]
    assert seen == list(range(1, 11))


async def test_no_more_than_a_chunk_is_here(pg: Any) -> None:
    """100,000 rows; what the server has been asked for is never more than a chunk ahead of what was read."""
    await maybe(pg.script("CREATE SEQUENCE made"))
    count = ahead = 0
    async with entered(pg.transaction()):
        # nextval runs when a row is made, so its value says how many rows the server has made.
        stream = pg.stream("SELECT nextval('made') FROM generate_series(1, 100000)", chunk=500)
        async with entered(stream) as rows:
            while piece := await maybe(rows.fetch()):
                assert len(piece) <= 500
                count += len(piece)
                if count % 20_000 == 0:
                    made = (await maybe(pg.query_one("SELECT last_value FROM made")))[0]
                    ahead = max(ahead, made - count)
    assert count == 100_000
    assert ahead == 0


async def test_inside_a_transaction_streams_and_statements_interleave(conn: Any) -> None:
    await fill(conn, 6)
    async with entered(conn.transaction()) as tx:
        async with (
            entered(conn.stream(NUMBERS, [6], chunk=2)) as one,
            entered(tx.stream(NUMBERS, [6], chunk=3)) as other,
        ):
            assert [row[0] for row in await maybe(one.fetch())] == [1, 2]
            assert [row[0] for row in await maybe(other.fetch())] == [1, 2, 3]
            assert (await maybe(tx.query_one("SELECT count(*) FROM numbers")))[0] == 6
            assert [row[0] for row in await maybe(one.fetch())] == [3, 4]
            assert [row[0] for row in await maybe(other.fetch())] == [4, 5, 6]
            assert [row[0] for row in await maybe(one.fetch())] == [5, 6]
        assert (await maybe(conn.query_one("SELECT count(*) FROM numbers")))[0] == 6


async def test_outside_a_transaction_other_statements_are_refused_until_it_is_closed(conn: Any) -> None:
    await fill(conn, 6)
    async with entered(conn.stream(NUMBERS, [6], chunk=2)) as rows:
        await maybe(rows.fetch())
        for refused in (
            lambda: conn.query("SELECT 1"),
            lambda: conn.execute("DELETE FROM numbers"),
            lambda: conn.script("SELECT 1"),
            lambda: conn.run_many("INSERT INTO numbers VALUES ($1)", [[7]], Shape.tuples()),
            lambda: conn.begin(),
        ):
            with pytest.raises(InterfaceError, match="a stream is open on this connection"):
                await maybe(refused())
        with pytest.raises(InterfaceError, match="a stream is open"):
            await items(conn.stream(NUMBERS, [1]))
        assert not conn.is_closed()
        assert [row[0] for row in await maybe(rows.fetch())] == [3, 4]
    assert (await maybe(conn.query_one("SELECT count(*) FROM numbers")))[0] == 6
    async with entered(conn.transaction()):
        assert len(await items(conn.stream(NUMBERS, [6]))) == 6


async def test_a_plain_loop_that_is_left_early_closes_the_stream(conn: Any, colour: str) -> None:
    await fill(conn, 6)
    stream = conn.stream(NUMBERS, [6], chunk=2)
    if colour == "async":
        async for row in stream:
            assert row[0] == 1
            break
        await stream.aclose()  # a loop finds out at its next turn; whoever cannot wait says so
    else:
        for row in stream:
            assert row[0] == 1
            break
    assert (await maybe(conn.query_one("SELECT count(*) FROM numbers")))[0] == 6


async def test_a_closed_stream_says_so_and_one_read_to_its_end_has_no_more(conn: Any, colour: str) -> None:
    await fill(conn, 3)
    stream = conn.stream(NUMBERS, [3])
    await maybe(stream.close())
    with pytest.raises(InterfaceError, match="the stream is closed"):
        await maybe(stream.fetch())
    read = conn.stream(NUMBERS, [3])
    assert len(await items(read)) == 3
    assert await items(read) == []
    await maybe(read.close())
    async with entered(conn.stream(NUMBERS, [3])) as rows:
        assert tuple(await (anext(rows) if colour == "async" else maybe(next(iter(rows))))) == (1,)
        await maybe(rows.close())
        await maybe(rows.close())
        with pytest.raises(InterfaceError, match="closed"):
            await maybe(rows.fetch())
    with pytest.raises(InterfaceError, match="columns are known when"):
        _ = conn.stream(NUMBERS, [3]).columns


@pytest.mark.parametrize("chunk", [0, -1, 1.5, "10", None, True])
async def test_a_chunk_is_at_least_one_row(conn: Any, chunk: Any) -> None:
    with pytest.raises(InterfaceError, match="chunk is a number of rows and must be at least 1"):
        conn.stream("SELECT 1", chunk=chunk)
    async with entered(conn.stream("SELECT 1")) as rows:
        for limit in (0, -1, 1.5, "10", True):
            with pytest.raises(InterfaceError, match="limit is a number of rows and must be at least 1"):
                await maybe(rows.fetch(limit))


@pytest.mark.parametrize("most", [2**31, 2**32 + 1, 2**64])
async def test_a_chunk_of_more_rows_than_there_can_be(conn: Any, most: int) -> None:
    assert await items(conn.stream("SELECT 1", chunk=most)) == [(1,)]
    async with entered(conn.stream("SELECT 1")) as rows:
        assert await maybe(rows.fetch(most)) == [(1,)]
        assert await maybe(rows.fetch(most)) == []


async def test_errors_at_the_start_leave_the_connection_as_it_was(conn: Any) -> None:
    await fill(conn, 3)
    for sql, params in (("SELECT nothing FROM numbers", None), (NUMBERS, []), ("SELEC 1", None)):
        with pytest.raises(DatabaseError):
            await items(conn.stream(sql, params))
        assert (await maybe(conn.query_one("SELECT count(*) FROM numbers")))[0] == 3
    with pytest.raises(DataError):
        await items(conn.stream("SELECT n FROM numbers WHERE n = $1", [object()]))
    assert (await maybe(conn.query_one("SELECT count(*) FROM numbers")))[0] == 3


async def test_an_error_in_the_middle_closes_the_stream(pg: Any) -> None:
    seen = []
    with pytest.raises(DataError, match="division by zero"):
        async with entered(pg.stream("SELECT 1 / (3 - n) FROM generate_series(1, 5) n", chunk=1)) as rows:
            while piece := await maybe(rows.fetch()):
                seen += piece
    assert len(seen) == 2
    assert (await maybe(pg.query_one("SELECT 1")))[0] == 1


async def test_a_row_that_does_not_decode(pg: Any) -> None:
    sql = "SELECT CASE WHEN n = 5 THEN 'infinity' ELSE 'today' END::date FROM generate_series(1, 10) n"
    with pytest.raises(DataError, match="infinite"):
        await items(pg.stream(sql, chunk=2))
    assert (await maybe(pg.query_one("SELECT 1")))[0] == 1
    async with entered(pg.transaction()):
        with pytest.raises(DataError, match="infinite"):
            await items(pg.stream(sql, chunk=2))
        assert (await maybe(pg.query_one("SELECT 1")))[0] == 1  # the transaction is whole
        assert (await maybe(pg.query_one("SELECT count(*) FROM pg_cursors")))[0] <= 1


async def test_it_commits_at_its_end_and_rolls_back_on_an_exception(conn: Any) -> None:
    await fill(conn, 1)
    insert = "INSERT INTO numbers VALUES ($1), ($2) RETURNING n"
    assert len(await items(conn.stream(insert, [2, 3], chunk=1))) == 2
    with pytest.raises(ZeroDivisionError):
        async with entered(conn.stream(insert, [4, 5], chunk=1)) as rows:
            await maybe(rows.fetch())
            raise ZeroDivisionError
    async with entered(conn.stream(insert, [6, 7], chunk=1)) as rows:
        await maybe(rows.fetch())
    with pytest.raises(UniqueViolation):
        await items(conn.stream(insert, [8, 1]))
    numbers = [row[0] for row in await maybe(conn.query("SELECT n FROM numbers ORDER BY n"))]
    assert numbers == [1, 2, 3, 6, 7]


async def test_a_stream_ends_with_its_transaction(conn: Any) -> None:
    await fill(conn, 6)
    tx = await maybe(conn.begin())
    stream = conn.stream(NUMBERS, [6], chunk=2)
    await maybe(stream.fetch())
    await maybe(tx.rollback())
    with pytest.raises(DatabaseError, match=r"transaction|rolled back|rollback"):
        await maybe(stream.fetch())
    assert (await maybe(conn.query_one("SELECT count(*) FROM numbers")))[0] == 6


async def test_a_portal_does_not_survive_the_rollback_of_its_savepoint(pg: Any) -> None:
    async with entered(pg.transaction()):
        with pytest.raises(ZeroDivisionError):
            async with entered(pg.transaction()):
                stream = pg.stream("SELECT n FROM generate_series(1, 10) n", chunk=2)
                await maybe(stream.fetch())
                raise ZeroDivisionError
        savepoint = await maybe(pg.begin())
        with pytest.raises(DatabaseError, match=r"does not exist"):
            await maybe(stream.fetch())
        await maybe(savepoint.rollback())
        assert (await maybe(pg.query_one("SELECT 1")))[0] == 1


async def test_statements_without_rows(conn: Any) -> None:
    await fill(conn, 3)
    assert await items(conn.stream("DELETE FROM numbers WHERE n = 1")) == []
    assert (await maybe(conn.query_one("SELECT count(*) FROM numbers")))[0] == 2


async def test_a_stale_plan_is_prepared_anew(pg: Any) -> None:
    await maybe(pg.execute("CREATE TABLE t (a integer)"))
    await maybe(pg.execute("INSERT INTO t VALUES (1)"))
    assert [tuple(row) for row in await items(pg.stream("SELECT * FROM t"))] == [(1,)]
    await maybe(pg.execute("ALTER TABLE t ADD b text DEFAULT 'x'"))
    assert [tuple(row) for row in await items(pg.stream("SELECT * FROM t"))] == [(1, "x")]


async def test_a_finished_transaction_has_no_stream(conn: Any) -> None:
    tx = await maybe(conn.begin())
    await maybe(tx.commit())
    with pytest.raises(ProgrammingError, match="already committed"):
        tx.stream("SELECT 1")


async def test_a_connection_that_is_closed_under_a_stream(conn: Any) -> None:
    await fill(conn, 6)
    stream = conn.stream(NUMBERS, [6], chunk=2)
    await maybe(stream.fetch())
    await maybe(conn.close())
    assert conn.is_closed()
    with pytest.raises(DatabaseError, match="closed"):
        await maybe(stream.fetch())

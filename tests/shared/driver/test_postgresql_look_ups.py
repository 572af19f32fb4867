"""How a session finds out about a type: one question for each, which nothing that happens meanwhile spoils."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import DataError, NoResultFound, OperationalError
from tests.support import maybe
from tests.support.own_types import OUTER, one, prepared
from tests.support.postgres import with_options

pytestmark = pytest.mark.postgresql


@pytest.mark.parametrize("cache", [0, 256])
async def test_records_say_what_they_consist_of(pg: Any, cache: int, colour: str, postgresql_url: str) -> None:
    """Their field types are only in the values, so they are looked up when the rows are there."""
    await prepared(pg)
    url = with_options(postgresql_url, f"statement_cache_size={cache}")
    conn = await driver.connect_async(url) if colour == "async" else driver.connect(url)
    assert await one(conn, "SELECT ROW(1, 'a'::text, NULL::int)") == (1, "a", None)
    sql = "SELECT g, ROW(g, 'ok'::mood, ROW(ROW('sad'::mood, g)::record, '{ok}'::mood[])) FROM generate_series(1, 3) g"
    for _ in range(2):
        rows = await maybe(conn.query(sql))
        assert rows == [(g, (g, "ok", (("sad", g), ["ok"]))) for g in (1, 2, 3)]
    with pytest.raises(DataError, match="PostgreSQL takes no anonymous record"):
        await one(conn, "SELECT $1::record", (1,))
    assert await one(conn, "SELECT array_agg(ROW(g)) FROM generate_series(1, 2) g") == [(1,), (2,)]
    await maybe(conn.close())


async def test_one_question_per_type_and_none_for_those_of_every_server(pg: Any) -> None:
    await prepared(pg)
    assert await one(pg, "SELECT $1::int[]", [1]) == [1]
    before = await one(pg, "SELECT count(*) FROM pg_prepared_statements")
    assert await one(pg, "SELECT 'ok'::mood") == "ok"
    assert await one(pg, "SELECT $1::mood, 1", "ok") == "ok"
    # The question is no prepared statement, and leaves nothing behind.
    assert await one(pg, "SELECT count(*) FROM pg_prepared_statements") == before + 2


async def test_look_up_inside_a_transaction(pg: Any) -> None:
    tx = await maybe(pg.begin())
    await maybe(pg.execute("CREATE TYPE mood AS ENUM ('ok')"))
    assert await one(pg, "SELECT $1::mood", "ok") == "ok"
    await maybe(tx.rollback())
    await maybe(pg.execute("CREATE TYPE mood AS (a integer)"))
    assert await one(pg, "SELECT $1::mood", (1,)) == (1,)


async def test_statement_cache_off(pg: Any, colour: str, postgresql_url: str) -> None:
    await prepared(pg)
    url = with_options(postgresql_url, "statement_cache_size=0")
    conn = await driver.connect_async(url) if colour == "async" else driver.connect(url)
    for _ in range(2):
        assert await one(conn, "SELECT $1::outer_", OUTER) == OUTER
    await maybe(conn.close())


@pytest.mark.only(colour="async")
async def test_pipelined_look_ups_stay_in_order(pg: Any) -> None:
    await prepared(pg)
    sqls = [
        "SELECT 'ok'::mood",
        "SELECT row(1, 'a')::inner_",
        "SELECT 1",
        "SELECT row('sad'::mood)",
        "SELECT 'ab'::shorter",
    ]
    results = await asyncio.gather(*(pg.query_one(sql) for sql in sqls * 3))
    assert [row[0] for row in results] == ["ok", (1, "a"), 1, ("sad",), "ab"] * 3
    done: list[int] = []

    async def numbered(number: int, sql: str) -> None:
        await pg.query_one(sql)
        done.append(number)

    await asyncio.gather(numbered(0, "SELECT '{}'::mood[], '(,)'::moodrange"), numbered(1, "SELECT 2"))
    assert done == [0, 1]


@pytest.mark.only(colour="async")
async def test_a_caller_that_leaves_during_the_look_up(pg: Any) -> None:
    await prepared(pg)
    for turns in range(12):
        sql = f"SELECT row(1, 'a')::inner_, {turns}"
        task = asyncio.ensure_future(pg.query_one(sql))
        neighbour = asyncio.ensure_future(pg.query_one("SELECT $1::mood", ["ok"]))
        for _ in range(turns):
            await asyncio.sleep(0)
        leaves = task.cancel()
        assert (await neighbour)[0] == "ok"
        if leaves:
            with pytest.raises(asyncio.CancelledError):
                await task
        else:  # a busy machine has answered within so few turns
            assert (await task)[0] == (1, "a")
        assert await one(pg, sql) == (1, "a")


@pytest.mark.only(colour="async")
async def test_a_connection_lost_during_the_look_up(pg: Any, postgresql_url: str) -> None:
    await prepared(pg)
    victim = await driver.connect_async(postgresql_url)
    pid = await one(victim, "SELECT pg_backend_pid()")
    lock = await maybe(pg.begin())
    await maybe(pg.execute("LOCK TABLE pg_enum, pg_type IN ACCESS EXCLUSIVE MODE"))
    task = asyncio.ensure_future(victim.query_one("SELECT $1::outer_", [OUTER]))
    await asyncio.sleep(0)
    await maybe(pg.query("SELECT pg_terminate_backend($1)", [pid]))
    with pytest.raises(OperationalError):
        await task
    await maybe(lock.rollback())
    assert victim.is_closed()


@pytest.mark.parametrize("bad", range(4))
@pytest.mark.parametrize("column", range(3))
async def test_a_value_that_does_not_decode_in_any_place(pg: Any, bad: int, column: int) -> None:
    """The error comes at the end of the reply; the next statement gets its own answer."""
    await prepared(pg)
    columns = [f"CASE WHEN g = {bad} AND {column} = 0 THEN 'infinity' ELSE '2026-01-01' END::date"]
    columns.append(f"ARRAY[CASE WHEN g = {bad} AND {column} = 1 THEN 'infinity' ELSE '2026-01-01' END::date]")
    columns.append(
        f"ROW(g, CASE WHEN g = {bad} AND {column} = 2 THEN 'infinity' ELSE '2026-01-01' END::date, 'ok'::mood)"
    )
    sql = f"SELECT {', '.join(columns)} FROM generate_series(0, 3) g"
    with pytest.raises(DataError, match="no equal in Python"):
        await maybe(pg.query(sql))
    assert await one(pg, "SELECT 7") == 7
    with pytest.raises(NoResultFound):
        await maybe(pg.query_one("SELECT 1 WHERE false"))

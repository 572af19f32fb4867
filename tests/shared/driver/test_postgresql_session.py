"""What is particular to PostgreSQL's sessions: statement cache, pipelining, cancellation, logging in."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from ferrow import driver
from ferrow._core import Shape
from ferrow.errors import DataError, OperationalError, ProgrammingError, QueryCancelled
from tests.support import entered, maybe
from tests.support.postgres import with_options

pytestmark = pytest.mark.postgresql

_TUPLES = Shape.tuples()


async def test_a_cached_statement_heals_after_ddl(pg: Any) -> None:
    await maybe(pg.script("CREATE TABLE t (a int); INSERT INTO t VALUES (1)"))
    for _ in range(2):
        assert (await maybe(pg.query("SELECT * FROM t")))[0].to_dict() == {"a": 1}
    await maybe(pg.script("ALTER TABLE t ADD COLUMN b text DEFAULT 'x'"))
    assert (await maybe(pg.query("SELECT * FROM t")))[0].to_dict() == {"a": 1, "b": "x"}
    await maybe(pg.script("DEALLOCATE ALL"))
    assert (await maybe(pg.query("SELECT * FROM t")))[0].to_dict() == {"a": 1, "b": "x"}


async def test_in_the_middle_of_a_transaction_a_stale_statement_is_one_error_and_then_healed(
    pg: Any, postgresql_url: str
) -> None:
    await maybe(pg.script("CREATE TABLE t (a int); INSERT INTO t VALUES (1)"))
    await maybe(pg.query("SELECT * FROM t"))
    with driver.connect(postgresql_url) as other:
        other.script("ALTER TABLE t ADD COLUMN b int")
    with pytest.raises(driver.DatabaseError, match="cached plan must not change result type") as caught:
        async with entered(pg.transaction()) as tx:
            await maybe(tx.query("SELECT 1"))
            await maybe(tx.query("SELECT * FROM t"))
    assert "run the transaction again" in str(caught.value)
    async with entered(pg.transaction()) as tx:
        assert (await maybe(tx.query("SELECT * FROM t")))[0].to_dict() == {"a": 1, "b": None}


async def test_a_transaction_that_changes_a_table_can_go_on_with_it(pg: Any) -> None:
    await maybe(pg.script("CREATE TABLE t (a int); INSERT INTO t VALUES (1)"))
    await maybe(pg.query("SELECT * FROM t"))
    async with entered(pg.transaction()) as tx:
        await maybe(tx.script("ALTER TABLE t ADD COLUMN b int"))
        assert (await maybe(tx.query("SELECT * FROM t")))[0].to_dict() == {"a": 1, "b": None}


@pytest.mark.parametrize(
    ("before", "first", "after", "value"),
    [("real", 1.5, "double precision", 16777217.0), ("char(4)", "a", "text", "b  ")],
    ids=["double precision", "text, once char"],
)
@pytest.mark.parametrize("way", ["execute", "run_many", "pipeline"])
async def test_what_a_column_could_not_hold_before_arrives_whole(
    pg: Any, before: str, first: Any, after: str, value: Any, way: str
) -> None:
    async def insert(value: Any) -> None:
        sql = "INSERT INTO t VALUES ($1)"
        if way == "pipeline":
            async with entered(pg.pipeline()) as pipe:
                pipe.execute(sql, [value])
        else:
            await maybe(pg.execute(sql, [value]) if way == "execute" else pg.run_many(sql, [[value]] * 100, _TUPLES))

    await maybe(pg.script(f"CREATE TABLE t (v {before})"))
    await insert(first)
    await maybe(pg.script(f"TRUNCATE t; ALTER TABLE t ALTER v TYPE {after}"))
    await insert(value)
    assert {row[0] for row in await maybe(pg.query("SELECT v FROM t"))} == {value}


async def test_the_statement_cache_is_bounded(postgresql_url: str, colour: str) -> None:
    url = with_options(postgresql_url, "statement_cache_size=10")
    conn = await driver.connect_async(url) if colour == "async" else driver.connect(url)
    for n in range(40):
        assert (await maybe(conn.query_one(f"SELECT {n}, $1::int", [n]))).values() == [n, n]  # type: ignore[attr-defined]
    prepared = await maybe(conn.query_one("SELECT count(*) FROM pg_prepared_statements"))
    assert prepared[0] <= 11
    await maybe(conn.close())


async def test_without_a_cache_nothing_stays_prepared(postgresql_url: str, colour: str) -> None:
    url = with_options(postgresql_url, "statement_cache_size=0")
    conn = await driver.connect_async(url) if colour == "async" else driver.connect(url)
    for n in range(3):
        assert (await maybe(conn.query_one("SELECT $1::int", [n])))[0] == n
    assert (await maybe(conn.query_one("SELECT count(*) FROM pg_prepared_statements WHERE name <> ''")))[0] == 0
    await maybe(conn.close())


async def test_types_without_a_binary_form_arrive_as_text(pg: Any) -> None:
    row = await maybe(pg.query_one("SELECT 'fat & rat'::tsquery, 'pg_class'::regclass, '{$1.50}'::money[]"))
    assert row.values() == ["'fat' & 'rat'", "pg_class", ["$1.50"]]


async def test_errors_carry_their_fields(pg: Any) -> None:
    await maybe(pg.script("CREATE TABLE t (a int CONSTRAINT positive CHECK (a > 0))"))
    with pytest.raises(driver.IntegrityError) as caught:
        await maybe(pg.execute("INSERT INTO t VALUES (-1)"))
    error = caught.value
    assert (error.sqlstate, error.constraint, error.table, error.schema) == ("23514", "positive", "t", "public")
    assert "Failing row contains (-1)" in str(error)
    with pytest.raises(ProgrammingError) as wrong:
        await maybe(pg.query("SELECT nope"))
    assert wrong.value.position == 8


async def test_a_copy_statement_does_not_wedge_the_session(pg: Any) -> None:
    await maybe(pg.script("CREATE TABLE t (a int)"))
    for sql in ("COPY t FROM STDIN", "COPY t TO STDOUT"):
        with pytest.raises(driver.DatabaseError):
            await maybe(pg.execute(sql))
        assert (await maybe(pg.query_one("SELECT 1")))[0] == 1


async def test_a_big_batch_cannot_deadlock(pg: Any) -> None:
    """More is sent and answered than both sockets can hold at once."""
    rows = [(n, "x" * 2000) for n in range(20_000)]
    result = await maybe(pg.run_many("SELECT $1::int, $2::text", rows, Shape.column()))
    assert result.rows == list(range(20_000))


async def test_wrong_password_and_no_server(postgresql_url: str, colour: str) -> None:
    from urllib.parse import urlsplit

    parts = urlsplit(postgresql_url)
    wrong = parts._replace(netloc=f"{parts.username}:hunter2@{parts.hostname}:{parts.port}").geturl()
    nowhere = parts._replace(netloc=f"{parts.username}:hunter2@127.0.0.1:1").geturl()
    for url, words in (
        (wrong, "password authentication failed"),
        (nowhere, "cannot connect to PostgreSQL at 127.0.0.1:1"),
    ):
        with pytest.raises(OperationalError, match=words) as caught:
            if colour == "async":
                await driver.connect_async(url)
            else:
                driver.connect(url)
        assert "hunter2" not in str(caught.value)


async def test_the_password_is_never_shown(pg: Any, postgresql_url: str) -> None:
    from urllib.parse import urlsplit

    password = urlsplit(postgresql_url).password
    assert password
    assert password not in repr(pg)


def test_concurrent_awaits_are_pipelined_in_order(postgresql_url: str) -> None:
    async def main() -> None:
        async with driver.AsyncConnection(postgresql_url) as conn:
            await conn.script("CREATE TABLE log (n int)")
            await asyncio.gather(*(conn.execute("INSERT INTO log VALUES ($1)", [n]) for n in range(50)))
            rows = await conn.query("SELECT n FROM log")
            assert [row[0] for row in rows] == list(range(50))
            # A failing statement fails alone.
            outcomes = await asyncio.gather(
                *(conn.query_one("SELECT 10 / $1::int", [n]) for n in (1, 0, 2, 0, 5)), return_exceptions=True
            )
            assert [type(outcome) for outcome in outcomes] == [driver.Row, DataError, driver.Row, DataError, driver.Row]

    asyncio.run(main())


def test_cancelling_frees_the_caller_and_keeps_the_connection(postgresql_url: str) -> None:
    async def main() -> None:
        async with driver.AsyncConnection(postgresql_url) as conn:
            task = asyncio.create_task(conn.query("SELECT pg_sleep(60)"))
            await asyncio.sleep(0.05)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            async with asyncio.timeout(10):
                assert (await conn.query_one("SELECT 5"))[0] == 5

    asyncio.run(main())


def test_a_cancelled_statement_does_not_harm_its_neighbours(postgresql_url: str) -> None:
    async def main() -> None:
        seed = random.randrange(10**9)
        choice = random.Random(seed)
        async with driver.AsyncConnection(postgresql_url) as conn:
            for turn in range(150):
                tasks = [asyncio.create_task(conn.query_one("SELECT $1::int + $2::int", [turn, n])) for n in range(8)]
                await asyncio.sleep(choice.choice([0, 0, 0.0002]))
                doomed = choice.sample(range(8), 3)
                for n in doomed:
                    tasks[n].cancel()
                outcomes = await asyncio.gather(*tasks, return_exceptions=True)
                for n, outcome in enumerate(outcomes):
                    if n in doomed and isinstance(outcome, asyncio.CancelledError):
                        continue
                    assert isinstance(outcome, driver.Row), (seed, turn, outcome)
                    assert outcome[0] == turn + n

    asyncio.run(main())


async def test_a_backend_that_is_terminated(pg: Any, postgresql_url: str) -> None:
    pid = (await maybe(pg.query_one("SELECT pg_backend_pid()")))[0]
    with driver.connect(postgresql_url) as other:
        other.query("SELECT pg_terminate_backend($1, 5000)", [pid])
    with pytest.raises(OperationalError):
        await maybe(pg.query("SELECT 1"))
    with pytest.raises(driver.DatabaseError):
        await maybe(pg.query("SELECT 1"))
    assert pg.is_closed()


async def test_a_statement_timeout_is_an_error_of_its_own(pg: Any) -> None:
    await maybe(pg.execute("SET statement_timeout = 50"))
    with pytest.raises(QueryCancelled):
        await maybe(pg.query("SELECT pg_sleep(10)"))


def test_a_model_that_queries_while_it_is_built_gets_a_clear_error(postgresql_url: str) -> None:
    with driver.connect(postgresql_url) as conn:

        class Nosy:
            def __init__(self, a: int) -> None:
                conn.query("SELECT 1")

        with pytest.raises(driver.InterfaceError, match="from inside one of its own results"):
            conn.run("SELECT 1 AS a", None, Shape.instances(Nosy, ["a"], build="call"))
        assert conn.query_one("SELECT 2")[0] == 2


def test_notices_and_notifications_do_not_disturb(postgresql_url: str) -> None:
    with driver.connect(postgresql_url) as conn:
        conn.script("DO $$ BEGIN FOR i IN 1..100 LOOP RAISE NOTICE 'n %', i; END LOOP; END $$")
        conn.script("LISTEN c; NOTIFY c, 'x'")
        assert conn.query_one("SELECT 1")[0] == 1

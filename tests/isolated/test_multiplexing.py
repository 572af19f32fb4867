"""Reads of many tasks over few connections: what shares, what does not, and that nobody can tell."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ferrow.engine import create_engine
from ferrow.engine.lane import Lane
from ferrow.errors import DataError, InterfaceError, ProgrammingError
from tests.support.distance import far
from tests.support.multiplexing import TAG, idle, is_shared, learn, opened, tagged, until

pytestmark = pytest.mark.postgresql


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that shared a connection."""
    texts: list[str] = []
    run = Lane.run

    async def noted(self: Lane, sql: str, *rest: Any) -> Any:
        texts.append(sql)
        return await run(self, sql, *rest)

    monkeypatch.setattr(Lane, "run", noted)
    return texts


# --- what shares ---------------------------------------------------------------------------------------------------------


async def test_reads_of_many_tasks_share_few_connections(postgresql_url: str, sent: list[str]) -> None:
    async with opened(postgresql_url, max_size=4) as engine:
        await learn(engine, TAG, params=[1])
        work = asyncio.gather(*(engine.query_one(TAG, [number]) for number in range(64)))
        await asyncio.sleep(0)
        stats = engine.pool.stats()
        assert stats.shared == 64
        assert stats.used <= 2, "half of the pool at most"
        assert "64 statements on shared connections" in str(stats)
        assert [row["tag"] for row in await work] == [*range(64)]
        await until(lambda: idle(engine))
        assert len(sent) >= 64


async def test_an_error_belongs_to_its_statement(postgresql_url: str) -> None:
    async with opened(postgresql_url, max_size=1) as engine:
        sql = "SELECT 1 / $1::int AS one"
        await learn(engine, sql, params=[1])
        got = await asyncio.gather(*(engine.query(sql, [n % 2]) for n in range(40)), return_exceptions=True)
        assert [isinstance(one, DataError) for one in got] == [n % 2 == 0 for n in range(40)]
        with pytest.raises(ProgrammingError, match="1 placeholder, 2 parameters"):
            await engine.query(sql, [1, 2])
        with pytest.raises(ProgrammingError, match="a list or tuple"):
            await engine.query(sql, "text")
        await until(lambda: idle(engine))


async def test_sessions_share_as_well(postgresql_url: str, sent: list[str]) -> None:
    from ferrow import AsyncSession
    from tests.support.models import models

    user = models("declarative").User
    async with opened(postgresql_url, max_size=2) as engine:
        await engine.create_all(user)
        session = AsyncSession(engine)
        keys = [(await session.insert(user(name=f"u{n}", email=f"u{n}@example.org"))).id for n in range(20)]
        for _ in range(4):
            await session.get(user, keys[0])
            await session.query(user).count()
        found = await asyncio.gather(*(session.get(user, key) for key in keys))
        assert [one.name for one in found] == [f"u{n}" for n in range(20)]
        assert any("WHERE" in sql for sql in sent)
        assert any("count" in sql.lower() for sql in sent)


# --- what does not ---------------------------------------------------------------------------------------------------------

ALONE = {
    "setting": "SET statement_timeout = '77s'",
    "setting by function": "SELECT set_config('statement_timeout', '77s', false)",
    "listener": "LISTEN gossip",
    "temporary table": "CREATE TEMP TABLE IF NOT EXISTS mine (n int)",
    "advisory lock": "SELECT pg_advisory_lock(42)",
    "advisory lock, tried": "SELECT pg_try_advisory_lock(42)",
    "prepared statement": "DEALLOCATE ALL",
    "sequence": "SELECT nextval('numbers')",
    "wait": "SELECT pg_sleep(0)",
    "row lock": "SELECT * FROM t FOR UPDATE",
    "shared row lock": "SELECT * FROM t FOR SHARE",
    "function of the user": "SELECT mine()",
    "function of the user as a table": "SELECT * FROM mine()",
    "function of a schema": "SELECT public.mine()",
    "function behind a quoted name": 'SELECT "mine"()',
    "operator of a schema": "SELECT 1 OPERATOR(pg_catalog.+) 2",
    "number of the session": "SELECT pg_backend_pid()",
    "catalogue of the session": "SELECT * FROM pg_cursors",
    "transaction number": "SELECT txid_current()",
    "write": "INSERT INTO t VALUES (1)",
    "write inside a read": "WITH w AS (UPDATE t SET n = n RETURNING n) SELECT count(*) FROM w",
    "EXPLAIN": "EXPLAIN ANALYZE SELECT 1",
    "SHOW": "SHOW statement_timeout",
}


@pytest.mark.parametrize("kind", ALONE)
async def test_what_could_be_noticed_has_a_connection_of_its_own(
    postgresql_url: str, kind: str, sent: list[str]
) -> None:
    async with opened(postgresql_url, max_size=3) as engine:
        await engine.script(
            "CREATE TABLE t (n int); CREATE SEQUENCE numbers; CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'"
        )
        for _ in range(5):
            await engine.run(ALONE[kind])
        assert sent == []


async def test_transactions_and_borrowed_connections_are_not_shared(postgresql_url: str, sent: list[str]) -> None:
    async with opened(postgresql_url, max_size=3) as engine:
        await learn(engine, TAG, params=[1])
        sent.clear()
        async with engine.transaction():
            await tagged(engine, 10)
        async with engine.connection() as connection:
            await asyncio.gather(*(connection.query_one(TAG, [number]) for number in range(10)))
        assert sent == []


async def test_the_option_turns_it_off(postgresql_url: str, sent: list[str]) -> None:
    async with opened(postgresql_url, max_size=3, multiplex=False) as engine:
        for _ in range(5):
            await tagged(engine, 20)
        assert engine.pool.stats().shared == 0
    assert sent == []
    with pytest.raises(InterfaceError, match="multiplex='no'"):
        create_engine(postgresql_url, multiplex="no")  # type: ignore[arg-type]


async def test_a_slow_statement_gets_a_connection_of_its_own(postgresql_url: str, sent: list[str]) -> None:
    # A cross join takes as long as it is told to, by a parameter.
    sql = "SELECT count(*) FROM generate_series(1, $1::int) a"
    async with opened(postgresql_url, max_size=4) as engine:
        await learn(engine, sql, TAG, params=[1])
        await engine.run(sql, [3_000_000])
        assert not is_shared(engine, sql), "it was found to be slow"
        sent.clear()
        await engine.run(sql, [3_000_000])
        assert sent == []
        await learn(engine, sql, params=[1])  # and when it is quick again, it shares again


async def test_a_far_server_is_not_taken_for_a_slow_one(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from ferrow.engine import lanes

    rescued: list[Any] = []
    monkeypatch.setattr(lanes, "rescue", lambda *found: rescued.append(found))
    async with far(postgresql_url, 0.02) as url, opened(url, max_size=4) as engine:
        await learn(engine, TAG, params=[1])
        assert engine.pool._here().lanes.clock.distance >= 5  # of 4 ms, there and back
        for _ in range(3):
            await tagged(engine, 40)
        assert is_shared(engine, TAG)
        assert rescued == []


async def test_traces_tell_of_shared_statements_too(postgresql_url: str, sent: list[str]) -> None:
    traces: list[Any] = []
    async with opened(postgresql_url, max_size=2, trace=traces.append) as engine:
        await learn(engine, TAG, params=[1])
        sent.clear()
        traces.clear()
        await tagged(engine, 30)
        assert len(sent) == 30
        assert [(trace.sql, trace.rowcount, trace.parameters) for trace in traces] == [(TAG, 1, 1)] * 30
        assert all(trace.pid for trace in traces)

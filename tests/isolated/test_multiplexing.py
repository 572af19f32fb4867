"""Reads of many tasks over few connections: what shares, what does not, and that nobody can tell."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from ferrow.driver import connect
from ferrow.engine import create_engine
from ferrow.engine.again import again
from ferrow.engine.lane import Lane
from ferrow.errors import ConnectionLost, DataError, InterfaceError, PoolClosed, PoolTimeout, ProgrammingError
from tests.support.distance import far

pytestmark = pytest.mark.postgresql

TAG = "SELECT $1::int AS tag"
APPLICATION = "ferrow_shared"


@asynccontextmanager
async def opened(url: str, **options: Any) -> AsyncIterator[Any]:
    async with await create_engine(url, application_name=APPLICATION, **options) as engine:
        yield engine


async def learn(engine: Any, *statements: str, params: Any = None) -> None:
    """Run each until it is shared."""
    for sql in statements:
        for _ in range(500):
            if is_shared(engine, sql):
                break
            await engine.run(sql, params)
        else:
            pytest.fail(f"not shared: {sql}")


def is_shared(engine: Any, sql: str) -> bool:
    text = engine._shared._texts.get(sql)
    return text is not None and text.shared


async def tagged(engine: Any, count: int) -> None:
    rows = await asyncio.gather(*(engine.query_one(TAG, [number]) for number in range(count)))
    assert [row["tag"] for row in rows] == [*range(count)]


async def until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not done():  # noqa: ASYNC110  # what is waited for has no event of its own
            await asyncio.sleep(0.002)


def idle(engine: Any) -> bool:
    stats = engine.pool.stats()
    return (stats.used, stats.opening, stats.recovering, stats.waiting, stats.shared) == (0, 0, 0, 0, 0)


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
        with pytest.raises(ProgrammingError, match="1 placeholders, 2 parameters"):
            await engine.query(sql, [1, 2])
        with pytest.raises(InterfaceError, match="a list or tuple"):
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


# --- neighbours -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("max_size", [2, 4])
async def test_a_stalled_head_does_not_hold_up_those_behind_it(postgresql_url: str, max_size: int) -> None:
    locked = "SELECT count(*) FROM locked"
    async with opened(postgresql_url, max_size=max_size) as engine:
        await engine.script("CREATE TABLE locked (n int)")
        await learn(engine, locked)
        await learn(engine, TAG, params=[1])
        with connect(postgresql_url) as other, other.transaction():
            other.execute("LOCK TABLE locked IN ACCESS EXCLUSIVE MODE")
            # All of one turn of the loop, so the lock is met at the head of a connection with others behind it.
            heads = [asyncio.ensure_future(engine.query_one(locked))]
            async with asyncio.timeout(10):
                await tagged(engine, 30)
                await tagged(engine, 30)
            assert not heads[0].done()
        assert [(await head)[0] for head in heads] == [0]
        await until(lambda: idle(engine))
        assert engine.pool.stats().size <= max_size
        await tagged(engine, 30)


async def test_several_that_wait_for_a_lock_do_not_hold_up_the_others_either(postgresql_url: str) -> None:
    locked = "SELECT count(*) FROM locked"
    async with opened(postgresql_url, max_size=6) as engine:
        await engine.script("CREATE TABLE locked (n int)")
        await learn(engine, locked)
        await learn(engine, TAG, params=[1])
        with connect(postgresql_url) as other, other.transaction():
            other.execute("LOCK TABLE locked IN ACCESS EXCLUSIVE MODE")
            heads = [asyncio.ensure_future(engine.query_one(locked)) for _ in range(3)]
            async with asyncio.timeout(10):
                await tagged(engine, 20)
            heads[0].cancel()
            async with asyncio.timeout(10):
                await tagged(engine, 20)
        await asyncio.gather(*heads, return_exceptions=True)
        assert [head.cancelled() for head in heads] == [True, False, False]
        await until(lambda: idle(engine))


async def test_what_is_sent_again_cannot_write(postgresql_url: str) -> None:
    # A view may hide what the text does not show.
    locked, hidden = "SELECT count(*) FROM locked", "SELECT * FROM innocent"
    async with opened(postgresql_url, max_size=4) as engine:
        await engine.script(
            "CREATE TABLE locked (n int); CREATE SEQUENCE calls; CREATE VIEW innocent AS SELECT nextval('calls') AS n"
        )
        await learn(engine, locked, hidden)
        calls = (await engine.query_one("SELECT last_value FROM calls"))[0]
        with connect(postgresql_url) as other, other.transaction():
            other.execute("LOCK TABLE locked IN ACCESS EXCLUSIVE MODE")
            head = asyncio.ensure_future(engine.query_one(locked))
            await asyncio.sleep(0)
            behind = asyncio.ensure_future(engine.query_one(hidden))
            await asyncio.sleep(0.2)
            assert not behind.done()
        assert (await head)[0] == 0
        assert (await behind)[0] == calls + 1
        assert (await engine.query_one("SELECT last_value FROM calls"))[0] == calls + 1
        await until(lambda: idle(engine))


async def test_tables_may_change_meanwhile(postgresql_url: str) -> None:
    sql = "SELECT * FROM changing WHERE id = $1"
    async with opened(postgresql_url, max_size=3) as engine:
        await engine.script("CREATE TABLE changing (id int PRIMARY KEY); INSERT INTO changing VALUES (1)")
        await learn(engine, sql, params=[1])
        over = False
        asked = 0

        async def ask() -> None:
            nonlocal asked
            while not over:
                assert (await engine.query_one(sql, [1]))["id"] == 1
                asked += 1

        tasks = [asyncio.ensure_future(ask()) for _ in range(16)]
        with connect(postgresql_url) as other:
            for number in range(20):
                await asyncio.to_thread(other.script, f"ALTER TABLE changing ADD COLUMN c{number} int DEFAULT {number}")
                before = asked
                await until(lambda before=before: asked > before + 50 or any(task.done() for task in tasks))
        over = True
        await asyncio.gather(*tasks)
        assert len((await engine.query_one(sql, [1])).keys()) == 21


# --- fairness -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("max_size", [1, 2])
async def test_reads_and_transactions_do_not_starve_each_other(postgresql_url: str, max_size: int) -> None:
    async with opened(postgresql_url, max_size=max_size, acquire_timeout=20) as engine:
        await engine.script("CREATE TABLE t (n int)")
        await learn(engine, TAG, params=[1])
        reads = writes = 0

        async def read(number: int) -> None:
            nonlocal reads
            while writes < 40 or reads < 1000:
                assert (await engine.query_one(TAG, [number]))[0] == number
                reads += 1

        async def write(number: int) -> None:
            nonlocal writes
            while writes < 40 or reads < 1000:
                async with engine.transaction():
                    await engine.execute("INSERT INTO t VALUES ($1)", [number])
                    assert (await engine.query_one(TAG, [number]))[0] == number
                writes += 1
                await asyncio.sleep(0)

        async with asyncio.timeout(40):
            await asyncio.gather(*(read(n) for n in range(60)), *(write(n) for n in range(4)))
        assert (await engine.query_one("SELECT count(*) FROM t"))[0] == writes
        await until(lambda: idle(engine))
        assert engine.pool.stats().size <= max_size


async def test_who_waits_for_a_shared_connection_keeps_its_deadline_and_is_told_who_has_them(
    postgresql_url: str,
) -> None:
    async with opened(postgresql_url, max_size=1, acquire_timeout=0.2) as engine:
        await learn(engine, TAG, params=[1])
        async with engine.connection():
            waiting = [asyncio.ensure_future(engine.query_one(TAG, [n])) for n in range(5)]
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert engine.pool.stats().waiting == 5
            for one in await asyncio.gather(*waiting, return_exceptions=True):
                assert isinstance(one, PoolTimeout)
            assert engine.pool.stats().waiting == 0
        await until(lambda: idle(engine))
        await engine.script("CREATE TABLE locked (n int)")
        await learn(engine, "SELECT count(*) FROM locked")
        with connect(postgresql_url) as other, other.transaction():
            other.execute("LOCK TABLE locked IN ACCESS EXCLUSIVE MODE")
            head = asyncio.ensure_future(engine.query("SELECT count(*) FROM locked"))
            await asyncio.sleep(0)
            with pytest.raises(PoolTimeout, match=r"shared by 1 statements for \d.*the first SELECT count"):
                await engine.execute("INSERT INTO locked VALUES (1)")
        await head


async def test_who_waits_may_be_cancelled(postgresql_url: str) -> None:
    async with opened(postgresql_url, max_size=1) as engine:
        await learn(engine, TAG, params=[1])
        async with engine.connection():
            waiting = [asyncio.ensure_future(engine.query_one(TAG, [n])) for n in range(20)]
            await asyncio.sleep(0.01)
            for one in waiting[::2]:
                one.cancel()
            await asyncio.sleep(0.01)
            assert engine.pool.stats().waiting == 10
            for one in waiting[1:]:
                one.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
            assert engine.pool.stats().waiting == 0
        await until(lambda: idle(engine))
        await tagged(engine, 20)


async def test_more_than_fit_on_one_connection_wait_their_turn(postgresql_url: str) -> None:
    async with opened(postgresql_url, max_size=1) as engine:
        await learn(engine, TAG, params=[1])
        await tagged(engine, 5000)
        await until(lambda: idle(engine))


# --- ends -----------------------------------------------------------------------------------------------------------------


async def test_a_lost_connection_is_not_noticed(postgresql_url: str) -> None:
    async with opened(postgresql_url, max_size=4) as engine:
        await learn(engine, TAG, params=[1])
        over = False
        answers = [0] * 40

        async def ask(number: int) -> None:
            while not over:
                assert (await engine.query_one(TAG, [number]))[0] == number
                answers[number] += 1

        tasks = [asyncio.ensure_future(ask(number)) for number in range(40)]
        with connect(postgresql_url) as other:
            for _ in range(10):
                before = [*answers]
                # One at a time, and nobody left who has not got over the last loss: a read is tried twice at most.
                await until(
                    lambda before=before: all(now > then + 1 for now, then in zip(answers, before, strict=True))
                )
                await asyncio.to_thread(
                    other.query,
                    "SELECT pg_terminate_backend(pid, 2000) FROM ("
                    "SELECT pid FROM pg_stat_activity WHERE application_name = $1 ORDER BY random() LIMIT 1) one",
                    [APPLICATION],
                )
        over = True
        await asyncio.gather(*tasks)
        await until(lambda: idle(engine))


async def test_a_read_that_kills_its_connection_does_so_twice_at_most(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    async def noted(pool: Any, failed: Any, statement: Any, *rest: Any) -> Any:
        tried.append(statement[0])
        return await again(pool, failed, statement, *rest)

    monkeypatch.setattr("ferrow.engine.lane.again", noted)
    deadly = "SELECT * FROM deadly"
    async with opened(postgresql_url, max_size=3) as engine:
        await engine.script("CREATE VIEW deadly AS SELECT true AS dead")
        await learn(engine, deadly)
        await learn(engine, TAG, params=[1])
        await engine.script("CREATE OR REPLACE VIEW deadly AS SELECT pg_terminate_backend(pg_backend_pid()) AS dead")
        killer = asyncio.ensure_future(engine.query(deadly))
        await tagged(engine, 20)
        with pytest.raises(ConnectionLost):
            await killer
        assert tried.count(deadly) == 1
        await until(lambda: idle(engine))
        await tagged(engine, 20)


async def test_what_writes_secretly_is_not_run_again_when_its_connection_is_lost(postgresql_url: str) -> None:
    hidden = "SELECT * FROM innocent"
    async with opened(postgresql_url, max_size=3) as engine:
        await engine.script(
            "CREATE TABLE locked (n int); INSERT INTO locked VALUES (1); CREATE SEQUENCE calls;"
            "CREATE VIEW innocent AS SELECT nextval('calls') AS n FROM locked"
        )
        await learn(engine, hidden)
        calls = (await engine.query_one("SELECT last_value FROM calls"))[0]
        with connect(postgresql_url) as other, other.transaction():
            other.execute("LOCK TABLE locked IN ACCESS EXCLUSIVE MODE")
            head = asyncio.ensure_future(engine.query(hidden))
            await asyncio.sleep(0.05)
            other.query(
                "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE application_name = $1",
                [APPLICATION],
            )
            await asyncio.sleep(0.05)
        with pytest.raises(ConnectionLost):
            await head
        assert (await engine.query_one("SELECT last_value FROM calls"))[0] == calls


async def test_close_waits_for_what_is_under_way(postgresql_url: str) -> None:
    engine = await create_engine(postgresql_url, max_size=2)
    await learn(engine, TAG, params=[1])
    work = [asyncio.ensure_future(engine.query_one(TAG, [number])) for number in range(50)]
    await asyncio.sleep(0)
    await engine.close()
    rows = await asyncio.gather(*work)
    assert [row[0] for row in rows] == [*range(50)]
    with pytest.raises(PoolClosed):
        await engine.query_one(TAG, [1])
    assert engine.pool.stats().size == 0


async def test_close_cuts_off_what_takes_too_long(postgresql_url: str) -> None:
    engine = await create_engine(postgresql_url, max_size=1, close_timeout=0.1)
    await engine.script("CREATE TABLE locked (n int)")
    await learn(engine, "SELECT count(*) FROM locked")
    with connect(postgresql_url) as other, other.transaction():
        other.execute("LOCK TABLE locked IN ACCESS EXCLUSIVE MODE")
        head = asyncio.ensure_future(engine.query("SELECT count(*) FROM locked"))
        await asyncio.sleep(0)
        behind = asyncio.ensure_future(engine.query("SELECT count(*) FROM locked"))
        await asyncio.sleep(0.05)
        await engine.close()
        for one in (head, behind):
            with pytest.raises((ConnectionLost, InterfaceError)):
                await one
    assert engine.pool.stats().size == 0


async def test_a_server_that_is_gone_is_an_error_for_all_who_wait(postgresql_url: str) -> None:
    from ferrow.errors import OperationalError
    from tests.support.proxy import proxy

    with proxy(postgresql_url) as between:
        engine = await create_engine(between.url, max_size=1, acquire_timeout=5)
        await learn(engine, TAG, params=[1])
        await engine.run(TAG, [1])
        url = between.url
    assert url
    for one in await asyncio.gather(*(engine.query(TAG, [n]) for n in range(20)), return_exceptions=True):
        assert isinstance(one, OperationalError), one
    await until(lambda: idle(engine))
    await engine.close()


def test_every_loop_has_its_own(postgresql_url: str) -> None:
    engine = create_engine(postgresql_url, max_size=2).aio
    wrong: list[BaseException] = []

    async def main() -> None:
        await learn(engine, TAG, params=[1])
        for _ in range(20):
            await tagged(engine, 50)

    def thread() -> None:
        try:
            asyncio.run(main())
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=thread) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert wrong == []
    asyncio.run(engine.close())


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_shares_nothing_with_its_parent(postgresql_url: str) -> None:
    engine = create_engine(postgresql_url, max_size=2).aio
    read, write = os.pipe()

    async def main() -> None:
        await learn(engine, TAG, params=[1])
        work = asyncio.gather(*(engine.query_one(TAG, [number]) for number in range(50)))
        await asyncio.sleep(0)
        assert engine.pool.stats().shared == 50
        child = os.fork()
        if child == 0:
            asyncio._set_running_loop(None)  # type: ignore[attr-defined]
            try:
                asyncio.run(tagged(engine, 50))
                os.write(write, b"right")
            except BaseException as error:
                os.write(write, repr(error).encode())
            finally:
                os._exit(0)
        assert [row[0] for row in await work] == [*range(50)]
        await asyncio.to_thread(os.waitpid, child, 0)
        assert os.read(read, 1000) == b"right"
        await tagged(engine, 50)
        await engine.close()

    asyncio.run(main())
    os.close(read)
    os.close(write)


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

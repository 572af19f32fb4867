"""`timeout=` is kept whatever the server does: stopped, unreachable, deaf. The caller goes at once; the rest happens behind it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from typing import Any

import pytest

from ferrow import create_engine, driver
from ferrow.errors import CommitUnknown, ConnectionLost, DatabaseError, InterfaceError, PoolTimeout, QueryTimeout
from ferrow.testing import EmbeddedPostgres
from tests.support import backends, entered, items, maybe
from tests.support.proxy import proxy
from tests.support.stopped import stopped

pytestmark = [pytest.mark.postgresql, pytest.mark.timeout(120)]

LIMIT = 0.3
SLACK = 1.0
"""How late a caller may be on a machine that does ten other things; what is usual is in the report of bench.deadlines."""


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    """A server whose processes can be stopped."""
    backends.require_postgres()
    with EmbeddedPostgres(durable=False, settings={"max_connections": "20"}) as found:
        yield found


@asynccontextmanager
async def connected(colour: str, url: str, **options: Any) -> AsyncIterator[Any]:
    if colour == "async":
        async with driver.AsyncConnection(url, **options) as conn:
            yield conn
    else:
        with driver.connect(url, **options) as conn:
            yield conn


@asynccontextmanager
async def pooled(colour: str, url: str, **options: Any) -> AsyncIterator[Any]:
    engine = create_engine(url, **options)
    if colour == "async":
        async with await engine as opened:
            yield opened
    else:
        with engine:
            yield engine


@contextmanager
def in_time(limit: float = LIMIT) -> Iterator[None]:
    start = time.monotonic()
    yield
    assert time.monotonic() - start < limit + SLACK, "the caller was kept"


async def eventually(colour: str, true: Callable[[], Any], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never became true"
        if colour == "async":
            await asyncio.sleep(0.01)
        else:
            time.sleep(0.01)


class Heartbeat:
    """The longest time for which the event loop could not run anything else."""

    def __init__(self) -> None:
        self.longest = 0.0
        self.task = asyncio.create_task(self.beat())

    async def beat(self) -> None:
        last = time.monotonic()
        while True:
            await asyncio.sleep(0.005)
            now = time.monotonic()
            self.longest, last = max(self.longest, now - last), now


@asynccontextmanager
async def loop_is_free(colour: str) -> AsyncIterator[None]:
    """The event loop goes on meanwhile."""
    if colour != "async":
        yield
        return
    heart = Heartbeat()
    try:
        yield
    finally:
        heart.task.cancel()
    assert heart.longest < SLACK, "the event loop stood still"


# --- a server that works ------------------------------------------------------------------------------------------------


async def test_a_slow_statement_is_cancelled_and_the_connection_goes_on(colour: str, server: EmbeddedPostgres) -> None:
    async with connected(colour, server.url) as conn:
        pid = conn.backend_pid
        with pytest.raises(
            QueryTimeout, match=r"within 0\.3 s, and is being cancelled: SELECT pg_sleep\(60\)"
        ) as caught:
            with in_time():
                await maybe(conn.query("SELECT pg_sleep(60)", timeout=LIMIT))
        assert caught.value.query == "SELECT pg_sleep(60)"
        with in_time():
            assert tuple(await maybe(conn.query_one("SELECT 7, pg_backend_pid()"))) == (7, pid)


CALLS: dict[str, Callable[[Any], Any]] = {
    "run": lambda conn: conn.run("SELECT pg_sleep(60)", timeout=LIMIT),
    "query": lambda conn: conn.query("SELECT pg_sleep(60)", timeout=LIMIT),
    "query_one": lambda conn: conn.query_one("SELECT pg_sleep($1)", [60], timeout=LIMIT),
    "execute": lambda conn: conn.execute("SELECT pg_sleep(60)", timeout=LIMIT),
    "run_many": lambda conn: conn.run_many("SELECT pg_sleep($1)", [(30,), (30,)], timeout=LIMIT),
    "execute_batch": lambda conn: conn.execute_batch(["SELECT 1", "SELECT pg_sleep(60)"], timeout=LIMIT),
    "script": lambda conn: conn.script("SELECT 1; SELECT pg_sleep(60)", timeout=LIMIT),
    "stream": lambda conn: items(conn.stream("SELECT pg_sleep(60)", timeout=LIMIT)),
    "copy_out": lambda conn: items(conn.copy_out(sql="SELECT pg_sleep(60)::text", timeout=LIMIT)),
}


@pytest.mark.parametrize("call", CALLS)
async def test_every_call_has_a_timeout(colour: str, server: EmbeddedPostgres, call: str) -> None:
    async with connected(colour, server.url) as conn:
        with pytest.raises(QueryTimeout, match=r"0\.3 s"), in_time():
            await maybe(CALLS[call](conn))
        with in_time():
            assert (await maybe(conn.query_one("SELECT 7")))[0] == 7
        assert conn.status == "idle"


@pytest.mark.parametrize("call", CALLS)
async def test_in_a_transaction_the_statement_takes_it_along(colour: str, server: EmbeddedPostgres, call: str) -> None:
    async with connected(colour, server.url) as conn:
        with pytest.raises(QueryTimeout):
            async with entered(conn.transaction()) as tx:
                await maybe(CALLS["script" if call == "prepare" else call](tx))
        assert (await maybe(conn.query_one("SELECT 7")))[0] == 7
        assert conn.status == "idle"


async def test_a_transaction_that_goes_on_behind_a_timeout_has_failed(colour: str, server: EmbeddedPostgres) -> None:
    async with connected(colour, server.url) as conn:
        await maybe(conn.script("CREATE TABLE IF NOT EXISTS kept (n int); TRUNCATE kept"))
        with pytest.raises(DatabaseError):
            async with entered(conn.transaction()) as tx:
                await maybe(tx.execute("INSERT INTO kept VALUES (1)"))
                with pytest.raises(QueryTimeout):
                    await maybe(tx.query("SELECT pg_sleep(60)", timeout=LIMIT))
                await maybe(tx.execute("INSERT INTO kept VALUES (2)"))
        assert await maybe(conn.query("SELECT n FROM kept")) == []


async def test_a_savepoint_keeps_what_was_before_the_timeout(colour: str, server: EmbeddedPostgres) -> None:
    async with connected(colour, server.url) as conn:
        await maybe(conn.script("CREATE TABLE IF NOT EXISTS kept (n int); TRUNCATE kept"))
        async with entered(conn.transaction()) as tx:
            await maybe(tx.execute("INSERT INTO kept VALUES (1)"))
            with pytest.raises(QueryTimeout):
                async with entered(tx.transaction()):
                    await maybe(tx.execute("INSERT INTO kept VALUES (2)"))
                    await maybe(tx.query("SELECT pg_sleep(60)", timeout=LIMIT))
            await maybe(tx.execute("INSERT INTO kept VALUES (3)"))
        assert [row[0] for row in await maybe(conn.query("SELECT n FROM kept ORDER BY n"))] == [1, 3]


async def test_the_option_is_for_all_calls_and_a_call_may_say_otherwise(colour: str, server: EmbeddedPostgres) -> None:
    async with connected(colour, server.url + "?command_timeout=0.2") as conn:
        with pytest.raises(QueryTimeout, match=r"0\.2 s"), in_time():
            await maybe(conn.query("SELECT pg_sleep(60)"))
        assert await maybe(conn.query("SELECT pg_sleep(0.4)", timeout=30))
        assert await maybe(conn.query("SELECT pg_sleep(0.4)", timeout=float("inf")))
    async with pooled(colour, server.url, command_timeout=0.2) as engine:
        for call in (engine.query, engine.execute, engine.script, engine.run):
            with pytest.raises(QueryTimeout, match=r"0\.\d+ s"), in_time():
                await maybe(call("SELECT pg_sleep(60)"))
        assert await maybe(engine.query("SELECT pg_sleep(0.4)", timeout=30))


@pytest.mark.parametrize("wrong", [0, -1, float("nan"), "1", True])
async def test_what_is_no_timeout_is_refused_before_anything_is_sent(
    colour: str, server: EmbeddedPostgres, wrong: Any
) -> None:
    async with connected(colour, server.url) as conn:
        before = conn.wire.requests
        for call in (conn.query, conn.script, conn.execute, conn.stream):
            with pytest.raises(InterfaceError, match="timeout="):
                await maybe(call("SELECT 1", timeout=wrong))
        assert conn.wire.requests == before


async def test_the_cancel_hits_nobody_else(colour: str, server: EmbeddedPostgres) -> None:
    """Timeouts of about the time that the statement takes: whichever comes first, the next one has its own answer."""
    async with connected(colour, server.url) as conn:
        late = 0
        for number in range(150):
            try:
                await maybe(conn.query("SELECT pg_sleep(0.004)", timeout=0.002 + number % 50 / 10_000))
            except QueryTimeout:
                late += 1
            assert (await maybe(conn.query_one("SELECT $1::int", [number])))[0] == number
        assert 0 < late < 150


# --- a server that hangs ------------------------------------------------------------------------------------------------


async def begin(conn: Any) -> None:
    """BEGIN alone waits for nobody: it comes with the first statement."""
    async with entered(await maybe(conn.begin(timeout=LIMIT))) as transaction:
        await maybe(transaction.query("SELECT 7", timeout=LIMIT))


async def copy_in(conn: Any) -> None:
    await maybe(conn.copy_in("kept", [(n,) for n in range(500_000)], timeout=LIMIT))


async def large(conn: Any) -> None:
    await maybe(conn.query("SELECT length($1)", ["x" * 100_000_000], timeout=LIMIT))


HANGING: dict[str, Callable[[Any], Awaitable[Any] | Any]] = {
    **{name: call for name, call in CALLS.items() if name not in ("copy_out",)},
    "prepare": lambda conn: conn.prepare("SELECT 'never seen before'", timeout=LIMIT),
    "copy_out": lambda conn: items(conn.copy_out("kept", timeout=LIMIT)),
    "begin": begin,
    "copy_in": copy_in,
    "large": large,
}


@pytest.mark.parametrize("call", HANGING)
async def test_a_stopped_server_process(colour: str, server: EmbeddedPostgres, call: str) -> None:
    async with connected(colour, server.url) as conn:
        await maybe(conn.script("CREATE TABLE IF NOT EXISTS kept (n int)"))
        async with loop_is_free("sync" if call in ("large", "copy_in") else colour):
            with stopped(conn.backend_pid):
                # What is encoded first, 100 MB of it, takes its time.
                with pytest.raises(QueryTimeout), in_time(LIMIT + (5 if call in ("large", "copy_in") else 0)):
                    await maybe(HANGING[call](conn))
        with in_time(5):
            assert (await maybe(conn.query_one("SELECT 7")))[0] == 7
        assert conn.status == "idle"


async def test_a_stopped_server_process_at_commit(colour: str, server: EmbeddedPostgres) -> None:
    async with connected(colour, server.url, command_timeout=LIMIT) as conn:
        transaction = await maybe(conn.begin())
        await maybe(transaction.query("SELECT 7"))
        with stopped(conn.backend_pid):
            with pytest.raises(CommitUnknown, match="deadline passed") as caught, in_time():
                await maybe(transaction.commit())
            assert isinstance(caught.value.__cause__, QueryTimeout)
        with in_time(5):
            assert (await maybe(conn.query_one("SELECT 7", timeout=10)))[0] == 7
        assert conn.status == "idle"


async def test_a_stopped_server_process_at_rollback(colour: str, server: EmbeddedPostgres) -> None:
    """A block that fails waits for its rollback, but not for ever: then the connection goes, and the server undoes it."""
    async with pooled(colour, server.url, recovery_timeout=LIMIT, max_size=1) as engine:
        pid = (await maybe(engine.query_one("SELECT pg_backend_pid()")))[0]
        with ExitStack() as until:
            with pytest.raises(ValueError, match="the block"), in_time():
                async with entered(engine.transaction()) as tx:
                    await maybe(tx.query("SELECT 1"))
                    until.enter_context(stopped(pid))
                    raise ValueError("the block")
            with in_time(5):
                assert (await maybe(engine.query_one("SELECT pg_backend_pid()")))[0] != pid
        await eventually(colour, lambda: engine.pool.stats().recovering == 0)


async def test_a_block_that_ends_with_a_timeout_keeps_nobody(colour: str, server: EmbeddedPostgres) -> None:
    async with connected(colour, server.url) as conn:
        with ExitStack() as until, pytest.raises(QueryTimeout), in_time():
            async with entered(conn.transaction()) as tx:
                until.enter_context(stopped(conn.backend_pid))
                await maybe(tx.query("SELECT 1", timeout=LIMIT))
        assert (await maybe(conn.query_one("SELECT 7")))[0] == 7
        assert conn.status == "idle"


@pytest.mark.usefixtures("impatient")
async def test_a_server_that_answers_nobody(colour: str, server: EmbeddedPostgres) -> None:
    """Neither the backend nor, for the cancel request, the postmaster: the connection is given up."""
    async with connected(colour, server.url) as conn, loop_is_free(colour):
        with stopped(server.pid), stopped(conn.backend_pid):
            with pytest.raises(QueryTimeout), in_time():
                await maybe(conn.query("SELECT 1", timeout=LIMIT))
            with pytest.raises(QueryTimeout, match="not begun") as caught, in_time():
                await maybe(conn.query("SELECT 2", timeout=LIMIT))
            assert not caught.value.sent
            await eventually(colour, conn.is_closed, 10)


@pytest.mark.usefixtures("impatient")
async def test_a_cancel_request_that_is_turned_away(colour: str, server: EmbeddedPostgres) -> None:
    with proxy(server.url) as between:
        async with connected(colour, between.url) as conn:
            between.refuse()
            with pytest.raises(QueryTimeout), in_time():
                await maybe(conn.query("SELECT pg_sleep(60)", timeout=LIMIT))
            await eventually(colour, conn.is_closed, 10)


async def test_a_network_that_goes_silent(colour: str, server: EmbeddedPostgres) -> None:
    with proxy(server.url) as between:
        async with pooled(colour, between.url, max_size=2, recovery_timeout=1) as engine:
            await maybe(engine.query("SELECT 1"))
            between.swallow()
            async with loop_is_free(colour):
                with pytest.raises(QueryTimeout), in_time():
                    await maybe(engine.query("SELECT 1", timeout=LIMIT))
                with pytest.raises(QueryTimeout), in_time():
                    async with entered(engine.transaction()) as tx:
                        await maybe(tx.query("SELECT 1"))
                        between.swallow()
                        await maybe(tx.query("SELECT 1", timeout=LIMIT))
            with in_time(10):
                assert (await maybe(engine.query_one("SELECT 7")))[0] == 7
            await eventually(colour, lambda: engine.pool.stats().recovering == 0)
            slots = [await maybe(engine.pool.acquire(timeout=5)) for _ in range(2)]
            for slot in slots:
                engine.pool.release(slot)


async def test_a_pool_whose_connections_all_hang(colour: str, server: EmbeddedPostgres) -> None:
    async with pooled(colour, server.url, max_size=1) as engine:
        pid = (await maybe(engine.query_one("SELECT pg_backend_pid()")))[0]
        with stopped(pid):
            with pytest.raises(QueryTimeout), in_time():
                await maybe(engine.query("SELECT 1", timeout=LIMIT))
            with pytest.raises(PoolTimeout), in_time():
                await maybe(engine.query("SELECT 1", timeout=LIMIT))
        with in_time(5):
            assert (await maybe(engine.query_one("SELECT 7")))[0] == 7


# --- what happens meanwhile ---------------------------------------------------------------------------------------------


async def test_a_connection_may_be_closed_while_it_cancels(colour: str, server: EmbeddedPostgres) -> None:
    async with connected(colour, server.url) as watcher:
        for end in ("close", "abort", "forget"):
            async with connected(colour, server.url, application_name="short") as conn:
                with pytest.raises(QueryTimeout):
                    await maybe(conn.query("SELECT pg_sleep(3)", timeout=0.05))
                if end == "close":
                    with in_time():
                        await maybe(conn.close())
                        assert conn.is_closed()
                elif end == "abort":
                    with in_time():
                        conn.wire.abort()
                        assert conn.is_closed()
            del conn
        query = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'short'"
        with in_time(10):
            while (await maybe(watcher.query_one(query)))[0]:
                await maybe(asyncio.sleep(0.01) if colour == "async" else time.sleep(0.01))


@pytest.mark.alone
def test_a_neighbour_that_still_waits_is_never_hit(server: EmbeddedPostgres) -> None:
    """asyncio: what is abandoned with somebody behind it ends by itself; once everybody has gone it is cancelled."""

    async def main() -> None:
        async with driver.AsyncConnection(server.url) as conn:
            await conn.query("SELECT 1::int")
            start = time.monotonic()
            slow = asyncio.ensure_future(conn.query("SELECT pg_sleep(1.2)", timeout=0.1))
            await asyncio.sleep(0.02)
            patient = asyncio.ensure_future(conn.query_one("SELECT 5::int"))
            with pytest.raises(QueryTimeout):
                await slow
            assert time.monotonic() - start < 1.1
            later = asyncio.ensure_future(conn.query_one("SELECT 6::int"))
            assert (await patient)[0] == 5
            assert time.monotonic() - start > 1.1, "the first one was cancelled under a neighbour's feet"
            assert (await later)[0] == 6

            start = time.monotonic()
            slow = asyncio.ensure_future(conn.query("SELECT pg_sleep(30)", timeout=0.1))
            await asyncio.sleep(0.02)
            neighbours = [asyncio.ensure_future(conn.query("SELECT 5::int", timeout=0.3)) for _ in range(3)]
            results = await asyncio.gather(slow, *neighbours, return_exceptions=True)
            assert [type(result) for result in results] == [QueryTimeout] * 4
            assert (await conn.query_one("SELECT 7::int"))[0] == 7
            assert time.monotonic() - start < 5

    asyncio.run(main())


@pytest.mark.alone
def test_a_statement_behind_a_slow_neighbour_is_cancelled_when_it_runs(server: EmbeddedPostgres) -> None:
    async def main() -> None:
        async with driver.AsyncConnection(server.url) as conn:
            await conn.prepare("SELECT pg_sleep(30), 1")
            start = time.monotonic()
            first = asyncio.ensure_future(conn.query("SELECT pg_sleep(0.5)"))
            await asyncio.sleep(0.05)
            second = asyncio.ensure_future(conn.query("SELECT pg_sleep(30), 1", timeout=0.1))
            with pytest.raises(QueryTimeout):
                await second
            await first
            assert (await conn.query_one("SELECT 7::int"))[0] == 7
            assert 0.5 < time.monotonic() - start < 5

    asyncio.run(main())


def test_threads_wait_for_the_cancel_within_their_own_deadline(server: EmbeddedPostgres) -> None:
    with driver.connect(server.url) as conn, stopped(conn.backend_pid):
        errors: list[BaseException] = []

        def ask() -> None:
            try:
                conn.query("SELECT pg_sleep(60)", timeout=LIMIT)
            except QueryTimeout as error:
                errors.append(error)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        with in_time(2 * LIMIT):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert len(errors) == 4
    assert conn.is_closed()


async def test_a_lost_connection_is_not_a_timeout(colour: str, server: EmbeddedPostgres) -> None:
    async with connected(colour, server.url) as conn, connected(colour, server.url) as other:
        await maybe(other.query("SELECT pg_terminate_backend($1)", [conn.backend_pid]))
        with pytest.raises((ConnectionLost, InterfaceError)):
            await maybe(conn.query("SELECT pg_sleep(60)", timeout=30))

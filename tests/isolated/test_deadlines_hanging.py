"""`timeout=` where the server hangs: stopped, unreachable, deaf. The caller goes at once; the rest has an end, too."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from typing import Any

import pytest

from ferrow.errors import CommitUnknown, PoolTimeout, QueryTimeout
from ferrow.testing import EmbeddedPostgres
from tests.support import entered, items, maybe
from tests.support.deadlines import CALLS, LIMIT, connected, eventually, in_time, loop_is_free, pooled
from tests.support.proxy import proxy
from tests.support.stopped import stopped

pytestmark = [pytest.mark.postgresql, pytest.mark.timeout(120)]


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

"""Tasks that share a connection with one whose transaction ends early: what is theirs goes on, or says what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from ferrow.driver import AsyncConnection
from ferrow.errors import DatabaseError, InterfaceError
from tests.support.deadlines import eventually

pytestmark = pytest.mark.parametrize("colour", ["async"])

SLOW = """
CREATE TABLE slow (a int);
CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN PERFORM pg_sleep(0.5); RETURN new; END$$;
CREATE TRIGGER wait BEFORE INSERT ON slow FOR EACH ROW EXECUTE FUNCTION wait()
"""


async def in_transaction(pg: Any, sql: str) -> None:
    async with pg.transaction() as tx:
        await tx.execute(sql)


async def in_stream(pg: Any, sql: str) -> None:
    async for _ in pg.stream(sql):
        pass


async def cancelled(task: asyncio.Future[Any]) -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("begin", [in_transaction, in_stream])
@pytest.mark.parametrize("known", [True, False])
async def test_what_was_asked_before_a_transaction_is_not_cancelled_with_it(pg: Any, begin: Any, known: bool) -> None:
    await pg.script("CREATE TABLE kept (a int)")
    if known:
        await pg.query("SELECT 17")
    writing = asyncio.ensure_future(pg.execute("INSERT INTO kept SELECT 1 FROM pg_sleep(0.3)"))
    await asyncio.sleep(0.05)
    other = asyncio.ensure_future(begin(pg, "SELECT 17"))
    await asyncio.sleep(0.05)
    await cancelled(other)
    async with asyncio.timeout(15):
        assert await writing == 1
        assert await pg.query("SELECT a FROM kept") == [(1,)]
    assert pg.status == "idle"


async def test_a_block_left_by_an_exception_cancels_nothing_that_was_asked_before_it(pg: Any) -> None:
    asking = asyncio.ensure_future(pg.query("SELECT 1 FROM pg_sleep(0.3)"))
    await asyncio.sleep(0.05)
    with pytest.raises(LookupError):
        async with pg.transaction():
            raise LookupError
    async with asyncio.timeout(15):
        assert await asking == [(1,)]
        assert await pg.query("SELECT 2") == [(2,)]


async def test_what_was_asked_before_it_is_cancelled_when_nobody_waits_for_that_any_more(pg: Any) -> None:
    """Although somebody waits for a part of the transaction, which is undone behind it."""
    asking = asyncio.ensure_future(pg.query("SELECT pg_sleep(60)"))
    await asyncio.sleep(0.05)
    begun = asyncio.Event()

    async def transaction() -> None:
        async with pg.transaction():
            begun.set()
            await asyncio.sleep(60)

    other = asyncio.ensure_future(transaction())
    await begun.wait()
    part = asyncio.ensure_future(pg.query("SELECT 1"))
    await asyncio.sleep(0.05)
    await cancelled(other)
    await cancelled(asking)
    async with asyncio.timeout(15):
        assert await pg.query("SELECT 2") == [(2,)]
        await asyncio.gather(part, return_exceptions=True)
    assert pg.status == "idle"


async def test_who_waits_for_a_part_of_it_is_not_waited_for(pg: Any, postgresql_url: str) -> None:
    """What was asked before the transaction is answered first; what waits for a lock inside is cancelled with it then."""
    async with AsyncConnection(postgresql_url) as other, other.transaction():
        await other.query("SELECT pg_advisory_xact_lock(1)")
        async with AsyncConnection(postgresql_url) as first:
            before = await first.begin()
            await before.query("SELECT pg_advisory_xact_lock(2)")
            asking = asyncio.ensure_future(pg.query("SELECT 1 FROM pg_advisory_xact_lock(2)"))
            begun = asyncio.Event()

            async def transaction() -> None:
                async with pg.transaction() as tx:
                    begun.set()
                    await tx.query("SELECT pg_advisory_xact_lock(1)")

            task = asyncio.ensure_future(transaction())
            await begun.wait()
            part = asyncio.ensure_future(pg.query("SELECT pg_advisory_xact_lock(1)"))
            await asyncio.sleep(0)
            await cancelled(task)
            await before.rollback()
        async with asyncio.timeout(15):
            assert await asking == [(1,)]
            with pytest.raises(DatabaseError):
                await part
            assert await pg.query("SELECT 2") == [(2,)]
    assert pg.status == "idle"


@pytest.mark.parametrize("begin", [in_transaction, in_stream])
async def test_who_waits_for_a_copy_and_is_cancelled_does_not_end_it(pg: Any, begin: Any) -> None:
    read: list[Any] = []

    async def copying() -> None:
        async for row in pg.copy_out(sql="SELECT g, repeat('x', 8000), pg_sleep(0.01) FROM generate_series(1, 40) g"):
            read.append(row)

    reading = asyncio.ensure_future(copying())
    await eventually("async", lambda: read)
    other = asyncio.ensure_future(begin(pg, "SELECT 1"))
    await asyncio.sleep(0)
    await cancelled(other)
    async with asyncio.timeout(15):
        await reading
    assert len(read) == 40


@pytest.mark.parametrize("way", ["in", "out"])
async def test_a_copy_in_a_transaction_that_is_rolled_back_ends_with_an_error(pg: Any, way: str) -> None:
    await pg.script(SLOW)
    begun = asyncio.Event()

    async def transaction() -> None:
        async with pg.transaction() as tx:
            await tx.execute("SELECT 1")
            begun.set()
            await asyncio.sleep(60)

    async def copying() -> None:
        if way == "in":
            await pg.copy_in("slow", [(1,)])
        async for _ in pg.copy_out(sql="SELECT pg_sleep(0.01) FROM generate_series(1, 1000)"):
            pass

    other = asyncio.ensure_future(transaction())
    await begun.wait()
    copy = asyncio.ensure_future(copying())
    await asyncio.sleep(0.1)
    await cancelled(other)
    async with asyncio.timeout(15):
        with pytest.raises(InterfaceError, match="the COPY has ended: the transaction around it was rolled back"):
            await copy
        assert await pg.query("SELECT count(*) FROM slow") == [(0,)]


@pytest.mark.parametrize("format", ["binary", "csv"])
async def test_a_copy_does_not_end_up_in_the_transaction_of_a_stream(pg: Any, format: str) -> None:
    await pg.script("CREATE TABLE kept (a int)")
    asked, go = asyncio.Event(), asyncio.Event()

    async def rows() -> AsyncIterator[Any]:
        asked.set()
        await go.wait()
        yield (1,) if format == "binary" else "1\n"

    copy = asyncio.ensure_future(pg.copy_in("kept", rows(), format=format))
    await asked.wait()
    async with pg.stream("SELECT generate_series(1, 10)") as stream:
        await stream.fetch(1)
        go.set()
        with pytest.raises(InterfaceError, match="a stream is open on this connection"):
            await copy


@pytest.mark.parametrize("begin", [in_transaction, in_stream])
async def test_what_waited_for_a_copy_is_not_overtaken_by_a_transaction(pg: Any, begin: Any) -> None:
    """The first turn of the loop after the COPY is anybody's: whoever begins in it comes after those who were there."""
    await pg.script("CREATE TABLE kept (a int)")
    waiting: list[asyncio.Future[Any]] = []

    async def rows() -> AsyncIterator[Any]:
        yield (1,)
        for _ in range(20_000):
            yield (2,)
        waiting.append(asyncio.ensure_future(pg.execute("INSERT INTO kept VALUES (3)")))

    await pg.copy_in("kept", rows())
    other = asyncio.ensure_future(begin(pg, "SELECT 1 FROM pg_sleep(10)"))
    await eventually("async", lambda: waiting[0].done() or pg.status == "transaction")
    await cancelled(other)
    async with asyncio.timeout(15):
        assert await waiting[0] == 1
        assert await pg.query("SELECT count(*) FROM kept WHERE a = 3") == [(1,)]


@pytest.mark.parametrize("begin", [in_transaction, in_stream])
async def test_who_is_cancelled_before_his_turn_takes_nothing_along(pg: Any, postgresql_url: str, begin: Any) -> None:
    """A third one has gone, and until that is settled nobody may begin."""
    async with AsyncConnection(postgresql_url) as lock:
        await lock.query("SELECT pg_advisory_lock(17)")
        await pg.prepare("SELECT 2")  # so that it is sent behind the one that waits
        asking = asyncio.ensure_future(pg.query("SELECT 1 FROM pg_advisory_lock(17)"))
        while not (await lock.query_one("SELECT count(*) FROM pg_locks WHERE NOT granted"))[0]:  # noqa: ASYNC110, the server tells nobody
            await asyncio.sleep(0)
        gone = asyncio.ensure_future(pg.query("SELECT 2"))
        await asyncio.sleep(0)
        await cancelled(gone)
        other = asyncio.ensure_future(begin(pg, "SELECT 3"))
        await asyncio.sleep(0)
        await cancelled(other)
        for _ in range(30):
            await asyncio.sleep(0.01)
            await lock.query("SELECT 1")  # meanwhile a cancel request would have come
    async with asyncio.timeout(15):
        assert await asking == [(1,)]
        assert await pg.query("SELECT 4") == [(4,)]
    assert pg.status == "idle"


async def test_a_copy_that_asks_for_its_columns_does_not_end_up_in_the_transaction_of_a_stream(pg: Any) -> None:
    copy = asyncio.ensure_future(pg.copy_out(sql="SELECT generate_series(1, 10)").fetch())
    await asyncio.sleep(0)  # its question is on its way
    async with pg.stream("SELECT generate_series(1, 10)") as stream:
        with pytest.raises(InterfaceError, match="a stream is open on this connection"):
            await copy
        assert len(await stream.fetch()) == 10

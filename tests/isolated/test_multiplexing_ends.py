"""How shared connections end: lost, closed, killed by what runs on them; with another loop or in a child, they are others."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from typing import Any

import pytest

from ferrow.driver import connect
from ferrow.engine import create_engine
from ferrow.engine.again import again
from ferrow.errors import ConnectionLost, InterfaceError, PoolClosed
from tests.support.multiplexing import APPLICATION, TAG, idle, learn, opened, tagged, until

pytestmark = pytest.mark.postgresql


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


async def test_a_read_that_comes_behind_a_loss_is_run_elsewhere(postgresql_url: str) -> None:
    """One was under way and is told; the other is about to be sent, and is refused."""
    async with opened(postgresql_url, max_size=2) as engine:
        await learn(engine, TAG, params=[1])
        before = asyncio.ensure_future(engine.query_one(TAG, [1]))
        await asyncio.sleep(0)
        (slot,) = engine.pool._here().used
        behind = asyncio.ensure_future(engine.query_one(TAG, [2]))
        assert slot.wire.in_flight == 1
        slot.wire._session.connection_lost(None)
        assert [row[0] for row in await asyncio.gather(before, behind)] == [1, 2]
        await until(lambda: idle(engine))


async def test_what_is_run_elsewhere_is_what_was_asked_for(postgresql_url: str) -> None:
    """The caller may have filled his list of parameters with others by then."""
    async with opened(postgresql_url, max_size=2) as engine:
        await learn(engine, TAG, params=[1])
        given = [1]
        asked = asyncio.ensure_future(engine.query_one(TAG, given))
        await asyncio.sleep(0)
        given[0] = 2
        (slot,) = engine.pool._here().used
        slot.wire._session.connection_lost(None)
        assert (await asked)[0] == 1


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

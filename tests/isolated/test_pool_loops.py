"""One pool for several loops, colours, processes and threads: nobody gets the connection of another."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from typing import Any

import pytest

from ferrow.engine import create_engine
from tests.support.deadlines import eventually
from tests.support.pool_sessions import SESSIONS, observer

__all__ = ["observer"]

pytestmark = pytest.mark.postgresql


def test_one_engine_serves_one_loop_after_another(postgresql_url: str, observer: Any) -> None:
    engine = create_engine(postgresql_url, max_size=2, application_name="ferrow_pool").aio

    async def use() -> int:
        return (await engine.query_one("SELECT pg_backend_pid()"))[0]

    first, second = asyncio.run(use()), asyncio.run(use())
    assert first != second
    asyncio.run(eventually("async", lambda: [row[0] for row in observer.query(SESSIONS)] == [second]))
    asyncio.run(engine.close())


def test_two_loops_at_once_do_not_share_connections(postgresql_url: str) -> None:
    engine = create_engine(postgresql_url, max_size=2).aio
    found: list[set[int]] = []
    both = threading.Barrier(2)

    def thread() -> None:
        async def main() -> set[int]:
            rows = await asyncio.gather(
                *(engine.query_one("SELECT $1::int, pg_backend_pid()", [n]) for n in range(200))
            )
            assert [row[0] for row in rows] == [*range(200)]
            await asyncio.to_thread(both.wait)  # so that both are alive together
            return {row[1] for row in rows}

        found.append(asyncio.run(main()))

    threads = [threading.Thread(target=thread) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    one_loop, other_loop = found
    assert len(one_loop) <= 2
    assert len(other_loop) <= 2
    assert not one_loop & other_loop
    asyncio.run(engine.close())


def test_both_colours_at_once(postgresql_url: str) -> None:
    async def main() -> None:
        async with await create_engine(postgresql_url) as engine:
            assert engine.sync.query_one("SELECT 1")[0] == (await engine.query_one("SELECT 1"))[0]
            engine.sync.close()

    asyncio.run(main())


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_parent_and_child_do_not_share_a_session(postgresql_url: str) -> None:
    with create_engine(postgresql_url, max_size=2) as engine:
        mine = engine.query_one("SELECT pg_backend_pid()")[0]
        read, write = os.pipe()
        with engine.transaction():
            child = os.fork()
            if child == 0:
                try:
                    found = [engine.query_one("SELECT $1::int, pg_backend_pid()", [n]) for n in range(50)]
                    right = all(row[0] == n and row[1] != mine for n, row in enumerate(found))
                    engine.close()
                    os.write(write, b"right" if right else b"wrong")
                except BaseException as error:
                    os.write(write, repr(error).encode())
                finally:
                    os._exit(0)
            for n in range(50):
                assert engine.query_one("SELECT $1::int, pg_backend_pid()", [n]) == (n, mine)
            os.waitpid(child, 0)
            assert os.read(read, 1000) == b"right"
            assert engine.query_one("SELECT pg_backend_pid()")[0] == mine
        os.close(read)
        os.close(write)


@pytest.mark.timeout(60)
def test_threads_get_their_own_answers(postgresql_url: str) -> None:
    wrong: list[Any] = []
    with create_engine(postgresql_url, max_size=4) as engine:
        engine.script("CREATE TABLE t (n int PRIMARY KEY)")

        def work(thread: int) -> None:
            try:
                for n in range(100):
                    tag = thread * 1000 + n
                    if engine.query_one("SELECT $1::int", [tag])[0] != tag:
                        wrong.append(tag)
                    if n % 10 == 0:
                        with engine.transaction():
                            engine.execute("INSERT INTO t VALUES ($1)", [tag])
                    if n % 10 == 5:
                        try:
                            with engine.transaction():
                                engine.execute("INSERT INTO t VALUES ($1)", [tag])
                                raise LookupError
                        except LookupError:
                            pass
            except BaseException as error:
                wrong.append(error)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []
        assert engine.query_one("SELECT count(*), count(*) FILTER (WHERE n % 10 <> 0) FROM t") == (160, 0)
        stats = engine.pool.stats()
        assert (stats.used, stats.recovering, stats.waiting) == (0, 0, 0)
        assert stats.size <= 4

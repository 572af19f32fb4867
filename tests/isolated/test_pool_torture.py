"""Many more clients than connections, who do everything that can be done to a connection."""

from __future__ import annotations

import asyncio
import random
import threading
from typing import Any

import pytest

from ferrow.engine import create_engine
from ferrow.errors import ConnectionLost, Error, PoolTimeout
from ferrow.wire.drive import drive
from tests.support import entered, maybe
from tests.support.effort import EFFORT

pytestmark = pytest.mark.postgresql

SIZE = 8
KILL = "SELECT pg_terminate_backend(pg_backend_pid())"


class Torture:
    """What the clients do, and what went wrong."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        self.wrong: list[Any] = []
        self.users: dict[int, int] = {}

    def check(self) -> None:
        stats = self.engine.pool.stats()
        if not 0 <= stats.size <= SIZE or min(stats) < 0:
            self.wrong.append(stats)

    async def same(self, conn: Any, number: int) -> None:
        """Two answers to questions that nobody else asks, on a connection that nobody else has."""
        here = id(conn.wire._slot.wire)
        if self.users.setdefault(here, number) != number:
            self.wrong.append("two at once")
        try:
            for part in range(2):
                row = await maybe(conn.query_one("SELECT $1::int, $2::int", [number, part]))
                if tuple(row) != (number, part):
                    self.wrong.append(row)
        finally:
            self.users.pop(here, None)

    async def once(self, number: int, chance: random.Random, sleep: Any) -> None:
        self.check()
        match chance.randrange(8):
            case 0:
                row = await maybe(self.engine.query_one("SELECT $1::int", [number]))
                if row[0] != number:
                    self.wrong.append(row)
            case 1:
                async with entered(self.engine.connection()) as conn:
                    await self.same(conn, number)
                    await maybe(sleep(chance.random() * 0.002))
            case 2:
                async with entered(self.engine.transaction()) as tx:
                    await maybe(tx.execute("INSERT INTO torture VALUES ($1, true)", [number]))
            case 3:
                async with entered(self.engine.transaction()) as tx:
                    await maybe(tx.execute("INSERT INTO torture VALUES ($1, false)", [number]))
                    raise LookupError
            case 4:
                async with entered(self.engine.connection()) as conn:
                    await maybe(conn.close())
            case 5:
                async with entered(self.engine.connection()) as conn:
                    await maybe(conn.script("SET search_path TO pg_catalog; BEGIN"))
            case 6 if chance.random() < 0.2:
                await maybe(self.engine.query(KILL))
            case _:
                async with entered(self.engine.connection()) as conn:
                    await maybe(conn.query("SELECT pg_sleep(0.5)", timeout=0.001 + chance.random() * 0.004))
        self.check()

    async def client(self, number: int, rounds: int, sleep: Any) -> None:
        chance = random.Random(number)
        for _ in range(rounds):
            try:
                await self.once(number, chance, sleep)
            except PoolTimeout as error:
                self.wrong.append(error)
            except (LookupError, ConnectionLost, Error):
                pass
            except asyncio.CancelledError:
                raise
            except BaseException as error:
                self.wrong.append(error)

    def tasks(self, number: int) -> list[asyncio.Task[None]]:
        return [asyncio.ensure_future(self.client(one, 1, asyncio.sleep)) for one in range(number)]


async def whole(torture: Torture, observer: Any) -> None:
    """Afterwards every place can be lent, and nothing is left of anybody."""
    engine = torture.engine
    assert torture.wrong == []
    slots = [await maybe(engine.pool.acquire(timeout=60)) for _ in range(SIZE)]
    for slot in slots:
        row = await slot.wire.run("SELECT current_setting('search_path')", None, SHAPE)
        assert "pg_catalog" not in row.rows[0][0]
        engine.pool.release(slot)
    assert engine.pool.stats()[:5] == (SIZE, 0, 0, 0, 0)
    assert observer.query("SELECT * FROM torture WHERE NOT kept") == []
    state = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'torture' AND state <> 'idle'"
    assert observer.query_one(state)[0] == 0


def _shape() -> Any:
    from ferrow._core import Shape

    return Shape.tuples()


SHAPE = _shape()


@pytest.mark.timeout(300)
def test_two_thousand_tasks_on_eight_connections(postgresql_url: str) -> None:
    async def main() -> None:
        engine = create_engine(postgresql_url, max_size=SIZE, acquire_timeout=120, application_name="torture")
        with create_engine(postgresql_url, max_size=1) as observer:
            observer.script("CREATE TABLE torture (n int, kept bool)")
            torture = Torture(engine.aio)
            tasks = torture.tasks(2000 * EFFORT)
            chance = random.Random(7)
            while any(not task.done() for task in tasks):
                await asyncio.sleep(0.001)
                torture.check()
                if chance.random() < 0.3:
                    chance.choice(tasks).cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await whole(torture, observer)
            await engine.aio.close()

    asyncio.run(main())


@pytest.mark.timeout(300)
@pytest.mark.parametrize("number", [8, 64])
def test_threads_on_eight_connections(postgresql_url: str, number: int) -> None:
    from time import sleep

    engine = create_engine(postgresql_url, max_size=SIZE, acquire_timeout=120, application_name="torture")
    with create_engine(postgresql_url, max_size=1) as observer, engine:
        observer.script("CREATE TABLE torture (n int, kept bool)")
        torture = Torture(engine)
        rounds = 1600 // number * EFFORT
        threads = [threading.Thread(target=drive, args=(torture.client(one, rounds, sleep),)) for one in range(number)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        drive(whole(torture, observer))

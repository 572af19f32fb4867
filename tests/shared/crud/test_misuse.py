"""`ConnectionManager` in threads, tasks, loops and forked processes, closed at the wrong moment, opened twice."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

import ferrow.crud
from ferrow.crud import AlreadyInitialized, NotInitialized
from ferrow.engine.engine import AsyncEngine
from tests.support import maybe
from tests.support.crud.models import MyUser


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_an_engine_that_was_given_and_its_url(empty: Any, url: str, engine: Any) -> None:
    empty.ConnectionManager.use(engine)
    with pytest.raises(AlreadyInitialized, match=r"for another engine\. Call close\(\) first"):
        await maybe(empty.ConnectionManager.initialize(dsn=engine.url))


@pytest.mark.parametrize(("backend", "colour"), [("sqlite", "sync")])
def test_threads_that_initialize_at_once(empty: Any, url: str) -> None:
    manager = empty.ConnectionManager
    for _ in range(5):
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(lambda _: manager.initialize(dsn=url), range(8)))
        assert empty.select_raw("SELECT 1 AS one") == [{"one": 1}]
        manager.close()


@pytest.mark.parametrize("colour", ["async"])
async def test_close_while_initialize_connects(empty: Any, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    manager = empty.ConnectionManager
    connecting, go_on = asyncio.Event(), asyncio.Event()
    real = AsyncEngine.open

    async def slow(engine: AsyncEngine) -> Any:
        connecting.set()
        await go_on.wait()
        return await real(engine)

    monkeypatch.setattr(AsyncEngine, "open", slow)
    task = asyncio.ensure_future(manager.initialize(dsn=url))
    await connecting.wait()
    await manager.close()
    go_on.set()
    with pytest.raises(NotInitialized, match="close\\(\\) was called while"):
        await task
    assert not manager.initialized
    await manager.initialize(dsn=url)
    assert manager.initialized


@pytest.mark.parametrize("colour", ["async"])
async def test_close_waits_for_what_is_under_way(empty: Any, url: str) -> None:
    manager = empty.ConnectionManager
    await manager.initialize(dsn=url)
    await manager.engine.create_all(MyUser)
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        async with manager.transaction():
            await empty.insert(MyUser(name="a", email="a"))
            inside.set()
            await go_on.wait()

    working = asyncio.ensure_future(work())
    await inside.wait()
    closing = asyncio.ensure_future(manager.close())
    await asyncio.sleep(0)
    with pytest.raises(NotInitialized):
        await empty.select_all(MyUser)
    go_on.set()
    await asyncio.gather(working, closing)
    await manager.initialize(dsn=url)
    assert len(await empty.select_all(MyUser)) == 1


def test_several_loops_one_after_the_other_and_at_once(url: str) -> None:
    manager = ferrow.crud.AsyncConnections()
    crud = ferrow.crud.AsyncFunctions(manager)

    async def start() -> None:
        await manager.initialize(dsn=url, max_size=3)
        await manager.engine.create_all(MyUser)
        await crud.insert(MyUser(name="a", email="a"))

    async def read(_: int = 0) -> int:
        found = await asyncio.gather(*[crud.select_all(MyUser) for _ in range(5)])
        return len(found[-1])

    asyncio.run(start())
    assert asyncio.run(read()) == 1
    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(lambda n: asyncio.run(read(n)), range(3))) == [1, 1, 1]
    asyncio.run(manager.close())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.parametrize("colour", ["sync"])
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_has_connections_of_its_own(empty: Any, url: str) -> None:
    empty.ConnectionManager.initialize(dsn=url)
    empty.ConnectionManager.engine.create_all(MyUser)
    empty.insert(MyUser(name="parent", email="p"))
    child = os.fork()
    if not child:
        try:
            empty.insert(MyUser(name="child", email="c"))
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    assert [user.name for user in empty.select_all(MyUser)] == ["parent", "child"]


@pytest.mark.parametrize("colour", ["async"])
async def test_tasks_share_the_functions_and_not_their_transactions(crud: Any) -> None:
    async def work(number: int) -> None:
        with suppress(ZeroDivisionError):
            async with crud.ConnectionManager.transaction():
                made = await crud.insert(MyUser(name=f"{number}", email=f"{number}"))
                made.age = number
                assert (await crud.update(made)).age == number
                assert await crud.select_one(MyUser, name=f"{number}") is not None
                if number % 2:
                    raise ZeroDivisionError

    await asyncio.gather(*map(work, range(6)))
    assert sorted([(user.name, user.age) for user in await crud.select_all(MyUser)]) == [("0", 0), ("2", 2), ("4", 4)]

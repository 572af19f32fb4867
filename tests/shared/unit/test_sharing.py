"""Tasks, or threads, that share the session of one block, and each of which ends its transaction."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any

import pytest

from ferrow import create_engine
from ferrow.engine.transaction import AsyncTransactionScope
from ferrow.errors import IntegrityError, ProgrammingError
from tests.support import entered, maybe
from tests.support.colours import Driven, Runner
from tests.support.deadlines import eventually
from tests.support.sessions import session_of

pytestmark = pytest.mark.only(style="declarative")

Work = Callable[[], Awaitable[None]]


def together(colour: str, runner: Runner, *works: Work) -> None:
    """Run them at the same time, each in a task or thread of its own."""

    async def tasks() -> None:
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(work())  # type: ignore[arg-type]

    if colour == "async":
        runner.run(tasks())
        return
    with ThreadPoolExecutor(len(works)) as pool:
        running = [pool.submit(contextvars.Context().run, Driven().run, work()) for work in works]  # type: ignore[arg-type]
        for one in running:
            one.result()


def test_each_commits_and_asks(
    session: Any, opened: Any, models: ModuleType, colour: str, runner: Runner, backend: str
) -> None:
    item = models.Item
    own = opened()
    (own.__enter__ if colour == "sync" else lambda: runner.run(own.__aenter__()))()

    def worker(number: int) -> Work:
        async def work() -> None:
            for step in range(4):
                own.add(item(name=f"n{number}.{step}"))
                await maybe(own.commit())
                found = await maybe(own.query(item).filter(name=f"n{number}.{step}").one())
                found.count = step
                own.add(item(name=f"m{number}.{step}"))
                assert await maybe(own.query(item).filter(name__endswith=f"{number}.{step}").count()) == 2
            await maybe(own.commit())

        return work

    try:
        together(colour, runner, *[worker(number) for number in range(4)])
    finally:
        runner.run(maybe(own.commit()))
        (lambda: own.__exit__(None, None, None) if colour == "sync" else runner.run(own.__aexit__(None, None, None)))()

    assert runner.run(maybe(session.query(item).count())) == 32
    assert runner.run(maybe(session.query(item).filter(name__startswith="n").sum("count"))) == 4 * 6


@pytest.mark.parametrize("way", ["begin", "transaction"])
def test_who_has_the_only_connection_writes_before_who_waits_for_it(
    url: str, session: Any, models: ModuleType, colour: str, runner: Runner, way: str
) -> None:
    """The one who waits has its turn to write last, not first: else each would have what the other one waits for."""
    item = models.Item

    async def small() -> Any:
        engine = create_engine(url, max_size=1, acquire_timeout=20)
        return await engine if colour == "async" else engine

    engine = runner.run(small())
    own = type(session_of(engine, colour))(engine)
    has = [False]

    async def first() -> None:
        async with entered(own.begin() if way == "begin" else engine.transaction()):
            has[0] = True
            await eventually(colour, lambda: engine.pool.stats().waiting == 1)
            own.add(item(name="first"))
            await maybe(own.flush() if way == "begin" else own.commit())

    async def second() -> None:
        await eventually(colour, lambda: has[0])
        own.add(item(name="second"))
        await maybe(own.flush())

    runner.run(maybe(own.__aenter__() if colour == "async" else own.__enter__()))
    try:
        together(colour, runner, first, second)
    finally:
        runner.run(maybe(own.commit()))
        runner.run(maybe(own.__aexit__(None, None, None) if colour == "async" else own.__exit__(None, None, None)))
        runner.run(maybe(engine.close()))
    names = runner.run(maybe(session.query(item).order_by("name").values_list("name", flat=True)))
    assert names == ["first", "second"]


@pytest.mark.only(colour="async")
@pytest.mark.parametrize("ending", ["commit", "rollback"])
async def test_the_end_waits_for_a_nested_transaction_of_another_task(
    session: Any, opened: Any, engine: Any, models: ModuleType, ending: str
) -> None:
    item = models.Item
    inside, go = asyncio.Event(), asyncio.Event()

    async with opened() as own:
        await own.insert(item(name="by itself"))
        own.add(item(name="first"))
        await own.flush()

        async def nested() -> None:
            async with engine.transaction():
                inside.set()
                await go.wait()
                await own.insert(item(name="nested"))

        async def end() -> None:
            await inside.wait()
            task = asyncio.create_task(own.commit() if ending == "commit" else own.rollback())
            await eventually("async", lambda: bool(own._engine.unit.link.turns._queue))
            go.set()
            await task

        await asyncio.gather(nested(), end())
    names = await session.query(item).order_by("id").values_list("name", flat=True)
    assert names == ["by itself", *(["first", "nested"] if ending == "commit" else [])]


@pytest.mark.parametrize("ending", ["commit", "rollback"])
async def test_the_end_inside_a_nested_transaction_is_refused(
    session: Any, opened: Any, engine: Any, models: ModuleType, ending: str
) -> None:
    item = models.Item
    async with entered(opened()) as own:
        own.add(item(name="first"))
        await maybe(own.flush())
        async with entered(engine.transaction()):
            with pytest.raises(
                ProgrammingError, match=rf"{ending}\(\) inside a transaction\(\) block .* leave it first"
            ):
                await maybe(getattr(own, ending)())
        await maybe(own.commit())
    assert await maybe(session.query(item).count()) == 1


@pytest.mark.only(colour="sync")
def test_what_a_thread_writes_behind_the_rollback_of_a_flush_stays(
    session: Any, opened: Any, models: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, end = models.Item, AsyncTransactionScope._end
    one = item(name="a")
    with opened(autoflush=False) as own:
        first = item(name="first")
        own.add(first)
        own.flush()

        def late(scope: AsyncTransactionScope) -> None:
            monkeypatch.setattr(AsyncTransactionScope, "_end", end)
            with ThreadPoolExecutor(1) as pool:
                pool.submit(contextvars.Context().run, own.insert, one).result()
            end(scope)

        own.add(item(id=first.id, name="in the way"))
        monkeypatch.setattr(AsyncTransactionScope, "_end", late)
        with pytest.raises(IntegrityError):
            own.flush()
        own.expunge(own.new[0])
        assert own.query(item).filter(name="a").count() == 1
        assert one.id is not None
        assert one in own
        own.commit()

"""What a task writes while another one has a savepoint in the same transaction: where its row goes, its instance goes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from contextvars import copy_context
from types import ModuleType
from typing import Any

import pytest

from ferrow import AsyncSession
from ferrow.driver.connection import AsyncConnection
from ferrow.driver.transaction import AsyncTransaction
from ferrow.errors import IntegrityError
from ferrow.orm.unit.around import unit_of
from ferrow.orm.unit.unit import Unit
from tests.support.deadlines import eventually
from tests.support.units import Mistake

pytestmark = [
    pytest.mark.parametrize("colour", ["async"]),
    pytest.mark.parametrize("where", ["block", "begin"]),
    pytest.mark.only(style="declarative"),
]

WAYS = pytest.mark.parametrize("way", ["insert", "upsert", "insert_all"])


@asynccontextmanager
async def working(engine: Any, models: ModuleType, where: str) -> AsyncIterator[Any]:
    """A session in a transaction that has begun."""
    first = models.Item(name="first")
    if where == "begin":
        own = AsyncSession(engine, autoflush=False)
        async with own.begin():
            await own.insert(first)
            yield own
        return
    async with AsyncSession(engine, autoflush=False) as own:
        own.add(first)
        await own.flush()
        yield own
        await own.commit()


async def write(own: Any, way: str, one: Any) -> None:
    if way == "insert":
        await own.insert(one)
    elif way == "upsert":
        await own.upsert(one, "id")
    else:
        await own.insert_all([one])


async def is_there(own: Any, one: Any) -> bool:
    """Whether it has a row, on which database and session must agree."""
    there = bool(await own.query(type(one)).filter(name=one.name).count())
    assert (one in own) == (one.id is not None) == there
    return there


async def undone(own: Any) -> None:
    with pytest.raises(Mistake):
        async with own.begin():
            raise Mistake


def beside(own: Any) -> Any:
    """Call it for what another task does; gives the task when that is done, or waits for a savepoint."""
    outside, sending = copy_context(), unit_of(own._engine)._sending  # type: ignore[union-attr]

    async def start(call: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(call, context=outside)
        await eventually("async", lambda: task.done() or sending._waiting)
        return task

    return start


@WAYS
@pytest.mark.parametrize("undoing", ["block", "flush"])
async def test_what_is_sent_behind_the_rollback_stays(
    session: Any,
    engine: Any,
    models: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    way: str,
    undoing: str,
) -> None:
    abandon, one, tasks = AsyncTransaction._abandon, models.Item(name="a"), []
    async with working(engine, models, where) as own:
        start = beside(own)

        async def slow(transaction: AsyncTransaction) -> None:
            monkeypatch.setattr(AsyncTransaction, "_abandon", abandon)
            await abandon(transaction)
            tasks.append(await start(write(own, way, one)))

        monkeypatch.setattr(AsyncTransaction, "_abandon", slow)
        if undoing == "block":
            await undone(own)
        else:
            (first,) = await own.query(models.Item).all()
            own.add(models.Item(id=first.id, name="in the way"))
            with pytest.raises(IntegrityError):
                await own.flush()
            own.expunge(own.new[0])
        await tasks[0]
        assert await is_there(own, one)


@WAYS
async def test_what_was_sent_before_the_rollback_goes_with_it(
    session: Any, engine: Any, models: ModuleType, monkeypatch: pytest.MonkeyPatch, where: str, way: str
) -> None:
    """Even if its task learns of the answer afterwards."""
    one, sent, go = models.Item(name="a"), asyncio.Event(), asyncio.Event()
    name = "run" if way == "insert" else "run_many"
    run = getattr(AsyncConnection, name)

    async def late(*given: Any) -> Any:
        monkeypatch.setattr(AsyncConnection, name, run)
        result = await run(*given)
        sent.set()
        await go.wait()
        return result

    async with working(engine, models, where) as own:
        sending, inside = unit_of(own._engine)._sending, asyncio.Event()  # type: ignore[union-attr]

        async def block() -> None:
            with pytest.raises(Mistake):
                async with own.begin():
                    inside.set()
                    await sent.wait()
                    raise Mistake

        other = asyncio.create_task(block())
        await inside.wait()
        monkeypatch.setattr(AsyncConnection, name, late)
        writing = asyncio.create_task(write(own, way, one))
        await sent.wait()
        await eventually("async", lambda: other.done() or sending._waiting)
        go.set()
        await asyncio.gather(other, writing)
        assert not await is_there(own, one)


@WAYS
async def test_what_is_sent_behind_the_savepoint_is_undone_with_it(
    session: Any, engine: Any, models: ModuleType, monkeypatch: pytest.MonkeyPatch, where: str, way: str
) -> None:
    """If it comes before the block knows that it has begun, it waits: then it is inside all the same, or was never sent."""
    begin, one, tasks = AsyncTransaction.start, models.Item(name="a"), []
    async with working(engine, models, where) as own:
        start = beside(own)

        async def slow(transaction: AsyncTransaction) -> None:
            monkeypatch.setattr(AsyncTransaction, "start", begin)
            await begin(transaction)
            tasks.append(await start(write(own, way, one)))

        monkeypatch.setattr(AsyncTransaction, "start", slow)
        with pytest.raises(Mistake):
            async with own.begin():
                await tasks[0]
                raise Mistake
        assert not await is_there(own, one)


@WAYS
async def test_what_is_sent_while_a_flush_has_begun_goes_with_it(
    session: Any, engine: Any, models: ModuleType, monkeypatch: pytest.MonkeyPatch, where: str, way: str
) -> None:
    read, one = Unit._read_again, models.Item(name="a")
    async with working(engine, models, where) as own:
        start = beside(own)

        async def slow(unit: Unit, connection: Any) -> None:
            monkeypatch.setattr(Unit, "_read_again", read)
            await (await start(write(own, way, one)))
            await read(unit, connection)

        (first,) = await own.query(models.Item).all()
        own.add(models.Item(id=first.id, name="in the way"))
        monkeypatch.setattr(Unit, "_read_again", slow)
        with pytest.raises(IntegrityError):
            await own.flush()
        own.expunge(own.new[0])
        assert not await is_there(own, one)


@WAYS
async def test_whatever_comes_first(session: Any, engine: Any, models: ModuleType, where: str, way: str) -> None:
    async with working(engine, models, where) as own:
        for number in range(28):
            begun, ones = asyncio.Event(), [models.Item(name=f"{number}.{step}") for step in range(3)]

            async def block(turns: int, begun: asyncio.Event) -> None:
                with pytest.raises(Mistake):
                    async with own.begin():
                        begun.set()
                        for _ in range(turns):
                            await asyncio.sleep(0)
                        raise Mistake

            async def call(one: Any, turns: int, begun: asyncio.Event) -> None:
                await begun.wait()
                for _ in range(turns):
                    await asyncio.sleep(0)
                await write(own, way, one)

            calls = [call(one, number // 7 + step, begun) for step, one in enumerate(ones)]
            await asyncio.gather(block(number % 7, begun), *calls)
            for one in ones:
                await is_there(own, one)

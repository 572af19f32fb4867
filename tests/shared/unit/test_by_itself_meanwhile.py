"""What a task writes by itself while another one, which shares its unit, begins or ends the transaction: it goes there, or is not waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import copy_context
from types import ModuleType
from typing import Any

import pytest

from ferrow import AsyncSession, columns
from ferrow.driver.transaction import AsyncTransaction
from ferrow.errors import OperationalError, UniqueViolation
from ferrow.orm import storing
from ferrow.orm.unit.around import unit_of
from ferrow.orm.unit.block import Block
from tests.support.deadlines import eventually
from tests.support.units import Mistake

pytestmark = [pytest.mark.parametrize("colour", ["async"]), pytest.mark.only(style="declarative")]

Start = Callable[..., Awaitable[Any]]


@pytest.fixture
def while_it_begins(engine: Any, monkeypatch: pytest.MonkeyPatch) -> Start:
    """`await while_it_begins(own, call)`: a flush begins the transaction, and the call is made before the flush knows that it has begun."""

    async def start(own: Any, call: Coroutine[Any, Any, Any], made: Callable[[], bool] = bool) -> Any:
        unit, entered = own._engine.unit, Block._entered
        begun: asyncio.Future[asyncio.Task[Any]] = asyncio.get_running_loop().create_future()
        outside = copy_context()  # another task knows nothing of the transaction

        async def slow(block: Block, *options: Any) -> Any:
            monkeypatch.setattr(Block, "_entered", entered)
            scope = await entered(block, *options)
            task = asyncio.get_running_loop().create_task(call, context=outside)
            begun.set_result(task)
            await eventually(
                "async", lambda: task.done() or unit._quiet._waiting or engine.pool.stats().used > 1 or made()
            )
            return scope

        monkeypatch.setattr(Block, "_entered", slow)
        await own.flush()
        return await begun

    return start


@pytest.mark.parametrize("doing", ["insert", "insert_all", "update", "query", "raw"])
async def test_nobody_waits_for_who_waits_for_the_transaction(
    session: Any, engine: Any, models: ModuleType, while_it_begins: Start, doing: str
) -> None:
    item = models.Item
    there = await session.insert(item(name="there"))
    async with AsyncSession(engine, autoflush=False) as own:
        mine = await own.get(item, there.id)

        async def call() -> None:
            if doing == "insert":
                await own.insert(item(name="a"))
            elif doing == "insert_all":
                await own.insert_all([item(name="a"), models.Account(balance=1)])
            elif doing == "update":
                await own.update(mine, count=5)
            elif doing == "query":
                await own.query(item).filter(id=there.id).update(count=columns(item).count + 5)
            else:
                await own.execute_raw("UPDATE items SET count = 5 WHERE id = ?", [there.id])

        own.add(item(name="first"))
        task = await while_it_begins(own, call())
        own.add(item(name="second"))
        await own.flush()
        await task
        await own.commit()
    names = await session.query(item).order_by("name").values_list("name", flat=True)
    assert names == (["a"] if doing.startswith("insert") else []) + ["first", "second", "there"]
    if not doing.startswith("insert"):
        assert (await session.get(item, there.id)).count == 5


async def test_what_is_undone_is_what_was_written_in_the_transaction(
    session: Any, engine: Any, models: ModuleType, while_it_begins: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, insert = models.Item, storing.insert
    one, done = item(name="a"), asyncio.Event()
    async with AsyncSession(engine, autoflush=False) as own:

        async def late(*given: Any) -> Any:
            made = await insert(*given)
            done.set()
            await eventually("async", lambda: own._engine.unit.link is not None)
            return made

        monkeypatch.setattr(storing, "insert", late)
        own.add(item(name="first"))
        await (await while_it_begins(own, own.insert(one), done.is_set))
        await own.rollback()
        there = await session.query(item).filter(name="a").count()
        assert (one in own) == (one.id is not None) == bool(there)


@pytest.mark.parametrize("ending", ["rollback", "refused"])
async def test_the_end_of_the_transaction_waits_for_what_is_being_inserted_in_it(
    session: Any, engine: Any, models: ModuleType, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    """What is undone with it is undone in memory, too: an instance that has no row must not look as if it had one."""
    item, insert, commit = models.Item, storing.insert, AsyncTransaction.commit
    one, sent, go = item(name="a"), asyncio.Event(), asyncio.Event()

    async def late(*given: Any) -> Any:
        monkeypatch.setattr(storing, "insert", insert)
        made = await insert(*given)
        sent.set()
        await go.wait()
        return made

    async def refuse(transaction: AsyncTransaction) -> None:
        monkeypatch.setattr(AsyncTransaction, "commit", commit)
        await transaction.rollback()
        raise OperationalError("refused")

    async def end(own: Any) -> None:
        if ending == "rollback":
            await own.rollback()
            return
        monkeypatch.setattr(AsyncTransaction, "commit", refuse)
        with pytest.raises(OperationalError, match="refused"):
            await own.commit()

    async with AsyncSession(engine, autoflush=False) as own:
        own.add(item(name="first"))
        await own.flush()
        monkeypatch.setattr(storing, "insert", late)
        inserting = asyncio.create_task(own.insert(one))
        await sent.wait()
        task = asyncio.create_task(end(own))
        await eventually("async", lambda: task.done() or own._engine.unit._quiet._waiting)
        go.set()
        await asyncio.gather(inserting, task)
        assert one.id is None
        assert {each.name for each in own.new} == (set() if ending == "rollback" else {"first", "a"})
        await own.commit()
    assert await session.query(item).count() == (0 if ending == "rollback" else 2)


@pytest.mark.parametrize("way", ["block", "begin"])
async def test_a_block_inside_begins_after_what_is_being_inserted(
    session: Any, engine: Any, models: ModuleType, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """What the rollback of that block undoes is what was written in it."""
    item, insert = models.Item, storing.insert
    one, sent, go = item(name="a"), asyncio.Event(), asyncio.Event()

    async def late(*given: Any) -> Any:
        monkeypatch.setattr(storing, "insert", insert)
        made = await insert(*given)
        sent.set()
        await go.wait()
        return made

    async def inside(work: Any) -> None:
        async with work.begin():
            await insert(work._engine, work._dialect, item(name="undone"))
            go.set()
            await inserting
            raise Mistake

    async with AsyncSession(engine) if way == "block" else session.begin() as found:
        work = found if way == "block" else session
        work.add(item(name="first"))
        await found.flush()
        monkeypatch.setattr(storing, "insert", late)
        inserting = asyncio.create_task(work.insert(one))
        await sent.wait()
        unit = unit_of(work._engine)
        other = asyncio.create_task(inside(work))
        await eventually("async", lambda: go.is_set() or unit._sending._waiting)
        go.set()
        with pytest.raises(Mistake):
            await other
        assert one.id is not None
        assert one in work
        if way == "block":
            await work.commit()
    assert await session.query(item).order_by("id").values_list("name", flat=True) == ["first", "a"]


@pytest.mark.parametrize("autoflush", [True, False])
@pytest.mark.parametrize("doing", ["insert", "insert begun before", "flush", "update", "remove", "read"])
async def test_what_is_committed_beside_a_block_that_is_undone_stays(
    session: Any, engine: Any, models: ModuleType, monkeypatch: pytest.MonkeyPatch, doing: str, autoflush: bool
) -> None:
    """begin() of another task is no business of who was not started in it, though both share the unit."""
    item, insert = models.Item, storing.insert
    there = await session.insert(item(name="there"))
    working, sent, over = (asyncio.Event() for _ in range(3))
    overlapping = doing == "insert begun before"

    async def block(own: Any) -> None:
        if overlapping:
            await sent.wait()
        with pytest.raises(Mistake):
            async with own.begin(readonly=True):
                working.set()
                await over.wait()
                raise Mistake

    async def late(*given: Any) -> Any:
        made = await insert(*given)
        sent.set()
        await working.wait()
        return made

    async def call(own: Any, mine: Any, new: Any) -> None:
        if not overlapping:
            await working.wait()
        if doing.startswith("insert"):
            await own.insert(new)
        elif doing == "flush":
            own.add(new)
            mine.count = 5
            await own.flush()
        elif doing == "update":
            await own.update(mine, count=5)
        elif doing == "remove":
            await own.remove(mine)
        else:
            assert await own.query(item).filter(id=there.id).all() == [mine]
        over.set()

    if overlapping:
        monkeypatch.setattr(storing, "insert", late)
    inserted, changed = doing.startswith("insert") or doing == "flush", doing in ("flush", "update")
    async with AsyncSession(engine, autoflush=autoflush) as own:
        mine, new = await own.get(item, there.id), item(name="a")
        await asyncio.gather(call(own, mine, new), block(own))
        assert (new in own, new.id is not None) == (inserted, inserted)
        assert (mine in own, mine.count) == (doing != "remove", 5 if changed else 0)
        assert own.dirty == own.new == []
    names = await session.query(item).order_by("name").values_list("name", "count")
    expected = [] if doing == "remove" else [("there", 5 if changed else 0)]
    assert names == ([("a", 0)] if inserted else []) + expected


async def test_a_flush_of_its_own_that_fails_leaves_what_the_block_has_done(
    session: Any, engine: Any, models: ModuleType
) -> None:
    item = models.Item
    await session.insert_all([item(name="there"), item(name="b")])
    working, over = asyncio.Event(), asyncio.Event()

    async def block(own: Any) -> None:
        async with own.begin(readonly=True):
            working.set()
            await over.wait()

    async def call(own: Any) -> None:
        await working.wait()
        new, mine = item(name="a"), await own.query(item).filter(name="b").one()
        own.add(new)
        mine.name = "there"
        with pytest.raises(UniqueViolation):
            await own.flush()
        assert new.id is None
        assert (own.new, own.dirty) == ([new], [mine])
        mine.name = "b"
        await own.flush()
        assert new.id is not None
        over.set()

    async with AsyncSession(engine) as own:
        await asyncio.gather(call(own), block(own))
        assert own.new == own.dirty == []
        assert own._engine.unit._turn.log is None, "it holds what was written"
        # And later ones belong to the transaction again.
        first, second = item(name="first"), item(name="second")
        own.add(first)
        await own.flush()
        await own.insert(second)
        await own.rollback()
        assert first.id is second.id is None
    assert await session.query(item).order_by("name").values_list("name", flat=True) == ["a", "b", "there"]

"""begin() of several tasks that share the block of one session, each a transaction of its own: none undoes what another one has done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from types import ModuleType
from typing import Any

import pytest

from ferrow import AsyncSession
from ferrow.engine.transaction import AsyncTransactionScope
from tests.support.deadlines import eventually
from tests.support.units import Mistake, read

pytestmark = [pytest.mark.parametrize("colour", ["async"]), pytest.mark.only(style="declarative")]

Work = Callable[[], Awaitable[None]]


async def undone_beside(own: Any, meanwhile: Work, *, first: Work | None = None, readonly: bool = True) -> None:
    """A begin() block that does `first` and is rolled back; meanwhile another task has done something."""
    begun, over = asyncio.Event(), asyncio.Event()

    async def block() -> None:
        with pytest.raises(Mistake):
            async with own.begin(readonly=readonly):
                if first is not None:
                    await first()
                begun.set()
                await over.wait()
                raise Mistake

    async def other() -> None:
        await begun.wait()
        await meanwhile()
        over.set()

    await asyncio.gather(block(), other())


async def names_of(session: Any, item: Any) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = await session.query(item).order_by("name").values_list("name", "count")
    return found


async def test_what_another_block_has_committed_stays(session: Any, engine: Any, models: ModuleType) -> None:
    item = models.Item
    there = await session.insert_all([item(name="changed"), item(name="removed"), item(name="updated")])
    async with AsyncSession(engine) as own:
        changed, removed, updated = [await own.get(item, one.id) for one in there]
        new, added = item(name="a"), item(name="b")

        async def meanwhile() -> None:
            async with own.begin():
                await own.insert(new)
                own.add(added)
                changed.count = 5
                await own.remove(removed)
                await own.update(updated, count=6)

        await undone_beside(own, meanwhile)
        assert (new.id is not None, new in own) == (added.id is not None, added in own) == (True, True)
        assert (changed.count, updated.count, removed in own) == (5, 6, False)
        assert own.new == own.dirty == own.deleted == []
        assert len(own._engine.unit.log) == 0
        changed.count = 0
        await own.commit()
    assert await names_of(session, item) == [("a", 0), ("b", 0), ("changed", 0), ("updated", 6)]


@pytest.mark.only(backend=("postgresql", "mariadb"))  # SQLite has one writer
@pytest.mark.parametrize("ending", ["commit", "rollback"])
async def test_each_undoes_what_it_has_done_itself(session: Any, engine: Any, models: ModuleType, ending: str) -> None:
    item = models.Item
    there = await session.insert_all([item(name="c"), item(name="d")])
    async with AsyncSession(engine) as own:
        first, second = [await own.get(item, one.id) for one in there]
        mine, his = item(name="a"), item(name="b")

        async def before() -> None:
            await own.insert(mine)
            first.count = 4
            await own.flush()

        async def meanwhile() -> None:
            async with own.begin():
                async with own.begin():
                    await own.insert(his)
                second.count = 5
                await own.flush()
                if ending == "rollback":
                    raise Mistake

        async def caught() -> None:
            if ending == "commit":
                await meanwhile()
                return
            with pytest.raises(Mistake):
                await meanwhile()
            assert (mine.id is not None, first.count, own.dirty) == (True, 4, [])

        await undone_beside(own, caught, first=before, readonly=False)
        kept = ending == "commit"
        assert (mine.id, mine in own, first.count) == (None, False, 0)
        assert (his.id is not None, his in own, second.count) == (kept, kept, 5 if kept else 0)
        assert own.new == own.dirty == []
    assert await names_of(session, item) == ([("b", 0), ("c", 0), ("d", 5)] if kept else [("c", 0), ("d", 0)])


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("doing", ["add", "delete"])
async def test_what_another_task_has_pending_is_still_pending(
    session: Any, engine: Any, models: ModuleType, doing: str, nested: bool
) -> None:
    """Outside of the block, or in one of its own; in the session's transaction the blocks are savepoints."""
    item = models.Item
    there = await session.insert_all([item(name="b"), item(name="c")])
    async with AsyncSession(engine, autoflush=False) as own:
        if nested:
            own.add(item(name="first"))
            await own.flush()
        mine, his = [await own.get(item, one.id) for one in there]
        new = item(name="a")

        async def before() -> None:
            own.add(item(name="undone"))
            own.delete(mine)

        async def meanwhile() -> None:
            if doing == "add":
                own.add(new)
            else:
                own.delete(his)

        await undone_beside(own, meanwhile, first=before, readonly=not nested)
        assert own.new == ([new] if doing == "add" else [])
        assert own.deleted == ([his] if doing == "delete" else [])
        await own.commit()
    names = ["a", "b", "c"] if doing == "add" else ["b"]
    assert [name for name, _ in await names_of(session, item)] == names + ["first"] * nested


async def test_what_another_block_has_pending_is_still_pending(session: Any, engine: Any, models: ModuleType) -> None:
    """It was there when the block began, and belongs to the other one all the same."""
    item = models.Item
    begun, over = asyncio.Event(), asyncio.Event()
    async with AsyncSession(engine, autoflush=False) as own:

        async def adding() -> None:
            async with own.begin():
                own.add(item(name="a"))
                begun.set()
                await over.wait()
                assert [one.name for one in own.new] == ["a"]

        async def undone() -> None:
            await begun.wait()
            with pytest.raises(Mistake):
                async with own.begin(readonly=True):
                    own.add(item(name="b"))
                    raise Mistake
            over.set()

        await asyncio.gather(adding(), undone())
        assert own.new == []
    assert await names_of(session, item) == [("a", 0)]


@pytest.mark.parametrize("nested", [False, True])
async def test_what_another_task_had_pending_is_so_again_if_a_block_has_written_it(
    session: Any, engine: Any, models: ModuleType, nested: bool
) -> None:
    """A flush writes all that is pending, also what others have added; a rollback undoes it, and they do not know."""
    item = models.Item
    there = await session.insert_all([item(name="b"), item(name="c")])
    added, asked = asyncio.Event(), asyncio.Event()
    async with AsyncSession(engine) as own:
        mine, his = [await own.get(item, one.id) for one in there]
        new, taken_back = item(name="a"), item(name="taken back")

        async def other() -> None:
            await asked.wait()
            own.add_all([new, taken_back])
            own.delete(his)
            added.set()

        async def block() -> None:
            with pytest.raises(Mistake):
                async with own.begin():
                    own.add(item(name="undone"))
                    own.delete(mine)
                    asked.set()
                    await added.wait()
                    if nested:
                        async with own.begin():
                            assert await own.query(item).count() == 3
                    assert await own.query(item).count() == 3
                    own.expunge(taken_back)
                    raise Mistake

        await asyncio.gather(other(), block())
        assert (own.new, own.deleted) == ([new], [his])
        await own.commit()
    assert await names_of(session, item) == [("a", 0), ("b", 0)]


async def test_what_is_pending_when_a_block_begins_belongs_to_it(session: Any, engine: Any, models: ModuleType) -> None:
    item = models.Item
    async with AsyncSession(engine) as own:
        own.add(item(name="a"))
        with pytest.raises(Mistake):
            async with own.begin():
                own.add(item(name="b"))
                await asyncio.to_thread(own.add, item(name="thread"))
                raise Mistake
        assert own.new == []
        own.add(item(name="c"))
        await own.commit()
    assert await names_of(session, item) == [("c", 0)]


@pytest.mark.parametrize("waits", ["to begin", "inside"])
async def test_what_another_task_is_flushing_is_written(
    session: Any, engine: Any, models: ModuleType, monkeypatch: pytest.MonkeyPatch, pause_flush: Any, waits: str
) -> None:
    """The flush was asked for while the block began, or is in the midst of writing when it is rolled back."""
    item, joined = models.Item, AsyncTransactionScope._joined
    there = await session.insert(item(name="there"))
    outside, tasks = copy_context(), list[asyncio.Task[None]]()

    async with AsyncSession(engine, autoflush=False) as own:
        mine, new = await own.get(item, there.id), item(name="a")

        async def flushing() -> None:
            own.add(new)
            mine.count = 5
            await own.flush()

        def start() -> None:
            tasks.append(asyncio.get_running_loop().create_task(flushing(), context=outside))

        async def late(scope: AsyncTransactionScope) -> Any:
            monkeypatch.setattr(AsyncTransactionScope, "_joined", joined)
            found = await joined(scope)
            start()
            await eventually("async", lambda: bool(own._engine.unit._beginning._queue))
            return found

        if waits == "inside":
            paused = pause_flush()
        else:
            monkeypatch.setattr(AsyncTransactionScope, "_joined", late)
        with pytest.raises(Mistake):
            async with own.begin(readonly=True):
                if waits == "inside":
                    start()
                    await paused.reached.wait()
                raise Mistake
        if waits == "inside":
            paused.go.set()
        await tasks[0]
        assert (new.id is not None, mine.count) == (True, 5)
        assert own.new == own.dirty == []
        await own.commit()
    assert await names_of(session, item) == [("a", 0), ("there", 5)]


@pytest.mark.parametrize("way", ["query", "stream"])
async def test_what_a_block_reads_does_not_hide_what_another_one_has_written(
    session: Any, engine: Any, models: ModuleType, way: str
) -> None:
    item = models.Item
    there = await session.insert(item(name="there"))
    async with AsyncSession(engine) as own:
        mine = await own.get(item, there.id)
        begun, changed, done = (asyncio.Event() for _ in range(3))

        async def writing() -> None:
            await begun.wait()
            async with own.begin():
                mine.count = 5
                await own.flush()
                changed.set()
                await done.wait()
                assert (mine.count, own.dirty) == (5, [])
                mine.count = 0

        async def reading() -> None:
            async with own.begin(readonly=True):
                begun.set()
                await changed.wait()
                assert await read(own.query(item), way) == [mine]
            done.set()

        await asyncio.gather(writing(), reading())
        assert (mine.count, own.dirty) == (0, [])
    assert await names_of(session, item) == [("there", 0)]


async def test_what_is_read_again_does_not_hide_what_another_block_has_written(
    session: Any, engine: Any, models: ModuleType
) -> None:
    item = models.Item
    there = await session.insert(item(name="there"))
    async with AsyncSession(engine) as own:
        begun, changed, over = (asyncio.Event() for _ in range(3))

        async def writing() -> None:
            await begun.wait()
            mine = await own.get(item, there.id)
            async with own.begin():
                mine.count = 5
                await own.flush()
                changed.set()
                await over.wait()
                assert (mine.count, own.dirty) == (5, [])
                mine.count = 0

        async def undone() -> None:
            with pytest.raises(Mistake):
                async with own.begin(readonly=True):
                    held.append(await own.get(item, there.id))
                    begun.set()
                    await changed.wait()
                    raise Mistake
            over.set()

        held: list[Any] = []
        await asyncio.gather(writing(), undone())
        assert (held[0].count, own.dirty) == (0, [])
    assert await names_of(session, item) == [("there", 0)]

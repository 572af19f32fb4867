"""Concurrent tasks that share an engine never see each other's transactions, nor each other's instances."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from types import ModuleType
from typing import Any

import pytest

from ferrow import AsyncSession, Base, ForeignKey, Mapped, mapped_column, relationship, selectinload, session_context
from ferrow.driver.transaction import AsyncTransaction
from ferrow.errors import IntegrityError, OperationalError, ProgrammingError
from ferrow.orm.unit import flush
from tests.support.deadlines import eventually


class Shelf(Base):
    __tablename__ = "shelves"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
    volumes: Mapped[list[Volume]] = relationship()


class Volume(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    shelf_id: Mapped[int | None] = mapped_column(ForeignKey("shelves.id"))


pytestmark = pytest.mark.parametrize("colour", ["async"])


@pytest.mark.parametrize("way", ["begin", "context", "block"])
async def test_tasks_do_not_see_each_other(session: Any, engine: Any, models: ModuleType, way: str) -> None:
    item = models.Item
    await session.insert_all([item(name=f"n{number}") for number in range(8)])
    seen: dict[int, list[int]] = {number: [] for number in range(8)}
    # SQLite lets one write at a time; there the tasks take turns, and reading ones do not.
    apart = Random(way)

    async def work(number: int) -> None:
        if way == "begin":
            async with session.begin():
                await changed(session, number)
        elif way == "context":
            async with session_context(engine) as own:
                await changed(own, number)
        else:
            async with AsyncSession(engine) as own:
                await changed(own, number)
                await own.commit()

    async def changed(own: Any, number: int) -> None:
        mine = await own.get(item, number + 1)
        mine.count = 1
        await own.flush()
        await asyncio.sleep(apart.random() / 100)
        found = await own.query(item).all()
        # Others' changes are there once they are committed, and only then: those who are in the midst of it have 1.
        seen[number] = [one.count for one in found if one.id != mine.id]
        assert next(one for one in found if one.id == mine.id) is mine
        mine.count = 2

    async def reading() -> None:
        for _ in range(30):
            assert {one.count for one in await session.query(item).all()} <= {0, 2}
            await asyncio.sleep(0.001)

    await asyncio.gather(reading(), *[work(number) for number in range(8)])

    assert all(set(counts) <= {0, 2} for counts in seen.values())
    assert await session.query(item).order_by("id").values_list("count", flat=True) == [2] * 8


async def test_a_session_goes_on_in_another_task(session: Any, models: ModuleType, engine: Any) -> None:
    """A transaction that began in a task of its own (wait_for makes one) is the session's, not the task's."""
    async with AsyncSession(engine) as own:
        own.add(models.Item(name="a"))
        await asyncio.create_task(own.flush())
        assert await own.query(models.Item).count() == 1
        own.add(models.Item(name="b"))
        await asyncio.create_task(own.commit())
    assert await session.query(models.Item).count() == 2


@pytest.mark.only(style="declarative")
@pytest.mark.parametrize("way", ["block", "begin", "context", "bare"])
async def test_tasks_that_share_a_unit_write_in_turns(session: Any, engine: Any, models: ModuleType, way: str) -> None:
    item = models.Item

    async def work(own: Any, number: int) -> int:
        """How many of the rows that this task has asked for are there when it has written them."""
        for step in range(3):
            own.add(item(name=f"n{number}.{step}"))
            if way == "bare":
                await own.commit()
            elif number % 2:
                await own.flush()
        asked = session if way == "begin" else own
        return int(await asked.query(item).filter(name__startswith=f"n{number}.").count())

    async def all_of_them(own: Any) -> list[int]:
        return await asyncio.gather(*[work(own, number) for number in range(6)])

    if way == "block":
        async with AsyncSession(engine) as own:
            found = await all_of_them(own)
            assert own.new == []
            await own.commit()
    elif way == "begin":
        async with session.begin() as own:
            found = await all_of_them(own)
    elif way == "context":
        async with session_context(engine) as own:
            found = await all_of_them(own)
    else:
        found = await all_of_them(session)
    assert found == [3] * 6
    assert await session.query(item).count() == 18


async def test_what_a_task_deletes_while_another_one_writes(session: Any, engine: Any, models: ModuleType) -> None:
    item = models.Item
    old = await session.insert_all([item(name=f"old{number}") for number in range(5)])

    async with AsyncSession(engine) as own:
        there = [await own.get(item, one.id) for one in old]

        async def replace(number: int) -> None:
            own.delete(there[number])
            own.add(item(name=f"new{number}"))
            await own.flush()

        await asyncio.gather(*[replace(number) for number in range(5)])
        assert not own.new
        assert not own.deleted
        await own.commit()
    names = await session.query(item).order_by("name").values_list("name", flat=True)
    assert names == [f"new{number}" for number in range(5)]


async def test_a_failure_of_one_of_them_leaves_what_the_others_asked_for(
    session: Any, engine: Any, models: ModuleType
) -> None:
    item = models.Item
    taken = await session.insert(item(name="there"))

    async with AsyncSession(engine) as own:
        wrong = item(id=taken.id, name="twin")

        async def first() -> None:
            own.add(wrong)
            with pytest.raises(IntegrityError):
                await own.flush()
            own.expunge(wrong)

        async def second() -> None:
            await asyncio.sleep(0)
            own.add(item(name="second"))

        await asyncio.gather(first(), second())
        await own.commit()
    assert await session.query(item).filter(name="second").count() == 1
    assert await session.query(item).count() == 2


@pytest.fixture
def held(pause_flush: Any) -> Callable[[Any], Awaitable[tuple[asyncio.Task[None], asyncio.Event]]]:
    """`task, go = await held(session)`: the task flushes, and is in the midst of it until `go` is set."""

    async def begin(own: Any) -> tuple[asyncio.Task[None], asyncio.Event]:
        paused = pause_flush()
        task = asyncio.create_task(own.flush())
        await paused.reached.wait()
        return task, paused.go

    return begin


@pytest.mark.only(style="declarative")
async def test_what_is_refused_or_taken_back_while_another_task_writes(
    engine: Any, session: Any, models: ModuleType, held: Any
) -> None:
    item = models.Item
    async with AsyncSession(engine) as own:
        own.add(item(name="first"))
        task, go = await held(own)
        with pytest.raises(ProgrammingError, match="cannot delete"):
            own.delete(item(name="never there"))
        deleted, expunged = item(name="deleted"), item(name="expunged")
        own.add_all([deleted, expunged, item(name="second")])
        own.delete(deleted)
        own.expunge(expunged)
        go.set()
        await task
        own.add(item(name="third"))
        await own.commit()
    assert await session.query(item).order_by("name").values_list("name", flat=True) == ["first", "second", "third"]


@pytest.mark.only(style="declarative")
async def test_what_was_to_be_inserted_and_is_not_needs_no_deletion(
    engine: Any, session: Any, models: ModuleType, held: Any
) -> None:
    item = models.Item
    taken = await session.insert(item(name="there"))
    async with AsyncSession(engine) as own:
        wrong, new = item(id=taken.id, name="twin"), item(name="new")
        own.add_all([new, wrong])
        task, go = await held(own)
        own.delete(new)
        go.set()
        with pytest.raises(IntegrityError):
            await task
        assert own.new == [wrong]
        own.expunge(wrong)
        own.add(item(name="third"))
        await own.commit()
    assert await session.query(item).order_by("name").values_list("name", flat=True) == ["there", "third"]


@pytest.mark.only(style="declarative", backend="postgresql")
async def test_a_refused_commit_leaves_pending_what_it_had_written(
    session: Any, models: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a session outside of blocks, whose flushes are transactions of their own; another task writes meanwhile."""
    item, commit, write = models.Item, AsyncTransaction.commit, flush.write
    committing, writing = asyncio.Event(), asyncio.Event()

    async def refuse(transaction: AsyncTransaction) -> None:
        monkeypatch.setattr(AsyncTransaction, "commit", commit)
        monkeypatch.setattr(flush, "write", watched)
        committing.set()
        await eventually("async", lambda: writing.is_set() or bool(session._bare._turn._turns._queue))
        await transaction.rollback()
        raise OperationalError("refused")

    async def watched(unit: Any, connection: Any) -> None:
        writing.set()
        await write(unit, connection)
        await asyncio.wait([first])

    async def commit_first() -> None:
        session.add(item(name="first"))
        with pytest.raises(OperationalError, match="refused"):
            await session.commit()

    monkeypatch.setattr(AsyncTransaction, "commit", refuse)
    first = asyncio.create_task(commit_first())
    await committing.wait()
    session.add(item(name="second"))
    await session.commit()
    await first
    await session.commit()
    assert await session.query(item).order_by("name").values_list("name", flat=True) == ["first", "second"]


@pytest.mark.only(style="declarative")
@pytest.mark.parametrize("way", ["begin", "block"])
async def test_after_loads_that_overlapped_changes_are_written(session: Any, engine: Any, way: str) -> None:
    await engine.create_all(Shelf, Volume)
    shelves = await session.insert_all([Shelf(volumes=[Volume()]) for _ in range(3)])

    async def work(own: Any) -> None:
        await asyncio.gather(*[own.query(Shelf).options(selectinload("volumes")).all() for _ in range(5)])
        (await own.get(Shelf, shelves[0].id)).number = 77
        own.add(Shelf(number=78))

    if way == "begin":
        async with session.begin():
            await work(session)
    else:
        async with AsyncSession(engine) as own:
            await work(own)
            await own.commit()
    assert sorted(await session.query(Shelf).values_list("number", flat=True)) == [0, 0, 77, 78]


@pytest.mark.only(style="declarative")
@pytest.mark.parametrize("doing", ["insert", "insert_all", "update"])
async def test_a_flush_while_another_task_writes_by_itself_is_not_left_out(
    session: Any, engine: Any, models: ModuleType, doing: str
) -> None:
    item = models.Item
    there = await session.insert(item(name="there"))

    async def write(own: Any) -> None:
        if doing == "insert":
            await own.insert(item(name="a"))
        elif doing == "insert_all":
            await own.insert_all([item(name="a"), models.Account(balance=1)])
        else:
            await own.update(await own.get(item, there.id), count=5)

    async def flush_all(own: Any) -> int:
        own.add(item(name="pending"))
        await own.flush()
        return len(own.new)

    async with AsyncSession(engine) as own:
        await own.insert(item(name="first"))
        assert await asyncio.gather(write(own), flush_all(own)) == [None, 0]
        await own.commit()
    assert await session.query(item).filter(name="pending").count() == 1

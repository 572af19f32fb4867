"""What is pending in one place and written in a block elsewhere: a rollback of that block gives it back to whom it belongs, and to nobody else."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Callable
from contextvars import Context, copy_context
from types import ModuleType
from typing import Any

import pytest

from ferrow import AsyncSession, Base, ForeignKey, Mapped, Session, mapped_column, relationship
from ferrow.engine.context import Link
from ferrow.engine.transaction import AsyncTransactionScope
from ferrow.errors import UniqueViolation
from tests.support import entered, maybe
from tests.support.deadlines import eventually
from tests.support.units import Mistake

pytestmark = pytest.mark.only(style="declarative")


class Refused(Exception):
    pass


def beside(outside: Context, work: Callable[[], Any]) -> asyncio.Task[Any]:
    """In a task of its own, which was not started in a block."""

    async def run() -> Any:
        return await maybe(work())

    return asyncio.get_running_loop().create_task(run(), context=outside.copy())


@pytest.mark.parametrize("colour", ["async"])
@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("then", ["nothing", "a flush fails", "expunge", "expunge_all"])
async def test_what_another_task_added_and_the_block_wrote(
    session: Any, engine: Any, models: ModuleType, begun: bool, deep: bool, then: str
) -> None:
    item, outside = models.Item, copy_context()
    await session.insert(item(name="taken"))
    new = item(name="new")
    async with AsyncSession(engine, autoflush=False) as own:
        if begun:
            own.add(item(name="first"))
            await own.flush()

        async def write() -> None:
            await beside(outside, lambda: own.add(new))
            await own.flush()
            assert new.id is not None

        with pytest.raises(Mistake):
            async with own.begin():
                if deep:
                    async with own.begin():
                        await write()
                else:
                    await write()
                if then == "a flush fails":
                    own.delete(new)
                    own.add(item(name="taken"))
                    with pytest.raises(UniqueViolation):
                        await own.flush()
                elif then == "expunge":
                    own.expunge(new)
                elif then == "expunge_all":
                    own.expunge_all()
                raise Mistake
        assert (own.new, own.deleted) == ([] if then.startswith("expunge") else [new], [])
        await own.rollback()


@pytest.mark.parametrize("colour", ["async"])
@pytest.mark.only(backend=("postgresql", "mariadb"))
async def test_what_is_added_while_a_flush_in_a_block_waits_for_its_turn(
    session: Any, engine: Any, models: ModuleType, pause_flush: Any
) -> None:
    item, outside, paused = models.Item, copy_context(), pause_flush()
    new = item(name="new")
    async with AsyncSession(engine, autoflush=False) as own:

        async def flushing() -> None:
            own.add(item(name="flushed"))
            await own.flush()

        with pytest.raises(Mistake):
            async with own.begin():
                first = beside(outside, flushing)
                await paused.reached.wait()
                waiting = asyncio.create_task(own.flush())
                await eventually("async", lambda: bool(own._unit()._turn._turns._queue))
                await beside(outside, lambda: own.add(new))
                paused.go.set()
                await asyncio.gather(first, waiting)
                assert new.id is not None
                raise Mistake
        assert own.new == [new]
        own.expunge(new)
    assert await session.query(item).values_list("name", flat=True) == ["flushed"]


@pytest.mark.parametrize("colour", ["async"])
@pytest.mark.only(backend=("postgresql", "mariadb"))
@pytest.mark.parametrize("doing", ["add", "delete"])
async def test_what_is_given_back_while_another_task_writes_is_not_taken_for_written(
    session: Any, engine: Any, models: ModuleType, pause_flush: Any, doing: str
) -> None:
    item, outside = models.Item, copy_context()
    there = await session.insert(item(name="there"))
    async with AsyncSession(engine, autoflush=False) as own:
        one = await own.get(item, there.id) if doing == "delete" else item(name="new")

        async def flushing() -> None:
            own.add(item(name="flushed"))
            await own.flush()

        with pytest.raises(Mistake):
            async with own.begin():
                await beside(outside, lambda: own.delete(one) if doing == "delete" else own.add(one))
                await own.flush()
                paused = pause_flush(written=True)
                task = beside(outside, flushing)
                await paused.reached.wait()
                raise Mistake
        paused.go.set()
        await task
        assert (own.deleted if doing == "delete" else own.new) == [one]
        await own.commit()
    expected = ["flushed"] if doing == "delete" else ["flushed", "new", "there"]
    assert await session.query(item).order_by("name").values_list("name", flat=True) == expected


@pytest.mark.parametrize("colour", ["async"])
async def test_a_flush_elsewhere_that_could_not_begin_takes_nothing_from_a_block(
    session: Any, engine: Any, models: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside, joined = copy_context(), AsyncTransactionScope._joined

    async def refused(_: AsyncTransactionScope) -> Any:
        monkeypatch.setattr(AsyncTransactionScope, "_joined", joined)
        raise Refused

    async with AsyncSession(engine, autoflush=False) as own:
        with pytest.raises(Mistake):
            async with own.begin(readonly=True):
                own.add(models.Item(name="undone"))
                monkeypatch.setattr(AsyncTransactionScope, "_joined", refused)
                with pytest.raises(Refused):
                    await beside(outside, own.flush)
                raise Mistake
        assert own.new == []


@pytest.mark.parametrize("colour", ["async"])
async def test_what_was_of_a_block_that_has_ended_is_of_the_next_one(
    session: Any, engine: Any, models: ModuleType
) -> None:
    item = models.Item
    new = item(name="new")
    opened, added, written, ended, over = (asyncio.Event() for _ in range(5))
    async with AsyncSession(engine, autoflush=False) as own:

        async def throughout() -> None:
            async with own.begin(readonly=True):
                opened.set()
                await over.wait()

        async def owner() -> None:
            async with own.begin(readonly=True):
                own.add(new)
                added.set()
                await written.wait()
            ended.set()

        async def writer() -> None:
            await added.wait()
            with pytest.raises(Mistake):
                async with own.begin():
                    await own.flush()
                    written.set()
                    await ended.wait()
                    raise Mistake
            assert own.new == [new]
            with pytest.raises(Mistake):
                async with own.begin(readonly=True):
                    raise Mistake
            assert own.new == []
            over.set()

        await asyncio.gather(throughout(), owner(), writer())


@pytest.mark.parametrize("begun", [False, True])
async def test_what_a_block_inside_leaves_pending_is_of_the_one_around_it(
    session: Any, opened: Any, models: ModuleType, begun: bool
) -> None:
    item = models.Item
    async with entered(opened(autoflush=False)) as own:
        if begun:
            own.add(item(name="first"))
            await maybe(own.flush())
        new = item(name="new")
        with pytest.raises(Mistake):
            async with entered(own.begin()):
                async with entered(own.engine.transaction()):
                    own.add(new)
                assert own.new == [new]
                raise Mistake
        assert own.new == []
        await maybe(own.rollback())


async def test_blocks_that_have_ended_are_not_kept_for_what_was_written(
    session: Any, opened: Any, models: ModuleType
) -> None:
    item = models.Item
    async with entered(opened()) as own:
        async with entered(own.begin()):
            for number in range(5):
                async with entered(own.begin()):
                    own.add(item(name=f"{number}"))
            gc.collect()
            unit = getattr(own, "_core", own)._unit()
            assert [one for one in gc.get_objects() if type(one) is Link and one.observer is unit and one.ended] == []
        await maybe(own.commit())


class Whole(Base):
    __tablename__ = "lent_wholes"
    id: Mapped[int] = mapped_column(primary_key=True)
    parts: Mapped[list[Part]] = relationship()


class Part(Base):
    __tablename__ = "lent_parts"
    id: Mapped[int] = mapped_column(primary_key=True)
    whole_id: Mapped[int] = mapped_column(ForeignKey("lent_wholes.id"))


@pytest.mark.parametrize("begun", [False, True])
async def test_what_a_flush_adds_itself_goes_with_its_block_though_it_is_not_kept(
    engine: Any, opened: Any, models: ModuleType, monkeypatch: pytest.MonkeyPatch, begun: bool
) -> None:
    async def refused(*_: Any) -> None:
        monkeypatch.setattr(AsyncTransactionScope, "_ended", ended)
        raise Refused

    ended = AsyncTransactionScope._ended
    await maybe(engine.create_all(Whole, Part))
    async with entered(opened(autoflush=False)) as own:
        if begun:
            own.add(models.Item(name="first"))
            await maybe(own.flush())
        with pytest.raises(Mistake):
            async with entered(own.begin()):
                own.add(Whole(parts=[Part()]))
                monkeypatch.setattr(AsyncTransactionScope, "_ended", refused)
                with pytest.raises(Refused):
                    await maybe(own.flush())
                assert len(own.new) == 2
                raise Mistake
        assert own.new == []
        await maybe(own.rollback())


@pytest.mark.parametrize("colour", ["async"])
@pytest.mark.parametrize("begun", [False, True])
async def test_what_a_block_asks_for_of_what_is_just_written_in_it(
    session: Any, engine: Any, models: ModuleType, pause_flush: Any, begun: bool
) -> None:
    item = models.Item
    new = item(name="new")
    async with AsyncSession(engine, autoflush=False) as own:
        if begun:
            own.add(item(name="first"))
            await own.flush()
        paused = pause_flush(written=True)
        with pytest.raises(Mistake):
            async with own.begin():
                own.add(new)
                task = asyncio.create_task(own.flush())
                await paused.reached.wait()
                own.delete(new)
                paused.go.set()
                await task
                assert own.deleted == [new]
                raise Mistake
        assert (own.new, own.deleted, new.id) == ([], [], None)
        await own.rollback()


@pytest.mark.parametrize("colour", ["sync"])
def test_what_another_thread_adds_while_a_block_is_open_is_not_of_it(
    session: Any, engine: Any, models: ModuleType
) -> None:
    new = models.Item(name="new")
    with Session(engine, autoflush=False) as own:
        with pytest.raises(Mistake), own.begin():
            thread = threading.Thread(target=own.add, args=(new,))
            thread.start()
            thread.join()
            raise Mistake
        assert own.new == [new]
        own.expunge(new)

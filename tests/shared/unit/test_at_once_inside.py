"""What a session without a transaction of its own writes at once inside another transaction: when that is rolled back, the session knows."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from contextvars import copy_context
from types import ModuleType
from typing import Any

import pytest

from tests.support import entered, maybe
from tests.support.units import Mistake, foreign, nothing_is_held, rows, two

pytestmark = [pytest.mark.only(style="declarative"), pytest.mark.parametrize("around", ["engine", "session"])]


@pytest.mark.parametrize("where", ["there", "deep", "kept", "begin", "commit"])
async def test_it_is_undone_in_memory(
    session: Any, opened: Any, engine: Any, models: ModuleType, around: str, where: str
) -> None:
    """`where`: in a transaction inside that one, which is rolled back, or kept and undone with that one; or behind a block or a commit there."""
    item = models.Item
    await two(session, models)
    new, upserted, kept = item(name="new"), item(name="upserted", count=1), item(name="kept")

    async def write() -> None:
        await maybe(own.insert(new))
        await maybe(own.upsert(upserted, "name"))
        await maybe(own.update(one, count=5))
        await maybe(own.remove(other))
        one.name = "unsaved"

    async with entered(opened(autoflush=False)) as own:
        one, other = await maybe(own.query(item).order_by("id").all())
        with pytest.raises(Mistake):
            async with foreign(opened, engine, around):
                if where == "begin":
                    async with entered(own.begin()):
                        one.count = 3
                elif where == "commit":
                    one.count = 3
                    await maybe(own.commit())
                if where in ("deep", "kept"):
                    await maybe(own.insert(kept))
                    with pytest.raises(Mistake) if where == "deep" else nullcontext():
                        async with foreign(opened, engine, around):
                            await write()
                            if where == "deep":
                                raise Mistake
                    assert (new.id is None, kept.id is None) == (where == "deep", False)
                else:
                    await write()
                raise Mistake
        assert (new.id, upserted.id, kept.id, one.count, one.name) == (None, None, None, 0, "unsaved")
        assert [which in own for which in (new, upserted, one, other)] == [False, False, True, True]
        assert own.is_modified(one)
        one.count = 5
        other.name = "there"
        own.add_all([new, upserted])
        await maybe(own.commit())
    assert await rows(session, item, "name", "count") == [("unsaved", 5), ("there", 0), ("new", 0), ("upserted", 1)]


@pytest.mark.parametrize("way", ["update", "upsert", "read first"])
async def test_what_was_read_there_is_as_before(
    session: Any, opened: Any, engine: Any, models: ModuleType, around: str, way: str
) -> None:
    item = models.Item
    await two(session, models)
    async with entered(opened(autoflush=False)) as own:
        one = None if way == "read first" else await maybe(own.query(item).filter(name="a").one())
        with pytest.raises(Mistake):
            async with foreign(opened, engine, around):
                if way == "upsert":
                    await maybe(own.upsert(item(name="a", count=5), "name"))
                else:
                    if one is not None:
                        await maybe(own.update(one, count=4))
                    await maybe(own.query(item).filter(name="a").update(count=5))
                found = await maybe(own.query(item).filter(name="a").one())
                assert found.count == 5
                raise Mistake
        assert one is None or found is one
        assert found.count == 0
        found.count = 5
        await maybe(own.commit())
    assert await rows(session, item, "count") == [5, 0]


async def test_it_stays_with_the_transaction(
    session: Any, opened: Any, engine: Any, models: ModuleType, around: str
) -> None:
    item = models.Item
    await two(session, models)
    new = item(name="new")
    async with entered(opened()) as own:
        one, other = await maybe(own.query(item).order_by("id").all())
        async with foreign(opened, engine, around):
            await maybe(own.insert(new))
            with pytest.raises(Mistake):
                async with foreign(opened, engine, around):
                    await maybe(own.update(one, count=3))
                    raise Mistake
            await maybe(own.update(one, name="renamed"))
            await maybe(own.remove(other))
        assert (one.count, own.is_modified(one), other in own) == (0, False, False)
        new.count = 5
        await maybe(own.commit())
        await maybe(own.rollback())
        assert (new.id is None, new.count) == (False, 5)
    assert await rows(session, item, "name", "count") == [("renamed", 0), ("new", 5)]


async def test_it_holds_nothing_that_nobody_holds(
    session: Any, opened: Any, engine: Any, models: ModuleType, around: str
) -> None:
    """The transaction around may be long, and what is written in it much."""
    await two(session, models)
    async with entered(opened()) as own:
        one, new = await maybe(own.query(models.Item).order_by("id").first()), models.Item(name="new")
        async with foreign(opened, engine, around):
            await maybe(own.update(one, count=5))
            await maybe(own.insert(new))
            del one, new
            await nothing_is_held(own, models.Item)


async def test_what_was_flushed_behind_it_is_undone_first(
    session: Any, opened: Any, engine: Any, models: ModuleType, around: str
) -> None:
    item = models.Item
    await two(session, models)
    async with entered(opened()) as own:
        one = await maybe(own.query(item).order_by("id").first())
        with pytest.raises(Mistake):
            async with foreign(opened, engine, around):
                await maybe(own.update(one, count=5))
                one.count = 6
                await maybe(own.flush())
                await maybe(own.update(one, count=7))
                raise Mistake
        await maybe(own.rollback())
        assert one.count == 0
        one.count = 5
        await maybe(own.commit())
    assert await rows(session, item, "count") == [5, 0]


async def test_versions_are_as_before(session: Any, opened: Any, engine: Any, models: ModuleType, around: str) -> None:
    account = models.Account
    await maybe(session.insert(account(balance=1)))
    async with entered(opened()) as own:
        one = await maybe(own.query(account).one())
        with pytest.raises(Mistake):
            async with foreign(opened, engine, around):
                await maybe(own.update(one, balance=2))
                await maybe(own.update_all([one], "balance"))
                raise Mistake
        assert (one.balance, one.version) == (1, 1)
        await maybe(own.update(one, balance=3))
    assert await rows(session, account, "balance", "version") == [(3, 2)]


async def test_what_many_are_given_at_once(
    session: Any, opened: Any, engine: Any, models: ModuleType, around: str
) -> None:
    item = models.Item
    await two(session, models)
    async with entered(opened()) as own:
        one, other = await maybe(own.query(item).order_by("id").all())
        with pytest.raises(Mistake):
            async with foreign(opened, engine, around):
                one.count, other.count = 5, 6
                await maybe(own.update_all([one, other], "count"))
                inserted = await maybe(own.insert_all([item(name="c"), item(name="d")]))
                found = await maybe(own.create_or_update_all([item(name="b", count=7), item(name="e")], "name"))
                assert other.count == 7
                raise Mistake
        made = [*inserted, found[1].instance]
        assert ([one.count, other.count], [new.id for new in made]) == ([0, 0], [None] * 3)
        own.add_all(made)
        await maybe(own.commit())
    assert await rows(session, item, "name", "count") == [("a", 0), ("b", 0), ("c", 0), ("d", 0), ("e", 0)]


@pytest.mark.parametrize("colour", ["async"])
async def test_another_task_that_is_in_no_block_of_the_session(
    session: Any, opened: Any, engine: Any, models: ModuleType, around: str
) -> None:
    """While another one has a begin() block of it, what it flushes is a transaction of its own."""
    item, outside = models.Item, copy_context()
    await two(session, models)
    new, begun, done = item(name="new"), asyncio.Event(), asyncio.Event()
    async with opened(autoflush=False) as own:
        one = await own.query(item).order_by("id").first()

        async def block() -> None:
            async with own.begin(readonly=True):
                begun.set()
                await done.wait()

        other = asyncio.get_running_loop().create_task(block(), context=outside)
        await begun.wait()
        with pytest.raises(Mistake):
            async with foreign(opened, engine, around):
                own.add(new)
                one.count = 5
                await own.flush()
                await own.update(one, name="renamed")
                assert new.id is not None
                raise Mistake
        done.set()
        await other
        assert (new.id, one.count, one.name) == (None, 0, "a")
        own.add(new)
        await own.commit()
    assert await rows(session, item, "name", "count") == [("a", 0), ("b", 0), ("new", 0)]


@pytest.mark.parametrize("colour", ["async"])
@pytest.mark.parametrize("ended", [False, True])
async def test_who_reads_beside_the_transaction_gets_nothing_older(
    session: Any,
    opened: Any,
    engine: Any,
    models: ModuleType,
    around: str,
    ended: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`ended`: the transaction is committed while the rows are under way."""
    item, outside = models.Item, copy_context()
    await two(session, models)
    read, over = asyncio.Event(), asyncio.Event()
    async with opened(autoflush=False) as own:
        one = await own.query(item).order_by("id").first()
        run = type(engine).run

        async def late(self: Any, *arguments: Any) -> Any:
            result = await run(self, *arguments)
            if ended and asyncio.current_task() is reading:
                read.set()
                await over.wait()
            return result

        async def beside() -> None:
            assert len(await own.query(item).all()) == 2
            read.set()

        async with foreign(opened, engine, around):
            await own.update(one, count=5)
            monkeypatch.setattr(type(engine), "run", late)
            reading = asyncio.get_running_loop().create_task(beside(), context=outside)
            await read.wait()
        monkeypatch.undo()
        over.set()
        await reading
        assert one.count == 5
        assert not own.is_modified(one)


@pytest.mark.parametrize("colour", ["async"])
async def test_a_thread_may_ask_what_needs_no_loop(
    session: Any, opened: Any, engine: Any, models: ModuleType, around: str
) -> None:
    await two(session, models)
    async with opened() as own:
        one = await own.query(models.Item).order_by("id").first()
        async with foreign(opened, engine, around):
            await asyncio.to_thread(own.expunge, one)
        assert one not in own

"""What is first read in what is rolled back is read again by whoever rolls back, whom that must not harm."""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from types import ModuleType
from typing import Any

import pytest

from ferrow import AsyncSession
from ferrow.orm.unit import read_again
from ferrow.orm.unit.undoing import Undoing
from tests.support import entered, maybe
from tests.support.units import Mistake, rows, two


@pytest.mark.only(style="declarative", backend=("postgresql", "sqlite"))  # on MariaDB ALTER TABLE commits
async def test_a_transaction_around_it_does_not_fail(session: Any, opened: Any, models: ModuleType) -> None:
    account = await maybe(session.insert(models.Account(balance=1)))
    async with entered(opened()) as own:
        own.add(models.Item(name="first"))
        await maybe(own.flush())
        await maybe(own.execute_raw("ALTER TABLE accounts RENAME TO hidden"))
        with pytest.raises(Mistake):
            async with entered(own.begin()):
                await maybe(own.execute_raw("ALTER TABLE hidden RENAME TO accounts"))
                one = await maybe(own.get(models.Account, account.id))
                raise Mistake
        await maybe(own.execute_raw("ALTER TABLE hidden RENAME TO accounts"))
        one.balance = 9
        await maybe(own.commit())
    assert await rows(session, models.Account, "balance") == [9]
    assert await rows(session, models.Item, "name") == ["first"]


async def test_a_second_rollback_undoes_nothing_that_the_first_has_read(
    session: Any, opened: Any, models: ModuleType
) -> None:
    account = await maybe(session.insert(models.Account(balance=1)))
    async with entered(opened()) as own:
        own.add(models.Item(name="first", document={}, tags=[]))
        await maybe(own.flush())
        await maybe(own.query(models.Account).update(balance=5))
        one = await maybe(own.get(models.Account, account.id))
        await maybe(own.rollback())
        assert one.balance == 1
        await maybe(own.rollback())
        assert one.balance == 1
        one.balance = 5
        await maybe(own.commit())
    assert await rows(session, models.Account, "balance") == [5]


@pytest.mark.only(style="declarative", backend="postgresql", colour="async")
async def test_a_rollback_does_not_wait_for_ever(
    session: Any, engine: Any, models: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await session.insert(models.Account(balance=1))
    monkeypatch.setattr(engine.pool.limits, "recovery_timeout", 0.1)
    again, locked, over = Undoing.again, asyncio.Event(), asyncio.Event()
    outside = copy_context()  # of the session's transaction

    async def change_the_table() -> None:
        async with engine.transaction() as tx:
            await tx.execute("LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE")
            locked.set()
            await over.wait()

    async def late(unit: Undoing, connection: Any, **nested: Any) -> None:
        await locked.wait()
        await again(unit, connection, **nested)

    monkeypatch.setattr(Undoing, "again", late)
    async with asyncio.timeout(60), AsyncSession(engine) as own:
        own.add(models.Item(name="first"))
        await own.flush()
        await own.query(models.Account).update(balance=5)
        one = await own.get(models.Account, account.id)
        changing = asyncio.create_task(change_the_table(), context=outside)
        await own.rollback()
        assert (one.balance, changing.done()) == (5, False)
        over.set()
        await changing
        own.add(models.Item(name="second"))
        await own.commit()
        assert one.balance == 1


@pytest.mark.only(style="declarative", colour="async")
async def test_what_another_task_writes_meanwhile_can_still_be_undone(
    session: Any, opened: Any, engine: Any, models: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody is in a transaction any more, another task may begin the session's while rows are read again."""
    item, outside, read = models.Item, copy_context(), read_again._read
    await two(session, models)
    new, reading, over = item(name="new"), asyncio.Event(), asyncio.Event()

    async def late(*arguments: Any, **options: Any) -> Any:
        reading.set()
        await asyncio.wait_for(over.wait(), 3)
        return await read(*arguments, **options)

    async def rolled_back() -> None:
        with pytest.raises(Mistake):
            async with engine.transaction():
                await own.query(item).filter(name="a").update(count=5)
                found = await own.query(item).filter(name="a").one()
                assert found.count == 5
                monkeypatch.setattr(read_again, "_read", late)
                raise Mistake
        assert found.count == 0
        monkeypatch.undo()

    async with opened(autoflush=False) as own:
        one = await own.query(item).filter(name="b").one()
        rolling = asyncio.get_running_loop().create_task(rolled_back(), context=outside)
        await asyncio.wait_for(reading.wait(), 3)
        one.count = 7
        own.add(new)
        await own.flush()
        over.set()
        await rolling
        await own.rollback()
        assert (new.id, one.count) == (None, 0)
        one.count = 7
        own.add(new)
        await own.commit()
    assert await rows(session, item, "name", "count") == [("a", 0), ("b", 7), ("new", 0)]


@pytest.mark.only(style="declarative", colour="async")
async def test_what_another_task_has_written_elsewhere_is_newer(
    session: Any, opened: Any, engine: Any, models: ModuleType
) -> None:
    item, outside = models.Item, copy_context()
    await two(session, models)
    read, over = asyncio.Event(), asyncio.Event()

    async def rolled_back() -> None:
        nonlocal one
        with pytest.raises(Mistake):
            async with engine.transaction(readonly=True):
                one = await own.query(item).filter(name="a").one()
                read.set()
                await asyncio.wait_for(over.wait(), 3)
                raise Mistake

    one: Any = None
    async with opened(autoflush=False) as own:
        rolling = asyncio.get_running_loop().create_task(rolled_back(), context=outside)
        await asyncio.wait_for(read.wait(), 3)
        one.count = 5
        await own.flush()
        over.set()
        await rolling
        assert (one.count, own.is_modified(one)) == (5, False)
        await own.commit()
    assert await rows(session, item, "count") == [5, 0]

"""Rows that a unit first reads in a transaction which is rolled back: what it has seen of them may never have been."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import insert, select
from ferrow.driver.transaction import AsyncTransaction
from ferrow.engine.pool import AsyncPool
from ferrow.errors import OperationalError
from ferrow.orm.unit import read_again
from ferrow.orm.unit.log import First
from tests.support import entered, maybe
from tests.support.units import Mistake, rows, two

CHANGES = ["query", "sql", "engine"]


async def changed(own: Any, engine: Any, models: ModuleType, way: str, key: int = 1) -> None:
    """By a statement, past the unit."""
    if way == "query":
        await maybe(own.query(models.Item).filter(id=key).update(count=9))
    elif way == "sql":
        await maybe(own.execute_raw("UPDATE items SET count = 9 WHERE id = ?", [key]))
    else:  # in the same transaction
        await maybe(type(own)(engine).query(models.Item).filter(id=key).update(count=9))


@pytest.mark.parametrize("way", CHANGES)
@pytest.mark.parametrize("block", ["flush", "begin", "savepoint"])
async def test_it_is_what_its_row_is_and_what_is_assigned_then_is_written(
    session: Any, opened: Any, engine: Any, models: ModuleType, block: str, way: str
) -> None:
    await two(session, models)
    async with entered(opened()) as own:
        if block != "begin":
            own.add(models.Item(name="first"))
            await maybe(own.flush())
            other = await maybe(own.get(models.Item, 2))
            assert other.count == 0
        if block == "flush":
            await changed(own, engine, models, way)
            one = await maybe(own.get(models.Item, 1))
            assert one.count == 9
            await maybe(own.rollback())
        else:
            with pytest.raises(Mistake):
                async with entered(own.begin()):
                    await changed(own, engine, models, way)
                    one = await maybe(own.get(models.Item, 1))
                    assert one.count == 9
                    raise Mistake
        assert (one.count, own.is_modified(one)) == (0, False)
        one.count = 9
        await maybe(own.commit())
    assert (await rows(session, models.Item, "count"))[0] == 9


@pytest.mark.parametrize("read", ["query", "statement", "stream", "merge"])
async def test_however_it_was_read(session: Any, opened: Any, models: ModuleType, read: str) -> None:
    await two(session, models)
    async with entered(opened()) as own:
        own.add(models.Item(name="first"))
        await maybe(own.flush())
        await maybe(own.query(models.Item).filter(id=1).update(count=9))
        chosen = own.query(models.Item).filter(id=1)
        if read == "query":
            (one,) = await maybe(chosen.all())
        elif read == "statement":
            one = (await maybe(own.execute(select(models.Item).filter_by(id=1)))).scalars().one()
        elif read == "stream":
            async with entered(chosen.stream()) as stream:
                (one,) = await maybe(stream.fetch(2))
        else:
            one = await maybe(own.merge(models.Item(id=1, name="a", count=9)))
        assert one.count == 9
        await maybe(own.rollback())
        assert one.count == 0
        one.count = 9
        await maybe(own.commit())
    assert (await rows(session, models.Item, "count"))[0] == 9


async def test_a_row_that_is_gone_is_followed_no_longer(session: Any, opened: Any, models: ModuleType) -> None:
    await two(session, models)
    async with entered(opened()) as own:
        own.add(models.Item(name="first"))
        await maybe(own.flush())
        await maybe(own.execute(insert(models.Item).values(name="gone", count=1, document={}, tags=[])))
        there, gone = await maybe(own.query(models.Item).filter(name__in=["gone", "b"]).order_by("name").all())
        await maybe(own.rollback())
        assert (gone in own, there in own, gone.name) == (False, True, "gone")
        gone.count = 5
        await maybe(own.commit())
        assert await rows(session, models.Item, "name") == ["a", "b"]
        own.add(gone)
        await maybe(own.commit())
    assert await rows(session, models.Item, "name", "count") == [("a", 0), ("b", 0), ("gone", 5)]


async def test_what_was_read_in_a_savepoint_the_transaction_around_it_undoes_too(
    session: Any, opened: Any, models: ModuleType
) -> None:
    await two(session, models)
    async with entered(opened()) as own:
        own.add(models.Item(name="first"))
        await maybe(own.flush())
        await maybe(own.query(models.Item).filter(id=1).update(count=8))
        with pytest.raises(Mistake):
            async with entered(own.begin()):
                await maybe(own.query(models.Item).filter(id=1).update(count=9))
                one = await maybe(own.get(models.Item, 1))
                raise Mistake
        assert (one.count, own.is_modified(one)) == (8, False)
        one.count = 7
        await maybe(own.flush())
        await maybe(own.rollback())
        assert (one.count, own.is_modified(one)) == (0, False)
        one.count = 8
        await maybe(own.commit())
    assert (await rows(session, models.Item, "count"))[0] == 8


@pytest.mark.parametrize("later", [False, True])
async def test_what_is_read_before_or_in_a_savepoint_that_is_kept_is_undone_with_all(
    session: Any, opened: Any, models: ModuleType, later: bool
) -> None:
    await two(session, models)
    async with entered(opened()) as own:
        own.add(models.Item(name="first"))
        await maybe(own.flush())
        await maybe(own.query(models.Item).update(count=9))
        one = await maybe(own.get(models.Item, 1))
        async with entered(own.begin()):
            other = await maybe(own.get(models.Item, 2))
            if later:
                one = None
        if later:
            one = await maybe(own.get(models.Item, 1))
        assert one.count == other.count == 9
        await maybe(own.rollback())
        assert one.count == other.count == 0


async def test_a_version_that_was_counted_in_what_is_undone_is_not_rested_on(
    session: Any, opened: Any, models: ModuleType
) -> None:
    accounts = await maybe(session.insert_all([models.Account(balance=1), models.Account(balance=2)]))
    async with entered(opened()) as own:
        own.add(models.Item(name="first"))
        await maybe(own.flush())
        await maybe(own.execute_raw("UPDATE accounts SET balance = 9, version = version + 1"))
        found = await maybe(own.query(models.Account).order_by("id").all())
        assert [(one.balance, one.version) for one in found] == [(9, 2), (9, 2)]
        await maybe(own.rollback())
        assert [(one.balance, one.version) for one in found] == [(1, 1), (2, 1)]
        found[0].balance = 9
        await maybe(own.commit())
    assert await rows(session, models.Account, "id", "balance", "version") == [
        (accounts[0].id, 9, 2),
        (accounts[1].id, 2, 1),
    ]


@pytest.mark.parametrize("block", ["flush", "savepoint"])
async def test_what_cannot_be_read_again_is_read_before_the_next_flush(
    session: Any, opened: Any, models: ModuleType, monkeypatch: pytest.MonkeyPatch, block: str
) -> None:
    await two(session, models)
    read = read_again._read

    async def lost(*given: Any, **apart: bool) -> Any:
        monkeypatch.setattr(read_again, "_read", read)
        raise OperationalError("the connection is lost")

    async with entered(opened()) as own:
        own.add(models.Item(name="first"))
        await maybe(own.flush())
        monkeypatch.setattr(read_again, "_read", lost)
        if block == "flush":
            await maybe(own.query(models.Item).filter(id=1).update(count=9))
            one = await maybe(own.get(models.Item, 1))
            await maybe(own.rollback())
        else:
            with pytest.raises(Mistake):
                async with entered(own.begin()):
                    await maybe(own.query(models.Item).filter(id=1).update(count=9))
                    one = await maybe(own.get(models.Item, 1))
                    raise Mistake
        assert one.count == 9
        one.name = "mine"
        await maybe(own.commit())
        assert (one.name, one.count) == ("mine", 0)
        one.count = 9
        await maybe(own.commit())
    assert (await rows(session, models.Item, "name", "count"))[0] == ("mine", 9)


async def test_what_a_refused_commit_has_left_pending_is_kept_when_it_is_read_again(
    session: Any, opened: Any, models: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    await two(session, models)
    commit = AsyncTransaction.commit

    async def refuse(transaction: AsyncTransaction) -> None:
        monkeypatch.setattr(AsyncTransaction, "commit", commit)
        await transaction.rollback()
        raise OperationalError("refused")

    async with entered(opened()) as own:
        own.add(models.Item(name="first"))
        await maybe(own.flush())
        await maybe(own.query(models.Item).filter(id=1).update(count=9))
        one = await maybe(own.get(models.Item, 1))
        one.name = "mine"
        await maybe(own.flush())
        monkeypatch.setattr(AsyncTransaction, "commit", refuse)
        with pytest.raises(OperationalError, match="refused"):
            await maybe(own.commit())
        assert (one.name, one.count, own.dirty) == ("mine", 0, [one])
        one.count = 9
        await maybe(own.commit())
    assert await rows(session, models.Item, "name", "count") == [("mine", 9), ("b", 0), ("first", 0)]


async def test_what_nobody_holds_any_more_is_not_read_again(
    session: Any, opened: Any, models: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is it remembered for ever what a stream has passed."""
    await maybe(session.insert_all([models.Item(name=f"n{number}") for number in range(40)]))
    monkeypatch.setattr("ferrow.orm.unit.log._MANY", 10)
    read, asked = read_again._read, list[int]()

    async def counted(unit: Any, connection: Any, group: Any, keys: list[Any], timeout: Any, **apart: bool) -> Any:
        asked.append(len(keys))
        return await read(unit, connection, group, keys, timeout, **apart)

    monkeypatch.setattr(read_again, "_read", counted)
    async with entered(opened()) as own:
        own.add(models.Item(name="first"))
        await maybe(own.flush())
        held = None
        async with entered(
            own.query(models.Item).filter(name__startswith="n").order_by("id").stream(batch_size=2)
        ) as stream:
            while piece := await maybe(stream.fetch(2)):
                held = held or piece[0]
                piece.clear()
        unit = (own._core if hasattr(own, "_core") else own)._unit()
        (entry,) = [one for one in unit.log if isinstance(one, First)]
        assert len(entry.keys) < 20
        await maybe(own.query(models.Item).filter(name__startswith="n1").all())
        await maybe(own.rollback())
    assert asked == [1]


@pytest.mark.only(style="declarative", colour="async")
async def test_it_is_read_by_the_connection_that_has_rolled_back(
    session: Any, opened: Any, models: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For another one it might have to wait."""

    async def never(*_: Any) -> Any:
        raise AssertionError

    await two(session, models)
    async with opened() as own:
        own.add(models.Item(name="first"))
        await own.flush()
        await own.query(models.Item).filter(id=1).update(count=9)
        one = await own.get(models.Item, 1)
        monkeypatch.setattr(AsyncPool, "acquire", never)
        await own.rollback()
        assert one.count == 0
        monkeypatch.undo()

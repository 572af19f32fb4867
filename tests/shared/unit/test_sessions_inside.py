"""A block of another session inside a session's transaction is a savepoint there: what that undoes, both sessions know."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext, suppress
from types import ModuleType
from typing import Any

import pytest

from ferrow.errors import IntegrityError
from ferrow.orm.unit import flush
from tests.support import entered, maybe
from tests.support.units import Mistake, rows, two

pytestmark = [pytest.mark.only(style="declarative"), pytest.mark.parametrize("around", ["block", "begin", "both"])]


@asynccontextmanager
async def working(opened: Any, session: Any, item: Any, around: str) -> AsyncIterator[Any]:
    """What adds, deletes and flushes in a transaction that has begun, and is committed at the end."""
    if around == "begin":
        async with entered(session.begin()) as tx:
            yield tx
        return
    async with entered(opened(autoflush=False)) as own:
        if around == "both":
            async with entered(own.begin()):
                yield own
            return
        own.add(item(name="first"))
        await maybe(own.flush())
        yield own
        await maybe(own.commit())


@asynccontextmanager
async def inside(opened: Any, engine: Any, item: Any, way: str) -> AsyncIterator[Any]:
    """A block of another session, and blocks in that."""
    async with entered(opened()) as other:
        if way == "written":
            other.add(item(name="theirs, before"))
            await maybe(other.flush())
        async with entered(other.begin()):
            if way == "begin":
                async with entered(other.begin()):
                    yield other
            elif way == "engine":
                async with entered(engine.transaction()):
                    yield other
            elif way == "third":
                async with entered(opened()) as third, entered(third.begin()):
                    yield third
            else:
                yield other
        await maybe(other.commit())


async def found(session: Any, item: Any) -> list[Any]:
    rows: list[Any] = await maybe(session.query(item).exclude(name="first").order_by("id").values_list("name", "count"))
    return rows


WAYS = pytest.mark.parametrize("way", ["alone", "written", "begin", "engine", "third"])


@WAYS
async def test_what_is_flushed_in_it_is_undone_with_it(
    session: Any, opened: Any, engine: Any, models: ModuleType, around: str, way: str
) -> None:
    item = models.Item
    await two(session, models)
    before, undone, theirs = item(name="before"), item(name="undone"), item(name="theirs")
    async with working(opened, session, item, around) as own:
        one, other = (
            await maybe(session.query(item).order_by("id").limit(2).all())
            if around == "begin"
            else await maybe(own.query(item).order_by("id").limit(2).all())
        )
        own.add(before)
        one.count = 5
        with pytest.raises(Mistake):
            async with inside(opened, engine, item, way) as their:
                own.add(undone)
                one.name = "renamed"
                own.delete(other) if around == "begin" else await maybe(own.delete(other))
                await maybe(own.flush())
                their.add(theirs)
                await maybe(their.flush())
                raise Mistake
        assert (undone.id, theirs.id) == (None, None)
        assert (one.name, one.count) == ("a", 5)
        one.name = "renamed"
        other.count = 7
        own.add(undone)
    assert await found(session, item) == [("renamed", 5), ("b", 7), ("before", 0), ("undone", 0)]


@WAYS
async def test_what_is_flushed_in_it_is_kept_with_it(
    session: Any, opened: Any, engine: Any, models: ModuleType, around: str, way: str
) -> None:
    item = models.Item
    await two(session, models)
    async with working(opened, session, item, around) as own:
        async with inside(opened, engine, item, way) as their:
            own.add(item(name="mine"))
            await maybe(own.flush())
            own.add(item(name="mine, later"))
            their.add(item(name="theirs"))
    names = [name for name, _ in await found(session, item) if name != "theirs, before"]
    assert names == ["a", "b", "mine", "theirs", "mine, later"]


@pytest.mark.parametrize("ending", ["rollback", "error"])
@pytest.mark.parametrize("nested", [False, True])
async def test_the_rollback_of_a_transaction_that_another_session_has_begun_leaves_it_pending(
    session: Any, opened: Any, engine: Any, models: ModuleType, around: str, ending: str, nested: bool
) -> None:
    """It may last longer than the code in which it begins: what else is written meanwhile has nothing to do with it."""
    item = models.Item
    await two(session, models)
    before, mine, theirs = item(name="before"), item(name="mine"), item(name="theirs")
    async with working(opened, session, item, around) as own:
        one, other = await maybe((session if around == "begin" else own).query(item).order_by("id").limit(2).all())
        own.add(before)
        with pytest.raises(Mistake):
            async with entered(opened()) as their:
                their.add(theirs)
                await maybe(their.flush())
                own.add(mine)
                one.name, one.count = "renamed", 5
                own.delete(other) if around == "begin" else await maybe(own.delete(other))
                if nested:
                    async with entered(engine.transaction()):
                        await maybe(own.flush())
                else:
                    await maybe(own.flush())
                assert mine.id is not None
                if ending == "rollback":
                    await maybe(their.rollback())
                    assert mine.id is None
                raise Mistake
        assert (mine.id, theirs.id) == (None, None)
        assert (one.name, one.count) == ("renamed", 5)
        del mine, one
    assert sorted(await found(session, item)) == [("before", 0), ("mine", 0), ("renamed", 5)]


async def test_what_is_changed_and_held_by_nobody_is_pending_again(
    session: Any, opened: Any, models: ModuleType, around: str
) -> None:
    item = models.Item
    await two(session, models)
    async with working(opened, session, item, around) as own:
        one = await maybe((session if around == "begin" else own).query(item).order_by("id").first())
        async with entered(opened()) as their:
            their.add(item(name="theirs"))
            await maybe(their.flush())
            one.count = 5
            await maybe(own.flush())
            del one
            await maybe(own.flush())
            await maybe(their.rollback())
    assert await found(session, item) == [("a", 5), ("b", 0)]


async def test_their_flush_that_fails_takes_nothing_of_it(
    session: Any, opened: Any, models: ModuleType, around: str
) -> None:
    item = models.Item
    await two(session, models)
    async with working(opened, session, item, around) as own:
        one = await maybe((session if around == "begin" else own).query(item).order_by("id").first())
        async with entered(opened()) as their, entered(their.begin()):
            own.add(item(name="mine"))
            await maybe(own.flush())
            one.count = 5
            own.add(item(name="mine, later"))
            wrong = item(name="a")
            their.add(wrong)
            with pytest.raises(IntegrityError):
                await maybe(their.flush())
            assert one.count == 5
            their.expunge(wrong)
    assert sorted(await found(session, item)) == [("a", 5), ("b", 0), ("mine", 0), ("mine, later", 0)]


async def test_my_flush_in_it_that_fails_takes_nothing_of_theirs(
    session: Any, opened: Any, models: ModuleType, around: str
) -> None:
    item = models.Item
    await two(session, models)
    wrong = item(name="a")
    async with working(opened, session, item, around) as own:
        async with entered(opened()) as their, entered(their.begin()):
            theirs = await maybe(their.query(item).order_by("id").first())
            their.add(item(name="theirs"))
            await maybe(their.flush())
            theirs.count = 5
            their.add(item(name="theirs, later"))
            own.add(wrong)
            with pytest.raises(IntegrityError):
                await maybe(own.flush())
            wrong.name = "mine"
            assert theirs.count == 5
    assert sorted(await found(session, item)) == [("a", 5), ("b", 0), ("mine", 0), ("theirs", 0), ("theirs, later", 0)]


async def test_my_flush_that_fails_undoes_what_they_have_written_meanwhile(
    session: Any, opened: Any, models: ModuleType, monkeypatch: pytest.MonkeyPatch, around: str
) -> None:
    item, write = models.Item, flush.write
    await two(session, models)
    wrong, before, meanwhile = item(name="a"), item(name="before"), item(name="meanwhile")

    async def inserting(*arguments: Any) -> None:
        monkeypatch.setattr(flush, "write", write)
        await maybe(their.insert(meanwhile))
        await write(*arguments)

    async with working(opened, session, item, around) as own:
        async with entered(opened(autoflush=False)) as their, entered(their.begin()):
            await maybe(their.insert(before))
            own.add(wrong)
            monkeypatch.setattr(flush, "write", inserting)
            with pytest.raises(IntegrityError):
                await maybe(own.flush())
            assert before.id is not None
            assert meanwhile.id is None
            their.add(meanwhile)
        wrong.name = "mine"
    assert sorted(await found(session, item)) == [("a", 0), ("b", 0), ("before", 0), ("meanwhile", 0), ("mine", 0)]


@pytest.mark.parametrize("keeping", [True, False])
async def test_a_block_in_a_transaction_that_is_rolled_back_later(
    session: Any, opened: Any, engine: Any, models: ModuleType, around: str, keeping: bool
) -> None:
    """What it has written is pending again with all else that was written there; what it has undone is not."""
    item = models.Item
    await two(session, models)
    async with working(opened, session, item, around) as own:
        one = await maybe((session if around == "begin" else own).query(item).order_by("id").first())
        async with entered(opened()) as their:
            their.add(item(name="theirs"))
            await maybe(their.flush())
            with suppress(Mistake):
                async with entered(engine.transaction()):
                    own.add(item(name="mine"))
                    one.count = 5
                    await maybe(own.flush())
                    if not keeping:
                        raise Mistake
            await maybe(their.rollback())
    names = [("a", 5), ("b", 0), ("mine", 0)] if keeping else [("a", 0), ("b", 0)]
    assert sorted(await found(session, item)) == names


@pytest.mark.parametrize("where", ["inner", "their", "outer"])
@pytest.mark.only(around="both")
async def test_a_block_of_its_own_inside_theirs(
    session: Any, opened: Any, models: ModuleType, around: str, where: str
) -> None:
    item = models.Item
    await two(session, models)
    added = {name: item(name=name) for name in ("outer", "their", "inner")}
    async with entered(opened()) as own, entered(opened()) as their:
        one = await maybe(own.query(item).order_by("id").first())
        with suppress(Mistake):
            async with entered(own.begin()):
                own.add(added["outer"])
                with suppress(Mistake) if where == "their" else nullcontext():
                    async with entered(their.begin()):
                        their.add(added["their"])
                        with suppress(Mistake) if where == "inner" else nullcontext():
                            async with entered(own.begin()):
                                own.add(added["inner"])
                                one.count = 5
                                await maybe(own.flush())
                                if where == "inner":
                                    raise Mistake
                        if where == "their":
                            raise Mistake
                if where == "outer":
                    raise Mistake
        stay = {"inner": ["outer", "their"], "their": ["outer"], "outer": []}[where]
        assert [name for name, instance in added.items() if instance.id is not None] == stay
        assert (one.count, own.is_modified(one)) == (0, False)
        one.count = 5
        await maybe(own.commit())
    assert await rows(session, item, "name") == ["a", "b", *stay]
    assert (await rows(session, item, "count"))[0] == 5

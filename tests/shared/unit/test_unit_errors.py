"""What a unit of work refuses and what fails in it: nothing is lost in silence, and the session goes on."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow.errors import InterfaceError, ProgrammingError, UniqueViolation
from tests.support import entered, maybe
from tests.support.units import Mistake, rows, two


async def test_a_failed_flush_leaves_a_usable_session(session: Any, opened: Any, models: ModuleType) -> None:
    """O-D17: in the original every later insert fails, too."""
    await two(session, models)
    async with entered(opened()) as work:
        fine, bad = models.Item(name="fine"), models.Item(name="a")
        other = await maybe(work.get(models.Item, 2))
        work.add_all([fine, bad])
        other.count = 3
        for _ in range(2):
            with pytest.raises(UniqueViolation):
                await maybe(work.commit())
            assert work.new == [fine, bad]
            assert work.dirty == [other]
            assert fine.id is bad.id is None
        assert await maybe(session.query(models.Item).count()) == 2
        work.expunge(bad)
        await maybe(work.commit())
        bad.name = "mended"
        work.add(bad)
        await maybe(work.commit())
    assert await rows(session, models.Item, "name", "count") == [("a", 0), ("b", 3), ("fine", 0), ("mended", 0)]


async def test_a_failed_flush_keeps_what_was_flushed_before(session: Any, opened: Any, models: ModuleType) -> None:
    await two(session, models)
    async with entered(opened()) as work:
        first, bad = models.Item(name="first"), models.Item(name="a")
        work.add(first)
        await maybe(work.flush())
        work.add(bad)
        with pytest.raises(UniqueViolation):
            await maybe(work.query(models.Item).count())
        bad.name = "c"
        assert await maybe(work.query(models.Item).count()) == 4
        await maybe(work.commit())
    assert await rows(session, models.Item, "name") == ["a", "b", "first", "c"]


async def test_a_failed_flush_in_begin_can_be_mended(session: Any, models: ModuleType) -> None:
    await two(session, models)
    async with entered(session.begin()) as tx:
        bad = models.Item(name="a")
        tx.add(bad)
        with pytest.raises(UniqueViolation):
            await maybe(tx.flush())
        bad.name = "c"
    assert await rows(session, models.Item, "name") == ["a", "b", "c"]


async def test_a_session_outside_of_blocks_collects(session: Any, models: ModuleType) -> None:
    one, bad = models.Item(name="a"), models.Item(name="a")
    session.add_all([one, bad])
    with pytest.raises(UniqueViolation):
        await maybe(session.commit())
    assert session.new == [one, bad]
    assert one.id is None
    session.expunge(bad)
    await maybe(session.commit())
    assert session.new == []
    assert await rows(session, models.Item, "name") == ["a"]
    await maybe(session.delete(one))
    await maybe(session.rollback())
    await maybe(session.commit())
    await maybe(session.delete(one))
    await maybe(session.commit())
    assert await rows(session, models.Item, "name") == []


async def test_writes_are_not_lost_in_silence(session: Any, opened: Any, models: ModuleType) -> None:
    await two(session, models)
    await maybe(session.commit())  # nothing was read: nothing can be lost
    for read in (lambda: session.get(models.Item, 1), session.query(models.Item).first):
        one = await maybe(read())
        one.name = "lost"
        with pytest.raises(ProgrammingError, match=r"with Session\(engine\) as session"):
            await maybe(session.commit())
    with pytest.raises(ProgrammingError, match=r"unsaved changes: Item with id=1 \(name, count\)"):
        async with entered(opened()) as work:
            one = await maybe(work.get(models.Item, 1))
            one.name, one.count = "lost", 3
    with pytest.raises(ProgrammingError, match="unsaved changes: a new Item"):
        async with entered(opened()) as work:
            work.add(models.Item(name="c"))
    with pytest.raises(ProgrammingError, match="unsaved changes: what was flushed"):
        async with entered(opened()) as work:
            work.add(models.Item(name="c"))
            await maybe(work.flush())
    with pytest.raises(Mistake):
        async with entered(opened()) as work:
            work.add(models.Item(name="c"))
            raise Mistake
    assert await rows(session, models.Item, "name") == ["a", "b"]


async def test_what_does_not_belong_to_the_unit(session: Any, opened: Any, models: ModuleType) -> None:
    await two(session, models)
    stranger = await maybe(session.get(models.Item, 1))
    with pytest.raises(ProgrammingError, match=r"merge.*needs a session that follows"):
        await maybe(session.merge(stranger))
    async with entered(opened()) as work:
        for doing in (work.expunge, work.is_modified):
            with pytest.raises(ProgrammingError, match="does not belong to this session's unit of work"):
                doing(stranger)
        with pytest.raises(InterfaceError, match="open already"):
            async with entered(work):
                pass
        async with entered(work.begin()):
            with pytest.raises(ProgrammingError, match=r"commit\(\) inside a begin\(\) block"):
                await maybe(work.commit())
            with pytest.raises(ProgrammingError, match=r"rollback\(\) inside a begin\(\) block"):
                await maybe(work.rollback())
    async with entered(session.begin()):
        with pytest.raises(ProgrammingError, match=r"commit\(\) inside a begin\(\) block"):
            await maybe(session.commit())


@pytest.mark.parametrize("way", ["block", "begin"])
async def test_attributes_that_the_program_has_deleted_are_back_after_a_rollback(
    session: Any, opened: Any, models: ModuleType, way: str
) -> None:
    item = models.Item
    await maybe(session.insert_all([item(name="a", count=1), item(name="b", count=2)]))
    one = other = None
    with pytest.raises(AttributeError):
        async with entered(opened() if way == "block" else session.begin()) as found:
            work = found if way == "block" else session
            one, other = await maybe(work.query(item).order_by("id").all())
            other.count = 5
            await maybe(found.flush())
            other.count = 6
            del one.name, one.id
            await maybe(found.flush())
    assert (one.id, one.name) == (1, "a")
    assert other.count == 2
    async with entered(opened()) as work:
        one = await maybe(work.get(item, 1))
        del one.name
        await maybe(work.rollback())
        assert one.name == "a"
        one.name = "c"
        await maybe(work.commit())
    assert (await maybe(session.get(item, 1))).name == "c"

"""Soft deletion, stamps, `update_all` and callbacks inside units of work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import pytest

from ferrow.errors import NoResultFound, StaleRow
from tests.support import entered, maybe
from tests.support.sessions import session_of

OLD = datetime(2001, 1, 1, tzinfo=UTC)


@pytest.fixture
def opened(engine: Any, colour: str) -> Callable[[], Any]:
    return lambda: session_of(engine, colour)


async def state(session: Any, models: ModuleType, key: int) -> tuple[int, bool, bool]:
    """Words, whether it is marked, and whether it was changed since `age`."""
    found = await maybe(session.get(models.Article, key, include_deleted=True))
    return found.words, found.deleted_at is not None, found.updated_at > OLD


async def age(session: Any, models: ModuleType) -> None:
    await maybe(session.query(models.Article).with_deleted().update(updated_at=OLD))


async def test_o_d27_delete_marks(session: Any, models: ModuleType, opened: Any) -> None:
    await age(session, models)
    async with entered(opened()) as work:
        one = await maybe(work.get(models.Article, 1))
        await maybe(work.delete(one))
        await maybe(work.commit())
        assert one.deleted_at is not None
        assert one.updated_at > OLD
    assert await state(session, models, 1) == (10, True, True)
    async with entered(session.begin()) as tx:
        tx.delete(await maybe(session.get(models.Article, 3)))
    assert (await state(session, models, 3))[1]


async def test_a_mark_that_is_rolled_back(session: Any, models: ModuleType, opened: Any) -> None:
    async with entered(opened()) as work:
        one, three = [await maybe(work.get(models.Article, key)) for key in (1, 3)]
        await maybe(work.delete(one))
        await maybe(work.flush())
        await maybe(work.soft_delete(three))
        assert one.deleted_at is not None
        assert three.deleted_at is not None
        await maybe(work.rollback())
        assert one.deleted_at is None
        assert three.deleted_at is None
    assert not (await state(session, models, 1))[1]
    assert not (await state(session, models, 3))[1]


async def test_deleting_what_was_marked_meanwhile(session: Any, models: ModuleType, opened: Any) -> None:
    with pytest.raises(NoResultFound, match="no Article with id=1 to delete"):
        async with entered(opened()) as work:
            one = await maybe(work.get(models.Article, 1))
            await maybe(session.query(models.Article).filter(id=1).delete())
            await maybe(work.delete(one))
            await maybe(work.commit())


async def test_flushes_set_stamps(session: Any, models: ModuleType, opened: Any) -> None:
    await age(session, models)
    async with entered(opened()) as work:
        found = await maybe(work.query(models.Article).all())
        for article in found:
            article.words += 1
        await maybe(work.commit())
        assert all(article.updated_at > OLD for article in found)
        assert not work.dirty
        found[0].updated_at = OLD  # what is said counts
        await maybe(work.commit())
        assert found[0].updated_at == OLD
    assert await state(session, models, 5) == (51, False, True)
    assert await state(session, models, 2) == (20, True, False)


async def test_many_with_stamps(session: Any, models: ModuleType, opened: Any) -> None:
    made = await maybe(session.insert_all([models.Article(title=f"t{n}", words=n + 1) for n in range(30)]))
    await age(session, models)
    async with entered(opened()) as work:
        found = await maybe(work.query(models.Article).filter(title__startswith="t").order_by("id").all())
        for article in found:
            article.words *= 2
        await maybe(work.commit())
    for article in found:
        assert await state(session, models, article.id) == (2 * made.index(_of(made, article.id)) + 2, False, True)


def _of(made: list[Any], key: int) -> Any:
    return next(one for one in made if one.id == key)


async def test_update_all_leaves_other_changes_pending(session: Any, models: ModuleType, opened: Any) -> None:
    async with entered(opened()) as work:
        one, three = [await maybe(work.get(models.Article, key)) for key in (1, 3)]
        one.words, one.title, three.words = 11, "Uno", 33
        await maybe(work.update_all([one, three], "words"))
        assert work.dirty == [one]
        await maybe(work.commit())
    assert (await maybe(session.get(models.Article, 1))).title == "Uno"
    assert (await state(session, models, 3))[0] == 33


async def test_soft_delete_leaves_other_changes_pending(session: Any, models: ModuleType, opened: Any) -> None:
    async with entered(opened()) as work:
        one = await maybe(work.get(models.Article, 1))
        await maybe(work.soft_delete(one))
        one.words = 12
        await maybe(work.commit())
    assert (await state(session, models, 1))[:2] == (12, True)


async def test_callbacks_of_a_sessions_block(session: Any, models: ModuleType, opened: Any) -> None:
    seen: list[str] = []

    def both(name: str) -> None:
        work.after_commit(lambda: seen.append(f"{name} committed"))
        work.after_rollback(lambda: seen.append(f"{name} undone"))

    async with entered(opened()) as work:
        both("before anything was sent")
        work.add(models.Label(name="x"))
        await maybe(work.flush())
        both("after")
        assert seen == []
        await maybe(work.commit())
        assert seen == ["before anything was sent committed", "after committed"]
        both("nothing written")
        await maybe(work.commit())
        assert seen.pop() == "nothing written committed"
        both("third")
        work.add(models.Label(name="y"))
        await maybe(work.flush())
        await maybe(work.rollback())
        assert seen.pop() == "third undone"
        both("fourth")
        await maybe(work.rollback())
        assert seen.pop() == "fourth undone"


async def test_a_callback_that_fails_leaves_the_unit_committed(session: Any, models: ModuleType, opened: Any) -> None:
    async with entered(opened()) as work:
        label = models.Label(name="x")
        work.add(label)
        work.after_commit(lambda: 1 / 0)
        with pytest.raises(ExceptionGroup, match="is committed"):
            await maybe(work.commit())
        assert not work.new
        assert not work.dirty
    assert await maybe(session.query(models.Label).filter(name="x").count()) == 1


async def test_callbacks_of_begin_in_a_sessions_block(models: ModuleType, session: Any, opened: Any) -> None:
    seen: list[str] = []
    async with entered(opened()) as work:
        async with entered(work.begin()):
            work.after_commit(lambda: seen.append("committed"))
            work.add(models.Label(name="x"))
        assert seen == ["committed"]


@pytest.mark.only(style="declarative")  # a mixin is for typed classes
async def test_versions(session: Any, engine: Any, style: str, opened: Any) -> None:
    from tests.support.soft.versioned import Page

    await maybe(engine.create_all(Page))
    one, two = await maybe(session.insert_all([Page(text="a"), Page(text="b")]))
    assert one.version == 1
    stale = await maybe(session.get(Page, 1))
    await maybe(session.update_all([one, two]))
    assert (one.version, two.version) == (2, 2)
    with pytest.raises(StaleRow):
        await maybe(session.update_all([stale, two]))
    assert (await maybe(session.get(Page, 2))).version == 2
    with pytest.raises(StaleRow):
        await maybe(session.soft_delete(stale))
    await maybe(session.soft_delete(one))
    assert one.version == 3
    await maybe(session.restore(one))
    assert await maybe(session.query(Page).delete()) == 2
    assert (await maybe(session.get(Page, 1, include_deleted=True))).version == 5


async def test_many_stamped_rows_are_one_statement(
    session: Any, models: ModuleType, opened: Any, backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows come back in any order, each with the stamp of its own; before, they were written one after the other."""
    from ferrow.orm.unit import together

    made = []
    updating = together.updating
    monkeypatch.setattr(together, "updating", lambda *given: made.append(given) or updating(*given))
    await maybe(session.insert_all([models.Article(title=f"many {number}", words=number) for number in range(20)]))
    await age(session, models)
    async with entered(opened()) as work:
        found = await maybe(work.query(models.Article).filter(title__startswith="many").order_by("-id").all())
        for one in found:
            one.words += 100
        await maybe(work.commit())
        assert work.dirty == []
        assert all(one.updated_at > OLD for one in found)
    rows = await maybe(
        session.query(models.Article).filter(title__startswith="many").values_list("id", "words", "updated_at")
    )
    assert sorted(rows) == sorted((one.id, one.words, one.updated_at) for one in found)
    assert sorted(words for _, words, _ in rows) == [*range(100, 120)]
    assert len(made) == (backend == "postgresql")

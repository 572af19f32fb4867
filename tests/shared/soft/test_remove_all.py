"""`remove_all`: the rows of many instances, all or none."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import AsyncSession, Session, create_session
from ferrow.errors import InterfaceError, NoResultFound, ProgrammingError
from tests.support import entered, maybe


async def test_rows_are_marked_or_deleted_what_refers_to_others_first(session: Any, models: ModuleType) -> None:
    m = models
    one = await maybe(session.query(m.Article).filter(title="One").one())
    links = await maybe(session.query(m.ArticleLabel).all())
    labels = await maybe(session.query(m.Label).all())
    assert await maybe(session.remove_all([*labels, one, *links])) is None
    assert not await maybe(session.query(m.Label).exists())
    assert not await maybe(session.query(m.Article).filter(title="One").exists())
    assert one.deleted_at is not None
    assert await maybe(session.query(m.ArticleLabel).count()) == 0
    await maybe(session.remove_all([]))


async def test_what_is_only_marked_keeps_what_belongs_to_it(session: Any, models: ModuleType) -> None:
    m = models

    async def state() -> Any:
        links = await maybe(session.query(m.ArticleLabel).values_list("article_id", "label_id"))
        return sorted(links), await maybe(session.query(m.Article).order_by("id").values_list("writer_id", flat=True))

    before = await state()
    async with entered(
        type(session)(session._engine if hasattr(session, "_engine") else session._core._engine.sync)
    ) as work:
        await maybe(work.delete(await maybe(work.query(m.Writer).filter(name="Ada").one())))
        one = await maybe(work.query(m.Article).filter(title="One").one())
        await maybe(work.delete(one))
        await maybe(work.commit())
    assert one.deleted_at is not None
    await maybe(session.restore(one))
    assert await state() == before


async def test_all_or_none(session: Any, models: ModuleType) -> None:
    label = models.Label
    before = await maybe(session.query(label).count())
    first, second = await maybe(session.insert_all([label(name="a"), label(name="b")]))
    gone = await maybe(session.insert(label(name="c")))
    await maybe(session.query(label).filter(name="c").delete())
    with pytest.raises(NoResultFound, match=f"there is no Label with id={gone.id} to delete"):
        await maybe(session.remove_all([first, gone, second]))
    with pytest.raises(ProgrammingError, match="Insert it first"):
        await maybe(session.remove_all([first, label(name="new")]))
    assert await maybe(session.query(label).count()) == before + 2
    await maybe(session.remove_all(one for one in (first, second)))
    assert await maybe(session.query(label).count()) == before


async def test_in_a_unit_of_work(session: Any, models: ModuleType) -> None:
    label = models.Label
    before = await maybe(session.query(label).count())
    async with entered(session.begin()):
        made = await maybe(session.insert_all([label(name="a"), label(name="b")]))
        with pytest.raises(ProgrammingError, match="Insert it first"):
            await maybe(session.remove_all([made[0], label(name="new")]))
        await maybe(session.remove_all([made[1]]))
        assert made[0] in session
        assert made[1] not in session
    assert await maybe(session.query(label).count()) == before + 1


async def test_a_session_of_the_engines_colour(engine: Any, colour: str) -> None:
    made = create_session(engine, autoflush=False)
    assert type(made) is (AsyncSession if colour == "async" else Session)
    assert (await maybe(made.execute_raw("SELECT 1 AS one"))).scalar() == 1
    with pytest.raises(InterfaceError, match="engine"):
        create_session("sqlite::memory:")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]

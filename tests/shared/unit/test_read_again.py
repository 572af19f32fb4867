"""Rows that come to a unit of work together: some are followed already."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from tests.support import entered, maybe


async def filled(session: Any, models: ModuleType, count: int) -> None:
    new = [models.Item(name=f"n{number}", document={"list": [number]}) for number in range(1, count + 1)]
    await maybe(session.insert_all(new))


@pytest.mark.parametrize("held", [(1,), (3,), (6,), (2, 5)], ids=str)
async def test_those_that_are_followed_stay_and_the_others_are_followed(
    session: Any, opened: Any, models: ModuleType, held: tuple[int, ...]
) -> None:
    await filled(session, models, 6)
    async with entered(opened()) as work:
        known = {key: await maybe(work.get(models.Item, key)) for key in held}
        known[held[0]].name = "mine"
        found = await maybe(work.query(models.Item).order_by("id").all())
        assert [one.id for one in found] == [1, 2, 3, 4, 5, 6]
        assert all(found[key - 1] is one for key, one in known.items())
        assert work.dirty == []  # written before the query
        assert all(one in work for one in found)
        found[3].document["list"].append("more")
        found[5].name = "new"
        assert sorted([one.id for one in work.dirty]) == [4, 6]
        await maybe(work.commit())
        assert await maybe(work.query(models.Item).order_by("id").all()) == found
    rows = await maybe(session.query(models.Item).order_by("id").all())
    named = {key: f"n{key}" for key in range(1, 7)} | {held[0]: "mine"} | {6: "new"}
    assert {one.id: one.name for one in rows} == named
    assert rows[3].document == {"list": [4, "more"]}


async def test_rows_read_again_are_the_same_instances(session: Any, opened: Any, models: ModuleType) -> None:
    await filled(session, models, 3)
    async with entered(opened()) as work:
        found = await maybe(work.query(models.Item).order_by("id").all())
        again = await maybe(work.query(models.Item).order_by("id").all())
        assert all(one is other for one, other in zip(found, again, strict=True))
        again[0].document["list"] = []
        assert work.dirty == [found[0]]
        await maybe(work.rollback())
        assert found[0].document == {"list": [1]}


async def test_reading_the_same_again_leaves_nothing_behind(session: Any, opened: Any, models: ModuleType) -> None:
    await filled(session, models, 2)
    async with entered(opened(autoflush=False)) as work:
        one, _ = await maybe(work.query(models.Item).order_by("id").all())
        work.add(models.Item(name="new"))
        await maybe(work.flush())
        one.name = "mine"
        unit = (work._core if hasattr(work, "_core") else work)._unit()
        entries = len(unit.log)
        for _ in range(3):
            await maybe(work.query(models.Item).all())
        assert len(unit.log) == entries
        await maybe(work.rollback())
        assert one.name == "n1"

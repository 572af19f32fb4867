"""Whether the row of an upsert is new."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow.errors import ProgrammingError
from tests.support import entered, maybe


async def test_new_and_there(session: Any, models: ModuleType) -> None:
    new, created = await maybe(session.create_or_update(models.Article(title="New", words=1), "title"))
    assert created
    again = await maybe(session.create_or_update(models.Article(title="New", words=2), "title"))
    assert (again.created, again.instance.id, again.instance.words) == (False, new.id, 2)
    assert (await maybe(session.get(models.Article, new.id))).words == 2


async def test_do_nothing(session: Any, models: ModuleType) -> None:
    there, created = await maybe(
        session.create_or_update(models.Article(title="One", words=7), "title", do_nothing=True)
    )
    assert (created, there.id, there.words) == (False, 1, 10)
    _, created = await maybe(session.create_or_update(models.Article(title="New"), "title", do_nothing=True))
    assert created
    there, created = await maybe(
        session.create_or_update(models.Article(title="One"), "title")
    )  # nothing but the target
    assert (created, there.words) == (False, 10)


async def test_many_and_one_of_them_twice(session: Any, models: ModuleType) -> None:
    wanted = [("One", 1), ("A", 2), ("B", 3), ("A", 4), ("Two", 5)]
    told = await maybe(
        session.create_or_update_all([models.Article(title=title, words=n) for title, n in wanted], "title")
    )
    assert [one.created for one in told] == [False, True, True, False, False]
    assert [one.instance.title for one in told] == [title for title, _ in wanted]
    assert (await maybe(session.query(models.Article).filter(title="A").one())).words == 4
    assert [one.instance.id for one in told][0::4] == [1, 2]
    assert await maybe(session.create_or_update_all([], "title")) == []


async def test_of_two_groups(session: Any, models: ModuleType) -> None:
    """Instances that were given different attributes are sent by different statements."""
    told = await maybe(
        session.create_or_update_all(
            [models.Article(title="One"), models.Article(title="N", words=3), models.Article(title="Two", words=1)],
            "title",
        )
    )
    assert [one.created for one in told] == [False, True, False]


async def test_inside_a_transaction_that_inserted_the_row(session: Any, engine: Any, models: ModuleType) -> None:
    async with entered(session.begin()):
        await maybe(session.insert(models.Article(title="Mine", words=1)))
        told = await maybe(session.create_or_update(models.Article(title="Mine", words=2), "title"))
        assert not told.created
        told = await maybe(session.create_or_update(models.Article(title="Mine", words=3), "title"))
        assert not told.created
    assert (await maybe(session.query(models.Article).filter(title="Mine").one())).words == 3


async def test_a_row_that_was_locked_or_changed_before(session: Any, models: ModuleType) -> None:
    async with entered(session.begin()):
        one = await maybe(session.query(models.Article).filter(id=1).for_update().one())
        await maybe(session.update(one, words=3))
    told = await maybe(session.create_or_update(models.Article(title="One", words=5), "title"))
    assert not told.created
    await maybe(session.force_delete(await maybe(session.get(models.Article, 5))))
    assert (await maybe(session.create_or_update(models.Article(title="Five"), "title"))).created


async def test_contradictions(session: Any, models: ModuleType) -> None:
    with pytest.raises(ProgrammingError, match="not both"):
        await maybe(session.create_or_update(models.Article(title="x"), "title", ["words"], do_nothing=True))

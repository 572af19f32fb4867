"""Load options and soft deletion: with deleted rows, only these, out of scope."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import joinedload, selectinload
from ferrow.errors import NoSoftDelete
from tests.support import maybe
from tests.support.soft.team import TEAM


async def titles(session: Any, models: ModuleType, option: Any) -> dict[str, list[str]]:
    found = await maybe(session.query(models.Writer).with_deleted().options(option).order_by("id").all())
    return {one.name: sorted(article.title for article in one.articles) for one in found}


async def test_collections(session: Any, models: ModuleType) -> None:
    articles = selectinload("articles")
    assert await titles(session, models, articles) == {"Ada": ["One", "Three"], "Bob": ["Four"]}
    assert await titles(session, models, articles.with_deleted()) == {"Ada": ["One", "Three", "Two"], "Bob": ["Four"]}
    assert await titles(session, models, articles.only_deleted()) == {"Ada": ["Two"], "Bob": []}
    latest = articles.order_by("-words").limit(2)
    assert await titles(session, models, latest) == {"Ada": ["One", "Three"], "Bob": ["Four"]}
    assert await titles(session, models, latest.with_deleted()) == {"Ada": ["Three", "Two"], "Bob": ["Four"]}


async def test_through_a_junction(session: Any, models: ModuleType) -> None:
    labels = session.query(models.Label).order_by("id")
    found = await maybe(labels.options(selectinload("articles").with_deleted()).all())
    # The junction has deleted rows too, which stay away: with_deleted() is about the articles.
    assert [sorted(one.title for one in label.articles) for label in found] == [["Four", "One", "Three"], ["Two"]]
    with pytest.raises(NoSoftDelete, match=r"with_deleted\(\) of Article\.labels.*Label has none"):
        session.query(models.Article).options(selectinload("labels").with_deleted())


@pytest.mark.parametrize("option", [selectinload, joinedload])
async def test_single_objects(session: Any, models: ModuleType, option: Any) -> None:
    articles = session.query(models.Article).order_by("words")
    for _ in range(2):  # both ways of asking, from what is remembered of them
        found = await maybe(articles.options(option("writer")).all())
        assert [one.writer and one.writer.name for one in found] == ["Ada", "Ada", None, None]
        found = await maybe(articles.options(option("writer").with_deleted()).all())
        assert [one.writer and one.writer.name for one in found] == ["Ada", "Ada", "Bob", None]
    bob = next(one.writer for one in found if one.title == "Four")
    assert bob.deleted_at is not None


@pytest.mark.parametrize("option", [selectinload, joinedload])
async def test_scopes(session: Any, models: ModuleType, option: Any) -> None:
    async def texts(*options: Any, model: str = "Writer") -> list[list[str]]:
        query = session.query(getattr(models, model)).options(*options).order_by("id")
        found = await maybe(query.with_deleted().all())
        return [sorted(note.text for note in one.notes) for one in found]

    notes = option("notes")
    for team, expected in ((1, [["a"], []]), (2, [["c"], ["d"]])):
        token = TEAM.set(team)
        try:
            assert await texts(notes) == expected
            assert await texts(notes.unscoped()) == [["a", "b", "c"], ["d"]]
            assert await texts(notes.unscoped().where(text__gt="a").limit(1).order_by("-id")) == [["c"], ["d"]]
        finally:
            TEAM.reset(token)


async def test_what_is_hidden_is_not_written(session: Any, models: ModuleType) -> None:
    """Bob is deleted: Four has no writer to be seen, and keeps him."""
    query = session.query(models.Article).filter(title="Four")
    for option in (selectinload("writer"), joinedload("writer")):
        four = await maybe(query.options(option).one())
        assert four.writer is None
        await maybe(session.update(four))
        assert (await maybe(query.one())).writer_id == 2
    await maybe(session.update(four, writer=None))
    assert (await maybe(query.one())).writer_id is None


async def test_load_takes_the_same(session: Any, models: ModuleType) -> None:
    ada = await maybe(session.query(models.Writer).one())
    await maybe(session.load(ada, selectinload("articles").with_deleted()))
    assert len(ada.articles) == 3
    await maybe(session.load_for([ada], "articles"))
    assert len(ada.articles) == 2

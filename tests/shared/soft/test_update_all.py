"""`session.update_all`: many rows, each with values of its own, in one statement."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest

from ferrow import columns
from ferrow.errors import DataError, NoResultFound, ProgrammingError, UnknownColumn
from tests.support import maybe
from tests.support.models import models as models_of


async def words(session: Any, models: ModuleType) -> list[int]:
    return list(
        await maybe(session.query(models.Article).with_deleted().order_by("id").values_list("words", flat=True))
    )


async def articles(session: Any, models: ModuleType) -> list[Any]:
    return list(await maybe(session.query(models.Article).order_by("id").all()))


async def test_each_row_gets_its_own(session: Any, models: ModuleType) -> None:
    found = await articles(session, models)
    for article in found:
        article.words += article.id
        article.title += "!"
    assert await maybe(session.update_all(found, "words")) == found
    assert await words(session, models) == [11, 20, 33, 44, 55]
    assert (await maybe(session.get(models.Article, 1))).title == "One"
    await maybe(session.update_all(found))
    assert (await maybe(session.get(models.Article, 1))).title == "One!"


async def test_columns_in_any_form(session: Any, models: ModuleType) -> None:
    found = await articles(session, models)
    for article in found:
        article.words, article.title = 0, f"t{article.id}"
    named = columns(models.Article)
    await maybe(session.update_all(found, named.words, "title"))
    await maybe(session.update_all(found, ["words", named.title]))
    assert (await maybe(session.get(models.Article, 3))).title == "t3"
    assert await words(session, models) == [0, 20, 0, 0, 0]


async def test_what_the_database_sets_is_filled_in(session: Any, models: ModuleType) -> None:
    found = await articles(session, models)
    old = datetime(2001, 1, 1, tzinfo=UTC)
    await maybe(session.query(models.Article).update(updated_at=old))
    await maybe(session.update_all(found, "words"))
    again = await articles(session, models)
    assert [one.updated_at for one in again] == [one.updated_at for one in found]
    assert all(one.updated_at > old for one in found)


async def test_several_models_and_keys_of_several_columns(session: Any, models: ModuleType) -> None:
    red = await maybe(session.get(models.Label, 1))
    five = await maybe(session.get(models.Article, 5))
    pairs = await maybe(session.query(models.ArticleLabel).all())
    for pair in pairs:
        pair.deleted_at = datetime(2001, 1, pair.article_id, tzinfo=UTC if pair.label_id and _aware(models) else None)
    red.name, five.words = "crimson", 51
    await maybe(session.update_all([five, red, *pairs]))
    assert (await maybe(session.get(models.Label, 1))).name == "crimson"
    assert (await words(session, models))[-1] == 51
    assert await maybe(session.query(models.ArticleLabel).count()) == 0
    marked = await maybe(
        session.query(models.ArticleLabel).with_deleted().filter(label_id=1).order_by("article_id").all()
    )
    assert [one.deleted_at.day for one in marked] == [1, 3, 4]


def _aware(models: ModuleType) -> bool:
    return "declarative" in models.__name__


async def test_many(session: Any, models: ModuleType) -> None:
    made = await maybe(session.insert_all([models.Label(name=str(n)) for n in range(2500)]))
    for label in made:
        label.name = f"x{label.name}"
    await maybe(session.update_all(made))
    assert await maybe(session.query(models.Label).filter(name__startswith="x").count()) == 2500
    assert (await maybe(session.get(models.Label, made[2047].id))).name == "x2047"


async def test_rows_that_are_gone_undo_all(session: Any, models: ModuleType) -> None:
    found = await articles(session, models)
    stamps = [one.updated_at for one in found]
    for article in found:
        article.words = 1
    ghost = models.Article(id=99, title="Ghost", words=1)
    with pytest.raises(NoResultFound, match="1 of 5 rows to update are not there: Article with id=99"):
        await maybe(session.update_all([*found, ghost], "words"))
    assert await words(session, models) == [10, 20, 30, 40, 50]
    assert [one.updated_at for one in found] == stamps


async def test_mistakes(session: Any, models: ModuleType) -> None:
    assert await maybe(session.update_all([])) == []
    found = await articles(session, models)
    with pytest.raises(UnknownColumn, match=r"no column 'word'\. Did you mean 'words'"):
        await maybe(session.update_all(found, "word"))
    with pytest.raises(ProgrammingError, match="two instances of one row: Article with id=1"):
        await maybe(session.update_all([*found, found[0]], "words"))
    with pytest.raises(ProgrammingError, match="by id, which it cannot change"):
        await maybe(session.update_all(found, "id"))
    with pytest.raises(ProgrammingError, match="Insert it first"):
        await maybe(session.update_all([models.Article(title="New")], "words"))
    wrong = found[1]
    object.__setattr__(wrong, "words", "many")
    with pytest.raises(DataError, match=r"Article\.words takes int, not str 'many'"):
        await maybe(session.update_all(found, "words"))


async def test_every_type(engine: Any, session: Any, models: ModuleType, style: str) -> None:
    model = models_of(style).Sample
    await maybe(engine.create_all(model))
    full = {
        "flag": True, "whole": 7, "real": 0.5, "text": "é'\"", "raw": b"\0\1", "day": date(2020, 2, 29), "clock": time(1, 2, 3, 4),
        "moment": datetime(2020, 1, 2, 3, 4, 5, 6), "instant": datetime(2020, 1, 2, 3, 4, 5, 6, UTC),
        "token": UUID(int=5), "amount": Decimal("1.50"), "document": {"a": [1, None]}, "entries": [1, "x"], "tags": ["a", None], "marks": [True, None],
    }  # fmt: skip
    made = await maybe(session.insert_all([model(), model(), model(**full)]))
    for key, value in full.items():
        setattr(made[0], key, value)
        setattr(made[2], key, None)
    await maybe(session.update_all(made))
    first, second, third = await maybe(session.query(model).order_by("id").all())
    for key, value in full.items():
        assert getattr(first, key) == value, key
        assert getattr(second, key) is None, key
        assert getattr(third, key) is None, key


@pytest.mark.only(backend=("postgresql", "mariadb"))  # SQLite has no lengths
async def test_texts_that_are_too_long_are_not_cut(
    engine: Any, session: Any, models: ModuleType, style: str, backend: str, mysql: bool
) -> None:
    model = models_of(style).User
    await maybe(engine.create_all(model))
    user = await maybe(session.insert(model(name="Ada", email="a")))
    user.email = "a" * 201
    with pytest.raises(DataError, match="truncated for column 'email'" if mysql else "too long"):
        await maybe(session.update_all([user]))

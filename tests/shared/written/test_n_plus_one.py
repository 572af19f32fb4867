"""Loops that send one statement for each of many rows are found; nothing else is."""

from __future__ import annotations

import warnings
from types import ModuleType
from typing import Any

import pytest

from ferrow import create_engine, selectinload
from ferrow.engine.engine import AsyncEngine
from ferrow.errors import NotLoaded, NPlusOne, NPlusOneWarning
from ferrow.orm.loading import keys
from ferrow.testing import no_n_plus_one
from tests.support import maybe
from tests.support.related import fill


@pytest.fixture
def session(session: Any, models: ModuleType, runner: Any) -> Any:
    """With the rows of `tests.support.related`."""
    runner.run(fill(session, models))
    return session


async def test_one_line_again_and_again(session: Any, models: ModuleType, colour: str) -> None:
    plain = AsyncEngine.run
    with no_n_plus_one(limit=3):
        for key in (1, 2):
            await maybe(session.get(models.Author, key))
        with pytest.raises(
            NPlusOne, match=r"(?s)\.py:\d+ has sent the same statement 3 times: SELECT .*load_for"
        ) as caught:
            for key in (1, 2, 3):
                await maybe(session.get(models.Author, key))
    if colour == "sync":
        assert "test_n_plus_one.py" in str(caught.value)
    assert AsyncEngine.run is plain
    for key in (1, 2, 3, 4):
        await maybe(session.get(models.Author, key))


async def test_pieces_of_one_call_are_one(session: Any, models: ModuleType, monkeypatch: Any) -> None:
    monkeypatch.setattr(keys, "CHUNK", 1)
    with no_n_plus_one(limit=2):
        found = await maybe(session.query(models.Author).options(selectinload("books.tags")).all())
    assert len(found) == 3


async def test_other_statements_are_others(session: Any, models: ModuleType) -> None:
    with no_n_plus_one(limit=2):
        for model in (models.Author, models.Book, models.Tag):
            await maybe(session.get(model, 1))


async def test_not_loaded_says_where_it_was_read(session: Any, models: ModuleType, colour: str) -> None:
    with no_n_plus_one():
        author = await maybe(session.query(models.Author).filter(id=1).one())
    with pytest.raises(NotLoaded) as caught:
        _ = author.books
    text = str(caught.value)
    for fix in ('.options(selectinload("books"))', 'session.load(instance, "books")', 'relationship(lazy="selectin")'):
        assert fix in text
    if colour == "sync":
        assert "test_n_plus_one.py:" in text
    assert "which was read at" in text


def test_an_engine_that_warns(sqlite_url: str) -> None:
    from ferrow import Session
    from tests.support.related.declarative_style import City

    plain = AsyncEngine.run
    engine = create_engine(sqlite_url, detect_n_plus_one=True)
    try:
        engine.create_all(City)
        session = Session(engine)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            for key in range(10):
                session.get(City, key)
        (warning,) = caught
        assert warning.category is NPlusOneWarning
        assert warning.filename == __file__
    finally:
        engine.close()
        from ferrow.engine import watch

        watch._watches.clear()
        watch._uninstall()
    assert AsyncEngine.run is plain


def test_the_limit() -> None:
    with pytest.raises(ValueError, match="limit=1"), no_n_plus_one(limit=1):
        pass

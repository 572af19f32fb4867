"""What an engine does for its callers, on every backend and in both colours."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import pytest

from ferrow.engine import QueryResult, create_engine
from ferrow.errors import DatabaseError, ModelError, MultipleResultsFound, NoResultFound, PoolClosed
from tests.support import entered, maybe


async def test_the_forms_of_a_result(engine: Any) -> None:
    await maybe(engine.script("CREATE TABLE u (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO u VALUES (2, 'b')"))
    inserted = await maybe(engine.execute("INSERT INTO u VALUES (1, 'a')"))
    assert inserted.rowcount == 1
    assert (inserted.all(), inserted.first(), inserted.scalar(), inserted.is_empty()) == ([], None, None, True)

    result = await maybe(engine.execute("SELECT id, name FROM u ORDER BY id", []))
    assert isinstance(result, QueryResult)
    assert result.all() == [*result] == [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]
    assert result.tuples() == [(1, "a"), (2, "b")]
    assert result.column("name") == ["a", "b"]
    assert result.columns == ("id", "name")
    assert (result.scalar(), result.scalars(), len(result)) == (1, [1, 2], 2)
    assert result.first() == {"id": 1, "name": "a"}
    assert result.rows()[1]["name"] == "b"
    assert repr(result) == "<QueryResult rows=2>"
    with pytest.raises(KeyError, match="'nmae'"):
        result.column("nmae")
    with pytest.raises(MultipleResultsFound):
        result.one()


async def test_one_row_where_one_is_expected(engine: Any) -> None:
    assert (await maybe(engine.query_one("SELECT 1 AS a")))["a"] == 1
    assert (await maybe(engine.execute("SELECT 1 AS a"))).one() == {"a": 1}
    with pytest.raises(NoResultFound):
        await maybe(engine.query_one("SELECT 1 AS a WHERE 1 = 0"))
    with pytest.raises(MultipleResultsFound):
        await maybe(engine.query_one("SELECT 1 AS a UNION SELECT 2"))


async def test_tables_of_models_are_created_once_and_dropped(engine: Any, models: ModuleType) -> None:
    for _ in range(2):
        await maybe(engine.create_all(models.Post, models.User))
    await maybe(engine.query("SELECT * FROM users"))
    await maybe(engine.query("SELECT * FROM posts"))
    for _ in range(2):
        await maybe(engine.drop_all(models.User, models.Post))
    with pytest.raises(DatabaseError):
        await maybe(engine.query("SELECT * FROM users"))


@pytest.mark.only(backend="postgresql")  # SQLite accepts any reference, MariaDB commits each CREATE TABLE by itself
async def test_creating_is_all_or_nothing(engine: Any) -> None:
    @dataclass
    class Fine:
        id: int | None = None

    @dataclass
    class Orphan:
        id: int | None = None
        parent: int = field(default=0, metadata={"fk": "nowhere.id"})

    with pytest.raises(DatabaseError):
        await maybe(engine.create_all(Fine, Orphan))
    with pytest.raises(DatabaseError):
        await maybe(engine.query("SELECT * FROM fines"))


async def test_what_is_not_a_model_is_refused(engine: Any) -> None:
    with pytest.raises(ModelError):
        await maybe(engine.create_all(int))


async def test_an_engine_is_a_context_manager_in_both_colours(url: str, colour: str) -> None:
    async with entered(create_engine(url) if colour == "sync" else await create_engine(url)) as engine:
        assert (await maybe(engine.query_one("SELECT 1")))[0] == 1
    with pytest.raises(PoolClosed):
        await maybe(engine.query_one("SELECT 1"))
    if colour == "async":
        async with create_engine(url) as unawaited:
            assert (await unawaited.query_one("SELECT 1"))[0] == 1


@pytest.mark.only(backend="sqlite")
async def test_each_colour_leads_to_both(engine: Any) -> None:
    assert engine in (engine.aio, engine.sync)
    assert engine.aio.aio is engine.aio is engine.sync.aio
    assert engine.sync.sync is engine.sync is engine.aio.sync

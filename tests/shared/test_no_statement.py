"""What is given to an engine in place of a text of SQL and is none."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from ferrow import select
from ferrow.errors import ProgrammingError
from tests.support import entered, items, maybe


async def stream(engine: Any, sql: Any) -> None:
    async with entered(engine.stream(sql)) as rows:
        await items(rows)


async def inside(engine: Any, sql: Any) -> None:
    async with entered(engine.transaction()) as tx:
        await maybe(tx.query(sql))


async def borrowed(engine: Any, sql: Any) -> None:
    async with entered(engine.connection()) as conn:
        await maybe(conn.query(sql))


WAYS: dict[str, Callable[[Any, Any], Any]] = {
    "query": lambda engine, sql: engine.query(sql),
    "query_one": lambda engine, sql: engine.query_one(sql),
    "execute": lambda engine, sql: engine.execute(sql),
    "run_many": lambda engine, sql: engine.run_many(sql, [[1], [2]]),
    "script": lambda engine, sql: engine.script(sql),
    "stream": stream,
    "transaction": inside,
    "connection": borrowed,
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
async def test_it_is_named(engine: Any, session: Any, models: ModuleType, way: Any) -> None:
    for given, fix in ((None, ""), (b"SELECT 1", "; decode() it"), (1, "")):
        with pytest.raises(ProgrammingError) as caught:
            await maybe(way(engine, given))
        assert str(caught.value) == f"a statement is a str, not {type(given).__name__}{fix}"
    for made in (select(models.User), session.query(models.User)):
        with pytest.raises(ProgrammingError) as caught:
            await maybe(way(engine, made))
        assert str(caught.value) == (
            f"a statement is a str, not {type(made).__name__}; what select(), insert() and their kind made is run by "
            "session.execute(), a query by its all()"
        )

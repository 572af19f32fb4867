"""What is given in place of a statement and is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ferrow import Base, Mapped, mapped_column, select
from ferrow.errors import ProgrammingError
from tests.support import entered, items, maybe


class Thing(Base):
    id: Mapped[int] = mapped_column(primary_key=True)


async def stream(conn: Any, sql: Any) -> None:
    async with entered(conn.stream(sql)) as rows:
        await items(rows)


async def pipeline(conn: Any, sql: Any) -> None:
    async with entered(conn.pipeline()) as pipe:
        await maybe(pipe.execute(sql))


WAYS: dict[str, Callable[[Any, Any], Any]] = {
    "query": lambda conn, sql: conn.query(sql),
    "query_one": lambda conn, sql: conn.query_one(sql),
    "execute": lambda conn, sql: conn.execute(sql),
    "late": lambda conn, sql: conn.query(sql, timeout=60),
    "script": lambda conn, sql: conn.script(sql),
    "prepare": lambda conn, sql: conn.prepare(sql),
    "run_many": lambda conn, sql: conn.run_many(sql, [[1], [2]]),
    "cursor": lambda conn, sql: conn.cursor().execute(sql),
    "stream": stream,
    "pipeline": pipeline,
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("given", [None, b"SELECT 1", 1, ["SELECT 1"]], ids=lambda given: type(given).__name__)
async def test_it_is_named(conn: Any, way: Any, given: Any) -> None:
    for _ in range(2):
        with pytest.raises(ProgrammingError) as caught:
            await maybe(way(conn, given))
        assert str(caught.value) == f"a statement is a str, not {type(given).__name__}"
    assert (await maybe(conn.query_one("SELECT 42")))[0] == 42
    async with entered(conn.transaction()) as tx:
        with pytest.raises(ProgrammingError, match="a statement is a str"):
            await maybe(tx.query(given))
        assert (await maybe(tx.query_one("SELECT 42")))[0] == 42


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
async def test_what_ferrow_made_is_run_otherwise(conn: Any, way: Any) -> None:
    with pytest.raises(ProgrammingError, match=r"not ModelSelect; what select\(\).* is run by session.execute\(\)"):
        await maybe(way(conn, select(Thing)))

"""Cursors whose rows stay on the server until they are fetched."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.driver._sync import ServerCursor
from ferrow.driver.cursor_server import CHUNK, AsyncServerCursor
from tests.support import maybe

OPEN = "SELECT count(*) FROM pg_cursors WHERE statement LIKE 'SELECT FROM%'"


@pytest.fixture
def cur(pg: Any, colour: str) -> Any:
    return (AsyncServerCursor if colour == "async" else ServerCursor)(pg)


async def test_a_result_without_columns(pg: Any, cur: Any) -> None:
    for rows in (3, 0):
        await maybe(cur.execute(f"SELECT FROM generate_series(1, {rows})"))
        assert await maybe((await maybe(pg.cursor().execute(OPEN))).fetchone()) == (1,)
        assert cur.description == ()
        assert [await maybe(cur.fetchone()) for _ in range(rows)] == [()] * rows
        assert await maybe(cur.fetchone()) is None


async def test_as_many_as_are_asked_for(cur: Any) -> None:
    """Also where the first of them are here already, as the rest of a piece."""
    wanted = CHUNK + CHUNK // 2
    await maybe(cur.execute(f"SELECT n FROM generate_series(1, {3 * CHUNK}) n"))
    assert await maybe(cur.fetchone()) == (1,)
    assert [row[0] for row in await maybe(cur.fetchmany(wanted))] == [*range(2, wanted + 2)]
    assert [row[0] for row in await maybe(cur.fetchmany(3 * CHUNK))] == [*range(wanted + 2, 3 * CHUNK + 1)]
    assert await maybe(cur.fetchmany(1)) == []

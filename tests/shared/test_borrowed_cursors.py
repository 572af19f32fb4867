"""What cursors did is kept at the end of a block that no exception leaves, whoever's connection it is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import entered, maybe


async def count(engine: Any) -> int:
    async with entered(engine.connection()) as conn:
        found: int = (await maybe(conn.query_one("SELECT count(*) FROM kept")))[0]
        return found


async def test_a_borrowed_connection_commits_what_its_cursors_did(engine: Any) -> None:
    async with entered(engine.connection()) as conn:
        await maybe(conn.execute("CREATE TABLE kept (n integer)"))
        await maybe(conn.cursor().execute("INSERT INTO kept VALUES (%s)", [1]))
    assert await count(engine) == 1


async def test_an_exception_undoes_it(engine: Any) -> None:
    async with entered(engine.connection()) as conn:
        await maybe(conn.execute("CREATE TABLE kept (n integer)"))
    with pytest.raises(ZeroDivisionError):
        async with entered(engine.connection()) as conn:
            await maybe(conn.cursor().execute("INSERT INTO kept VALUES (%s)", [1]))
            raise ZeroDivisionError
    assert await count(engine) == 0


async def test_inside_a_transaction_that_decides(engine: Any) -> None:
    async with entered(engine.connection()) as conn:
        await maybe(conn.execute("CREATE TABLE kept (n integer)"))
    with pytest.raises(ZeroDivisionError):
        async with entered(engine.transaction()):
            async with entered(engine.connection()) as conn:
                await maybe(conn.cursor().execute("INSERT INTO kept VALUES (%s)", [1]))
            raise ZeroDivisionError
    assert await count(engine) == 0

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


LOCKS = "SELECT n FROM kept FOR UPDATE"


@pytest.mark.only(backend=("postgresql", "mariadb"))
@pytest.mark.parametrize("way", ["cursor", "stream"])
async def test_rows_that_are_read_for_update_stay_locked(engine: Any, way: str) -> None:
    async with entered(engine.connection()) as conn, entered(engine.connection()) as other:
        await maybe(conn.script("CREATE TABLE kept (n integer PRIMARY KEY); INSERT INTO kept VALUES (1), (2), (3)"))
        assert await maybe(other.query(f"{LOCKS} SKIP LOCKED")) == [(1,), (2,), (3,)]
        if way == "cursor":
            await maybe(conn.cursor().execute(LOCKS))
            assert await maybe(other.query(f"{LOCKS} SKIP LOCKED")) == []
            assert conn.status == "transaction"
            await maybe(conn.commit())
        else:
            async with entered(conn.stream(LOCKS, chunk=1)) as rows:
                assert await maybe(rows.fetch()) == [(1,)]
                # How far the server has read, and locked, is its own affair.
                assert (1,) not in await maybe(other.query(f"{LOCKS} SKIP LOCKED"))
        assert await maybe(other.query(f"{LOCKS} SKIP LOCKED")) == [(1,), (2,), (3,)]


@pytest.mark.only(backend="mariadb")
async def test_what_was_read_stays_so_until_the_transaction_ends(engine: Any) -> None:
    async with entered(engine.connection()) as conn, entered(engine.connection()) as other:
        await maybe(conn.script("CREATE TABLE kept (n integer PRIMARY KEY)"))
        for autocommit in (False, True):
            conn.autocommit = autocommit
            await maybe(conn.cursor().execute("SELECT n FROM kept"))
            assert conn.status == ("idle" if autocommit else "transaction")
            await maybe(other.execute("INSERT INTO kept VALUES (?)", [autocommit]))
            seen = [(0,), (1,)][: autocommit * 2]
            assert await maybe(conn.query("SELECT n FROM kept")) == seen
            await maybe(conn.commit())
            assert await maybe(conn.query("SELECT n FROM kept")) == [(0,), (1,)][: 1 + autocommit]

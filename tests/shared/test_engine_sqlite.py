"""What only SQLite has, on connections that an engine lends."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from ferrow.engine import create_engine
from ferrow.errors import NotSupportedError, ProgrammingError
from tests.support import entered, maybe

pytestmark = pytest.mark.only(backend="sqlite")


async def test_a_function_is_not_for_the_next_borrower(engine: Any) -> None:
    async with entered(engine.connection()) as conn:
        await maybe(conn.sqlite.create_function("f", lambda: 5))
        assert (await maybe(conn.query_one("SELECT f()")))[0] == 5
    async with entered(engine.connection()) as conn:
        with pytest.raises(ProgrammingError, match="no such function"):
            await maybe(conn.query("SELECT f()"))


async def test_what_changes_nothing_keeps_the_connection(engine: Any, tmp_path: Path) -> None:
    async with entered(engine.connection()) as conn:
        first = conn.wire.core
        await maybe(conn.script("CREATE TABLE t (a)"))
        await maybe(conn.sqlite.backup(tmp_path / "copy.db"))
        await maybe(conn.sqlite.total_changes())
    async with entered(engine.connection()) as conn:
        assert conn.wire.core is first


CHANGES: dict[str, Callable[[Any], Any]] = {
    "function": lambda sqlite: sqlite.create_function("f", lambda: 5),
    "aggregate": lambda sqlite: sqlite.create_aggregate("f", None),
    "window function": lambda sqlite: sqlite.create_window_function("f", None),
    "collation": lambda sqlite: sqlite.create_collation("c", lambda one, other: 0),
    "limit": lambda sqlite: sqlite.limit("variable_number", 5),
    "extension": lambda sqlite: sqlite.load_extension("nowhere"),
    "blob": lambda sqlite: sqlite.open_blob("t", "b", 1),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_what_changes_a_connection_is_the_last_of_it(engine: Any, change: str) -> None:
    async with entered(engine.connection()) as conn:
        await maybe(conn.script("CREATE TABLE t (b); INSERT INTO t VALUES (zeroblob(10))"))
    async with entered(engine.connection()) as conn:
        first = conn.wire.core
        with suppress(ProgrammingError):  # extensions are not allowed; that one was tried is enough
            await maybe(CHANGES[change](conn.sqlite))
    async with entered(engine.connection()) as conn:
        assert conn.wire.core is not first


async def test_looking_at_a_limit_changes_nothing(engine: Any) -> None:
    async with entered(engine.connection()) as conn:
        first = conn.wire.core
        assert await maybe(conn.sqlite.limit("variable_number")) > 5
    async with entered(engine.connection()) as conn:
        assert conn.wire.core is first


async def test_an_open_blob_does_not_hold_the_file_for_ever(engine: Any) -> None:
    async with entered(engine.connection()) as conn:
        await maybe(conn.script("CREATE TABLE t (b); INSERT INTO t VALUES (zeroblob(10))"))
        blob = await maybe(conn.sqlite.open_blob("t", "b", 1, readonly=False))
        await maybe(blob.write(b"kept"))
    assert blob.closed
    await maybe(blob.close())
    assert (await maybe(engine.execute("UPDATE t SET b = b || 'more'"))).rowcount == 1


async def test_in_memory(colour: str) -> None:
    engine = create_engine("sqlite::memory:", foreign_keys=False, cache_size=-100)
    side: Any = engine.aio if colour == "async" else engine
    async with entered(side.connection()) as conn:
        await maybe(conn.script("CREATE TABLE t AS SELECT 1 AS a"))
        assert (await maybe(conn.query_one("PRAGMA cache_size")))[0] == -100
        with pytest.raises(ProgrammingError, match=r"use restore\(\)"):
            await maybe(conn.sqlite.deserialize(await maybe(conn.sqlite.serialize())))
    await maybe(side.close())


async def test_a_file_restored_into_the_memory_of_an_engine(colour: str, sqlite_url: str) -> None:
    engine = create_engine("sqlite::memory:")
    side: Any = engine.aio if colour == "async" else engine
    with create_engine(sqlite_url) as file, file.connection() as there:
        there.script("CREATE TABLE t AS SELECT 5 AS a")
        async with entered(side.connection()) as conn, entered(side.connection()) as other:
            await maybe(other.script("CREATE TABLE old (a)"))
            await maybe(conn.sqlite.restore(sqlite_url.removeprefix("sqlite:///")))
            for each in (conn, other):
                assert (await maybe(each.query_one("SELECT a FROM t")))[0] == 5
            await maybe(other.execute("INSERT INTO t VALUES (6)"))
    assert [tuple(row) for row in await maybe(side.query("SELECT a FROM t"))] == [(5,), (6,)]
    await maybe(side.close())


async def test_postgresql_engines_have_none(postgresql_url: str) -> None:
    with create_engine(postgresql_url) as engine, engine.connection() as conn, pytest.raises(NotSupportedError):
        _ = conn.sqlite

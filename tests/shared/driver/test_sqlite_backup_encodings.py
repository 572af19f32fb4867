"""Copies between databases whose texts are in different encodings: a connection that has read tables keeps its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from ferrow.errors import ProgrammingError
from tests.shared.driver.test_sqlite_backup import opened
from tests.support import maybe

EIGHT, LITTLE, BIG = "UTF-8", "UTF-16le", "UTF-16be"
PAIRS = [(EIGHT, LITTLE), (LITTLE, EIGHT), (LITTLE, BIG), (BIG, LITTLE)]
WORDS = (
    "texts of the source are in {}, those of the target in {}, .*give the path of a file, or a connection to an empty"
)


@asynccontextmanager
async def database(lite: Any, url: str, encoding: str, text: str | None) -> AsyncIterator[Any]:
    conn = await opened(lite, url)
    try:
        await maybe(conn.query(f"PRAGMA encoding = '{encoding}'"))
        if text is not None:
            await maybe(conn.script(f"CREATE TABLE t (text); INSERT INTO t VALUES ('{text}')"))
        yield conn
    finally:
        await maybe(conn.close())


async def holds(conn: Any, text: str) -> bool:
    return [tuple(row) for row in await maybe(conn.query("SELECT text FROM t WHERE text = ?", [text]))] == [(text,)]


@pytest.mark.parametrize(("one", "other"), PAIRS)
@pytest.mark.parametrize("kind", ["memory", "file"])
async def test_refused_where_the_target_has_tables(lite: Any, tmp_path: Path, one: str, other: str, kind: str) -> None:
    url = f"sqlite:///{tmp_path}/target.db" if kind == "file" else "sqlite::memory:"
    async with database(lite, "sqlite::memory:", one, "új") as source, database(lite, url, other, "régi") as target:
        with pytest.raises(ProgrammingError, match=WORDS.format(one, other)):
            await maybe(source.sqlite.backup(target))
        with pytest.raises(ProgrammingError, match=WORDS.format(other, one)):
            await maybe(source.sqlite.restore(target))
        assert await holds(source, "új")
        assert await holds(target, "régi")
        assert (await maybe(target.query_one("PRAGMA encoding")))[0] == other


@pytest.mark.parametrize(("one", "other"), PAIRS)
async def test_taken_by_an_empty_one_and_by_a_path(lite: Any, tmp_path: Path, one: str, other: str) -> None:
    url = f"sqlite:///{tmp_path}/target.db"
    async with database(lite, "sqlite::memory:", one, "új") as source:
        async with database(lite, "sqlite::memory:", other, None) as empty:
            await maybe(source.sqlite.backup(empty))
            assert await holds(empty, "új")
        async with database(lite, url, other, "régi"):
            pass
        await maybe(source.sqlite.backup(tmp_path / "target.db"))
        again = await opened(lite, url)
        assert await holds(again, "új")
        assert (await maybe(again.query_one("PRAGMA encoding")))[0] == one
        await maybe(again.close())


@pytest.mark.parametrize("own", [EIGHT, LITTLE, BIG])
@pytest.mark.parametrize("given", [EIGHT, LITTLE, BIG])
async def test_bytes(lite: Any, given: str, own: str) -> None:
    """Of UTF-16 nothing is read into a connection that has tables, whatever its own encoding: SQLite begins anew in UTF-8."""
    async with database(lite, "sqlite::memory:", given, "új") as source:
        data = await maybe(source.sqlite.serialize())
    async with database(lite, "sqlite::memory:", own, None) as empty:
        await maybe(empty.sqlite.deserialize(data))
        assert await holds(empty, "új")
    async with database(lite, "sqlite::memory:", own, "régi") as target:
        if given == EIGHT:
            await maybe(target.sqlite.deserialize(data))
            assert await holds(target, "új")
        else:
            with pytest.raises(ProgrammingError, match=rf"these bytes are in {given}, .*deserialize\(\) on a new one"):
                await maybe(target.sqlite.deserialize(data))
            assert await holds(target, "régi")

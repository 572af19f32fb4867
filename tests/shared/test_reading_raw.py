"""Placeholders of SQL that is given to sessions, functions and databases, on a session that reads strings in its own way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

import ferrow
from ferrow import crud
from ferrow.crud import sync as sync_crud
from ferrow.errors import ProgrammingError
from ferrow.repository import AsyncDatabase, Database
from tests.support import entered, maybe

SETS = {
    "postgresql": "SET escape_string_warning = off; SET standard_conforming_strings = off",
    "mariadb": "SET sql_mode = REPLACE(@@sql_mode, 'ANSI_QUOTES', '')",
}
QUOTES = {"postgresql": "'", "mariadb": '"'}

MARKS = [
    ("session", ":a"), ("session", "?"), ("session", "$1"), ("database", ":a"), ("database", "%s"), ("functions", "%s"), ("functions", "$1"),
    ("functions", "%(a)s"),
]  # fmt: skip
Ask = Callable[[str, Any], Any]


@asynccontextmanager
async def asked(engine: Any, face: str, url: str) -> AsyncIterator[tuple[Any, Ask]]:
    """An engine, and what asks it for a first row."""
    waits = isinstance(engine, ferrow.AsyncEngine)
    if face == "session":
        session: Any = ferrow.AsyncSession(engine) if waits else ferrow.Session(engine)
        yield engine, lambda sql, params: session.execute_raw(sql, params, 60)
    elif face == "database":
        yield engine, (AsyncDatabase(engine) if waits else Database(engine)).fetchall
    else:
        found: Any = crud if waits else sync_crud
        await maybe(found.ConnectionManager.initialize(url))
        try:
            yield found.ConnectionManager.engine, found.select_raw
        finally:
            await maybe(found.ConnectionManager.close())


async def column(result: Any) -> list[Any]:
    found = await maybe(result)
    return [row["found"] for row in (found if isinstance(found, list) else found.all())]


@pytest.mark.only(backend=("postgresql", "mariadb"))
@pytest.mark.parametrize(("face", "mark"), MARKS)
async def test_strings_are_read_as_the_session_reads_them(
    engine: Any, url: str, backend: str, face: str, mark: str
) -> None:
    params: Any = {"a": 1} if "a" in mark else [1]
    quote = QUOTES[backend]
    sql = rf"SELECT {quote}it\{quote}s {mark}{quote} AS found FROM (SELECT 1 AS one) AS t WHERE one = {mark}"
    async with asked(engine, face, url) as (own, ask):
        with pytest.raises(ProgrammingError):
            await maybe(ask(sql, params))
        async with entered(own.transaction()) as tx:
            await maybe(tx.script(SETS[backend]))
            assert await column(ask(sql, params)) == [f"it{quote}s {mark}"]


@pytest.mark.only(backend="postgresql")
async def test_a_connection_of_the_pool_is_asked(url: str, colour: str) -> None:
    engine: Any = ferrow.create_engine(url, options="-c standard_conforming_strings=off", max_size=1)
    if colour == "async":
        engine = await engine
    async with entered(engine), asked(engine, "session", url) as (_, ask):
        assert await column(ask(r"SELECT 'it\'s :a' AS found WHERE 1 = :a", {"a": 1})) == ["it's :a"]

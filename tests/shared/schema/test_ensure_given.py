"""Schema functions over connections of other drivers."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from ferrow.repository import (
    AsyncDatabase,
    Database,
    MySQLDialect,
    PostgresDialect,
    SQLiteDialect,
    ensure_schema,
    ensure_schema_async,
)
from tests.support import entered, maybe


@dataclass
class Owner:
    id: int | None = field(default=None, metadata={"pk": True, "auto": True})
    name: str = field(default="", metadata={"unique_index": True})
    score: float = 0.0
    active: bool = True


@dataclass
class Pet:
    id: int | None = field(default=None, metadata={"pk": True, "auto": True})
    owner_id: int | None = field(default=None, metadata={"fk": (Owner, "id"), "index": True})


@dataclass
class GrownPet:
    id: int | None = field(default=None, metadata={"pk": True, "auto": True})
    owner_id: int | None = field(default=None, metadata={"fk": (Owner, "id"), "index": True})
    name: str | None = field(default=None, metadata={"unique_index": True})

    __table__ = "pet"


def opened(backend: str, url: str) -> tuple[Any, Any]:
    """A connection, and its dialect."""
    if backend == "sqlite":
        return sqlite3.connect(url.removeprefix("sqlite:///"), check_same_thread=False), SQLiteDialect()
    if backend == "postgresql":
        from ferrow.driver import connect

        return connect(url), PostgresDialect()
    import pymysql

    parts = urlsplit(url)
    assert parts.hostname is not None
    conn = pymysql.connect(
        host=parts.hostname,
        port=parts.port or 3306,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        database=parts.path[1:],
        charset="utf8mb4",
    )
    return conn, MySQLDialect()


async def test_a_connection_that_was_given(url: str, backend: str, colour: str) -> None:
    if (backend, colour) == ("postgresql", "async"):
        pytest.skip("a blocking connection of our own is not given to asyncio")
    conn, dialect = opened(backend, url)
    db: Any = AsyncDatabase(conn, dialect) if colour == "async" else Database(conn, dialect)
    ensure: Any = ensure_schema_async if colour == "async" else ensure_schema
    assert sum("CREATE TABLE" in one for one in await maybe(ensure(db, Pet))) == 2
    assert await maybe(ensure(db, Pet)) == await maybe(ensure(db, Owner)) == []
    if backend != "mariadb":
        with pytest.raises(ZeroDivisionError):
            async with entered(db.transaction()):
                assert len(await maybe(ensure(db, GrownPet))) == 2
                raise ZeroDivisionError
    assert len(await maybe(ensure(db, GrownPet))) == 2
    assert await maybe(ensure(db, GrownPet)) == []
    assert await maybe(db.engine.inspector().compare(Owner, GrownPet)) == []
    await maybe(db.aclose() if colour == "async" else db.close())

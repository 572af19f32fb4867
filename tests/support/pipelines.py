"""A table that pipelines write, and the statements for it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import maybe

INSERT = {"postgresql": "INSERT INTO t VALUES ($1, $2)", "sqlite": "INSERT INTO t VALUES (?1, ?2)"}
ECHO = {"postgresql": "SELECT $1::int AS n", "sqlite": "SELECT ?1 AS n"}


@pytest.fixture
def insert(conn: Any) -> str:
    return INSERT[conn.dialect]


async def create(conn: Any) -> None:
    await maybe(conn.script("CREATE TABLE t (a int PRIMARY KEY, b text)"))


async def numbers(conn: Any) -> list[int]:
    return [row[0] for row in await maybe(conn.query("SELECT a FROM t ORDER BY a"))]

"""What the three databases say of their versions."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ferrow.errors import NotSupportedError
from tests.support import entered, maybe


async def test_a_version_is_that_of_the_server(engine: Any, backend: str) -> None:
    asked = "SELECT sqlite_version()" if backend == "sqlite" else "SHOW server_version"
    if backend == "mariadb":
        asked = "SELECT VERSION()"
    async with entered(engine.connection()) as conn:
        (said,) = await maybe(conn.query_one(asked))
        assert conn.server_version == said
        parts = [int(part) for part in re.findall(r"\d+", said)[:3]]
        number = conn.server_version_num
        assert number > 0
        assert str(number).startswith(str(parts[0]))
        info = await maybe(conn.info())
        assert (info["server_version"], info["server_version_num"]) == (said, number)


@pytest.mark.parametrize("backend", ["sqlite", "mariadb"])
async def test_what_only_postgresql_has(engine: Any, backend: str) -> None:
    name = {"sqlite": "SQLite", "mariadb": "MariaDB"}[backend]
    async with entered(engine.connection()) as conn:
        with pytest.raises(NotSupportedError, match=f"{name} has no notifications"):
            await maybe(conn.notify("a", "b"))
        with pytest.raises(NotSupportedError, match=f"callproc.* {name}"):
            await maybe(conn.cursor().callproc("lower", ["A"]))

"""MariaDB and MySQL take several statements in one text for the rows of `run_many` alone, and not every server or proxy does at all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from ferrow.errors import ConnectionLost, ProgrammingError, UniqueViolation
from tests.support import entered, maybe
from tests.support.deadlines import connected
from tests.support.proxy import proxy

pytestmark = pytest.mark.only(backend="mariadb")

INSERT = "INSERT INTO many (n) VALUES (? + 0)"
ROWS = [[number] for number in range(20)]
ON, OFF = b"\3\0\0\0\x1b\0\0", b"\3\0\0\0\x1b\1\0"
UNKNOWN = b"\3\0\0\0\x3f\0\0"
PING = b"\3\0\0\0\x0e\0\0"


async def _table(conn: Any) -> None:
    await maybe(conn.script("CREATE TABLE many (n integer PRIMARY KEY)"))


async def _refuses_several(conn: Any) -> None:
    """Refused by the server, not by us behind its first answer."""
    with pytest.raises(ProgrammingError, match="SQL syntax"):
        await maybe(conn.query("SELECT 1; SELECT 2"))


@pytest.mark.parametrize("rows", [ROWS, [*ROWS, [7], [100]]], ids=["done", "refused"])
async def test_only_one_is_taken_again_behind_them(engine: Any, rows: list[list[int]]) -> None:
    async with entered(engine.connection()) as conn:
        await _table(conn)
        if rows is ROWS:
            await maybe(conn.run_many(INSERT, rows))
        else:
            with pytest.raises(UniqueViolation):
                await maybe(conn.run_many(INSERT, rows))
        await _refuses_several(conn)


@asynccontextmanager
async def _told_otherwise(engine: Any, url: str, colour: str, told: bytes, instead: bytes) -> AsyncIterator[Any]:
    """A connection through something that says `instead` to the server where we say `told`."""
    async with entered(engine.connection()) as conn:
        await _table(conn)
    with proxy(f"{url}?sslmode=disable") as between:
        async with connected(colour, between.url) as conn:
            between.change = lambda piece: instead if piece == told else piece
            yield conn


@pytest.mark.parametrize("instead", [UNKNOWN, PING], ids=["refused", "ignored"])
async def test_where_several_are_not_taken_they_go_one_by_one(
    engine: Any, url: str, colour: str, instead: bytes
) -> None:
    async with _told_otherwise(engine, url, colour, ON, instead) as conn:
        for first in (0, 100):
            before = conn.wire.requests
            done = await maybe(conn.run_many(INSERT, [[first + number] for (number,) in ROWS]))
            assert done.rowcount == 20
            # BEGIN, the rows and COMMIT; at first also what the server takes at once, and the text that it does not take.
            assert conn.wire.requests - before == (22 if first else 24)
        with pytest.raises(UniqueViolation) as caught:
            await maybe(conn.run_many(INSERT, [[200], *ROWS]))
        assert (caught.value.row, caught.value.query) == (2, "INSERT INTO many (n) VALUES (0 + 0)")
        assert (await maybe(conn.query_one("SELECT count(*) FROM many")))[0] == 40


async def test_a_connection_that_goes_on_taking_several_is_ended(engine: Any, url: str, colour: str) -> None:
    async with _told_otherwise(engine, url, colour, OFF, UNKNOWN) as conn:
        with pytest.raises(ConnectionLost, match="several statements"):
            await maybe(conn.run_many(INSERT, ROWS))
        assert conn.is_closed()
    async with entered(engine.connection()) as conn:
        assert (await maybe(conn.query_one("SELECT count(*) FROM many")))[0] == 0

"""Streams and COPY on connections that an engine lends."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.errors import DatabaseError, InterfaceError
from tests.support import entered, items, maybe

SERIES = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000) SELECT n FROM c"


async def test_a_stream_on_a_lent_connection(engine: Any) -> None:
    async with entered(engine.connection()) as conn:
        assert len(await items(conn.stream(SERIES, chunk=100))) == 1000
        assert (await maybe(conn.query_one("SELECT 1")))[0] == 1


async def test_a_stream_that_was_left_open_goes_nowhere(engine: Any) -> None:
    async with entered(engine.connection()) as conn:
        stream = conn.stream(SERIES, chunk=100)
        assert len(await maybe(stream.fetch())) == 100
    with pytest.raises(DatabaseError):
        for _ in range(2):
            await maybe(stream.fetch())
    async with entered(engine.connection()) as conn:
        assert (await maybe(conn.query_one("SELECT 1")))[0] == 1
        assert len(await items(conn.stream(SERIES))) == 1000


@pytest.mark.parametrize("backend", ["postgresql"])
async def test_a_copy_that_was_left_open_reads_nothing_of_the_next_one(engine: Any) -> None:
    async with entered(engine.connection()) as conn:
        left = conn.copy_out(sql="SELECT n FROM generate_series(1, 100000) n")
        assert (await maybe(left.fetch()))[0] == (1,)
    async with entered(engine.connection()) as conn, entered(conn.copy_out(sql="SELECT 'secret'")) as out:
        with pytest.raises((InterfaceError, DatabaseError)):
            await maybe(left.fetch())
        assert await maybe(out.fetch()) == [("secret",)]


@pytest.mark.parametrize("backend", ["postgresql"])
async def test_copy_on_a_lent_connection(engine: Any) -> None:
    async with entered(engine.connection()) as conn:
        await maybe(conn.script("CREATE TABLE t (n integer)"))
        assert await maybe(conn.copy_in("t", [(n,) for n in range(100)])) == 100
        assert await items(conn.copy_out("t")) == [(n,) for n in range(100)]


@pytest.mark.parametrize("backend", ["postgresql"])
async def test_a_lent_connection_remembers_what_it_copied_into(engine: Any) -> None:
    counts = []
    async with entered(engine.connection()) as conn:
        await maybe(conn.script("CREATE TABLE t (n integer)"))
        for _ in range(2):
            before = conn.wire.requests
            assert await maybe(conn.copy_in("t", [(1,)], columns=("n",))) == 1
            counts.append(conn.wire.requests - before)
    assert counts == [2, 1]

"""`timeout=` where the server works: a slow statement is cancelled, and the connection goes on."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.errors import ConnectionLost, DatabaseError, InterfaceError, QueryTimeout
from ferrow.testing import EmbeddedPostgres
from tests.support import entered, maybe
from tests.support.deadlines import CALLS, LIMIT, connected, in_time, pooled

pytestmark = [pytest.mark.postgresql, pytest.mark.timeout(120)]


async def test_a_slow_statement_is_cancelled_and_the_connection_goes_on(colour: str, server: EmbeddedPostgres) -> None:
    async with connected(colour, server.url) as conn:
        pid = conn.backend_pid
        with pytest.raises(
            QueryTimeout, match=r"within 0\.3 s, and is being cancelled: SELECT pg_sleep\(60\)"
        ) as caught:
            with in_time():
                await maybe(conn.query("SELECT pg_sleep(60)", timeout=LIMIT))
        assert caught.value.query == "SELECT pg_sleep(60)"
        with in_time():
            assert tuple(await maybe(conn.query_one("SELECT 7, pg_backend_pid()"))) == (7, pid)


@pytest.mark.parametrize("call", CALLS)
async def test_every_call_has_a_timeout(colour: str, server: EmbeddedPostgres, call: str) -> None:
    async with connected(colour, server.url) as conn:
        with pytest.raises(QueryTimeout, match=r"0\.3 s"), in_time():
            await maybe(CALLS[call](conn))
        with in_time():
            assert (await maybe(conn.query_one("SELECT 7")))[0] == 7
        assert conn.status == "idle"


@pytest.mark.parametrize("call", CALLS)
async def test_in_a_transaction_the_statement_takes_it_along(colour: str, server: EmbeddedPostgres, call: str) -> None:
    async with connected(colour, server.url) as conn:
        with pytest.raises(QueryTimeout):
            async with entered(conn.transaction()) as tx:
                await maybe(CALLS["script" if call == "prepare" else call](tx))
        assert (await maybe(conn.query_one("SELECT 7")))[0] == 7
        assert conn.status == "idle"


async def test_a_transaction_that_goes_on_behind_a_timeout_has_failed(colour: str, server: EmbeddedPostgres) -> None:
    async with connected(colour, server.url) as conn:
        await maybe(conn.script("CREATE TABLE IF NOT EXISTS kept (n int); TRUNCATE kept"))
        with pytest.raises(DatabaseError):
            async with entered(conn.transaction()) as tx:
                await maybe(tx.execute("INSERT INTO kept VALUES (1)"))
                with pytest.raises(QueryTimeout):
                    await maybe(tx.query("SELECT pg_sleep(60)", timeout=LIMIT))
                await maybe(tx.execute("INSERT INTO kept VALUES (2)"))
        assert await maybe(conn.query("SELECT n FROM kept")) == []


async def test_a_savepoint_keeps_what_was_before_the_timeout(colour: str, server: EmbeddedPostgres) -> None:
    async with connected(colour, server.url) as conn:
        await maybe(conn.script("CREATE TABLE IF NOT EXISTS kept (n int); TRUNCATE kept"))
        async with entered(conn.transaction()) as tx:
            await maybe(tx.execute("INSERT INTO kept VALUES (1)"))
            with pytest.raises(QueryTimeout):
                async with entered(tx.transaction()):
                    await maybe(tx.execute("INSERT INTO kept VALUES (2)"))
                    await maybe(tx.query("SELECT pg_sleep(60)", timeout=LIMIT))
            await maybe(tx.execute("INSERT INTO kept VALUES (3)"))
        assert [row[0] for row in await maybe(conn.query("SELECT n FROM kept ORDER BY n"))] == [1, 3]


async def test_the_option_is_for_all_calls_and_a_call_may_say_otherwise(colour: str, server: EmbeddedPostgres) -> None:
    async with connected(colour, server.url + "?command_timeout=0.2") as conn:
        with pytest.raises(QueryTimeout, match=r"0\.2 s"), in_time():
            await maybe(conn.query("SELECT pg_sleep(60)"))
        assert await maybe(conn.query("SELECT pg_sleep(0.4)", timeout=30))
        assert await maybe(conn.query("SELECT pg_sleep(0.4)", timeout=float("inf")))
    async with pooled(colour, server.url, command_timeout=0.2) as engine:
        for call in (engine.query, engine.execute, engine.script, engine.run):
            with pytest.raises(QueryTimeout, match=r"0\.\d+ s"), in_time():
                await maybe(call("SELECT pg_sleep(60)"))
        assert await maybe(engine.query("SELECT pg_sleep(0.4)", timeout=30))


@pytest.mark.parametrize("wrong", [0, -1, float("nan"), "1", True])
async def test_what_is_no_timeout_is_refused_before_anything_is_sent(
    colour: str, server: EmbeddedPostgres, wrong: Any
) -> None:
    async with connected(colour, server.url) as conn:
        before = conn.wire.requests
        for call in (conn.query, conn.script, conn.execute, conn.stream):
            with pytest.raises(InterfaceError, match="timeout="):
                await maybe(call("SELECT 1", timeout=wrong))
        assert conn.wire.requests == before


async def test_a_lost_connection_is_not_a_timeout(colour: str, server: EmbeddedPostgres) -> None:
    async with connected(colour, server.url) as conn, connected(colour, server.url) as other:
        await maybe(other.query("SELECT pg_terminate_backend($1)", [conn.backend_pid]))
        with pytest.raises((ConnectionLost, InterfaceError)):
            await maybe(conn.query("SELECT pg_sleep(60)", timeout=30))

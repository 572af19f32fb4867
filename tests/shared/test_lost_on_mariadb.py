"""A connection to MariaDB that the server ends while nobody is at work with it: as on PostgreSQL, the first call says so, later ones
that it is closed, and why."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.errors import ConnectionLost, InterfaceError, QueryTimeout
from tests.support import entered, maybe
from tests.support.deadlines import eventually

pytestmark = pytest.mark.only(backend="mariadb")


async def query(conn: Any) -> None:
    await maybe(conn.query("SELECT 1"))


async def transaction(conn: Any) -> None:
    async with entered(conn.transaction()) as tx:
        await maybe(tx.query("SELECT 1"))


@pytest.mark.parametrize("way", [query, transaction])
async def test_the_first_call_says_so(engine: Any, colour: str, way: Any) -> None:
    async with entered(engine.connection()) as conn:
        pid = conn.backend_pid
        async with entered(engine.connection()) as other:
            await maybe(other.script(f"KILL {pid}"))
        if colour == "async":
            await eventually(colour, conn.is_closed)
        with pytest.raises(ConnectionLost, match=r"^the connection to the server was lost: ") as caught:
            await way(conn)
        reason = str(caught.value).removeprefix("the connection to the server was lost: ")
        assert conn.is_closed()
        for later in (query, transaction):
            with pytest.raises(InterfaceError) as refused:
                await later(conn)
            assert str(refused.value) == f"Connection is closed: it was lost ({reason})"
            assert repr(refused.value.__cause__) == repr(caught.value)


@pytest.mark.parametrize("inside", [False, True], ids=["alone", "in a transaction"])
async def test_a_statement_that_took_too_long_is_why_it_is_closed(engine: Any, inside: bool) -> None:
    async with entered(engine.connection()) as conn:
        if inside:
            await maybe(conn.transaction().start())
        with pytest.raises(QueryTimeout) as caught:
            await maybe(conn.query("SELECT SLEEP(20)", timeout=0.05))
        assert conn.is_closed()
        with pytest.raises(InterfaceError) as refused:
            await query(conn)
        assert str(refused.value) == f"Connection is closed: it was lost ({caught.value})"

"""What happens to connections while nobody uses them."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import create_engine, driver
from ferrow.errors import ConnectionLost
from tests.support import maybe
from tests.support.deadlines import eventually

pytestmark = pytest.mark.postgresql


async def test_a_connection_the_server_ended_while_idle_is_never_lent(postgresql_url: str, colour: str) -> None:
    engine: Any = await create_engine(postgresql_url) if colour == "async" else create_engine(postgresql_url)
    for _ in range(3):
        pid = (await maybe(engine.query_one("SELECT pg_backend_pid()")))[0]
        with driver.connect(postgresql_url) as other:
            other.query("SELECT pg_terminate_backend($1, 5000)", [pid])
        if colour == "async":
            import asyncio

            await asyncio.sleep(0.05)
        assert (await maybe(engine.query_one("SELECT 1")))[0] == 1
    await maybe(engine.close())


async def test_one_that_is_lost_while_it_is_lent_says_why_and_is_replaced(postgresql_url: str) -> None:
    async with create_engine(postgresql_url) as engine:
        for _ in range(3):
            async with engine.connection() as conn:
                with driver.connect(postgresql_url) as other:
                    other.query("SELECT pg_terminate_backend($1, 5000)", [conn.backend_pid])
                await eventually("async", conn.is_closed)
                with pytest.raises(ConnectionLost, match="terminating connection") as caught:
                    async with conn.transaction() as tx:
                        await tx.query("SELECT 1")
                assert caught.value.sqlstate == "57P01"
            assert (await engine.query_one("SELECT 1"))[0] == 1

"""How often a connection waits for the server: counted between them, in plain calls and with `await`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from ferrow import driver
from tests.support.relay import Counter, relayed

pytestmark = pytest.mark.postgresql


def calls(conn: Any) -> dict[str, Callable[[], Any]]:
    """What is one round trip each, once its statement is prepared."""
    batch = [f"INSERT INTO t VALUES ({number})" for number in range(200)]
    return {
        "query": lambda: conn.query("SELECT * FROM t WHERE n = $1", [1]),
        "query_one": lambda: conn.query_one("SELECT count(*) FROM t"),
        "execute": lambda: conn.execute("DELETE FROM t WHERE n = $1", [1]),
        "execute_batch": lambda: conn.execute_batch(batch),
        "script": lambda: conn.script("DELETE FROM t; DELETE FROM t"),
        "run_many": lambda: conn.run_many("INSERT INTO t VALUES ($1)", [[number] for number in range(20)]),
        "prepare": lambda: conn.prepare("SELECT $1::text"),
        "ping": conn.ping,
    }


async def test_of_an_async_connection(postgresql_url: str) -> None:
    counter = Counter()
    async with relayed(postgresql_url, counter.said, counter.answered) as url:
        async with await driver.connect_async(url) as conn:
            await conn.script("CREATE TABLE t (n integer)")
            found = {}
            for name, call in calls(conn).items():
                await call()
                before = counter.trips
                await call()
                found[name] = counter.trips - before
            assert found == dict.fromkeys(found, 1) | {"prepare": 0}
            before = counter.trips
            async with await conn.begin() as tx:
                await tx.execute_batch(["INSERT INTO t VALUES (1)"] * 200)
            assert counter.trips - before == 2  # with BEGIN in front of it, and COMMIT behind


async def test_of_a_plain_connection(postgresql_url: str) -> None:
    counter = Counter()

    def work(url: str) -> dict[str, int]:
        with driver.connect(url) as conn:
            conn.script("CREATE TABLE t (n integer)")
            found = {}
            for name, call in calls(conn).items():
                call()
                before = counter.trips
                call()
                found[name] = counter.trips - before
            before = counter.trips
            with conn.begin() as tx:
                tx.execute_batch(["INSERT INTO t VALUES (1)"] * 200)
            found["batch in a transaction"] = counter.trips - before
            return found

    async with relayed(postgresql_url, counter.said, counter.answered) as url:
        found = await asyncio.to_thread(work, url)
    assert found == dict.fromkeys(found, 1) | {"prepare": 0, "batch in a transaction": 2}

"""When no connection is to be had: who holds them, since when, and with which statement."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest

from ferrow.engine import create_engine
from ferrow.errors import PoolDeadlock, PoolTimeout
from tests.support import entered, maybe

pytestmark = pytest.mark.postgresql


@pytest.fixture
def engine(postgresql_url: str, colour: str, runner: Any) -> Iterator[Any]:
    pair = create_engine(postgresql_url, max_size=1, acquire_timeout=600)
    engine = pair.aio if colour == "async" else pair
    yield engine
    runner.run(maybe(engine.close()))


async def refused(engine: Any) -> str:
    with pytest.raises(PoolTimeout) as caught:
        await maybe(engine.pool.acquire(timeout=0.01))
    return str(caught.value)


def lasts(said: str, what: str, since: float) -> bool:
    """Whether it says that something has gone on for no longer than it has."""
    found = re.search(rf"\b{what} for (\d+\.\d+) s", said)
    return found is not None and float(found[1]) <= time.monotonic() - since + 0.1


async def test_a_transaction_in_which_nothing_happens_is_called_so(engine: Any) -> None:
    async with entered(engine.transaction()) as tx:
        begun = time.monotonic()
        await maybe(tx.query("SELECT $1::text, 'inline'", ["hunter2"]))
        said = await refused(engine)
    assert lasts(said, "idle in transaction", begun), said
    assert "after SELECT $1::text, '…'" in said
    assert "hunter2" not in said
    assert "inline" not in said


async def test_a_connection_with_which_nothing_was_done_yet_is_called_so(engine: Any) -> None:
    async with entered(engine.connection()) as conn:
        assert ", no statement yet" in await refused(engine)
        begun = time.monotonic()
        await maybe(conn.query("SELECT 1"))
        said = await refused(engine)
        assert lasts(said, "idle", begun), said
        assert "after SELECT 1" in said


async def test_the_next_borrower_is_not_blamed_for_the_last(engine: Any) -> None:
    await maybe(engine.query("SELECT 'first'"))
    async with entered(engine.connection()):
        assert ", no statement yet" in await refused(engine)


async def test_a_password_in_a_statement_is_not_shown(engine: Any) -> None:
    async with entered(engine.transaction()) as tx:
        await maybe(tx.execute("SELECT 'a' AS x, $tag$hunter2$tag$ AS y, 'C:\\', 'hunter2'"))
        assert "hunter2" not in await refused(engine)


async def test_a_call_of_the_engine_inside_its_only_connection_is_refused_at_once(engine: Any) -> None:
    for _ in range(3):  # a read that has run before may share a connection
        await maybe(engine.query("SELECT 1 AS one"))
    async with entered(engine.connection()) as conn:
        await maybe(conn.query("SELECT 2"))
        for _ in range(3):
            with pytest.raises(PoolDeadlock, match=r"conn\.query\(\)"):
                await maybe(engine.query("SELECT 1 AS one"))
        with pytest.raises(PoolDeadlock):
            async with entered(engine.transaction()):
                pass
        with pytest.raises(PoolDeadlock):
            async with entered(engine.connection()):
                pass
    assert (await maybe(engine.query_one("SELECT 3")))[0] == 3


async def test_inside_a_transaction_calls_of_the_engine_join_it(engine: Any) -> None:
    async with entered(engine.transaction()):
        assert (await maybe(engine.query_one("SELECT 3")))[0] == 3
        async with entered(engine.connection()) as conn:
            assert (await maybe(conn.query_one("SELECT 4")))[0] == 4

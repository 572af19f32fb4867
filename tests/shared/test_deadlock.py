"""A deadlock behind savepoints: what is told is the deadlock. MariaDB and MySQL have rolled back the whole transaction by then."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ferrow.errors import DatabaseError, DeadlockDetected, OperationalError
from tests.support import entered, maybe
from tests.support.deadlocked import HAVE, WANT, Other
from tests.support.sessions import session_of

pytestmark = pytest.mark.only(backend=("postgresql", "mariadb"))


@pytest.fixture
def other(url: str, colour: str) -> Iterator[Other]:
    other = Other(url, colour)
    yield other
    other.close()


async def _have(tx: Any, other: Other, backend: str) -> None:
    """Has us have a row, and the other one its own; then the other wants ours as soon as it can."""
    if backend == "postgresql":
        await maybe(tx.script("SET LOCAL deadlock_timeout = '10ms'"))
    await maybe(tx.execute(HAVE))
    other.begin()
    await other.waits()


async def _nothing_is_left(conn: Any, kept: int = 0) -> None:
    """And the connection can be used."""
    row = await maybe(conn.query_one("SELECT count(*) FROM locked WHERE id = 0"))
    assert (row[0], conn.is_closed(), conn.status.value) == (kept, False, "idle")


async def test_it_leaves_nested_blocks(engine: Any, other: Other, backend: str) -> None:
    async with entered(engine.connection()) as conn:
        with pytest.raises(DeadlockDetected) as caught:
            async with entered(conn.transaction()) as tx:
                await _have(tx, other, backend)
                async with entered(tx.transaction()) as inner, entered(inner.transaction()) as innermost:
                    await maybe(innermost.execute(WANT))
        assert not hasattr(caught.value, "__notes__")
        await _nothing_is_left(conn)


async def test_it_is_caught_in_the_block_around(engine: Any, other: Other, backend: str) -> None:
    async with entered(engine.connection()) as conn:
        outer = conn.transaction()
        await maybe(outer.start())
        await _have(outer, other, backend)
        with pytest.raises(DeadlockDetected) as caught:
            async with entered(outer.transaction()) as inner:
                await maybe(inner.execute(WANT))
        assert not hasattr(caught.value, "__notes__")
        assert not conn.is_closed()
        if backend == "postgresql":  # the savepoint is still there, and what was done before it
            await maybe(outer.execute("INSERT INTO locked VALUES (0, 0)"))
            await maybe(outer.commit())
        else:
            with pytest.raises(DatabaseError, match="has rolled back the transaction"):
                await maybe(outer.execute("INSERT INTO locked VALUES (0, 0)"))
            with pytest.raises(OperationalError, match="was not committed"):
                await maybe(outer.commit())
        await _nothing_is_left(conn, 1 if backend == "postgresql" else 0)


@pytest.mark.parametrize("end", ["rollback", "commit"])
async def test_the_nested_one_is_ended_by_hand(engine: Any, other: Other, backend: str, end: str) -> None:
    async with entered(engine.connection()) as conn:
        outer = conn.transaction()
        await maybe(outer.start())
        await _have(outer, other, backend)
        inner = outer.transaction()
        await maybe(inner.start())
        with pytest.raises(DeadlockDetected):
            await maybe(inner.execute(WANT))
        if end == "rollback":
            await maybe(inner.rollback())
        else:
            with pytest.raises(OperationalError, match="was not committed"):
                await maybe(inner.commit())
        await maybe(outer.rollback())
        await _nothing_is_left(conn)


async def test_savepoints_by_name_went_with_it(engine: Any, other: Other, backend: str) -> None:
    async with entered(engine.connection()) as conn, entered(conn.transaction()) as tx:
        await _have(tx, other, backend)
        await maybe(tx.savepoint("a"))
        with pytest.raises(DeadlockDetected):
            await maybe(tx.execute(WANT))
        if backend == "postgresql":
            await maybe(tx.rollback_to("a"))
            await maybe(tx.release_savepoint("a"))
        else:
            with pytest.raises(OperationalError, match="rolled back the whole transaction: savepoint 'a' went with it"):
                await maybe(tx.rollback_to("a"))
            with pytest.raises(DatabaseError, match="has rolled back the transaction"):
                await maybe(tx.release_savepoint("a"))
            with pytest.raises(DatabaseError, match="has rolled back the transaction"):
                await maybe(tx.execute("ROLLBACK TO SAVEPOINT a"))
            await maybe(tx.rollback())
            await _nothing_is_left(conn)


async def test_it_leaves_the_blocks_of_a_session(engine: Any, colour: str, other: Other, backend: str) -> None:
    session = session_of(engine, colour)
    with pytest.raises(DeadlockDetected) as caught:
        async with entered(session.begin()):
            async with entered(engine.transaction()) as tx:
                await _have(tx, other, backend)
            async with entered(session.begin()):
                await maybe(session.execute_raw(WANT))
    assert not hasattr(caught.value, "__notes__")
    async with entered(engine.connection()) as conn:
        await _nothing_is_left(conn)

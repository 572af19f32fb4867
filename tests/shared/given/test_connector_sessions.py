"""What a `PoolConnector` does for whoever comes next: no place is lost to who has gone, and sessions are as they were."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from ferrow.repository import Database, PoolConnector, PostgresDialect
from tests.support.given import WAYS

_WAYS = {way.name: way for way in WAYS}


def test_who_is_interrupted_leaves_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while waiting: the connection that comes back is not kept for who has gone."""
    pool = PoolConnector(sqlite3.connect, ":memory:", max_size=1)
    conn = pool.acquire()

    def interrupted(self: Any, timeout: float | None = None) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(threading.Event, "wait", interrupted)
        with pytest.raises(KeyboardInterrupt):
            pool.acquire()
    pool.release(conn)
    assert pool.acquire(timeout=0) is conn
    pool.release(conn)
    pool.close()


@pytest.mark.postgresql
@pytest.mark.parametrize("way", ["own-postgresql", "pg8000"])
def test_sessions_of_other_drivers_are_reset(postgresql_url: str, way: str) -> None:
    pool = PoolConnector(_WAYS[way].open, postgresql_url, max_size=1)
    for _ in range(2):
        with pool.connection() as conn:
            cursor = conn.cursor()
            cursor.execute("SHOW search_path")
            assert [tuple(row) for row in cursor.fetchall()] == [('"$user", public',)]
            cursor.execute("SET search_path = nowhere")
            conn.commit()
    with Database(pool, PostgresDialect()) as db:
        db.execute("SET search_path = nowhere")
        assert db.fetchone("SHOW search_path") == {"search_path": '"$user", public'}
    pool.close()


class Foreign:
    """A connection of a driver that nobody has heard of."""

    def __init__(self, **attributes: Any) -> None:
        self.__dict__.update(attributes)
        self.ended = False
        self.undone = 0

    def cursor(self) -> Any:
        raise NotImplementedError

    def rollback(self) -> None:
        self.undone += 1

    def close(self) -> None:
        self.ended = True


class Awaited(Foreign):
    async def close(self) -> None:  # type: ignore[override]
        self.ended = True


@pytest.mark.parametrize(
    ("attributes", "dirty"),
    [
        ({"in_transaction": True}, True),
        ({"in_transaction": False}, False),
        ({"in_transaction": lambda: True}, True),
        ({"info": SimpleNamespace(transaction_status=2)}, True),
        ({"info": SimpleNamespace(transaction_status=0)}, False),
        ({"status": 2}, True),
        ({"status": 1}, False),
        ({}, False),
    ],
)
def test_an_open_transaction_is_seen_in_any_driver(attributes: dict[str, Any], dirty: bool) -> None:
    conn = Foreign(**attributes)
    pool = PoolConnector(lambda: conn, max_size=1)
    with pool.connection():
        pass
    assert (conn.undone, conn.ended) == (int(dirty), False)


async def test_an_awaited_connection_that_nobody_can_wait_for_is_closed() -> None:
    """One that comes back in the middle of something, from a task that was cancelled: its place is free at once."""

    async def connect() -> Awaited:
        return Awaited()

    pool = PoolConnector(connect, max_size=1)
    member = await pool.take_async()
    pool.drop(member)
    assert await pool.acquire_async(timeout=0) is not member.conn
    await asyncio.sleep(0)
    assert member.conn.ended


class Recorded:
    """A connection of a driver of PostgreSQL, which notes what it is told."""

    def __init__(self, said: list[str]) -> None:
        self.said = said

    def cursor(self) -> Recorded:
        return self

    def execute(self, sql: str) -> None:
        self.said.append(sql)

    def close(self) -> None:
        pass

    def commit(self) -> None:
        self.said.append("commit")


Recorded.__module__ = "psycopg.recorded"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["RESET ALL", "UNLISTEN *", "DEALLOCATE ALL", "commit"]),
        ({"session_reset_hook": lambda conn: conn.said.append("hook")}, ["hook"]),
        ({"reset_session": False}, []),
        ({"reset_session": False, "session_reset_hook": lambda conn: conn.said.append("hook")}, []),
    ],
    ids=["as ever", "hook", "not at all", "neither"],
)
def test_a_hook_takes_the_place_of_what_is_done_otherwise(
    options: dict[str, Any], expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ferrow.wire.dbapi import connector_queue, connector_reset, connector_return

    for room in (connector_reset, connector_queue):  # it is of no driver that has more to say
        monkeypatch.setattr(room, "library_of", lambda conn: "", raising=False)
    monkeypatch.setattr(connector_return, "closed", lambda conn: False)
    monkeypatch.setattr(connector_queue, "closed", lambda conn: False)
    said: list[str] = []
    pool = PoolConnector(Recorded, said, max_size=1, **options)
    with pool.connection():
        pass
    assert said == expected
    pool.close()

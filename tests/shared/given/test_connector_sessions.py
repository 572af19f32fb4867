"""What a `PoolConnector` does for whoever comes next: no place is lost to who has gone, and sessions are as they were."""

from __future__ import annotations

import sqlite3
import threading
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

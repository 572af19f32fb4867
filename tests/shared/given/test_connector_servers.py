"""`PoolConnector` over drivers of servers: what comes back is as it was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ferrow.repository import Database, MySQLDialect, PoolConnector, PostgresDialect
from tests.support.given import WAYS

_WAYS = {way.name: way for way in WAYS}


@pytest.fixture
def mysql_pool(request: pytest.FixtureRequest) -> Iterator[PoolConnector]:
    url = request.getfixturevalue("mariadb_url")
    pool = PoolConnector(_WAYS["pymysql"].open, url, max_size=1)
    yield pool
    pool.close()


@pytest.mark.mariadb
def test_mysql_connections_are_rolled_back_and_stay_as_they_were(mysql_pool: PoolConnector) -> None:
    """Defects 6 and 7: what was open was committed, and from the second time on there were no transactions."""
    with mysql_pool.connection() as conn:
        conn.query("CREATE TABLE things (name VARCHAR(20))")
    for _ in range(2):
        with mysql_pool.connection() as conn:
            conn.query("SET SESSION sql_mode = 'ANSI'")
            conn.query("INSERT INTO things VALUES ('a')")
        with mysql_pool.connection() as conn, conn.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM things")
            assert cursor.fetchone() == (0,), "it was rolled back, not committed"
            cursor.execute("SELECT @@autocommit, @@sql_mode = @@global.sql_mode")
            assert cursor.fetchone() == (0, 1)
            cursor.execute("INSERT INTO things VALUES ('b')")
            conn.rollback()
            cursor.execute("SELECT count(*) FROM things")
            assert cursor.fetchone() == (0,), "transactions work from the second borrower on, too"


@pytest.mark.mariadb
def test_a_mysql_database_over_a_pool(mysql_pool: PoolConnector) -> None:
    db = Database(mysql_pool, MySQLDialect())
    db.execute("CREATE TABLE things (name VARCHAR(20))")
    db.execute("INSERT INTO things VALUES (%s)", ["a'\\"])
    with mysql_pool.connection() as conn, conn.cursor() as cursor:
        cursor.execute("SELECT name FROM things")
        assert cursor.fetchall() == (("a'\\",),)
    with db.transaction():
        db.execute("INSERT INTO things VALUES (%s)", ["b"])
    assert [row["name"] for row in db.fetchall("SELECT name FROM things ORDER BY name")] == ["a'\\", "b"]


@pytest.mark.postgresql
def test_postgresql_sessions_are_reset(postgresql_url: str) -> None:
    psycopg = pytest.importorskip("psycopg")
    pool = PoolConnector(psycopg.connect, postgresql_url, max_size=1, prepare_threshold=0)
    for _ in range(2):
        with pool.connection() as conn:
            assert conn.execute("SHOW search_path").fetchone() == ('"$user", public',)
            conn.execute("SET search_path = nowhere")
            conn.commit()
            conn.execute("SELECT %s::int", [1])
        assert conn.info.transaction_status == 0
    db = Database(pool, PostgresDialect())
    db.execute("SET search_path = nowhere")
    assert db.fetchone("SHOW search_path") == {"search_path": '"$user", public'}
    assert db.fetchone("SELECT %s::int AS a", [1]) == {"a": 1}
    db.close(close_pool=True)

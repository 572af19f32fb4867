"""What a cursor's transaction takes from the database, SQLite and PostgreSQL each in its own way: locks, snapshots, and when."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.errors import CommitUnknown, OperationalError, ProgrammingError
from tests.support import maybe
from tests.support.cursors import TABLE, another, ids, two

__all__ = ["two"]

# --- SQLite's locks ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_reading_takes_no_lock_and_no_snapshot(conn: Any, two: Any) -> None:
    await maybe(conn.script(TABLE))
    cur = conn.cursor()
    async with two as other:
        await maybe(cur.execute("SELECT id FROM item"))
        assert conn.status == "idle"
        await maybe(other.execute("INSERT INTO item VALUES (1)"))  # neither waits nor fails
        await maybe(cur.execute("INSERT INTO item SELECT max(id) + 1 FROM item"))  # no SQLITE_BUSY_SNAPSHOT
        await maybe(cur.execute("SELECT id FROM item"))
        assert await maybe(cur.fetchall()) == [(1,), (2,)]
        assert await ids(other) == [1]
        await maybe(conn.commit())


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize(
    "sql",
    [
        "WITH replace AS (SELECT 1 AS id) SELECT id FROM replace",
        "WITH RECURSIVE a AS (SELECT 1), replace (id) AS NOT MATERIALIZED (VALUES (1)) SELECT id FROM replace",
        'WITH "insert" (id) AS (SELECT 1), [delete] AS (SELECT 2), `update` AS (SELECT 3) SELECT id FROM "insert"',
        "WITH /* INSERT INTO */ a AS (SELECT 1) -- UPDATE\n SELECT * FROM a",
    ],
)
async def test_a_name_is_no_command(conn: Any, sql: str) -> None:
    await maybe(conn.script(TABLE))
    await maybe(conn.execute("INSERT INTO item VALUES (7)"))
    cur = conn.cursor()
    await maybe(cur.execute(sql))
    assert (conn.status, cur.rowcount) == ("idle", 1)
    result = await maybe(conn.run(sql))
    assert (result.status, result.rowcount) == ("SELECT 1", 1)


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_a_command_behind_a_name_is_one(conn: Any) -> None:
    await maybe(conn.script(TABLE))
    sql = "WITH replace AS (SELECT 1 AS id) REPLACE INTO item SELECT id FROM replace"
    cur = conn.cursor()
    await maybe(cur.execute(sql))
    assert (conn.status, cur.rowcount) == ("transaction", 1)
    assert (await maybe(conn.run(sql))).status == "INSERT 1"
    await maybe(conn.rollback())


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_writing_takes_the_lock_at_once(conn: Any, url: str, colour: str) -> None:
    await maybe(conn.script(TABLE))
    await maybe(conn.cursor().execute("DELETE FROM item"))
    async with another(url, colour, busy_timeout=0.01) as other:
        cur = other.cursor()
        with pytest.raises(OperationalError, match="locked"):
            await maybe(cur.execute("INSERT INTO item VALUES (1)"))
        assert other.status == "idle"
        await maybe(conn.commit())
        await maybe(cur.execute("INSERT INTO item VALUES (1)"))
        await maybe(other.commit())
    assert await ids(conn) == [1]


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_what_sqlite_refuses_inside_a_transaction_runs_outside(conn: Any) -> None:
    cur = conn.cursor()
    await maybe(cur.execute("VACUUM"))
    await maybe(cur.execute("PRAGMA foreign_keys = off"))
    await maybe(cur.execute("PRAGMA foreign_keys"))
    assert await maybe(cur.fetchone()) == (0,)


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


async def test_reading_begins_a_transaction_on_postgresql(pg: Any) -> None:
    await maybe(pg.cursor().execute("SELECT 1"))
    assert pg.status == "transaction"
    await maybe(pg.commit())
    with pytest.raises(ProgrammingError, match="inside a transaction block"):
        await maybe(pg.cursor().execute("VACUUM"))
    await maybe(pg.rollback())
    pg.autocommit = True
    await maybe(pg.cursor().execute("VACUUM"))


async def test_a_commit_without_an_answer(pg: Any) -> None:
    await maybe(pg.script("CREATE TABLE parent (id int PRIMARY KEY); CREATE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$; "
        "CREATE CONSTRAINT TRIGGER leaving AFTER INSERT ON parent DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION leave()"))  # fmt: skip
    await maybe(pg.cursor().execute("INSERT INTO parent VALUES (1)"))
    with pytest.raises(CommitUnknown):
        await maybe(pg.commit())

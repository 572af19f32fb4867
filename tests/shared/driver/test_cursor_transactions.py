"""What cursors begin: until when it lasts, what joins it, and what a failure leaves behind."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import InterfaceError, OperationalError, ProgrammingError, UniqueViolation
from tests.support import entered, maybe
from tests.support.cursors import TABLE, another, ids, two

__all__ = ["two"]


async def test_work_lasts_from_the_commit_on(conn: Any, two: Any) -> None:
    await maybe(conn.script(TABLE))
    cur = conn.cursor()
    async with two as other:
        await maybe(cur.execute("INSERT INTO item VALUES (1)"))
        assert conn.status == "transaction"
        assert await ids(other) == []
        await maybe(conn.commit())
        assert conn.status == "idle"
        assert await ids(other) == [1]
        await maybe(cur.executemany("INSERT INTO item VALUES (:1)", [[2], [3]]))
        await maybe(conn.rollback())
        assert conn.status == "idle"
        assert await ids(other) == [1]


async def test_commit_and_rollback_of_nothing(conn: Any) -> None:
    for _ in range(2):
        await maybe(conn.commit())
        await maybe(conn.rollback())
    assert conn.status == "idle"


async def test_tables_are_made_inside_the_transaction(conn: Any) -> None:
    await maybe(conn.cursor().execute(TABLE))
    await maybe(conn.rollback())
    with pytest.raises(ProgrammingError):
        await ids(conn)


async def test_query_and_execute_join(conn: Any) -> None:
    await maybe(conn.script(TABLE))
    cur = conn.cursor()
    await maybe(conn.execute("INSERT INTO item VALUES (1)"))  # commits by itself
    await maybe(cur.execute("INSERT INTO item VALUES (2)"))
    await maybe(conn.execute("INSERT INTO item VALUES (3)"))
    assert await ids(conn) == [1, 2, 3]
    await maybe(conn.rollback())
    assert await ids(conn) == [1]


async def test_autocommit(conn: Any, url: str, colour: str) -> None:
    assert conn.autocommit is False
    async with another(url, colour, autocommit=True) as auto:
        assert auto.autocommit is True
        cur = auto.cursor()
        await maybe(cur.execute(TABLE))
        await maybe(cur.execute("INSERT INTO item VALUES (1)"))
        await maybe(cur.executemany("INSERT INTO item VALUES (:1)", [[2], [3]]))
        assert auto.status == "idle"
        assert await ids(conn) == [1, 2, 3]
        await maybe(auto.rollback())
        assert await ids(conn) == [1, 2, 3]
        auto.autocommit = False
        await maybe(cur.execute("DELETE FROM item"))
        with pytest.raises(ProgrammingError, match="inside a transaction"):
            auto.autocommit = True
        await maybe(auto.rollback())
        auto.autocommit = True
        assert await ids(conn) == [1, 2, 3]


async def test_block_commits_and_closes(url: str, colour: str, conn: Any) -> None:
    await maybe(conn.script(TABLE))
    opened = driver.AsyncConnection(url) if colour == "async" else driver.connect(url)
    async with entered(opened) as other:
        await maybe(other.cursor().execute("INSERT INTO item VALUES (1)"))
    assert opened.is_closed()
    assert await ids(conn) == [1]


async def test_block_that_fails_undoes_and_closes(url: str, colour: str, conn: Any) -> None:
    await maybe(conn.script(TABLE))
    opened = driver.AsyncConnection(url) if colour == "async" else driver.connect(url)
    with pytest.raises(KeyError):
        async with entered(opened) as other:
            await maybe(other.cursor().execute("INSERT INTO item VALUES (1)"))
            raise KeyError
    assert opened.is_closed()
    assert await ids(conn) == []


async def test_block_does_not_commit_what_it_did_not_begin(url: str, colour: str, conn: Any) -> None:
    await maybe(conn.script(TABLE))
    opened = driver.AsyncConnection(url) if colour == "async" else driver.connect(url)
    async with entered(opened) as other:
        await maybe(other.begin())
        await maybe(other.cursor().execute("INSERT INTO item VALUES (1)"))
    async with another(url, colour) as other:
        await maybe(other.script("BEGIN"))
        await maybe(other.execute("INSERT INTO item VALUES (2)"))
    assert await ids(conn) == []


async def test_closing_undoes(url: str, colour: str, conn: Any) -> None:
    await maybe(conn.script(TABLE))
    async with another(url, colour) as other:
        await maybe(other.cursor().execute("INSERT INTO item VALUES (1)"))
    assert await ids(conn) == []


async def test_a_block_whose_commit_fails_is_closed_all_the_same(url: str, colour: str, conn: Any) -> None:
    await maybe(conn.script(TABLE))
    opened = driver.AsyncConnection(url) if colour == "async" else driver.connect(url)
    with pytest.raises(OperationalError, match="not committed: an earlier statement in it failed"):
        async with entered(opened) as other:
            await fail(other)
    assert opened.is_closed()


async def fail(conn: Any) -> None:
    """A transaction of a cursor that an error ended: on PostgreSQL any, on SQLite one with ROLLBACK in its conflict clause."""
    cur = conn.cursor()
    await maybe(cur.execute("INSERT INTO item VALUES (1)"))
    with pytest.raises(UniqueViolation):
        await maybe(cur.execute(f"INSERT {'OR ROLLBACK ' if conn.dialect == 'sqlite' else ''}INTO item VALUES (1)"))
    assert conn.status == "failed"


async def test_after_an_error_the_state_is_clear(conn: Any) -> None:
    await maybe(conn.script(TABLE))
    await fail(conn)
    with pytest.raises(ProgrammingError) as caught:
        await maybe(conn.cursor().execute("INSERT INTO item VALUES (2)"))
    assert caught.value.sqlstate == "25P02"
    assert "rollback()" in str(caught.value)
    with pytest.raises(OperationalError, match=r"everything was rolled back.*Call rollback\(\) after an error"):
        await maybe(conn.commit())
    assert conn.status == "idle"
    assert await ids(conn) == []
    await fail(conn)
    await maybe(conn.rollback())
    await maybe(conn.cursor().execute("INSERT INTO item VALUES (3)"))
    await maybe(conn.commit())
    assert await ids(conn) == [3]


async def test_cursors_join_a_transaction_block(conn: Any) -> None:
    await maybe(conn.script(TABLE))
    cur = conn.cursor()
    with pytest.raises(KeyError):
        async with entered(conn.transaction()):
            await maybe(cur.execute("INSERT INTO item VALUES (1)"))
            for call in (conn.commit, conn.rollback):
                with pytest.raises(ProgrammingError, match="inside a transaction: end the transaction"):
                    await maybe(call())
            raise KeyError
    assert await ids(conn) == []
    tx = await maybe(conn.begin())
    await maybe(cur.execute("INSERT INTO item VALUES (2)"))
    with pytest.raises(ProgrammingError, match="of the transaction that begin"):
        await maybe(conn.commit())
    await maybe(tx.commit())
    assert (await ids(conn), conn.status) == ([2], "idle")


async def test_no_transaction_block_inside_what_a_cursor_began(conn: Any) -> None:
    await maybe(conn.script(TABLE))
    await maybe(conn.cursor().execute("INSERT INTO item VALUES (1)"))
    with pytest.raises(ProgrammingError, match=r"a cursor or a SQL statement began.*conn\.commit\(\)"):
        await maybe(conn.begin())
    await maybe(conn.commit())
    assert await ids(conn) == [1]


async def test_transactions_by_sql(conn: Any) -> None:
    await maybe(conn.script(TABLE))
    cur = conn.cursor()
    await maybe(cur.execute("BEGIN"))
    await maybe(cur.execute("INSERT INTO item VALUES (1)"))
    await maybe(cur.execute("SAVEPOINT a"))
    await maybe(cur.execute("INSERT INTO item VALUES (2)"))
    await maybe(cur.execute("ROLLBACK TO SAVEPOINT a"))
    await maybe(cur.execute("COMMIT"))
    assert (await ids(conn), conn.status) == ([1], "idle")
    await maybe(cur.execute("SAVEPOINT b"))  # the transaction around it is opened, so that releasing it does not commit
    await maybe(cur.execute("INSERT INTO item VALUES (2)"))
    await maybe(cur.execute("RELEASE SAVEPOINT b"))
    await maybe(conn.rollback())
    assert await ids(conn) == [1]


async def test_a_transaction_on_a_connection_of_a_pool_ends_with_the_borrowing(engine: Any) -> None:
    await maybe(engine.execute(TABLE))
    async with entered(engine.connection()) as conn:
        await maybe(conn.cursor().execute("INSERT INTO item VALUES (1)"))
        await maybe(conn.commit())
        await maybe(conn.cursor().execute("INSERT INTO item VALUES (2)"))
        await maybe(conn.rollback())
        await maybe(conn.cursor().execute("INSERT INTO item VALUES (3)"))
    assert [tuple(row) for row in await maybe(engine.query("SELECT id FROM item ORDER BY id"))] == [(1,), (3,)]


async def test_a_commit_that_fails_leaves_no_transaction(conn: Any) -> None:
    await maybe(conn.script("CREATE TABLE parent (id integer PRIMARY KEY); CREATE TABLE child (id integer REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)"))  # fmt: skip
    await maybe(conn.cursor().execute("INSERT INTO child VALUES (1)"))
    with pytest.raises(conn.IntegrityError):
        await maybe(conn.commit())
    assert conn.status == "idle"
    assert await maybe(conn.query("SELECT * FROM child")) == []


async def test_the_block_of_a_connection_commits_a_transaction_that_a_cursor_began_in_its_own_words(
    conn: Any, url: str
) -> None:
    await maybe(conn.execute("CREATE TABLE said (n integer)"))
    async with entered(conn):
        cursor = conn.cursor()
        await maybe(cursor.execute("BEGIN"))
        await maybe(cursor.execute("INSERT INTO said VALUES (1)"))
    with driver.connect(url) as other:
        assert other.query_one("SELECT count(*) FROM said")[0] == 1


@pytest.mark.parametrize("value", [0, 1])
async def test_autocommit_takes_the_numbers_of_other_drivers(conn: Any, url: str, value: int) -> None:
    conn.autocommit = value
    assert conn.autocommit is bool(value)
    other = await maybe(type(conn).connect(url, autocommit=value))
    assert other.autocommit is bool(value)
    await maybe(other.close())


@pytest.mark.parametrize("value", ["no", "false", 2, -1, 1.0, None])
async def test_autocommit_is_a_bool(conn: Any, url: str, value: Any) -> None:
    with pytest.raises(InterfaceError, match=f"autocommit={value!r}: it takes True or False"):
        conn.autocommit = value
    assert conn.autocommit is False
    with pytest.raises(InterfaceError, match="takes True or False"):
        await maybe(type(conn).connect(url, autocommit=value))


async def test_two_phases_in_words_of_ones_own(pg: Any) -> None:
    await maybe(pg.script("CREATE TABLE prepared (n integer)"))
    cur = pg.cursor()
    for n, (end, kept) in enumerate([("COMMIT", 1), ("ROLLBACK", 0)]):
        await maybe(cur.execute("INSERT INTO prepared VALUES (%s)", [n]))
        await maybe(cur.execute("PREPARE TRANSACTION 'half'"))
        await maybe(pg.commit())  # of nothing: it is the server's by now
        assert await maybe(pg.query("SELECT n FROM prepared WHERE n = $1", [n])) == []
        await maybe(pg.execute(f"{end} PREPARED 'half'"))
        assert len(await maybe(pg.query("SELECT n FROM prepared WHERE n = $1", [n]))) == kept


@pytest.mark.only(backend="sqlite")
async def test_a_transaction_that_cannot_begin_has_not_begun(conn: Any, url: str, colour: str) -> None:
    """Who waits for a lock in vain may do without a cursor's transaction."""
    await maybe(conn.script(TABLE))
    async with another(url, colour, busy_timeout=0.01) as other:
        cur = other.cursor()
        await maybe(conn.script("BEGIN IMMEDIATE"))
        with pytest.raises(OperationalError, match="locked"):
            await maybe(cur.execute("INSERT INTO item VALUES (1)"))
        await maybe(conn.script("COMMIT"))
        async with entered(other.pipeline()) as pipe, entered(pipe.transaction()):
            pipe.execute("INSERT INTO item VALUES (2)")
    assert await ids(conn) == [2]

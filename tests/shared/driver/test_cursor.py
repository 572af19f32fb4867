"""Cursors on both databases, in both colours."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import driver
from ferrow.driver import Row
from ferrow.errors import (
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    UniqueViolation,
)
from tests.support import entered, items, maybe

TABLE = "CREATE TABLE item (id integer PRIMARY KEY, name varchar(20) UNIQUE, price numeric(10, 2))"


async def filled(conn: Any, count: int = 5, **options: Any) -> Any:
    """A cursor that has a result of `count` rows: (1, "a"), (2, "b"), ..."""
    cur = conn.cursor(**options)
    await maybe(cur.execute(TABLE))
    rows = [(number, chr(96 + number)) for number in range(1, count + 1)]
    await maybe(cur.executemany("INSERT INTO item (id, name) VALUES (:1, :2)", rows))
    return await maybe(cur.execute("SELECT id, name FROM item ORDER BY id"))


async def test_fetching(conn: Any) -> None:
    cur = await filled(conn)
    assert (cur.rowcount, cur.rownumber, cur.arraysize) == (5, 0, 1)
    assert await maybe(cur.fetchone()) == (1, "a")
    assert await maybe(cur.fetchmany()) == [(2, "b")]
    assert cur.rownumber == 2
    assert await maybe(cur.fetchmany(2)) == [(3, "c"), (4, "d")]
    assert await maybe(cur.fetchmany(0)) == []
    assert await maybe(cur.fetchall()) == [(5, "e")]
    assert cur.rownumber == 5
    assert (await maybe(cur.fetchone()), await maybe(cur.fetchmany(3)), await maybe(cur.fetchall())) == (None, [], [])
    await maybe(cur.execute("SELECT id FROM item ORDER BY id"))
    assert await maybe(cur.fetchmany(2**64)) == [(1,), (2,), (3,), (4,), (5,)]
    cur.arraysize = 3
    await maybe(cur.execute("SELECT id FROM item ORDER BY id"))
    assert await maybe(cur.fetchmany()) == [(1,), (2,), (3,)]
    for wrong in (-1, "3", 1.5):
        with pytest.raises(ProgrammingError, match="no number of rows"):
            await maybe(cur.fetchmany(wrong))
        with pytest.raises(ProgrammingError, match="no number of rows"):
            cur.arraysize = wrong


async def test_iterating_goes_on_where_fetching_stopped(conn: Any) -> None:
    cur = await filled(conn)
    await maybe(cur.fetchone())
    assert await items(cur) == [(number, chr(96 + number)) for number in (2, 3, 4, 5)]
    assert await items(cur) == []


@pytest.mark.parametrize(("rows", "kind"), [("tuple", tuple), ("row", Row), ("dict", dict)])
async def test_shapes(conn: Any, rows: Any, kind: type) -> None:
    row = await maybe((await filled(conn, 1, rows=rows)).fetchone())
    assert type(row) is kind
    assert row == ({"id": 1, "name": "a"} if kind is dict else (1, "a"))
    with pytest.raises(ProgrammingError, match=r"rows='dicts'.*Did you mean 'dict'"):
        conn.cursor(rows="dicts")


async def test_scroll(conn: Any) -> None:
    cur = await filled(conn)
    await maybe(cur.fetchall())
    await maybe(cur.scroll(1, "absolute"))
    assert await maybe(cur.fetchone()) == (2, "b")
    await maybe(cur.scroll(-2))
    assert await maybe(cur.fetchone()) == (1, "a")
    await maybe(cur.scroll(2, mode="relative"))
    assert cur.rownumber == 3
    for value, mode in ((5, "absolute"), (-1, "absolute"), (2, "relative"), (-4, "relative")):
        with pytest.raises(IndexError, match="in a result of 5 rows"):
            await maybe(cur.scroll(value, mode))
    assert await maybe(cur.fetchone()) == (4, "d")
    with pytest.raises(ProgrammingError, match="mode='sideways'"):
        await maybe(cur.scroll(1, "sideways"))


async def test_no_result_to_fetch(conn: Any) -> None:
    cur = conn.cursor()
    for statement in (None, TABLE, "INSERT INTO item (id) VALUES (1)"):
        if statement is not None:
            await maybe(cur.execute(statement))
        assert (cur.description, cur.rownumber) == (None, None)
        for call in (cur.fetchone, cur.fetchmany, cur.fetchall, lambda: cur.scroll(0)):
            with pytest.raises(ProgrammingError, match="no result to fetch from"):
                await maybe(call())
        with pytest.raises(ProgrammingError, match="no result to fetch from"):
            await items(cur)


async def test_a_result_without_columns(pg: Any) -> None:
    cur = pg.cursor()
    await maybe(cur.execute("CREATE TABLE bare ()"))
    for sql, rows in (
        ("SELECT", 1),
        ("SELECT FROM generate_series(1, 3)", 3),
        ("TABLE bare", 0),
        ("SELECT LIMIT 0", 0),
    ):
        for _ in range(2):  # prepared the second time
            await maybe(cur.execute(sql))
            assert (cur.description, cur.rowcount, cur.rownumber) == ((), rows, 0)
            assert await maybe(cur.fetchall()) == [()] * rows
    for sql in ("SELECT INTO empty", "CREATE TABLE none AS SELECT LIMIT 0", "INSERT INTO bare DEFAULT VALUES"):
        await maybe(cur.execute(sql))
        assert (cur.description, cur.rownumber) == (None, None)
        with pytest.raises(ProgrammingError, match="execute a statement that returns rows"):
            await maybe(cur.fetchall())


async def test_a_failed_statement_leaves_no_result(conn: Any) -> None:
    cur = await filled(conn)
    with pytest.raises(ProgrammingError):
        await maybe(cur.execute("SELECT nonsense FROM item"))
    assert (cur.description, cur.rowcount, cur.query) == (None, -1, "SELECT nonsense FROM item")
    with pytest.raises(ProgrammingError, match="no result"):
        await maybe(cur.fetchone())


async def test_counts(conn: Any) -> None:
    cur = conn.cursor()
    assert (cur.rowcount, cur.query, cur.lastrowid) == (-1, None, None)
    assert await maybe(cur.execute(TABLE)) is cur
    assert cur.rowcount == -1
    assert await maybe(cur.executemany("INSERT INTO item (id) VALUES (%s)", ((n,) for n in range(7)))) is cur
    assert cur.rowcount == 7
    await maybe(cur.execute("UPDATE item SET name = NULL WHERE id < :limit", {"limit": 3}))
    assert cur.rowcount == 3
    await maybe(cur.executemany("DELETE FROM item WHERE id = %(id)s", [{"id": 1}, {"id": 2}, {"id": 99}]))
    assert cur.rowcount == 2
    await maybe(cur.executemany("INSERT INTO item (id) VALUES (:1)", []))
    assert cur.rowcount in (0, -1)
    await maybe(cur.execute("SELECT count(*) FROM item"))
    assert await maybe(cur.fetchone()) == (5,)


async def test_what_the_server_does_not_count(conn: Any) -> None:
    """EXPLAIN returns rows; PostgreSQL says of those of SELECT how many, and of these it does not."""
    cur = await filled(conn)
    await maybe(cur.execute("EXPLAIN SELECT id FROM item WHERE name = 'a'"))
    rows = await maybe(cur.fetchall())
    assert cur.rowcount == len(rows) > 0
    await maybe(cur.close())
    assert cur.rowcount == len(rows)


async def test_executemany_returning(conn: Any) -> None:
    cur = await filled(conn, 1)
    await maybe(cur.executemany("INSERT INTO item (id, name) VALUES (:1, :2) RETURNING id", [(8, "x"), (9, "y")]))
    assert (cur.rowcount, await maybe(cur.fetchall())) == (2, [(8,), (9,)])


async def test_executemany_is_all_or_nothing(conn: Any) -> None:
    await filled(conn, 2)
    await maybe(conn.commit())
    cur = conn.cursor()
    with pytest.raises(UniqueViolation):
        await maybe(cur.executemany("INSERT INTO item (id, name) VALUES (:1, :2)", [(8, "x"), (9, "a")]))
    await maybe(conn.rollback())
    await maybe(cur.execute("SELECT count(*) FROM item"))
    assert await maybe(cur.fetchone()) == (2,)


async def test_lastrowid(conn: Any) -> None:
    cur = await filled(conn, 2)
    assert cur.lastrowid is None
    await maybe(cur.execute("INSERT INTO item (id, name) VALUES (41, 'x')"))
    assert cur.lastrowid == (41 if conn.dialect == "sqlite" else None)
    await maybe(cur.execute("INSERT INTO item (id, name) VALUES (42, 'x') ON CONFLICT DO NOTHING"))
    assert cur.lastrowid is None
    await maybe(cur.execute("UPDATE item SET name = 'y' WHERE id = 1"))
    assert cur.lastrowid is None


async def test_description(conn: Any) -> None:
    cur = conn.cursor()
    await maybe(
        cur.execute(
            "CREATE TABLE kinds (a integer, b varchar(20), c numeric(10, 2), d timestamp, e date, f real, g bytea)"
        )
    )
    await maybe(cur.execute("SELECT a, b, c, d, e, f, g FROM kinds"))
    assert [column[0] for column in cur.description] == [*"abcdefg"]
    kinds = [
        driver.NUMBER,
        driver.STRING,
        driver.NUMBER,
        driver.DATETIME,
        driver.DATETIME,
        driver.NUMBER,
        driver.BINARY,
    ]
    assert [column[1] for column in cur.description] == kinds
    if conn.dialect == "postgresql":
        assert cur.description[1] == ("b", 1043, 20, 20, None, None, None)
        assert cur.description[2] == ("c", 1700, None, None, 10, 2, None)
    else:
        assert cur.description[1] == ("b", 25, None, None, None, None, None)
        await maybe(cur.execute("SELECT 1 AS one, b || '' AS two FROM kinds"))
        assert [column[:2] for column in cur.description] == [("one", None), ("two", None)]


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_declared_types_of_sqlite_leave_values_alone(conn: Any) -> None:
    cur = conn.cursor()
    await maybe(cur.execute("CREATE TABLE t (a TEXT, b INTEGER, c DOUBLE PRECISION, d BLOB, e nvarchar(5), f BIGINT)"))
    await maybe(cur.execute("INSERT INTO t VALUES (x'00', 'no number', 'none', 'text', 1.5, NULL)"))
    await maybe(cur.execute("SELECT * FROM t"))
    assert [column[1] for column in cur.description] == [25, 20, 701, 17, 25, 20]
    assert await maybe(cur.fetchone()) == (b"\0", "no number", "none", "text", "1.5", None)


async def test_cursors_do_not_disturb_each_other(conn: Any) -> None:
    first = await filled(conn)
    second = conn.cursor()
    await maybe(first.fetchone())
    await maybe(second.execute("SELECT max(id) FROM item"))
    assert await maybe(first.fetchone()) == (2, "b")
    assert await maybe(second.fetchone()) == (5,)


async def test_what_does_nothing_and_what_is_not_supported(conn: Any) -> None:
    cur = conn.cursor()
    await maybe(cur.setinputsizes((25,)))
    await maybe(cur.setoutputsize(1000))
    await maybe(cur.setoutputsize(1000, 1))
    with pytest.raises(NotSupportedError, match="a statement has one result"):
        await maybe(cur.nextset())


async def test_cursors_and_transactions_lead_back_to_their_connection(conn: Any, url: str) -> None:
    assert conn.cursor().connection is conn
    async with entered(conn.transaction()) as tx:
        assert tx.connection is conn
        async with entered(tx.transaction()) as inner:
            assert inner.connection is conn

    class Own(type(conn)):  # type: ignore[misc]
        """A connection that knows more."""

    own = await maybe(Own.connect(url))
    assert own.cursor().connection is own
    # Nobody else has the connection of this cursor.
    alone = own.cursor()
    del own
    assert alone.connection is alone.connection.cursor().connection
    await maybe(alone.connection.close())


async def test_repr_has_the_colour_of_the_class(conn: Any) -> None:
    assert repr(conn.cursor()).startswith(f"<{type(conn.cursor()).__name__} rowcount=-1 on ")


async def test_several_statements_in_one_text_are_refused(conn: Any) -> None:
    with pytest.raises((ProgrammingError, OperationalError)):
        await maybe(conn.cursor().execute("SELECT 1; SELECT 2"))


async def test_callproc(conn: Any) -> None:
    cur = conn.cursor()
    if conn.dialect == "sqlite":
        with pytest.raises(NotSupportedError, match="SQLite has no stored procedures"):
            await maybe(cur.callproc("lower", ["A"]))
        return
    params = ["FOO"]
    assert await maybe(cur.callproc("lower", params)) is params
    assert await maybe(cur.fetchall()) == [("foo",)]
    await maybe(conn.script('CREATE SCHEMA s; CREATE FUNCTION s."Odd ""one"(a int, b int) RETURNS TABLE (x int, y int) LANGUAGE sql AS $$ SELECT a, b UNION ALL SELECT b, a $$'))  # fmt: skip
    await maybe(cur.callproc('s.Odd "one', [1, 2]))
    assert await maybe(cur.fetchall()) == [(1, 2), (2, 1)]
    await maybe(cur.callproc('s.Odd "one', {"b": 1, "a": 2}))
    assert await maybe(cur.fetchall()) == [(2, 1), (1, 2)]
    await maybe(cur.callproc("pg_backend_pid"))
    assert cur.rowcount == 1
    for wrong in ("", "a.", "a.b.c", "a\0", 5):
        with pytest.raises(ProgrammingError, match="function"):
            await maybe(cur.callproc(wrong))
    with pytest.raises(ProgrammingError, match="does not exist"):
        await maybe(cur.callproc("lower('a'); DROP TABLE x; --"))

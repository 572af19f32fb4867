"""Parameters of cursors, as the databases understand them. (How they are translated: tests/pure/driver/test_placeholders.py.)"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from ferrow.errors import DataError, ProgrammingError
from tests.support import maybe


async def test_values_and_styles(conn: Any) -> None:
    cur = conn.cursor()
    await maybe(cur.execute("CREATE TABLE t (a integer, b numeric(5, 2), c date, d timestamp, e text)"))
    row = (1, Decimal("1.50"), date(2024, 2, 29), datetime(2024, 2, 29, 12), "100%")
    names = dict(zip("abcde", row, strict=True))
    for sql, params in (
        ("INSERT INTO t VALUES (:1, :2, :3, :4, :5)", row),
        ("INSERT INTO t VALUES (%s, %s, %s, %s, %s)", [*row]),
        ("INSERT INTO t VALUES (:a, :b, :c, :d, :e)", names),
        ("INSERT INTO t VALUES (%(a)s, %(b)s, %(c)s, %(d)s, %(e)s)", names),
        ("INSERT INTO t VALUES ($1, $2, $3, $4, $5)", row),
    ):
        await maybe(cur.execute(sql, params))
        await maybe(cur.executemany(sql, [params]))
    await maybe(cur.execute("SELECT * FROM t WHERE e LIKE '%%!%%' ESCAPE '!' AND a %% 2 = %s", [1]))
    assert await maybe(cur.fetchall()) == [row] * 10
    await maybe(cur.execute("SELECT a FROM t WHERE e LIKE '%' AND a % 2 = 1"))
    assert cur.rowcount == 10


TRAPS = {
    "postgresql": """
        SELECT 'x :a %s $1 ? ''%(a)s''', E'it\\'s :a', $$ :a $1 $$, $t$ $$ %s $t$, '{"a": 1}'::jsonb ? 'a', 7 % 4, (ARRAY[1, 2, 3])[1:2],
               "col:a" /* :b /* %s */ */, :a::int + (ARRAY[:a])[(:a)] -- :c
        FROM (SELECT 5 AS "col:a") t
    """,
    "sqlite": """
        SELECT 'x :a %s $1 ? ''%(a)s''', "col:a", [col:a], `col:a`, 7 % 4 /* :b %s */, :a + :a -- :c
        FROM (SELECT 5 AS "col:a")
    """,
}


async def test_traps(conn: Any) -> None:
    """What looks like a placeholder and is none, in the database's own understanding."""
    if conn.dialect == "postgresql":
        expected = ("x :a %s $1 ? '%(a)s'", "it's :a", " :a $1 ", " $$ %s ", True, 3, [1, 2], 5, 2)
    else:
        expected = ("x :a %s $1 ? '%(a)s'", 5, 5, 5, 3, 2)
    cur = await maybe(conn.cursor().execute(TRAPS[conn.dialect], {"a": 1}))
    assert await maybe(cur.fetchone()) == expected


async def test_no_parameters(conn: Any) -> None:
    """Code that runs arbitrary statements passes an empty list or mapping where there are no parameters."""
    sql = "SELECT '100%' || '%%' || ':a' AS text"
    cur = conn.cursor()
    for nothing in (None, [], (), {}):
        await maybe(cur.execute(sql, nothing))
        assert await maybe(cur.fetchall()) == [("100%%%:a",)]
        assert await maybe(conn.query(sql, nothing)) == [("100%%%:a",)]
    await maybe(conn.rollback())
    for missing in ("SELECT %(a)s", "SELECT :a"):
        with pytest.raises(ProgrammingError, match="no value for 'a'"):
            await maybe(cur.execute(missing, {}))
    with pytest.raises(ProgrammingError):
        await maybe(conn.query("SELECT $1" if conn.dialect == "postgresql" else "SELECT ?", {}))


async def test_refused_before_anything_is_sent(conn: Any) -> None:
    cur = conn.cursor()
    for sql, params, message in (
        ("SELECT :1, %s", (1, 2), "mixes"),
        ("INSERT INTO t VALUES (:a)", {"b": 1}, "no value for 'a'; no placeholder for 'b'"),
        ("INSERT INTO t VALUES (:a)", [1], "takes a mapping"),
    ):
        with pytest.raises(ProgrammingError, match=message):
            await maybe(cur.execute(sql, params))
        assert conn.status == "idle"
    for params in ((), (1, 2), None):
        with pytest.raises(ProgrammingError):
            await maybe(cur.execute("SELECT 1 WHERE 1 = $1" if conn.dialect == "postgresql" else "SELECT ?", params))
        await maybe(conn.rollback())
    for no_statement in (5, b"SELECT 1", None):
        with pytest.raises(ProgrammingError, match="a statement is a str, not"):
            await maybe(cur.execute(no_statement))
    for wrong in ("ab", b"ab"):
        with pytest.raises(ProgrammingError, match=r"write \[value\] for a single one"):
            await maybe(cur.execute("SELECT :1, :2", wrong))
        with pytest.raises(ProgrammingError, match=r"write \[value\] for a single one"):
            await maybe(cur.executemany("SELECT :1, :2", [wrong]))
    assert conn.status == "idle"


@pytest.mark.only(backend="postgresql")
async def test_strings_are_those_of_the_session(conn: Any) -> None:
    cur = conn.cursor()
    for sql, params in ((r"SELECT 'a\', %s", ["1"]), (r"SELECT 'a\', :a", {"a": "1"})):
        await maybe(cur.execute(sql, params))
        assert await maybe(cur.fetchone()) == ("a\\", "1")
    await maybe(conn.script("SET standard_conforming_strings = off"))
    for sql, params in ((r"SELECT 'it\'s %s', %s", ["1"]), (r"SELECT 'it\'s %s', :a", {"a": "1"})):
        await maybe(cur.execute(sql, params))
        assert await maybe(cur.fetchone()) == ("it's %s", "1")
    await maybe(cur.execute(r"SELECT $$a\$$, U&" + '"a", E' + r"'\\', B'1', %s FROM (SELECT 2 AS a) t", ["3"]))
    assert await maybe(cur.fetchone()) == ("a\\", 2, "\\", "1", "3")


@pytest.mark.parametrize("rows", [None, 5, "ab", b"ab", {"a": 1}])
async def test_what_is_no_list_of_rows(conn: Any, rows: Any) -> None:
    cur = conn.cursor()
    with pytest.raises(
        ProgrammingError, match=rf"executemany takes a list of rows .*, not {type(rows).__name__}; .*execute\(\)"
    ):
        await maybe(cur.executemany("SELECT %s", rows))
    assert str(conn.status) == "idle"
    await maybe(cur.executemany("SELECT %s", ((value,) for value in "ab")))
    assert cur.rowcount == 2


@pytest.mark.only(backend="sqlite")
async def test_names_stay_names_on_sqlite(conn: Any) -> None:
    """What it says of a parameter, and what it calls a result, has the name that was given."""
    cur = conn.cursor()
    await maybe(conn.script("CREATE TABLE t (a DECIMAL(5, 2), b)"))
    for sql in ("INSERT INTO t VALUES (:v, :other)", "INSERT INTO t VALUES (%(v)s, %(other)s)"):
        params = {"other": 1, "v": Decimal("0.1234567890123456")}
        with pytest.raises(DataError, match=r"parameter 1 \(:v\)"):
            await maybe(cur.execute(sql, params))
        with pytest.raises(DataError, match=r"parameter 1 \(:v\) of row 2"):
            await maybe(cur.executemany(sql, [{"v": 1, "other": 2}, params]))
        await maybe(conn.rollback())
    for sql in ("SELECT :a, :b", "SELECT %(a)s, %(b)s"):
        await maybe(cur.execute(sql, {"b": 2, "a": 1}))
        assert [column[0] for column in cur.description] == [":a", ":b"]
        assert cur.query == "SELECT :a, :b"
        assert await maybe(cur.fetchall()) == [(1, 2)]


@pytest.mark.only(backend="sqlite")
@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"a": 1}, "no value for 'b'. It takes 'a', 'b'"),
        ({"a": 1, "b": 2, "c": 3}, "no placeholder for 'c'. It takes 'a', 'b'"),
        ({"a": 1, "B": 2}, "no value for 'b'; no placeholder for 'B'. It takes 'a', 'b'"),
        ({}, "no value for 'a', 'b'. It takes 'a', 'b'"),
    ],
)
async def test_names_have_to_fit_without_a_cursor_too(conn: Any, params: dict[str, int], words: str) -> None:
    await maybe(conn.script("CREATE TABLE t (a, b)"))
    sql = "INSERT INTO t VALUES (:a, :b)"
    for call in (conn.cursor().execute, conn.query, conn.execute):
        with pytest.raises(ProgrammingError) as caught:
            await maybe(call(sql, params))
        assert str(caught.value) == f"the parameters do not fit the statement: {words}"
    with pytest.raises(ProgrammingError) as caught:
        await maybe(conn.run_many(sql, [{"a": 1, "b": 2}, params]))
    assert str(caught.value) == f"the parameters do not fit the statement (row 2): {words}"
    assert await maybe(conn.query("SELECT * FROM t")) == []

"""Mistakes of people who come from another driver: the error says how it is written here."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from ferrow.driver import connect_async
from ferrow.errors import DatabaseError, DataError, InterfaceError, ProgrammingError
from tests.support import items, maybe

PAIR = "CREATE TEMPORARY TABLE pair (id int, amount numeric)"


@pytest.mark.parametrize(
    ("sql", "params", "hint"),
    [
        (
            "SELECT 1 WHERE 1 = %s",
            [1],
            "Here placeholders are $1, $2, ...; %s and %(name)s are for cursors, with parameters.",
        ),
        (
            "SELECT 1 WHERE 1 = %(one)s",
            None,
            "Here placeholders are $1, $2, ...; %s and %(name)s are for cursors, with parameters.",
        ),
        ("SELECT %d", [1], "Here placeholders are $1, $2, ...; %s and %(name)s are for cursors, with parameters."),
        ("SELECT 1 WHERE 1 = ?", [1], "Here placeholders are $1, $2, ..."),
        (
            "SELECT oid FROM pg_class WHERE oid=%s",
            [1],
            "Here placeholders are $1, $2, ...; %s and %(name)s are for cursors, with parameters.",
        ),
        (
            "SELECT 1 WHERE 1 = :one",
            [1],
            "Here placeholders are $1, $2, ...; :name is for cursors and execute_raw(), with a dict of parameters.",
        ),
        ("SELECT oid FROM pg_class WHERE zzz = 1", None, None),
        ("SELECT 1 WHERE 1 IN $1", [[1]], "IN takes no list as a parameter: write = ANY($1), for NOT IN <> ALL($1)."),
        (
            "SELECT 1 WHERE 1 NOT\nIN $1",
            [[1]],
            "IN takes no list as a parameter: write = ANY($1), for NOT IN <> ALL($1).",
        ),
        ("SELECT 1; SELECT 2", None, "One statement at a time; script() runs several."),
        ("SELECT 1 FORM pair", None, None),
        (
            "set local\ntimezone to $1",
            ["UTC"],
            "SET takes no parameters: write SELECT set_config('name', $1, false), for SET LOCAL true in the place of false.",
        ),
        ("NOTIFY ch, $1", ["x"], "NOTIFY takes no parameters: call notify(), or write SELECT pg_notify($1, $2)."),
        ("UPDATE pair SET a $1", ["x"], None),
        ("$1", ["x"], None),
    ],
)
async def test_syntax_of_other_drivers(pg: Any, sql: str, params: Any, hint: str | None) -> None:
    with pytest.raises(ProgrammingError) as caught:
        await maybe(pg.query(sql, params))
    assert caught.value.hint == hint


async def test_placeholders_of_other_drivers_on_sqlite(lite: Any) -> None:
    with pytest.raises(ProgrammingError) as caught:
        await maybe(lite.query("SELECT 1 WHERE 1 = %s", [1]))
    assert (
        caught.value.hint == "Here placeholders are ?, ?1 or :name; %s and %(name)s are for cursors, with parameters."
    )


@pytest.mark.parametrize("placeholder", ["?", "?1", "$1", ":one", "@one"])
async def test_a_list_after_in_on_sqlite(lite: Any, placeholder: str) -> None:
    params: Any = {"one": [1, 2]} if placeholder.endswith("one") else [[1, 2]]
    with pytest.raises(ProgrammingError) as caught:
        await maybe(lite.query(f"SELECT 1 WHERE 1 NOT in {placeholder}", params))
    assert caught.value.hint == "IN takes no list as a parameter: write IN (SELECT value FROM json_each(?))."
    assert await maybe(lite.query(f"SELECT 1 WHERE 1 IN (SELECT value FROM json_each({placeholder}))", params)) == [
        (1,)
    ]
    with pytest.raises(ProgrammingError) as caught:
        await maybe(lite.query(f"SELECT {placeholder} {placeholder}", params))
    assert caught.value.hint is None


@pytest.mark.parametrize(("literal", "values"), [("1", [1, 2]), ("'a'::text", ("a",)), ("now()", [])])
async def test_a_list_for_one_value(pg: Any, literal: str, values: Any) -> None:
    with pytest.raises(DataError, match=r"; a list of values goes with = ANY\(\$1\), not IN \(\$1\)$"):
        await maybe(pg.query(f"SELECT 1 WHERE {literal} IN ($1)", [values]))
    with pytest.raises(DataError) as caught:
        await maybe(pg.query("SELECT $1::int[]", [[1, (1, "a")]]))
    assert "ANY" not in str(caught.value)


async def test_what_has_tolist_is_told_so(pg: Any) -> None:
    class Vector:
        def tolist(self) -> list[int]:
            raise NotImplementedError

    with pytest.raises(DataError, match=r"such as value\.tolist\(\)"):
        await maybe(pg.query("SELECT $1::int[]", [Vector()]))


async def test_an_error_says_in_which_line_of_a_copy_it_is(pg: Any) -> None:
    await maybe(pg.execute(PAIR))
    with pytest.raises(DataError) as caught:
        await maybe(pg.copy_in("pair", "1,2\n2,much\n", format="csv"))
    assert caught.value.where == 'COPY pair, line 2, column amount: "much"'
    assert str(caught.value).endswith('\nCONTEXT: COPY pair, line 2, column amount: "much"')


@pytest.mark.parametrize("format", ["binary", "csv"])
async def test_a_schema_before_a_dot(pg: Any, format: str) -> None:
    hint = "A dot is a part of a name: for the table pair of the schema shop write 'pair', schema='shop'."
    with pytest.raises(ProgrammingError) as caught:
        await maybe(pg.copy_in("shop.pair", [(1, 2)] if format == "binary" else "1,2\n", format=format))
    assert caught.value.hint == hint
    with pytest.raises(ProgrammingError) as caught:
        await items(pg.copy_out("shop.pair", format=format))
    assert caught.value.hint == hint
    with pytest.raises(ProgrammingError) as caught:
        await maybe(pg.copy_in("pair", [(1, 2)], schema="shop"))
    assert caught.value.hint is None
    tx = await maybe(pg.begin())
    with pytest.raises(ProgrammingError) as caught:
        await maybe(tx.copy_in("shop.pair", [(1, 2)] if format == "binary" else "1,2\n", format=format))
    assert (caught.value.sqlstate, caught.value.hint) == ("42P01", hint)
    await maybe(tx.rollback())


@pytest.mark.parametrize("written", ["'latin1'", "latin1", "'UTF8'", "utf8", '"utf-8"'])
async def test_str_that_would_go_as_something_else(pg: Any, written: str) -> None:
    encoding = written.strip("'\"")
    await maybe(pg.script("CREATE TABLE said (word text)"))
    sql = f"COPY said FROM STDIN (FORMAT csv, ENCODING {written})"
    assert await maybe(pg.copy_in(sql=sql, source="é\n".encode(encoding))) == 1
    back = sql.replace("FROM STDIN", "TO STDOUT")
    file, text = io.BytesIO(), io.StringIO()
    await maybe(pg.copy_out_to(file, sql=back))
    assert file.getvalue() == "é\n".encode(encoding)
    if encoding == "latin1":
        with pytest.raises(InterfaceError, match="str goes as UTF-8: leave ENCODING out, or pass bytes"):
            await maybe(pg.copy_in(sql=sql, source=["é\n"]))
        with pytest.raises(InterfaceError, match="a file opened as text takes UTF-8, not ENCODING 'latin1'"):
            await maybe(pg.copy_out_to(text, sql=back))
    else:
        assert await maybe(pg.copy_in(sql=sql, source=["é\n"])) == 1
        assert await maybe(pg.copy_out_to(text, sql=back)) == 2
        assert text.getvalue() == "é\né\n"


@pytest.mark.parametrize("rows", ["1,2\n", ["1,2\n"]])
async def test_text_is_no_row(pg: Any, rows: Any) -> None:
    with pytest.raises(InterfaceError, match="for text say format='csv'"):
        await maybe(pg.copy_in("pair", rows))


async def test_a_path_is_no_file(pg: Any) -> None:
    with pytest.raises(InterfaceError, match=r"open\('rows\.csv', 'rb'\)"):
        await maybe(pg.copy_in("pair", Path("rows.csv"), format="csv"))
    with pytest.raises(InterfaceError, match="is no open file: pass what open"):
        await maybe(pg.copy_out_to("rows.csv", sql="SELECT 1", format="csv"))
    file = io.BytesIO()
    assert await maybe(pg.copy_out_to(file, sql="SELECT 1", format="csv")) == 1


async def test_many_rows_need_no_shape(conn: Any) -> None:
    first, second = ("$1", "$2") if conn.dialect == "postgresql" else ("?", "?")
    await maybe(conn.execute("CREATE TEMPORARY TABLE pair (id int, name text)"))
    result = await maybe(
        conn.run_many(f"INSERT INTO pair VALUES ({first}, {second}) RETURNING id", ((n, str(n)) for n in range(3)))
    )
    assert [row["id"] for row in result.rows] == [0, 1, 2]
    assert (await maybe(conn.run("SELECT name FROM pair ORDER BY id"))).rows == [("0",), ("1",), ("2",)]


def test_trio_is_told_so(url: str) -> None:
    """Another library runs coroutines without an asyncio loop."""
    opening = connect_async(url)
    with pytest.raises(InterfaceError, match="no asyncio event loop is running here"):
        opening.send(None)


async def test_a_stream_whose_savepoint_has_gone(pg: Any) -> None:
    tx = await maybe(pg.begin())
    await maybe(tx.savepoint("before"))
    stream = tx.stream("SELECT generate_series(1, 9)", chunk=2)
    await maybe(stream.fetch())
    await maybe(tx.rollback_to("before"))
    with pytest.raises(DatabaseError) as caught:
        await maybe(stream.fetch())
    assert caught.value.hint.startswith("The savepoint in which the stream was opened was rolled back")
    await maybe(tx.rollback())


async def test_a_closed_connection_is_not_opened_again(conn: Any) -> None:
    await maybe(conn.close())
    with pytest.raises(InterfaceError, match="make another one"):
        await maybe(conn.open())


async def test_reprs_name_what_the_user_has(conn: Any) -> None:
    color = "Async" if type(conn).__name__.startswith("Async") else ""
    assert repr(conn).startswith(f"<{color}Connection {conn.dialect}:")
    assert repr(conn.stream("SELECT 1")) == f"<{color}Stream new>"
    if conn.dialect == "sqlite":
        assert repr(conn.sqlite).startswith(f"<{color}Sqlite of sqlite:")
    else:
        assert repr(conn.copy_out(sql="SELECT 1")) == f"<{color}CopyOut new>"


async def test_integers_of_other_libraries(conn: Any) -> None:
    class Integer:
        def __index__(self) -> int:
            return 7

    sql = "SELECT $1::int8" if conn.dialect == "postgresql" else "SELECT ?"
    assert (await maybe(conn.query_one(sql, [Integer()])))[0] == 7

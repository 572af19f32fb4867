"""Every type, through COPY in both directions; the values are those of support/postgresql_values.py."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any

import pytest

from ferrow.errors import DatabaseError, DataError
from ferrow.types import Range
from tests.support import items, maybe
from tests.support.postgresql_values import ROWS as ALL_ROWS
from tests.support.postgresql_values import WITHOUT_BINARY

pytestmark = pytest.mark.postgresql

ROWS = [row for row in ALL_ROWS if row[0] not in WITHOUT_BINARY]
COLUMNS = ", ".join(f"c{number} {sql_type}" for number, (sql_type, _, _) in enumerate(ROWS))
VALUES = tuple(value for _, _, value in ROWS)


def same(one: tuple[Any, ...], other: tuple[Any, ...]) -> None:
    for number, (value, expected) in enumerate(zip(one, other, strict=True)):
        assert (repr(value), type(value)) == (repr(expected), type(expected)), ROWS[number]


async def test_what_goes_in_is_what_a_parameter_would_be_and_comes_out_again(pg: Any) -> None:
    await maybe(pg.script(f"CREATE TABLE t ({COLUMNS})"))
    nothing = (None,) * len(VALUES)
    assert await maybe(pg.copy_in("t", [VALUES, nothing])) == 2
    selected = [tuple(row) for row in await maybe(pg.query("SELECT * FROM t"))]
    same(selected[0], VALUES)
    assert selected[1] == nothing
    copied = await items(pg.copy_out("t"))
    same(copied[0], VALUES)
    assert copied[1] == nothing
    for number, (sql_type, literal, _) in enumerate(ROWS):
        compared = "jsonb" if sql_type == "json" else "text"  # json keeps the spaces it was written with
        sql = f"SELECT c{number}::{compared} = $1::text::{sql_type}::{compared} FROM t LIMIT 1"
        assert (await maybe(pg.query_one(sql, [literal])))[0] is True, (sql_type, literal)


@pytest.mark.parametrize("sql_type", sorted(WITHOUT_BINARY - {"xml"}))
async def test_a_type_without_a_binary_form_makes_the_rows_text(pg: Any, sql_type: str) -> None:
    await maybe(pg.script(f"CREATE TABLE t (id integer, words {sql_type}, at timestamptz, raw bytea, note text)"))
    value = next(value for kind, _, value in ALL_ROWS if kind == sql_type)
    at = datetime(2026, 1, 2, 3, 4, 5, 6, UTC)
    rows = [(1, value, at, b"\\\0\n", "\\N\t\\.\r\n"), (2, None, None, None, None), (3, value, at, b"", "")]
    assert await maybe(pg.copy_in("t", rows)) == 3
    assert await maybe(pg.query("SELECT * FROM t ORDER BY id")) == rows
    assert await items(pg.copy_out("t")) == rows
    assert await maybe(pg.copy_in("t", iter(rows), columns=["id", "words", "at", "raw", "note"])) == 3
    assert await items(pg.copy_out(sql="SELECT words, words FROM t ORDER BY id")) == [
        (words, words) for words in (value, value, None, None, value, value)
    ]


async def test_data_in_binary_are_the_server_s_which_has_none_of_an_aclitem(pg: Any) -> None:
    await maybe(pg.script("CREATE TABLE t (id integer, acl aclitem)"))
    assert await maybe(pg.copy_in("t", [(1, "pg_monitor=r/pg_monitor")])) == 1
    file = io.BytesIO()
    with pytest.raises(DatabaseError, match="no binary output function available for type aclitem"):
        await maybe(pg.copy_out_to(file, "t"))
    assert file.getvalue() == b""
    with pytest.raises(DatabaseError, match="no binary input function available for type aclitem"):
        await maybe(pg.copy_in("t", b""))
    assert await items(pg.copy_out("t")) == [(1, "pg_monitor=r/pg_monitor")]


async def test_a_codec_over_text_reads_the_column_of_a_copy(pg: Any) -> None:
    await maybe(pg.script("CREATE TABLE t (n integer, v interval)"))
    await maybe(pg.execute("INSERT INTO t VALUES (7, '1 day')"))
    pg.set_codec("int4", decode=lambda text: f"<{text}>", encode=str)
    pg.set_codec("interval", decode=str.upper)
    assert await items(pg.copy_out("t")) == [("<7>", "1 DAY")]


async def test_types_of_users_and_their_codecs_go_through_copy(pg: Any) -> None:
    await maybe(pg.script("CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE TYPE pair AS (a mood, b integer[])"))
    await maybe(pg.script("CREATE TABLE t (m mood, p pair, many pair[], spans int4multirange)"))
    row = ("sad", ("glad", [1, None]), [("sad", [2])], [Range(1, 3)])
    assert await maybe(pg.copy_in("t", [row, (None,) * 4])) == 2
    copied = await items(pg.copy_out("t"))
    assert (copied[0][0], tuple(copied[0][1]), [tuple(pair) for pair in copied[0][2]], copied[0][3]) == row
    assert copied[1] == (None,) * 4
    pg.set_codec("mood", encode=str.lower, decode=str.upper)
    assert await maybe(pg.copy_in("t", [("GLAD", None, None, None)])) == 1
    assert [copied[0] for copied in await items(pg.copy_out("t", columns=["m"]))] == ["SAD", None, "GLAD"]


async def test_the_types_of_a_table_are_those_of_this_moment(pg: Any) -> None:
    """A binary COPY says nothing of types, so that days would be taken for numbers without a word."""
    await maybe(pg.script("CREATE TABLE t (v integer)"))
    assert await maybe(pg.copy_in("t", [(1,)], columns=["v"])) == 1
    assert await items(pg.copy_out("t", columns=["v"])) == [(1,)]
    await maybe(pg.script("ALTER TABLE t ALTER v TYPE date USING date '2000-01-01' + v"))
    assert await items(pg.copy_out("t", columns=["v"])) == [(date(2000, 1, 2),)]
    with pytest.raises(DataError, match="date takes"):
        await maybe(pg.copy_in("t", [(2,)], columns=["v"]))
    assert await maybe(pg.copy_in("t", [(date(2000, 1, 3),)], columns=["v"])) == 1
    assert await items(pg.copy_out("t", columns=["v"])) == [(date(2000, 1, 2),), (date(2000, 1, 3),)]

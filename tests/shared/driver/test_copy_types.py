"""Every type that travels in binary, through COPY in both directions; the values are those of support/postgresql_values.py."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ferrow.errors import DataError, NotSupportedError
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


@pytest.mark.parametrize("sql_type", sorted(WITHOUT_BINARY))
async def test_a_type_without_a_binary_form_here_is_refused_by_name(pg: Any, sql_type: str) -> None:
    await maybe(pg.script(f"CREATE TABLE t (id integer, words {sql_type})"))
    with pytest.raises(NotSupportedError, match=rf"column 2 \(words\): {sql_type} has no binary form"):
        await maybe(pg.copy_in("t", [(1, None)]))
    assert await maybe(pg.copy_in("t", "2\t\\N\n", format="text")) == 1


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

"""Every type that travels in binary, through COPY in both directions; the values are those of test_postgresql_values.py."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.errors import NotSupportedError
from tests.shared.driver.test_postgresql_values import ROWS
from tests.support import items, maybe

pytestmark = pytest.mark.postgresql

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


async def test_a_type_without_a_known_binary_form_is_refused_by_name(pg: Any) -> None:
    await maybe(pg.script("CREATE TABLE t (id integer, shape polygon)"))
    try:
        await maybe(pg.copy_in("t", [(1, None)]))
    except NotSupportedError as error:
        assert "column 2 (shape)" in str(error)  # noqa: PT017  # a type may become known
    assert await maybe(pg.copy_in("t", "2\t\\N\n", format="text")) == 1

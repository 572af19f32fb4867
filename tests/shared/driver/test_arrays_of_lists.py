"""Arrays of several dimensions whose elements may be lists themselves: what is read of them is what they are written from."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.types import Array, Range
from tests.support import items, maybe

pytestmark = pytest.mark.postgresql

DEEP = {
    "jsonb[]": ('{{1,"[2]"},{null,"{\\"a\\": []}"}}', [[1, [2]], [None, {"a": []}]]),
    "json[]": ("{{{[]}}}", [[[[]]]]),
    "int4multirange[]": ('{{"{}",NULL},{"{[1,3)}","{}"}}', [[[], None], [[Range(1, 3)], []]]),
}


@pytest.mark.parametrize("kind", DEEP)
async def test_they_come_back_as_they_went_in(pg: Any, kind: str) -> None:
    literal, expected = DEEP[kind]
    read = (await maybe(pg.query_one(f"SELECT $1::{kind}", [literal])))[0]
    assert read == expected
    assert isinstance(read, Array)
    assert set(read.lower_bounds) == {1}
    written = f"SELECT $1::{kind}::text = $2::text::{kind}::text"
    assert (await maybe(pg.query_one(written, [read, literal])))[0] is True
    await maybe(pg.script(f"CREATE TABLE t (v {kind})"))
    assert await maybe(pg.copy_in("t", [(read,)])) == 1
    assert await maybe(pg.execute("INSERT INTO t VALUES ($1)", [read])) == 1
    assert await items(pg.copy_out("t")) == [(expected,)] * 2
    shapes = await maybe(pg.query("SELECT array_dims(v) FROM t"))
    assert [row[0] for row in shapes] == [
        (await maybe(pg.query_one(f"SELECT array_dims($1::{kind})", [literal])))[0]
    ] * 2


async def test_those_of_one_dimension_are_plain_lists(pg: Any) -> None:
    row = await maybe(pg.query_one("""SELECT '{1,"[2]"}'::jsonb[], ARRAY['{}'::int4multirange], '{}'::jsonb[]"""))
    assert [type(value) for value in row] == [list, list, list]
    assert row == ([1, [2]], [[]], [])


async def test_those_of_other_elements_are_plain_lists(pg: Any) -> None:
    row = await maybe(pg.query_one("SELECT ARRAY[[1], [2]], ARRAY[['(1,2)'::point]], ARRAY[[row(1, 2)]]"))
    assert [type(value) for value in row] == [list, list, list]

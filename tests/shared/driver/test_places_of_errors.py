"""Which part of which value an error is about: of a parameter, of a column, of a row of COPY."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ferrow.errors import DataError
from ferrow.types import Array
from tests.support import items, maybe

pytestmark = pytest.mark.postgresql
PAIR = "CREATE TYPE pair AS (n integer, ns integer[])"
INFINITE = "an infinite date has no equal in Python; select it as text (value::text)"


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("integer[]", [1, 2, "x"], "element [2]: integer takes int, not str 'x'"),
        ("bigint[]", [[1, 2], [3, "x"]], "element [1][1]: bigint takes int, not str 'x'"),
        ("bigint[]", Array([[1], ["x"]], (5, 5)), "element [1][0]: bigint takes int, not str 'x'"),
        ("text[]", [["a", "b"], ["c", b"d"]], "element [1][1]: text takes str, not bytes b'd'"),
        ("tsvector[]", [["a"], [5j]], "element [1][0]: tsvector takes its text form as str, not complex 5j"),
        ("pair", (1, [2, "x"]), "ns: element [1]: integer takes int, not str 'x'"),
        ("pair[]", [None, (1, [2, "x"])], "element [1]: ns: element [1]: integer takes int, not str 'x'"),
        ("jsonb[]", [{}, {"a": {1}}], "element [1]: cannot be written as JSON: set {1} at ['a']; convert it yourself, e.g. with str()"),
    ],
)  # fmt: skip
async def test_an_element_is_named_as_python_writes_it(pg: Any, kind: str, value: Any, words: str) -> None:
    await maybe(pg.script(PAIR))
    with pytest.raises(DataError) as caught:
        await maybe(pg.query(f"SELECT $1::int, $2::{kind}", [1, value]))
    assert str(caught.value) == f"parameter 2: {words}"
    assert (caught.value.parameter, caught.value.reason) == (2, words)


@pytest.mark.parametrize(
    ("sql", "column", "place"),
    [
        ("'infinity'::date", "at", ""),
        ("ARRAY[ARRAY['2026-01-01'], ARRAY['infinity']]::date[]", "at", "element [1][0]: "),
        ("ROW(1, 'infinity'::date)", "the at", "field 2: "),
        ("(NULL, 'infinity')::dated", "at", "d: "),
        ("ARRAY[NULL, (NULL, 'infinity')::dated]", "at", "element [1]: d: "),
    ],
)
async def test_a_column_is_named(pg: Any, sql: str, column: str, place: str) -> None:
    await maybe(pg.script("CREATE TYPE dated AS (n integer, d date)"))
    for rows in (1, 1000):
        with pytest.raises(DataError) as caught:
            await maybe(pg.query(f'SELECT n, {sql} AS "{column}" FROM generate_series(1, {rows}) n'))
        assert str(caught.value) == f"column {column}: {place}{INFINITE}"
        assert caught.value.column == column
    with pytest.raises(DataError) as caught:
        await items(pg.stream(f'SELECT n, {sql} AS "{column}" FROM generate_series(1, 5) n', chunk=2))
    assert str(caught.value) == f"column {column}: {place}{INFINITE}"
    assert (await maybe(pg.query_one("SELECT $1::date", [date(2026, 1, 2)])))[0] == date(2026, 1, 2)


async def test_copies_say_row_and_column(pg: Any) -> None:
    await maybe(pg.script("CREATE TABLE t (id integer, ds date[])"))
    with pytest.raises(DataError) as caught:
        await maybe(pg.copy_in("t", [(1, None), (2, [None, 5])]))
    assert str(caught.value).startswith("row 2, column 2 (ds): element [1]: date takes ")
    await maybe(pg.execute("INSERT INTO t VALUES (1, NULL), (2, '{NULL,infinity}')"))
    with pytest.raises(DataError) as caught:
        await items(pg.copy_out("t"))
    assert str(caught.value) == f"row 2, column 2 (ds): element [1]: {INFINITE}"
    assert (caught.value.row, caught.value.column) == (2, "ds")


async def test_a_column_is_named_whose_types_had_to_be_looked_up(pg: Any) -> None:
    """The rows are decoded once more then."""
    await maybe(pg.script("CREATE TYPE mood AS ENUM ('glad')"))
    with pytest.raises(DataError) as caught:
        await maybe(pg.query("SELECT 1 AS n, ROW('glad'::mood, 'infinity'::date) AS \"the at\""))
    assert str(caught.value) == f"column the at: field 2: {INFINITE}"
    assert caught.value.column == "the at"

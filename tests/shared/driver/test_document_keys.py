"""A number where PostgreSQL, which knows no more than `doc -> $1`, takes the text of a key, or in substring a pattern."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.errors import DataError
from tests.support import maybe

pytestmark = pytest.mark.postgresql

LIST = '\'["a", "b"]\'::jsonb'


@pytest.mark.parametrize("expression", ["{} -> $1", "{} ->> ( $1 )", "{} - $1", "'[1]'::json->$1"])
async def test_it_is_refused_with_the_way_to_write_it(pg: Any, expression: str) -> None:
    sql = f"SELECT {expression.format(LIST)}"
    for _ in range(2):  # known the second time
        with pytest.raises(
            DataError, match="takes a parameter for the text of a key, which the int 0 is not"
        ) as raised:
            await maybe(pg.query(sql, [0]))
        assert raised.value.parameter == 1
        assert raised.value.hint == (
            "Write $1::int for the element of an array, or $1::text for a key, which may be given as an int then."
        )
    assert (await maybe(pg.query_one(sql, ["x"]))) is not None


async def test_what_is_written_is_what_happens(pg: Any) -> None:
    assert (await maybe(pg.query_one(f"SELECT {LIST} -> $1::int", [0])))[0] == "a"
    assert (await maybe(pg.query_one(f"SELECT {LIST} ->> ($1)::int", [1])))[0] == "b"
    assert (await maybe(pg.query_one(f"SELECT {LIST} - $1::int", [0])))[0] == ["b"]
    assert (await maybe(pg.query_one("SELECT '{\"0\": 7}'::jsonb -> $1::text", [0])))[0] == 7
    assert (await maybe(pg.query_one("SELECT '{\"0\": 7}'::jsonb -> $1", ["0"])))[0] == 7
    assert (await maybe(pg.query_one(f"SELECT {LIST} #> $1", [[0]])))[0] == "a"
    assert (await maybe(pg.query_one("SELECT 'n ' || $1 || ($2 - $3::int)", [5, 7, 3])))[0] == "n 54"


async def test_of_many_rows_the_row_is_told(pg: Any) -> None:
    await maybe(pg.script("CREATE TABLE docs (doc jsonb)"))
    with pytest.raises(DataError, match="parameter 1 of row 2") as raised:
        await maybe(pg.run_many("UPDATE docs SET doc = doc - $1", [["a"], [1]]))
    assert raised.value.row == 2


@pytest.mark.parametrize(
    ("call", "values"),
    [
        ("substring('hello' FROM $1 FOR $2)", [2, 3]),
        ("substring('hello', $1)", [2]),
        ("\"substring\"('hello', $1)", [2]),
        ("pg_catalog.SUBSTRING('hello'::text, $1 , $2)", [2, 3]),
    ],
)
async def test_a_number_that_would_be_a_pattern_is_refused(pg: Any, call: str, values: list[int]) -> None:
    """There is a substring of two and three texts, too: it looks for the pattern '2', and finds nothing."""
    for _ in range(2):  # known the second time
        with pytest.raises(
            DataError, match="in substring the server takes a parameter for a pattern, which the int 2 is not"
        ) as raised:
            await maybe(pg.query(f"SELECT {call}", values))
        assert raised.value.parameter == 1
        assert raised.value.hint == (
            "Write $1::int for a position or a length, or $1::text for a pattern, which may be given as an int then."
        )


async def test_positions_and_patterns_that_are_said_to_be_such(pg: Any) -> None:
    for call, values, found in [
        ("substring('hello' FROM $1::int FOR $2)", [2, 3], "ell"),
        ("substring('hello', $1, 3)", [2], "ell"),
        ("substring('h2o', $1::text)", [2], "2"),
        ("substring('hello' FROM $1)", ["l+"], "ll"),
        ("substring('\\x0102'::bytea FROM $1)", [2], b"\x02"),
    ]:
        assert (await maybe(pg.query_one(f"SELECT {call}", values)))[0] == found, call


async def test_of_another_schema_substring_is_a_function_like_others(pg: Any) -> None:
    await maybe(
        pg.script(
            "CREATE SCHEMA mine; CREATE FUNCTION mine.substring(text, text) RETURNS text LANGUAGE sql AS 'SELECT $1 || $2'"
        )
    )
    try:
        for call in ("mine.substring('a', $1)", "\"mine\" . /* . */ Substring ('a', $1)"):
            for _ in range(2):  # known the second time
                assert await maybe(pg.query_one(f"SELECT {call}", [2])) == ("a2",)
        with pytest.raises(DataError, match="takes a parameter for a pattern"):
            await maybe(pg.query("SELECT mine.substring('a', $1) || \"pg_catalog\".substring('hello', $2)", [2, 2]))
    finally:
        await maybe(pg.script("DROP SCHEMA mine CASCADE"))

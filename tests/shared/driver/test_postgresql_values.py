"""Every type of PostgreSQL that travels in binary, as parameter and as result. A new type is a row here.

Any value of each: test_postgresql_round_trips.py.
"""

from __future__ import annotations

from decimal import Decimal
from math import isnan
from typing import Any

import pytest

from ferrow.errors import DataError
from ferrow.types import Array
from tests.support import maybe
from tests.support.postgresql_values import ROWS, same
from tests.support.values.kind import LISTS

pytestmark = pytest.mark.postgresql
IDS = [f"{kind} {literal[:30]}" for kind, literal, _ in ROWS]


@pytest.fixture
def needed(request: pytest.FixtureRequest) -> str | None:
    """The embedded server was built without XML."""
    return "xml" if request.node.callspec.params.get("kind") == "xml" else None


@pytest.mark.parametrize(("kind", "literal", "value"), ROWS, ids=IDS)
async def test_result(pg: Any, kind: str, literal: str, value: Any) -> None:
    escaped = literal.replace("'", "''")
    row = await maybe(pg.query_one(f"SELECT '{escaped}'::{kind}"))
    assert same(row[0], value), row


@pytest.mark.parametrize(("kind", "literal", "value"), ROWS, ids=IDS)
async def test_parameter(pg: Any, kind: str, literal: str, value: Any) -> None:
    row = await maybe(pg.query_one(f"SELECT $1::{kind}", [value]))
    assert same(row[0], value), row


@pytest.mark.parametrize(("kind", "literal", "value"), ROWS, ids=IDS)
async def test_part_of_an_array_and_a_composite(pg: Any, kind: str, literal: str, value: Any) -> None:
    """Both ways at once, next to a NULL; arrays of arrays do not exist."""
    if not isinstance(value, list) or kind.startswith("json") or kind.endswith("multirange"):
        row = await maybe(pg.query_one(f"SELECT $1::{kind}[]", [[value, None]]))
        assert same(row[0], [value, None]), row
        deep = Array([[value], [None]], (1, 1))
        row = await maybe(pg.query_one(f"SELECT $1::{kind}[]", [deep]))
        assert same(list(row[0]), [*deep]), row
        lists = kind.removesuffix("[]") in LISTS or kind.endswith(
            "multirange"
        )  # then only an Array says how many dimensions there are
        assert (type(row[0]), getattr(row[0], "lower_bounds", (1, 1))) == (Array if lists else list, (1, 1))
    await maybe(pg.script(f"DROP TYPE IF EXISTS holder; CREATE TYPE holder AS (v {kind}, n {kind})"))
    row = await maybe(pg.query_one("SELECT $1::holder, ($1::holder).v", [(value, None)]))
    assert same(tuple(row[0]), (value, None)), row
    assert row[0].keys() == ["v", "n"]
    assert same(row[1], value)


@pytest.mark.parametrize("kind", sorted({row[0] for row in ROWS}))
async def test_null(pg: Any, kind: str) -> None:
    row = await maybe(pg.query_one(f"SELECT $1::{kind}", [None]))
    assert row[0] is None


async def test_nan_is_nan(pg: Any) -> None:
    row = await maybe(pg.query_one("SELECT $1::float8, $2::numeric", [float("nan"), Decimal("NaN")]))
    assert isnan(row[0])
    assert row[1].is_nan()


async def test_arrays_of_several_dimensions_are_nested_lists(pg: Any) -> None:
    row = await maybe(pg.query_one("SELECT '{{1,2},{3,NULL}}'::int[]"))
    assert row[0] == [[1, 2], [3, None]]


@pytest.mark.parametrize(
    "expression",
    [
        "'infinity'::date",
        "'-infinity'::timestamptz",
        "'0044-03-15 BC'::date",
        "'24:00'::time",
        "'20000-01-01'::timestamp",
    ],
)
async def test_values_python_cannot_hold_are_errors_after_which_the_connection_goes_on(
    pg: Any, expression: str
) -> None:
    with pytest.raises(DataError, match="no equal in Python; select it as text"):
        await maybe(pg.query(f"SELECT g, CASE WHEN g = 3 THEN {expression} END FROM generate_series(1, 5) g"))
    assert (await maybe(pg.query_one("SELECT 2")))[0] == 2

"""Types of extensions, whose numbers every database gives anew."""

from __future__ import annotations

from array import array
from typing import Any

import pytest

from ferrow.errors import DataError
from ferrow.types import Array, SparseVector
from tests.support import maybe

pytestmark = pytest.mark.postgresql

# extension, type, literal, value
ROWS: list[tuple[str, str, str, Any]] = [
    ("hstore", "hstore", '"a"=>"1", "b"=>NULL', {"a": "1", "b": None}),
    ("hstore", "hstore", "", {}),
    ("citext", "citext", "Abc", "Abc"),
    ("ltree", "ltree", "a.b.c", "a.b.c"),
    ("ltree", "ltree", "", ""),
    ("ltree", "lquery", "*.b{1,2}", "*.b{1,2}"),
    ("ltree", "ltxtquery", "a & b", "a & b"),
    ("vector", "vector", "[1,-2.5,0.1]", [1.0, -2.5, 0.10000000149011612]),
    ("vector", "halfvec", "[1,-2.5,0.5]", [1.0, -2.5, 0.5]),
    ("vector", "sparsevec", "{1:0.5,4:-2}/5", SparseVector(5, {1: 0.5, 4: -2.0})),
]


@pytest.fixture
def needed(name: str) -> str:
    return name


async def installed(pg: Any, name: str) -> None:
    """The extension, or a skip that names it."""
    if not await maybe(pg.query("SELECT 1 FROM pg_available_extensions WHERE name = $1", [name])):
        pytest.skip(f"the server at hand has no extension {name}")
    await maybe(pg.script(f"CREATE EXTENSION IF NOT EXISTS {name}"))


@pytest.mark.parametrize(("name", "kind", "literal", "value"), ROWS, ids=[f"{row[1]} {row[2]}" for row in ROWS])
async def test_both_ways(pg: Any, name: str, kind: str, literal: str, value: Any) -> None:
    await installed(pg, name)
    row = await maybe(pg.query_one(f"SELECT '{literal}'::{kind}"))
    assert row[0] == value
    assert type(row[0]) is type(value)
    assert (await maybe(pg.query_one(f"SELECT $1::{kind}", [value])))[0] == value
    assert (await maybe(pg.query_one(f"SELECT $1::{kind}", [literal])))[0] == value
    assert (await maybe(pg.query_one(f"SELECT $1::{kind}[]", [[value, None]])))[0] == [value, None]
    two = Array([[value], [None]], (1, 1))
    assert (await maybe(pg.query_one(f"SELECT $1::{kind}[]", [two])))[0] == [[value], [None]]
    await maybe(pg.script(f"CREATE TYPE holder AS (v {kind}, n {kind})"))
    assert (await maybe(pg.query_one("SELECT $1::holder", [(value, None)])))[0] == (value, None)
    assert (await maybe(pg.query_one(f"SELECT ROW($1::{kind})", [value])))[0] == (value,)
    await maybe(pg.script("DROP TYPE holder"))


@pytest.mark.parametrize(
    ("name", "kind", "value", "words"),
    [
        ("hstore", "hstore", {"a": 1}, "a: hstore takes str or None as values, not int 1"),
        ("hstore", "hstore", {1: "a"}, "hstore takes str as keys, not int 1"),
        ("hstore", "hstore", ["a"], "a dict of str to str or None"),
        ("hstore", "hstore", {"a": "b\0"}, "NUL character"),
        ("vector", "vector", [], "dimension"),
        ("vector", "vector", [1.0, float("nan")], "NaN"),
        ("vector", "vector", [1e300], "inf"),
        ("vector", "vector", [1, "2"], "element [1]: vector takes numbers, not str '2'"),
        ("vector", "vector", {1: 2}, "vector takes a list of numbers"),
        ("vector", "vector", {1, 2}, "vector takes a list of numbers"),
        ("vector", "halfvec", [70000.0], "70000"),
        ("vector", "sparsevec", [1.0], "takes a ferrow.types.SparseVector"),
    ],
)
async def test_values_that_do_not_fit(pg: Any, name: str, kind: str, value: Any, words: str) -> None:
    await installed(pg, name)
    with pytest.raises(DataError) as caught:
        await maybe(pg.query(f"SELECT $1::{kind}", [value]))
    assert words in str(caught.value)
    assert str(caught.value).startswith("parameter 1: ")


@pytest.mark.parametrize("name", ["vector"])
async def test_vectors_lend_their_memory(pg: Any, name: str) -> None:
    await installed(pg, name)
    for value in (
        array("f", [1.5, 2.0]),
        array("d", [1.5, 2.0]),
        array("i", [1, 2]),
        (1.5, 2),
        memoryview(array("f", [1])),
    ):
        assert (await maybe(pg.query_one("SELECT $1::vector", [value])))[0] == [float(number) for number in value]

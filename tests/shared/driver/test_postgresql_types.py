"""Types that a session has to look up: enums, domains, composites, ranges and what is made of them."""

from __future__ import annotations

from collections import namedtuple
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import DataError
from ferrow.types import Array, Range
from tests.support import maybe
from tests.support.own_types import OUTER, one, prepared

pytestmark = pytest.mark.postgresql


class Mood(Enum):
    SAD = "sad"
    OK = "ok"


class TextMood(StrEnum):
    HAPPY = "happy"


@dataclass
class Inner:
    n: int
    name: str


Pair = namedtuple("Pair", "n name")


async def test_enums(pg: Any) -> None:
    await prepared(pg)
    assert await one(pg, "SELECT 'ok'::mood") == "ok"
    for value, label in (("sad", "sad"), (Mood.SAD, "sad"), (TextMood.HAPPY, "happy")):
        got = await one(pg, "SELECT $1::mood", value)
        assert got == label
        assert type(got) is str
    assert await one(pg, "SELECT $1::mood[]", ["ok", None, Mood.SAD]) == ["ok", None, "sad"]
    assert await one(pg, "SELECT $1::mood[]", [["ok"], ["sad"]]) == [["ok"], ["sad"]]
    with pytest.raises(DataError, match="mood takes str or a member of an Enum of str, not int 5"):
        await one(pg, "SELECT $1::mood", 5)
    with pytest.raises(DataError, match="invalid input value for enum"):
        await one(pg, "SELECT $1::mood", "angry")
    await maybe(pg.execute("ALTER TYPE mood ADD VALUE 'angry'"))
    assert await one(pg, "SELECT $1::mood", "angry") == "angry"


async def test_domains_are_what_they_restrict(pg: Any) -> None:
    await prepared(pg)
    assert await one(pg, "SELECT $1::shorter", "abc") == "abc"
    assert await one(pg, "SELECT $1::shorter[]", ["abc", None]) == ["abc", None]
    with pytest.raises(DataError, match=r"parameter 1: .*takes str"):
        await one(pg, "SELECT $1::shorter", b"x")


async def test_domains_over_what_has_parts(pg: Any) -> None:
    await maybe(
        pg.script(
            """
            CREATE TYPE pair AS (n integer, name text);
            CREATE DOMAIN good_pair AS pair CHECK ((value).n > 0);
            CREATE DOMAIN numbers AS integer[];
            CREATE DOMAIN span AS int4range;
            CREATE TYPE all_of_it AS (p good_pair, n numbers, s span, ns numbers[]);
            """
        )
    )
    value = ((1, "a"), [1, 2], Range(1, 3), [[1], None])
    assert await one(pg, "SELECT $1::good_pair", (1, "a")) == (1, "a")
    assert await one(pg, "SELECT $1::numbers", [1, 2]) == [1, 2]
    assert await one(pg, "SELECT $1::numbers[]", Array([[1, 2], [3]], (1,))) == [[1, 2], [3]]
    sent = (*value[:3], Array(value[3], (1,)))
    assert await one(pg, "SELECT $1::all_of_it", sent) == value


@pytest.mark.parametrize("wrap", ["SELECT $1::outer_", "SELECT ($1::outer_[])[1]"])
async def test_composites_nest(pg: Any, wrap: str) -> None:
    await prepared(pg)
    sent: Any = [OUTER] if "[]" in wrap else OUTER
    row = await one(pg, wrap, sent)
    assert type(row) is driver.Row
    assert row.keys() == ["id", "m", "code", "i", "all_", "tags"]
    assert row == OUTER
    assert row["i"]["The Name"] == "x"
    assert row["all_"] == [(2, None), None]
    again = [row] if "[]" in wrap else row
    assert await one(pg, wrap, again) == OUTER
    assert await one(pg, wrap, [row.to_dict()] if "[]" in wrap else row.to_dict()) == OUTER


async def test_composites_from_whatever_has_the_fields(pg: Any) -> None:
    await maybe(pg.script("CREATE TYPE pair AS (n integer, name text)"))
    for value in ((1, "a"), [1, "a"], {"name": "a", "n": 1}, Inner(1, "a"), Pair(1, "a"), "(1,a)"):
        assert await one(pg, "SELECT $1::pair", value) == (1, "a")
    assert await one(pg, "SELECT $1::pair[]", [(1, "a"), {"n": None, "name": None}]) == [(1, "a"), (None, None)]
    assert await one(pg, "SELECT $1::pair[]", [[(1, "a")], [None]]) == [[(1, "a")], [None]]
    for value, words in (
        ((1,), "pair has 2 fields (n, name), 1 values were given"),
        ({"n": 1}, "pair has a field name, which was not given"),
        ({"n": 1, "name": "a", "nmae": "b"}, "pair has no field nmae; its fields are n, name"),
        (Range(1, 2), "pair has a field n, which was not given"),
        (5, "pair takes a tuple, a mapping or an object with n, name, not int 5"),
        ((1, 5.5j), "name: text takes str"),
        (("x", "a"), "n: integer takes int"),
    ):
        with pytest.raises(DataError) as caught:
            await one(pg, "SELECT $1::pair", value)
        assert words in str(caught.value)
        assert str(caught.value).startswith("parameter 1: ")


async def test_a_composite_without_fields(pg: Any) -> None:
    await prepared(pg)
    assert await one(pg, "SELECT $1::nothing", ()) == ()


async def test_rows_of_tables_are_composites(pg: Any) -> None:
    await prepared(pg)
    await maybe(pg.execute("INSERT INTO people (feels, o) VALUES ($1, $2)", ["sad", OUTER]))
    row = await one(pg, "SELECT p FROM people p")
    assert (row["feels"], row["o"]) == ("sad", OUTER)
    assert [person["id"] for person in await one(pg, "SELECT array_agg(p) FROM people p")] == [1]


async def test_ranges_of_ones_own(pg: Any) -> None:
    await prepared(pg)
    value = await one(pg, "SELECT $1::moodrange", Range("sad", "happy"))
    assert value == Range("sad", "happy")
    assert await one(pg, "SELECT $1::moodrange[]", [value, None]) == [value, None]
    assert await one(pg, "SELECT $1::moodmultirange", [value]) == [value]


async def test_many_rows_of_parameters(pg: Any) -> None:
    await prepared(pg)
    await maybe(pg.run_many("INSERT INTO people (feels) VALUES ($1)", [["sad"], [Mood.OK]], driver.Shape.tuples()))
    assert await maybe(pg.query("SELECT feels FROM people ORDER BY id")) == [("sad",), ("ok",)]

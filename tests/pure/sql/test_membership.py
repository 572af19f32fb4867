from decimal import Decimal
from typing import Any

import pytest

from ferrow.sql import Select, exists
from ferrow.types import ListOf, Text
from tests.pure.sql.columns import age, author, name, one, posts, price, raw, t
from tests.support.sql import assert_expr, assert_sql


def test_a_list_is_one_parameter() -> None:
    condition = age.in_([1, 2, 3])
    assert_expr(
        condition, values=[[1, 2, 3]], postgresql="age = ANY($1)", sqlite="age IN (SELECT value FROM json_each(?1))"
    )
    assert condition.shape == age.in_([4]).shape
    assert_expr(
        age.not_in((1, 2)),
        values=[[1, 2]],
        postgresql="age <> ALL($1)",
        sqlite="age NOT IN (SELECT value FROM json_each(?1))",
    )


def test_the_list_is_copied() -> None:
    names = ["a"]
    condition = name.in_(names)
    names.append("b")
    assert condition.values == (["a"],)


def test_the_kind_of_a_list() -> None:
    from ferrow.sql import compile
    from ferrow.sql.dialect import ALL

    for dialect in ALL.values():
        compiled = compile(Select([one], t, where=name.in_(["x"])), dialect)
        assert compiled.parameters == (ListOf(Text()),)
        assert compiled.kinds.names == ("list:text",)


def test_bytes_travel_as_hex_on_sqlite() -> None:
    assert_expr(
        raw.in_([b"x"]),
        values=[[b"x"]],
        postgresql="raw = ANY($1)",
        sqlite="raw IN (SELECT unhex(value) FROM json_each(?1))",
    )


def test_nothing_is_in_an_empty_list() -> None:
    assert_expr(age.in_([]), postgresql="FALSE", sqlite="FALSE")
    assert_expr(age.not_in([]), postgresql="TRUE", sqlite="TRUE")


def test_none_in_a_list_means_null() -> None:
    assert_expr(
        age.in_([1, None]),
        values=[[1]],
        postgresql="age = ANY($1) OR age IS NULL",
        sqlite="age IN (SELECT value FROM json_each(?1)) OR age IS NULL",
    )
    assert_expr(age.in_([None]), postgresql="age IS NULL", sqlite="age IS NULL")
    assert_expr(age.not_in([None]), postgresql="age IS NOT NULL", sqlite="age IS NOT NULL")
    assert_expr(
        age.not_in([1, None]),
        values=[[1]],
        postgresql="age <> ALL($1)",
        sqlite="age NOT IN (SELECT value FROM json_each(?1))",
    )


def test_queries_on_the_right() -> None:
    authors = Select([author], posts).where(author > 3)
    assert_sql(
        Select([one], t).where(one.in_(authors), age == 4),
        values=[3, 4],
        postgresql="SELECT t.one FROM t WHERE t.one IN (SELECT posts.author FROM posts WHERE posts.author > $1) AND t.age = $2",
        sqlite="SELECT t.one FROM t WHERE t.one IN (SELECT posts.author FROM posts WHERE posts.author > ?1) AND t.age = ?2",
    )
    assert_sql(
        Select([one], t).where(~exists(Select([author], posts).where(author == one))),
        postgresql="SELECT t.one FROM t WHERE NOT EXISTS (SELECT posts.author FROM posts WHERE posts.author = t.one)",
        sqlite="SELECT t.one FROM t WHERE NOT EXISTS (SELECT posts.author FROM posts WHERE posts.author = t.one)",
    )


@pytest.mark.parametrize("values", ["abc", b"abc", 3, None])
def test_a_string_is_not_a_list(values: Any) -> None:
    with pytest.raises(TypeError, match="needs a list of values"):
        name.in_(values)


@pytest.mark.parametrize("value", [1.5, Decimal("1.5")])
def test_fractions_are_not_among_whole_numbers(value: Any) -> None:
    with pytest.raises(TypeError, match="whole numbers"):
        age.in_([1, value])
    assert price.in_([1]).values == ([1],)  # type: ignore[list-item]


def test_a_query_on_the_right_has_one_column() -> None:
    with pytest.raises(TypeError, match="one column"):
        one.in_(Select([author, author], posts))

# mypy: disable-error-code="operator"
# What a type checker refuses is tried on purpose; tests/typing/bad_sql.py shows that it does refuse it.

from decimal import Decimal
from typing import Any

import pytest

from ferrow.types import BigInteger, Double, Integer, Numeric, SQLType, Text
from tests.pure.sql.columns import active, age, big, born, meta, name, nick, one, price, weight
from tests.support.sql import NOT_SUPPORTED, assert_expr


def test_brackets() -> None:
    assert_expr(one - (age - 1), values=[1], postgresql="one - (age - $1)", sqlite="one - (age - ?1)")
    assert_expr(one - age - 1, values=[1], postgresql="one - age - $1", sqlite="one - age - ?1")
    assert_expr((one + 1) * 2, values=[1, 2], postgresql="(one + $1) * $2", sqlite="(one + ?1) * ?2")
    assert_expr(one + age * 2, values=[2], postgresql="one + age * $1", sqlite="one + age * ?1")
    assert_expr(one * (age * 2), values=[2], postgresql="one * (age * $1)", sqlite="one * (age * ?1)")


def test_numbers_on_the_left() -> None:
    assert_expr(10 - one, values=[10], postgresql="$1 - one", sqlite="?1 - one")
    assert_expr(2 * weight, values=[2], postgresql="$1 * weight", sqlite="?1 * weight")
    assert_expr(2 + one, values=[2], postgresql="$1 + one", sqlite="?1 + one")


def test_division_of_whole_numbers_gives_a_float() -> None:
    assert_expr(one / 2, values=[2], postgresql="CAST(one AS double precision) / $1", sqlite="CAST(one AS REAL) / ?1")
    assert (one / 2).type is Double()


def test_division_by_an_expression_that_is_zero_is_null() -> None:
    assert_expr(weight / weight, postgresql="weight / NULLIF(weight, 0)", sqlite="weight / weight")
    assert_expr(one % age, postgresql="one % NULLIF(age, 0)", sqlite="one % age")


def test_division_by_zero_is_an_error_at_once() -> None:
    for attempt in (lambda: one / 0, lambda: one % 0, lambda: weight / 0.0, lambda: price / Decimal("0.00")):
        with pytest.raises(ZeroDivisionError):
            attempt()


def test_decimals_are_exact_on_sqlite_or_refused() -> None:
    two = Decimal(2)
    assert_expr(price + two, values=[two], postgresql="price + $1", sqlite="decimal_add(price, ?1)")
    assert_expr(price - one, postgresql="price - one", sqlite="decimal_sub(price, one)")
    assert_expr(
        price * 2 - 1, values=[2, 1], postgresql="price * $1 - $2", sqlite="decimal_sub(decimal_mul(price, ?1), ?2)"
    )
    assert_expr(price / 3, values=[3], postgresql="price / $1", sqlite=NOT_SUPPORTED)


def test_texts_are_joined() -> None:
    assert_expr(name + "!", values=["!"], postgresql="name || $1", sqlite="name || ?1")
    assert_expr("Mr " + name + nick, values=["Mr "], postgresql="$1 || name || nick", sqlite="?1 || name || nick")
    assert_expr(name + nick == "ab", values=["ab"], postgresql="name || nick = $1", sqlite="name || nick = ?1")
    assert (name + nick).type is Text()


@pytest.mark.parametrize(
    ("built", "expected"),
    [
        (one + age, Integer()),
        (one + big, BigInteger()),
        (one + weight, Double()),
        (one + 1.5, Double()),
        (one + Decimal(1), Numeric()),
        (one * price, Numeric()),
        (price * weight, Double()),
        (price + price, Numeric()),
        (one % 2, Integer()),
        (one / age, Double()),
    ],
)
def test_result_types(built: Any, expected: SQLType) -> None:
    assert built.type is expected


def test_a_fraction_next_to_a_whole_number_keeps_its_type() -> None:
    assert_expr(
        one * 1.5, values=[1.5], postgresql="one * CAST($1 AS double precision)", sqlite="one * CAST(?1 AS REAL)"
    )


@pytest.mark.parametrize("column", [name, active, meta])
def test_what_has_no_opposite(column: Any) -> None:
    with pytest.raises(TypeError, match=r"^- works on numbers"):
        _ = -column


def test_what_cannot_be_calculated() -> None:
    for attempt in (
        lambda: active + 1,
        lambda: born + born,
        lambda: meta + 1,
        lambda: one + "1",
        lambda: one + None,
        lambda: one + True,
        lambda: name + 1,
        lambda: name - "x",
        lambda: weight % 2,
        lambda: price % 2,
        lambda: price + 1.5,
        lambda: one + name,
    ):
        with pytest.raises(TypeError):
            attempt()

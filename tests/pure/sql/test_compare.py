# mypy: disable-error-code="operator"
# What a type checker refuses is tried on purpose; tests/typing/bad_sql.py shows that it does refuse it.

from decimal import Decimal
from typing import Any

import pytest

from ferrow.sql import Expr, cast, func, literal
from ferrow.types import Double, Integer
from tests.pure.sql.columns import age, author, big, born, meta, name, one, plain, price, weight
from tests.support.sql import assert_expr


@pytest.mark.parametrize("operator", ["<", "<=", ">", ">="])
def test_order(operator: str) -> None:
    built: Expr[bool] = eval(f"age {operator} 18", {"age": age})
    assert_expr(built, values=[18], postgresql=f"age {operator} $1", sqlite=f"age {operator} ?1")


def test_equality() -> None:
    assert_expr(age == 18, values=[18], postgresql="age = $1", sqlite="age = ?1")
    assert_expr(age != 18, values=[18], postgresql="age <> $1", sqlite="age <> ?1")
    assert_expr(
        18 == age,  # type: ignore[arg-type]  # a bool for checkers
        values=[18],
        postgresql="age = $1",
        sqlite="age = ?1",
    )


def test_none_is_null() -> None:
    for condition in (age == None, age.is_null(), age.is_(None)):  # noqa: E711
        assert_expr(condition, postgresql="age IS NULL", sqlite="age IS NULL")
    for condition in (age != None, age.is_not_null()):  # noqa: E711
        assert_expr(condition, postgresql="age IS NOT NULL", sqlite="age IS NOT NULL")


def test_none_has_no_order() -> None:
    with pytest.raises(TypeError, match="use is_null"):
        _ = age >= None
    with pytest.raises(TypeError, match="both ends"):
        age.between(1, None)
    with pytest.raises(TypeError, match="use =="):
        age.is_(3)  # type: ignore[arg-type]


def test_columns_with_columns() -> None:
    assert_expr(age >= one, postgresql="age >= one", sqlite="age >= one")
    # Python asks the right side first when its class derives from the left one's: the mirrored comparison, the same meaning.
    assert_expr(one + 1 > age, values=[1], postgresql="age < one + $1", sqlite="age < one + ?1")


def test_between() -> None:
    assert_expr(
        age.between(18, 65), values=[18, 65], postgresql="age BETWEEN $1 AND $2", sqlite="age BETWEEN ?1 AND ?2"
    )
    assert_expr(
        one.between(big - 1, big + 1),
        values=[1, 1],
        postgresql="one BETWEEN big - $1 AND big + $2",
        sqlite="one BETWEEN big - ?1 AND big + ?2",
    )


def test_a_fraction_compared_with_a_whole_number_stays_a_fraction() -> None:
    # PostgreSQL would take the type of the column for the parameter, and 1.5 is not an integer.
    assert_expr(
        age > 1.5,
        values=[1.5],
        postgresql="age > CAST($1 AS double precision)",
        sqlite="age > CAST(?1 AS REAL)",
    )
    assert_expr(
        age > Decimal("1.5"),
        values=[Decimal("1.5")],
        postgresql="age > CAST($1 AS numeric)",
        sqlite="CAST(age AS TEXT) COLLATE decimal > CAST(?1 AS TEXT) COLLATE decimal",
    )


def test_decimals_compare_as_numbers() -> None:
    assert_expr(price > 1, values=[1], postgresql="price > $1", sqlite="price > ?1")  # by the column's collation
    assert_expr(
        price + 1 > price * 2,
        values=[1, 2],
        postgresql="price + $1 > price * $2",
        sqlite="(decimal_add(price, ?1)) COLLATE decimal > (decimal_mul(price, ?2)) COLLATE decimal",
    )
    assert_expr(price > one, postgresql="price > one", sqlite="price > CAST(one AS TEXT) COLLATE decimal")
    assert_expr(weight > price, postgresql="weight > price", sqlite="weight > CAST(price AS REAL)")


def test_json_has_equality_only() -> None:
    assert_expr(
        meta == {"a": 1}, values=[{"a": 1}], postgresql="meta = $1", sqlite="ferrow_json(meta) = ferrow_json(?1)"
    )
    assert_expr(
        plain != [1],
        values=[[1]],
        postgresql="CAST(plain AS jsonb) <> CAST($1 AS jsonb)",
        sqlite="ferrow_json(plain) <> ferrow_json(?1)",
    )
    for attempt in (
        lambda: meta > 1,
        lambda: meta.between(1, 2),
        lambda: meta.in_([1]),
        lambda: meta.asc(),
        lambda: func.max(meta),
    ):
        with pytest.raises(TypeError, match=r"Json\(\)"):
            attempt()


def test_literals_say_their_type() -> None:
    assert_expr(literal(1), values=[1], postgresql="CAST($1 AS bigint)", sqlite="CAST(?1 AS INTEGER)")
    assert_expr(literal("x"), values=["x"], postgresql="CAST($1 AS text)", sqlite="CAST(?1 AS TEXT)")
    assert_expr(literal(None, Integer()), values=[None], postgresql="CAST($1 AS integer)", sqlite="CAST(?1 AS INTEGER)")


def test_cast() -> None:
    assert_expr(cast(price, Double()), postgresql="CAST(price AS double precision)", sqlite="CAST(price AS REAL)")


@pytest.mark.parametrize("value", [18, age])
def test_no_truth_value(value: Any) -> None:
    with pytest.raises(TypeError, match=r"use|instead of and, or, not"):
        bool(age == value)
    with pytest.raises(TypeError, match="between"):
        _ = 18 <= age <= 65


def test_columns_are_hashable_by_identity() -> None:
    assert {age: 1, name: 2}[age] == 1
    assert len({age, age, one, born, author}) == 4

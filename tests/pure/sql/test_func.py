from typing import Any

import pytest

from ferrow.sql import func
from ferrow.types import BigInteger, Boolean, Double, Numeric, SQLType, Uuid
from tests.pure.sql.columns import active, age, big, born, ident, meta, name, one, price, raw, small, weight
from tests.support.sql import assert_expr


def test_count() -> None:
    assert_expr(func.count(), postgresql="count(*)", sqlite="count(*)")
    assert_expr(func.count(age), postgresql="count(age)", sqlite="count(age)")
    assert_expr(func.count(age, distinct=True), postgresql="count(DISTINCT age)", sqlite="count(DISTINCT age)")
    with pytest.raises(TypeError, match="distinct=True"):
        func.count(distinct=True)


def test_sum_of_whole_numbers_is_a_whole_number() -> None:
    assert_expr(func.sum(big), postgresql="CAST(sum(big) AS bigint)", sqlite="sum(big)")


def test_sum_of_floats_is_added_up_in_64_bit() -> None:
    assert_expr(func.sum(small), postgresql="sum(CAST(small AS double precision))", sqlite="sum(small)")


def test_distinct_values() -> None:
    assert_expr(
        func.sum(small, distinct=True),
        postgresql="sum(DISTINCT CAST(small AS double precision))",
        sqlite="sum(DISTINCT small)",
    )
    assert_expr(
        func.avg(age, distinct=True),
        postgresql="CAST(avg(DISTINCT age) AS double precision)",
        sqlite="avg(DISTINCT age)",
    )


def test_decimals_are_added_up_exactly() -> None:
    assert_expr(func.sum(price), postgresql="sum(price)", sqlite="decimal_sum(price)")
    assert_expr(
        func.sum(price * 2), values=[2], postgresql="sum(price * $1)", sqlite="decimal_sum(decimal_mul(price, ?1))"
    )
    assert_expr(func.avg(price), postgresql="avg(price)", sqlite="decimal_avg(price)")
    assert_expr(func.sum(price, distinct=True), postgresql="sum(DISTINCT price)", sqlite="decimal_sum(DISTINCT price)")


def test_mean_of_whole_numbers_is_a_float() -> None:
    assert_expr(func.avg(age), postgresql="CAST(avg(age) AS double precision)", sqlite="avg(age)")


def test_extremes() -> None:
    assert_expr(func.max(name), postgresql="max(name)", sqlite="max(name)")
    assert_expr(func.max(price), postgresql="max(price)", sqlite="max(price)")
    assert_expr(
        func.max(price + 1),
        values=[1],
        postgresql="max(price + $1)",
        sqlite="max((decimal_add(price, ?1)) COLLATE decimal)",
    )
    assert_expr(func.min(active), postgresql="bool_and(active)", sqlite="min(active)")
    assert_expr(func.max(ident), postgresql='CAST(max(CAST(ident AS text) COLLATE "C") AS uuid)', sqlite="max(ident)")
    assert_expr(func.min(raw), postgresql="decode(min(encode(raw, 'hex') COLLATE \"C\"), 'hex')", sqlite="min(raw)")


@pytest.mark.parametrize(
    ("built", "expected"),
    [
        (func.count(), BigInteger()),
        (func.sum(one), BigInteger()),
        (func.sum(small), Double()),
        (func.sum(price), Numeric()),
        (func.avg(one), Double()),
        (func.avg(weight), Double()),
        (func.avg(price), Numeric()),
        (func.max(price), price.type),
        (func.min(active), Boolean()),
        (func.max(ident), Uuid()),
    ],
)
def test_result_types(built: Any, expected: SQLType) -> None:
    assert built.type is expected


@pytest.mark.parametrize("column", [active, born, ident, meta, name, raw], ids=repr)
def test_only_numbers_are_added_up(column: Any) -> None:
    for function in (func.sum, func.avg):
        with pytest.raises(TypeError, match="needs numbers"):
            function(column)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("soundex", r"func has no 'soundex'; .*func\.call\('soundex', \.\.\., type=\.\.\.\)"),
        ("lowr", "Did you mean 'lower'"),
    ],
)
def test_an_unknown_function_says_how_it_is_called(name: str, said: str) -> None:
    with pytest.raises(AttributeError, match=said):
        getattr(func, name)

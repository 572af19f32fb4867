"""SQLite makes integers and floats of numbers. Those that would come back as others are refused when they are written."""

from __future__ import annotations

from decimal import Decimal
from enum import IntEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ferrow import driver
from ferrow.driver import Kinds, Shape
from ferrow.errors import DataError
from tests.support import maybe

WIDE = Decimal("0.1234567890123456")
"""A float is shown so, though it is not exactly this."""
WIDER = Decimal("0.12345678901234567")
"""No float is shown so."""
LOOSE = ["integer", "bigint", "number(10, 2)", "money", "real", "double precision", "boolean", "bytea"]


@pytest.mark.parametrize("declared", LOOSE)
async def test_any_column_of_which_sqlite_makes_numbers_is_one_of_numbers(lite: Any, declared: str) -> None:
    await maybe(lite.script(f"CREATE TABLE t (n {declared})"))
    for value in (WIDER, Decimal("1e400"), Decimal("9007199254740993.5")):
        with pytest.raises(DataError, match=r"parameter 1.*DECIMAL_TEXT"):
            await maybe(lite.execute("INSERT INTO t VALUES (?)", [value]))
        with pytest.raises(DataError, match=r"parameter 1 of row 2.*DECIMAL_TEXT"):
            await maybe(lite.run_many("INSERT INTO t VALUES (?)", [(Decimal("0.5"),), (value,)]))
    assert await maybe(lite.query("SELECT +n FROM t")) == []
    await maybe(lite.run_many("INSERT INTO t VALUES (?)", [(Decimal("1.10"),), (-5,), (2.5,), (None,)]))
    assert await maybe(lite.query("SELECT +n FROM t")) == [(1.1,), (-5,), (2.5,), (None,)]


@pytest.mark.parametrize("declared", ["text", "blob", "varchar(9)", ""])
async def test_others_keep_every_digit(lite: Any, declared: str) -> None:
    await maybe(lite.script(f"CREATE TABLE t (n {declared}); CREATE TABLE strict (n any) STRICT"))
    for table in ("t", "strict"):
        await maybe(lite.execute(f"INSERT INTO {table} VALUES (?)", [WIDE]))
        assert await maybe(lite.query(f"SELECT n FROM {table}")) == [(str(WIDE),)]


class Many(IntEnum):
    ODD = 2**53 + 1


async def test_an_int_that_is_no_float_is_refused_where_floats_are(lite: Any) -> None:
    await maybe(lite.script("CREATE TABLE t (n real)"))
    for value in (2**53 + 1, -(2**53) - 1, 2**63 - 1):
        with pytest.raises(DataError, match=r"this int is not exactly a float; use float\(value\)"):
            await maybe(lite.execute("INSERT INTO t VALUES (?)", [value]))
    for other in (Many.ODD, Decimal(2**53 + 1), Decimal(2**63 - 1)):
        with pytest.raises(DataError, match="parameter 1"):
            await maybe(lite.execute("INSERT INTO t VALUES (?)", [other]))
    taken = [0, 2**53, -(2**53), 2**53 + 2, -(2**63), 7]
    await maybe(lite.run_many("INSERT INTO t VALUES (?)", [(value,) for value in taken]))
    assert await maybe(lite.query("SELECT n FROM t")) == [(float(value),) for value in taken]


@pytest.mark.parametrize("declared", ["integer", "money", "real", "double precision"])
async def test_a_decimal_that_is_exactly_a_float_has_as_many_digits_as_it_likes(lite: Any, declared: str) -> None:
    await maybe(lite.script(f"CREATE TABLE t (n {declared})"))
    values = [*map(Decimal.from_float, (0.1, -(2.0**-40), 1e300, 2.0**70, 5e-324))]
    await maybe(lite.run_many("INSERT INTO t VALUES (?)", [(value,) for value in values]))
    assert await maybe(lite.query("SELECT +n FROM t")) == [(value,) for value in values]


SHOWN = [
    WIDE,
    -WIDE,
    Decimal("12345678901234.56"),
    Decimal("1.2345678901234567E+30"),
    Decimal("5E-324"),
    Decimal("1E+308"),
]


@pytest.mark.parametrize("declared", ["real", "double precision"])
async def test_floats_take_a_decimal_whose_digits_they_show(lite: Any, declared: str) -> None:
    await maybe(lite.script(f"CREATE TABLE t (n {declared})"))
    await maybe(lite.run_many("INSERT INTO t VALUES (?)", [(value,) for value in SHOWN]))
    await maybe(lite.run("INSERT INTO t VALUES (?)", [WIDE], Shape.tuples(), Kinds(["decimal"])))
    found = [n for (n,) in await maybe(lite.query("SELECT n FROM t"))]
    assert [Decimal(repr(n)) for n in found] == [*SHOWN, WIDE]


@pytest.mark.parametrize("declared", ["integer", "money", "numeric"])
async def test_columns_that_make_integers_of_some_do_not(lite: Any, declared: str) -> None:
    await maybe(lite.script(f"CREATE TABLE t (n {declared})"))
    for value in (WIDE, Decimal("1.2345678901234568E+18")):
        with pytest.raises(DataError, match=r"parameter 1.*15 digits.*DECIMAL_TEXT"):
            await maybe(lite.execute("INSERT INTO t VALUES (?)", [value]))


@given(
    st.decimals(allow_nan=False, allow_infinity=False)
    | st.floats(allow_nan=False, allow_infinity=False).map(lambda it: Decimal(repr(it)))
)
def test_floats_take_exactly_the_decimals_of_which_they_lose_nothing(value: Decimal) -> None:
    whole = value in (Decimal(float(value)), Decimal(repr(float(value))))
    with driver.connect("sqlite::memory:") as conn:
        conn.script("CREATE TABLE t (n real)")
        try:
            conn.execute("INSERT INTO t VALUES (?)", [value])
        except DataError:
            assert not whole
            return
        (found,) = conn.query_one("SELECT n FROM t")
        assert whole
        assert found == float(value)


@given(st.decimals(allow_nan=False))
def test_a_number_that_is_taken_is_the_number_that_comes_back(value: Decimal) -> None:
    with driver.connect("sqlite::memory:") as conn:
        conn.script("CREATE TABLE t (amount numeric)")
        try:
            conn.execute("INSERT INTO t VALUES (?)", [value])
        except DataError:
            return
        (found,) = conn.query_one("SELECT amount FROM t")
        assert found == value

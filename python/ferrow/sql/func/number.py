"""Functions of numbers. The result has the argument's type, unless a function says otherwise; NULL gives NULL."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypeAlias, TypeVar

from ferrow.sql.expr import Expr, expression
from ferrow.sql.form.call import CALL
from ferrow.sql.form.cast import CAST
from ferrow.sql.operand import Operand, expr_of, joined
from ferrow.sql.promote import is_number
from ferrow.sql.shape import HOLES
from ferrow.types import BigInteger, Double, Integer, Numeric, SQLType

N = TypeVar("N", int, int | None, float, float | None, Decimal, Decimal | None)

AnyNumber: TypeAlias = (
    Expr[int] | Expr[int | None] | Expr[float] | Expr[float | None] | Expr[Decimal] | Expr[Decimal | None]
)

_NUMBERS = frozenset({"int", "float", "decimal"})


def abs(number: Expr[N]) -> Expr[N]:  # the SQL name
    """Return the number without its sign."""
    return _same("abs", number)


def sign(number: Expr[N]) -> Expr[N]:
    """Return -1, 0 or 1."""
    return _same("sign", number)


def ceil(number: Expr[N]) -> Expr[N]:
    """Return the smallest whole number that is not less."""
    return number if isinstance(number, Expr) and isinstance(number.type, Integer) else _same("ceil", number)


def floor(number: Expr[N]) -> Expr[N]:
    """Return the greatest whole number that is not more."""
    return number if isinstance(number, Expr) and isinstance(number.type, Integer) else _same("floor", number)


def round(number: Expr[N], places: int = 0) -> Expr[N]:  # the SQL name
    """Return the number rounded, halves away from zero (where Python's `round` takes the even one).

    Floats are rounded by their first 15 significant digits, so that 2.675 becomes 2.68.

    Args:
        number: what to round.
        places: how many places after the point stay; -2 rounds to hundreds.

    Raises:
        TypeError: places that are no whole number.
    """
    if isinstance(places, bool) or not isinstance(places, int):
        msg = f"round() takes a whole number of places, not {places!r}"
        raise TypeError(msg)
    return _same("round", number, (HOLES[Integer()], (places,)))


def sqrt(number: AnyNumber) -> Expr[float | None]:
    """Return the square root as a float; NULL for a negative number."""
    checked = expr_of("sqrt", number, _NUMBERS, "numbers")
    return expression((CALL, Double(), "sqrt", checked.shape), checked.values, Double())


def power(base: AnyNumber, exponent: float | AnyNumber) -> Expr[float | None]:
    """Return `base` to the power of `exponent` as a float; NULL where there is no real number.

    A result beyond the floats is an error of PostgreSQL and infinity on SQLite.
    """
    checked = expr_of("power", base, _NUMBERS, "numbers")
    if isinstance(exponent, Expr):
        expr_of("power", exponent, _NUMBERS, "numbers")
        by: Operand = (exponent.shape, exponent.values)
    elif isinstance(exponent, bool) or not isinstance(exponent, (int, float)):
        msg = f"power() takes a number as exponent, not {exponent!r}"
        raise TypeError(msg)
    else:
        by = ((CAST, Double(), HOLES[Double()]), (float(exponent),))
    return expression((CALL, Double(), "power", checked.shape, by[0]), checked.values + by[1], Double())


def _same(name: str, number: Expr[Any], *further: Operand) -> Expr[Any]:
    checked = expr_of(name, number, _NUMBERS, "numbers")
    shapes, values = joined(further)
    type = _unlimited(checked.type)
    return expression((CALL, type, name, checked.shape, *shapes), checked.values + values, type)


def _unlimited(type: SQLType) -> SQLType:
    assert is_number(type)
    return Numeric() if isinstance(type, Numeric) else Double() if isinstance(type, Double) else BigInteger()
